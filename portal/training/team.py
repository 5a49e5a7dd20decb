"""The team, a row for each person on a path: how far they are, stage by stage, and what one look should tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.people.models import User
from portal.training import progress
from portal.training.models import Enrolment
from portal.training.progress import Progress, StageProgress

MINUTES_OF_AN_HOUR = 60


class Standing(StrEnum):
    """How someone stands with a path or a stage, with the words for it."""

    OVERDUE = "overdue"
    IN_HAND = "in_hand"
    NOT_BEGUN = "not_begun"
    AWAY = "away"
    DONE = "done"

    @property
    def label(self) -> str:
        """What it is called."""
        return _LABELS[self]

    @property
    def icon(self) -> str:
        """The name of its picture; empty for the ring, which is drawn."""
        return _ICONS.get(self, "")


_LABELS = {
    Standing.OVERDUE: "Overdue",
    Standing.IN_HAND: "In hand",
    Standing.NOT_BEGUN: "Not begun",
    Standing.AWAY: "On leave",
    Standing.DONE: "Done",
}
_ICONS = {
    Standing.OVERDUE: "warning",
    Standing.IN_HAND: "schedule",
    Standing.AWAY: "event",
    Standing.DONE: "check_circle",
}


@dataclass(frozen=True)
class StageCell:
    """A stage in somebody's row. Rows of one page share those that are alike, so that each is drawn once."""

    number: int
    title: str
    standing: Standing

    @cached_property
    def drawn(self) -> SafeString:
        """The cell as HTML."""
        return render_to_string("training/team/stage.html", {"stage": self})


@dataclass(frozen=True)
class Row:
    """How far a person is on a path."""

    enrolment: Enrolment
    progress: Progress
    standing: Standing
    stages: list[StageCell]

    @property
    def days_late(self) -> int:
        """By how many working days the oldest overdue step is late."""
        return max((one.days_late for one in self.progress.overdue), default=0)

    @property
    def hours_left(self) -> float:
        """Hours of what is left to do, to a tenth."""
        return round(self.progress.minutes_left / MINUTES_OF_AN_HOUR, 1)


def enrolments(
    *, led_by: User | None = None, name: str = "", path: int | None = None, position: str = ""
) -> QuerySet[Enrolment]:
    """Return who is on which path today, by name, narrowed as asked; people whose account is closed are left out."""
    found = Enrolment.objects.filter(left_at__isnull=True, person__is_active=True)
    if led_by:
        found = found.filter(person__supervisor=led_by)
    if path:
        found = found.filter(path=path)
    if position:
        found = found.filter(person__position=position)
    return (
        found.filter(named(name, "person__"))
        .select_related("person__supervisor", "path", "edition")
        .defer("path__contents")
        .order_by("person__last_name", "person__first_name", "person__username", "path__title", "pk")
    )


def named(words: str, prefix: str = "") -> Q:
    """Return the condition that each of these words is in a person's name or username."""
    found = Q()
    for word in words.split():
        fields = (f"{prefix}{field}__icontains" for field in ("first_name", "last_name", "username"))
        any_of = Q()
        for field in fields:
            any_of |= Q(**{field: word})
        found &= any_of
    return found


def rows(found: Iterable[Enrolment], today: date | None = None) -> list[Row]:
    """Return the rows of some enrolments in their order. As many queries as `progress.of`, for however many."""
    found = list(found)
    known = progress.of(found, today)
    return of(known[enrolment.pk] for enrolment in found)


def of(known: Iterable[Progress]) -> list[Row]:
    """Return the rows that show how far some enrolments are."""
    cells: dict[StageCell, StageCell] = {}
    found = []
    for one in known:
        own = [StageCell(stage.number, stage.title, _of_stage(stage)) for stage in one.stages]
        found.append(Row(one.enrolment, one, _of_path(one), [cells.setdefault(cell, cell) for cell in own]))
    return found


def _of_path(known: Progress) -> Standing:
    if known.is_finished:
        return Standing.DONE
    if known.is_away:
        return Standing.AWAY
    if known.overdue:
        return Standing.OVERDUE
    return Standing.IN_HAND if any(stage.has_begun for stage in known.stages) else Standing.NOT_BEGUN


def _of_stage(stage: StageProgress) -> Standing:
    if stage.overdue:
        return Standing.OVERDUE
    if stage.is_finished:
        return Standing.DONE
    return Standing.IN_HAND if stage.has_begun else Standing.NOT_BEGUN
