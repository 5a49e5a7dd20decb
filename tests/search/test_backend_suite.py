"""The backend passes every test django-modelsearch has for backends, in a process with that package's own models."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def outcome():
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.modelsearch_suite"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_test_of_the_suite_runs(outcome):
    assert outcome["run"] > 100
    assert outcome["run"] == len(outcome["names"])


@pytest.mark.parametrize("kind", ["failures", "errors", "skipped", "expected_failures", "unexpected_successes"])
def test_every_test_of_the_suite_simply_passes(outcome, kind):
    assert outcome[kind] == []


def test_no_test_of_the_suite_is_overridden(outcome):
    # What a subclass is to set: the name of the backend to test.
    assert outcome["overridden"] == ["backend_path"]
