"""Runs django-modelsearch's own tests of backends on ours and prints, as JSON, what came of them."""

import json
import os
import sys
from typing import Any

import django


def run() -> dict[str, Any]:
    """Return the names of the tests there are, how many ran, what of the suite our class replaces, and those that did not pass."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.search.modelsearch_settings"
    django.setup()

    from django.test import TestCase
    from django.test.runner import DiscoverRunner
    from modelsearch.tests.test_backends import BackendTests

    class TestWhooshSearchBackend(BackendTests, TestCase):
        backend_path = "search.backends.whoosh"

    names = [name for name in dir(BackendTests) if not name.startswith("__")]
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    suite = runner.test_loader.loadTestsFromTestCase(TestWhooshSearchBackend)
    databases = runner.setup_databases()
    try:
        result = runner.run_suite(suite)
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
    return {
        "names": [name for name in names if name.startswith("test")],
        "overridden": [name for name in names if name in vars(TestWhooshSearchBackend)],
        "run": result.testsRun,
        "failures": [f"{test}\n{trace}" for test, trace in result.failures],
        "errors": [f"{test}\n{trace}" for test, trace in result.errors],
        "skipped": [f"{test}: {reason}" for test, reason in result.skipped],
        "expected_failures": [str(test) for test, _ in result.expectedFailures],
        "unexpected_successes": [str(test) for test in result.unexpectedSuccesses],
    }


if __name__ == "__main__":
    json.dump(run(), sys.stdout)
