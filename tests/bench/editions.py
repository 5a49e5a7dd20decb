"""How long the history of a long chapter takes, and a comparison: `python -m tests.bench.editions`."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import django

from tests.bench import databases, tables

EDITIONS = 200
SECTIONS = 60
# How often each page is asked for.
CALLS = 7
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def measured(folder: Path) -> Iterator[str]:
    """Measure in this folder, and yield the table."""
    rows = []
    for name, words in databases.DATABASES.items():
        figures = databases.part("editions", folder / f"{name}-editions", *words, "pages") or {}
        rows += [
            [f"{page}, {name}", f"{1000 * times[0]:,.0f}", f"{1000 * times[1]:,.0f}"] for page, times in figures.items()
        ]
    yield tables.table(f"{EDITIONS} editions of a chapter of {SECTIONS} sections", ["ms", "median", "longest"], rows)


def pages() -> dict[str, tuple[float, float]]:
    """Return how long each page takes, in seconds: the median and the longest."""
    from django.db import connection
    from django.test import Client

    from manuals.models import Edition
    from portal.people.models import User
    from portal.people.positions import Position

    chapter = _make_chapter()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Edition.objects.of(chapter.pk).count() == EDITIONS
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create(username="bench", position=Position.SUPERVISOR), _BACKEND)
    own = chapter.url
    last = Edition.objects.of(chapter.pk).last().number
    addresses = {
        "the chapter": own,
        "its history": f"{own}editions/",
        "two editions, one section changed": f"{own}editions/compare/?from=99&to=100",
        "first and last, every section changed": f"{own}editions/compare/?from=1&to={last}",
        "the same in words": f"{own}editions/compare/?from=1&to={last}&view=words",
        "an edition in the middle": f"{own}editions/100/",
        "the chapter as of a day": f"{own}?on={date.today().isoformat()}",
    }
    found = {}
    for name, address in addresses.items():
        times = []
        for _ in range(CALLS + 1):
            start = time.perf_counter()
            response = client.get(address)
            assert response.status_code == 200, f"{address}: {response.status_code}"
            times.append(time.perf_counter() - start)
        # The first call of a page makes its template.
        found[name] = (median(times[1:]), max(times[1:]))
    return found


def _make_chapter() -> Any:
    """Return a chapter that has been published again and again, each time with one section saying something else."""
    from django.core.management import call_command

    from manuals import editions, setup
    from manuals.models import ChapterPage
    from tests.factories import make_chapter, make_manual

    call_command("migrate", interactive=False, verbosity=0)
    setup.ensure()
    first_day = date.today() - timedelta(days=EDITIONS)
    with editions.effective_from(first_day):
        chapter = make_chapter(make_manual(), body=[_section(place, 0) for place in range(SECTIONS)])
    for number in range(1, EDITIONS):
        chapter = ChapterPage.objects.get(pk=chapter.pk)
        chapter.body = [_section(place, (number - place - 1) // SECTIONS + 1) for place in range(SECTIONS)]
        chapter.change_kind, chapter.change_summary = "major", f"Change {number}: one section says something else."
        with editions.effective_from(first_day + timedelta(days=number)):
            chapter.save_revision().publish()
    return ChapterPage.objects.get(pk=chapter.pk)


def _section(place: int, state: int) -> dict[str, Any]:
    """Return a section of some two hundred words, of which a few are others in each state."""
    from tests.factories import section

    words = " ".join(
        f"Step {n}: verify the account, then count what the customer paid at window {n}." for n in range(9)
    )
    procedure = {"title": "At the window", "steps": [f"Do part {n} for {state} dollars." for n in range(6)]}
    changed = ("markdown", f"The fee is {100 + state} dollars.\n\n- {words}\n- Sign for {state} copies.")
    return section(f"part-{place}", f"Part {place} of the day", changed, ("procedure", procedure))


def main(*words: str) -> None:
    """Do the part that is named, and print its figures; print the table if none is."""
    if not words:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            for table in measured(Path(folder)):
                sys.stdout.write(f"{table}\n\n")
        return
    django.setup()
    match words:
        case ["postgresql", name]:
            figures = databases.on_postgresql("editions", name)
        case ["pages"]:
            figures = pages()
        case _:
            raise ValueError(words)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
