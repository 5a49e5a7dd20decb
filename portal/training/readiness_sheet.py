"""Readiness as a table to be downloaded: a line for each person and function."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponseBase

from manuals.spreadsheets import Spreadsheet
from portal.training.readiness import Ability, Readiness
from portal.training.readiness_rules import Measure

COLUMNS = (
    "Person",
    "Username",
    "Position",
    "Supervisor",
    "Ready for",
    "Number",
    "Function",
    "Function of",
    "Level",
    *(f"{measure.label}, percent" for measure in Measure),
)


def file(people: Iterable[Readiness], format: str) -> HttpResponseBase:
    """Return the lines as a file, in one of `manuals.spreadsheets.FORMATS`."""
    return Spreadsheet("readiness", COLUMNS).file(_lines(people), format)


def _lines(people: Iterable[Readiness]) -> Iterator[dict[str, Any]]:
    for readiness in people:
        person = readiness.person
        ready_for = readiness.above.label if readiness.above and readiness.is_ready else ""
        who = (
            str(person),
            person.username,
            person.get_position_display(),
            str(person.supervisor or ""),
            ready_for,
        )
        for ability in readiness.abilities:
            yield dict(zip(COLUMNS, (*who, *_values(ability)), strict=True))


def _values(ability: Ability) -> tuple[Any, ...]:
    """Return how far it is; of what the portal holds nothing there is no figure."""
    amounts = (ability.amounts[measure] for measure in Measure)
    return (
        ability.number,
        ability.function.name,
        ability.function.get_position_display(),
        ability.level.label,
        *(amount.percent if amount.whole else "" for amount in amounts),
    )
