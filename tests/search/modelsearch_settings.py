"""Settings of processes that run django-modelsearch's test app on our backend.

SEARCH_TEST_DIR names the folder of their database and index; without it both go with the process.
"""

import os
import tempfile
from pathlib import Path

from modelsearch.test.settings import *  # noqa: F403

if "SEARCH_TEST_DIR" in os.environ:
    _path = Path(os.environ["SEARCH_TEST_DIR"])
    _database = str(_path / "books.sqlite3")
else:
    # Removed with all in it when the process ends.
    _folder = tempfile.TemporaryDirectory(prefix="search-test-", ignore_cleanup_errors=True)
    _path = Path(_folder.name)
    _database = ":memory:"

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": _database, "OPTIONS": {"timeout": 20}}}
FIXTURE_DIRS = [os.environ.get("SEARCH_TEST_FIXTURES", Path(__file__).parent / "fixtures")]
MODELSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "search.backends.whoosh",
        "PATH": _path / "index",
        "LOCK_TIMEOUT": float(os.environ.get("SEARCH_TEST_LOCK_TIMEOUT", "5")),
    }
}
