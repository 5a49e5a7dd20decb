"""What every test stands on: a portal that is set up, and one honest line for each thing this machine lacks."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from wagtail.models import Collection, Locale, Page
from wagtail.search.backends import get_search_backend

from manuals import append_only, setup
from manuals.models import HomePage

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LEFT_OUT = pytest.StashKey[list[str]]()


def postgresql_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest where there are several, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((program.parent for program in found), key=lambda bin: float(bin.parent.name), default=None)


def missing_programs() -> dict[str, str]:
    """Return the markers whose tests cannot run here, each with the sentence that says why and what to do."""
    missing = {}
    if not shutil.which(CHROMIUM):
        missing["browser"] = (
            f"there is no Chromium at {CHROMIUM}: apt install chromium, or name yours in the variable CHROMIUM."
        )
    if postgresql_programs() is None:
        missing["postgres"] = "there is no PostgreSQL (initdb): apt install postgresql."
    return missing


def pytest_report_header() -> str:
    """Say which database the tests run on."""
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that cannot run on this machine; under CI=true fail instead."""
    lines = []
    for marker, sentence in missing_programs().items():
        lacking = [item for item in items if item.get_closest_marker(marker)]
        if not lacking:
            continue
        lines.append(f"{len(lacking)} {marker} tests were left out, because {sentence}")
        config.hook.pytest_deselected(items=lacking)
        items[:] = [item for item in items if item not in set(lacking)]
    if lines and os.environ.get("CI") == "true":
        raise pytest.UsageError("\n".join(lines))
    config.stash[LEFT_OUT] = lines
    # One test takes as long as all the others: it goes first, beside them.
    items.sort(key=lambda item: item.get_closest_marker("postgres") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say at the end what was left out, where nobody overlooks it."""
    for line in config.stash.get(LEFT_OUT, []):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A migrated database in which the portal is set up."""
    with django_db_blocker.unblock():
        setup.ensure()


@pytest.fixture(autouse=True)
def _no_waiting_uploads() -> Iterator[None]:
    """Leave no file behind that a test looked at and did not import: the next test counts what waits."""
    yield
    shutil.rmtree(settings.VAR_DIR / "imports", ignore_errors=True)


@pytest.fixture(autouse=True)
def _portal_after_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the portal up anew where the transactional test before this one has emptied every table."""
    marker = request.node.get_closest_marker("django_db")
    is_transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if not is_transactional:
        yield
        return
    request.getfixturevalue("transactional_db")
    append_only.ensure()
    # Tables are emptied between such tests, the search index is not.
    get_search_backend().reset_indexes()
    if not HomePage.objects.exists():
        # What Wagtail's own migrations leave behind, and setup.ensure() builds on.
        Locale.objects.get_or_create(language_code="en")
        if Collection.get_first_root_node() is None:
            Collection.add_root(name="Root")
        if Page.get_first_root_node() is None:
            Page.add_root(title="Root", slug="root", locale=Locale.get_default())
        setup.ensure()
    yield
    # What is never altered or removed could not be emptied either.
    lift_append_only()


def lift_append_only() -> None:
    """Take away the triggers that keep rows from being altered, as only a test may; `append_only.ensure` puts them back."""
    with connection.cursor() as cursor:
        for table in append_only.TABLES:
            for name in append_only.wanted(connection.vendor):
                if name.startswith(f"{table}_no_"):
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
