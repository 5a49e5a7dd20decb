"""What people are told of due dates: what is due soon and what became overdue, each of it once, all of it together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator

from portal.notifications.telling import News, tell
from portal.people import working_days
from portal.training import lines, progress
from portal.training.at_hand import LEFT_TO_DO, once
from portal.training.day_words import day_in_words
from portal.training.lines import Line
from portal.training.models import Enrolment, ToldDue
from portal.training.notification_kinds import DUE_SOON, OVERDUE

SOON = 2  # working days before something is due
# People whose progress is found at once; most are on two or three paths.
AT_ONCE = 80
# As many steps as are told by name, and the characters of a title then.
NAMED = 3
TITLE = 60


class Told(NamedTuple):
    """A due date of a step that a person was told."""

    enrolment: int
    key: UUID
    due: date
    is_overdue: bool


@dataclass
class _Person:
    """What of a person's is due soon, and what is overdue."""

    soon: list[Line] = field(default_factory=list)
    overdue: list[Line] = field(default_factory=list)


def tell_all(today: date) -> None:
    """Tell everyone in service what of theirs is due soon or became overdue, and was not told before.

    Each person hears of each in one sentence, however many steps there are. Those on leave are not told, and nobody is
    on a day on which the office is closed. Safe to run twice, and at once. The queries grow with the people only by
    those of a batch.
    """
    closed = working_days.holidays()
    if not working_days.is_working_day(today, closed):
        return
    on_a_path = Enrolment.objects.filter(left_at__isnull=True, person__is_active=True)
    people = list(on_a_path.order_by("person_id").values_list("person_id", flat=True).distinct())
    for start in range(0, len(people), AT_ONCE):
        own = on_a_path.filter(person__in=people[start : start + AT_ONCE])
        _tell(own.select_related("person", "path").order_by("pk"), today, closed)


@transaction.atomic
def _tell(enrolments: Iterable[Enrolment], today: date, closed: Collection[date]) -> None:
    found: dict[int, _Person] = {}
    for known in progress.of(enrolments, today).values():
        if not known.is_away:
            _add(found.setdefault(known.enrolment.person_id, _Person()), lines.of(known), today, closed)
    every = [_told(line) for own in found.values() for line in (*own.soon, *own.overdue)]
    before = _told_before(every)
    soon, overdue = [], []
    for person, own in found.items():
        if fresh := [line for line in own.soon if _told(line) not in before]:
            soon.append(_news(person, DUE_SOON, fresh, soon_in_words(once(fresh), today)))
        if fresh := [line for line in own.overdue if _told(line) not in before]:
            overdue.append(_news(person, OVERDUE, fresh, overdue_in_words(once(fresh), today)))
    tell(DUE_SOON, soon)
    tell(OVERDUE, overdue)
    ToldDue.objects.bulk_create(
        (
            ToldDue(enrolment_id=one.enrolment, key=one.key, due=one.due, is_overdue=one.is_overdue)
            for one in every
            if one not in before
        ),
        ignore_conflicts=True,
    )


def soon_in_words(steps: list[Line], today: date) -> str:
    """Return in a sentence that steps are due soon, given soonest first."""
    first, last = (day_in_words(one.due, today) for one in (steps[0], steps[-1]) if one.due)
    if len(steps) == 1:
        return f"“{_title(steps[0])}” is due on {first}."
    by = f"are due on {first}" if first == last else f"are due by {last}, the first on {first}"
    return f"{len(steps)} steps of {_paths(steps)} {by}{_named(steps)}"


def overdue_in_words(steps: list[Line], today: date) -> str:
    """Return in a sentence that steps are overdue, given those first that are it longest."""
    first = day_in_words(steps[0].due or today, today)
    if len(steps) == 1:
        return f"“{_title(steps[0])}” was due on {first}."
    return f"{len(steps)} steps of {_paths(steps)} are overdue, the first since {first}{_named(steps)}"


def _add(own: _Person, steps: Iterable[Line], today: date, closed: Collection[date]) -> None:
    for line in steps:
        if not (line.progress.counts and line.progress.state in LEFT_TO_DO and line.due):
            continue
        if line.progress.is_overdue:
            own.overdue.append(line)
        elif today <= line.due and working_days.between(today, line.due, closed) <= SOON:
            own.soon.append(line)


def _told(line: Line) -> Told:
    if line.due is None:
        raise ValueError("Only of steps that are due.")
    return Told(line.enrolment.pk, line.step.key, line.due, line.progress.is_overdue)


def _told_before(dues: Collection[Told]) -> set[Told]:
    """Return those of some due dates that people were told before (one query)."""
    if not dues:
        return set()
    rows = ToldDue.objects.filter(enrolment__in={one.enrolment for one in dues}, due__in={one.due for one in dues})
    return {Told(*row) for row in rows.values_list("enrolment_id", "key", "due", "is_overdue")}


def _news(person: int, kind: str, steps: list[Line], text: str) -> News:
    """Return what to tell: two runs at once have the same to tell, which makes it the same key."""
    what = sorted(f"{line.enrolment.pk}:{line.step.key}:{line.due}" for line in steps)
    paths = sorted({line.enrolment.pk for line in steps})
    url = reverse("training:path", args=paths) if len(paths) == 1 else reverse("training:mine")
    anchor = f"#step-{steps[0].step.key}" if len(steps) == 1 else ""
    return News(person, f"{kind}:{sha256('|'.join(what).encode()).hexdigest()[:32]}", text, f"{url}{anchor}")


def _paths(steps: list[Line]) -> str:
    paths = {line.enrolment.pk: str(line.enrolment.path) for line in steps}
    return f"“{next(iter(paths.values()))}”" if len(paths) == 1 else "your paths"


def _named(steps: list[Line]) -> str:
    """Return the end of a sentence: the titles of the steps where they are few."""
    if len(steps) > NAMED:
        return "."
    return ": " + ", ".join(f"“{_title(line)}”" for line in steps) + "."


def _title(line: Line) -> str:
    return str(Truncator(line.step.title).chars(TITLE))
