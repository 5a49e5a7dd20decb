"""The team as a table to be downloaded."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase

from manuals.spreadsheets import Spreadsheet
from portal.training.team import Row

COLUMNS = (
    "Person",
    "Username",
    "Position",
    "Supervisor",
    "Path",
    "Edition",
    "Counts from",
    "Standing",
    "Percent done",
    "Stage",
    "Steps overdue",
    "Working days late",
    "Hours left",
)


def file(rows: Iterable[Row], format: str) -> HttpResponseBase:
    """Return the rows as a file, in one of `manuals.spreadsheets.FORMATS`."""
    return Spreadsheet("team", COLUMNS).file([_line(row) for row in rows], format)


def _line(row: Row) -> dict[str, Any]:
    person, known = row.enrolment.person, row.progress
    values = (
        str(person),
        person.username,
        person.get_position_display(),
        str(person.supervisor or ""),
        row.enrolment.path.title,
        row.enrolment.edition.number,
        row.enrolment.starts_on,
        row.standing.label,
        known.percent,
        known.stage.title if known.stage else "",
        len(known.overdue),
        row.days_late,
        row.hours_left,
    )
    return dict(zip(COLUMNS, values, strict=True))
