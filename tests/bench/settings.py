"""Settings of the bench: a portal in the folder PORTAL_VAR_DIR names, with Wagtail's database search beside ours."""

from portal.settings.dev import *  # noqa: F403
from portal.settings.dev import VAR_DIR

DEBUG = False
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "search.backends.whoosh", "PATH": VAR_DIR / "search"},
    "database": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False},
}
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
