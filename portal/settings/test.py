"""Settings the tests run under: a database that goes away, quick passwords, files in a temporary folder."""

import os
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url

from .base import *  # noqa: F403
from .base import SQLITE_OPTIONS

# Removed with all in it when the process ends.
_FOLDER = tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True)
VAR_DIR = Path(_FOLDER.name)

SECRET_KEY = "not-a-secret-tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "portal.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        # A file, not memory: the browser tests' server threads and worker processes must see the same database.
        "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
    }
}
# The tests of tests/postgres name a server of their own here.
if "TEST_DATABASE_URL" in os.environ:
    DATABASES = {"default": dict(dj_database_url.parse(os.environ["TEST_DATABASE_URL"]))}
MEDIA_ROOT = VAR_DIR / "media"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends.whoosh", "PATH": VAR_DIR / "search"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from their apps: nothing is collected before tests.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Its evidence takes seconds to make: the tests of the team switch it on.
DEMONSTRATION_TEAM = False
