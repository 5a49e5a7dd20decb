"""A portal on your own machine: SQLite, DEBUG, mail on the console."""

from . import environment
from .base import *  # noqa: F403
from .base import SQLITE_OPTIONS, VAR_DIR

DEBUG = True
SECRET_KEY = "not-a-secret-development-only"  # noqa: S105
ALLOWED_HOSTS = [".localhost", "127.0.0.1", "[::1]"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "portal.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DEMONSTRATION_TEAM = environment.switch("PORTAL_DEMONSTRATION_TEAM", True)
