"""A city's own portal. Every choice comes from environment variables, described in docs/deployment.md.

Starting without a required one, or with one that cannot be meant, raises `ImproperlyConfigured` with one sentence for
each.
"""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import CITY_NAME as SAMPLE_CITY_NAME
from .base import SQLITE_OPTIONS
from .base import TIME_ZONE as SAMPLE_TIME_ZONE
from .environment import number, switch, text, words

_wrong: list[str] = []


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for a database URL. Raises `ValueError`, a sentence, for one that cannot be used."""
    if url.partition("://")[0] not in {"postgres", "postgresql", "sqlite"}:
        raise ValueError("DATABASE_URL must start with postgresql:// or sqlite:///.")
    try:
        database = dict(dj_database_url.parse(url, conn_max_age=number("DATABASE_CONN_MAX_AGE", 60)))
    except dj_database_url.ParseError:
        raise ValueError(
            "DATABASE_URL cannot be read: write it as postgresql://user:password@host:5432/name, "
            "with special characters in the password percent-encoded."
        ) from None
    database["CONN_HEALTH_CHECKS"] = True
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE_OPTIONS
    return database


DEBUG = False

SECRET_KEY = text("SECRET_KEY")
if not SECRET_KEY:
    _wrong.append("SECRET_KEY is not set: give the portal a long random secret of its own, and keep it.")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    _wrong.append("ALLOWED_HOSTS is not set: name the hosts the portal answers to, separated by commas.")
elif "*" in ALLOWED_HOSTS:
    _wrong.append("ALLOWED_HOSTS is “*”: name the hosts, so that no forged address gets into a mailed link.")

DATABASES: dict[str, dict[str, Any]] = {}
if not text("DATABASE_URL"):
    _wrong.append("DATABASE_URL is not set: name the database, as in postgresql://user:password@host:5432/name.")
else:
    try:
        DATABASES["default"] = _database(text("DATABASE_URL"))
    except ValueError as error:
        _wrong.append(str(error))

try:
    # How many proxies of the city's own stand in front, each adding to X-Forwarded-For and setting X-Forwarded-Proto.
    PROXY_COUNT = number("PROXY_COUNT", 0)
    SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = number("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = switch("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = switch("SECURE_HSTS_PRELOAD", default=True)
    EMAIL_PORT = number("EMAIL_PORT", 25)
    EMAIL_USE_TLS = switch("EMAIL_USE_TLS", default=False)
    EMAIL_USE_SSL = switch("EMAIL_USE_SSL", default=False)
except ValueError as error:
    _wrong.append(str(error))

if _wrong:
    raise ImproperlyConfigured("\n".join(_wrong))

if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
# Wagtail's preview shows pages of this site in a frame of this site; W019 asks for DENY.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
REFUSE_DEMONSTRATION_ACCOUNTS = True

WAGTAILADMIN_BASE_URL = text("BASE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")
CITY_NAME = text("CITY_NAME", SAMPLE_CITY_NAME)
TIME_ZONE = text("TIME_ZONE", SAMPLE_TIME_ZONE)

# “none” makes none of them mandatory.
_mandatory = words("MANDATORY_NOTIFICATIONS")
if _mandatory:
    MANDATORY_NOTIFICATIONS = [] if _mandatory == ["none"] else _mandatory

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_HOST = text("EMAIL_HOST", "localhost")
EMAIL_HOST_USER = text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = text("EMAIL_HOST_PASSWORD")
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", f"portal@{ALLOWED_HOSTS[0].lstrip('.')}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [(address, address) for address in words("ADMINS")]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail_admins": {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Its line about an edit cannot write a UUID, which questions have for a key; edits are in its audit log.
        "wagtail": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"handlers": ["mail_admins"] if ADMINS else []},
    },
}
