"""Settings of the bench of quizzes: as the others, and on the database that DATABASE_URL names, if it names one."""

import os

import dj_database_url

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import VAR_DIR

# Nothing is collected, and WhiteNoise wants a folder.
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

if "DATABASE_URL" in os.environ:
    DATABASES = {"default": dict(dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60))}
