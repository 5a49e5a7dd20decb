"""What the portal does on SQLite it does on PostgreSQL: the same tests, run against a server of their own."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import postgresql_programs
from tests.postgres import server

pytestmark = pytest.mark.postgres

# Migrations, publishing, import and export, searching, constraints: whatever asks the database.
FOLDERS = [
    "tests/home",
    "tests/manuals",
    "tests/notifications",
    "tests/people",
    "tests/quizzes",
    "tests/starter",
    "tests/training",
]


def test_the_portal_runs_on_postgresql(tmp_path: Path):
    programs = postgresql_programs()
    assert programs is not None
    report = tmp_path / "report.xml"
    # Not as a part of the run that this test is in.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    with server.running(programs) as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "not browser and not postgres and not sqlite",
             "-p", "no:cacheprovider", f"--junit-xml={report}", *FOLDERS],
            cwd=settings.BASE_DIR, env={**kept, "TEST_DATABASE_URL": url}, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "database: postgresql" in done.stdout
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - written by the line above
    assert suite is not None
    assert int(suite.attrib["tests"]) > 0
    assert suite.attrib["skipped"] == "0"
