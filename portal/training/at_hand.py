"""What of a person's paths is at hand today: the next step, what is overdue or due soon, how far they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone

from portal.people.models import User
from portal.training import charts, lines, progress
from portal.training.charts import StageBar
from portal.training.lines import Line
from portal.training.models import Enrolment
from portal.training.progress import Progress

SOON = timedelta(days=7)
# As many overdue steps as a short list has.
FIRST = 6
LEFT_TO_DO = frozenset({"back", "in_hand", "open", "later"})


@dataclass(frozen=True)
class PathPicture:
    """How far a person is on a path, with its picture."""

    progress: Progress
    bar: StageBar

    @property
    def enrolment(self) -> Enrolment:
        """The enrolment itself."""
        return self.progress.enrolment


@dataclass(frozen=True)
class AtHand:
    """What is at hand on a person's unfinished paths.

    `overdue` and `soon` (due within a week) are soonest due first, the same thing once. `next_due` is the first due
    date after those. Who is on leave has neither. `waiting` is handed in and waits for somebody to mark it.
    `is_learning` says that something is left that was never done before, rather than only what changed since.
    """

    next: Line | None
    overdue: list[Line]
    soon: list[Line]
    waiting: list[Line]
    next_due: date | None
    pictures: list[PathPicture]
    is_away: bool
    is_learning: bool

    @property
    def first_overdue(self) -> list[Line]:
        """The overdue steps of a short list."""
        return self.overdue[:FIRST]

    @property
    def more_overdue(self) -> int:
        """How many overdue steps a short list leaves out."""
        return len(self.overdue) - len(self.first_overdue)

    def without(self, pages: Collection[int]) -> "AtHand":
        """Return it with the steps that ask for some pages left out of what is overdue and due soon."""
        overdue, soon = ([line for line in own if line.step.page_id not in pages] for own in (self.overdue, self.soon))
        return replace(self, overdue=overdue, soon=soon)


def of(person: User, today: date | None = None) -> AtHand | None:
    """Return what is at hand for a person, or None who is on no path that is not finished (21 queries at most)."""
    enrolments = Enrolment.objects.filter(person=person, left_at__isnull=True)
    enrolments = enrolments.select_related("person", "path").defer("path__contents")
    return among(progress.of(enrolments, today).values(), today)


def among(known: Iterable[Progress], today: date | None = None) -> AtHand | None:
    """Return what is at hand on the unfinished ones of some paths of a person, or None if there is none."""
    today = today or timezone.localdate()
    unfinished = [one for one in known if not one.is_finished]
    if not unfinished:
        return None
    counting = [line for one in unfinished for line in lines.of(one) if line.progress.counts]
    waiting = [line for line in counting if line.progress.state == "waiting"]
    left = once(line for line in counting if line.progress.state in LEFT_TO_DO)
    overdue = [line for line in left if line.progress.is_overdue]
    away = {one.enrolment.pk for one in unfinished if one.is_away}
    to_come = [
        (line.due, line) for line in left if line.due and not line.progress.is_overdue and line.enrolment.pk not in away
    ]
    return AtHand(
        next=_next(unfinished),
        overdue=overdue,
        soon=[line for due, line in to_come if due < today + SOON],
        waiting=waiting,
        next_due=min((due for due, _ in to_come if due >= today + SOON), default=None),
        pictures=[PathPicture(one, charts.stage_bar(one)) for one in unfinished],
        is_away=bool(away),
        is_learning=any(
            line.progress.state not in ("done", "waived", "back") and not line.progress.renews_by for line in counting
        ),
    )


def _next(unfinished: Iterable[Progress]) -> Line | None:
    """Return the next step of all paths: one that the person can do by themselves before others, soonest due first."""
    found = [Line(one.enrolment, one.next) for one in unfinished if one.next]
    return min(found, key=lambda line: (line.progress.needs_a_supervisor, line.due or date.max), default=None)


def once(found: Iterable[Line]) -> list[Line]:
    """Return the lines soonest due first, those that ask for the same thing once."""
    first: dict[object, Line] = {}
    for line in sorted(found, key=lambda line: line.due or date.max):
        first.setdefault(line.asks_for, line)
    return list(first.values())
