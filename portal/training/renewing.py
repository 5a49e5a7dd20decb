"""What has to be done again before a certificate expires, and what of it was done again.

From the day on which the renewal of a person's certificate begins, the steps that renew it count only by evidence of
that day or later. Until a new certificate follows it, also after it expired.
"""

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from portal.people import working_days
from portal.people.models import User
from portal.training.models import (
    Attendance,
    Certificate,
    Enrolment,
    Kind,
    LearningPath,
    SignOff,
    Step,
    Task,
    uncorrected,
)
from quizzes.models import Attempt

_MONTHS_OF_A_YEAR = 12


class Renewal(NamedTuple):
    """From which day on evidence counts for the renewal of a certificate, and the last day on which that is valid."""

    since: date
    expires_on: date


class Again(NamedTuple):
    """How much of a step was done again: a share from 0 to 1, whether it waits to be marked, and times met of all."""

    share: float
    is_waiting: bool = False
    times: tuple[int, int] | None = None


class _Sitting(NamedTuple):
    day: date
    score: float | None
    passed: bool | None


@dataclass
class Renewals:
    """The renewals that have begun, by person and path, and what these people did since the first of them."""

    begun: dict[tuple[int, int], Renewal] = field(default_factory=dict)
    sittings: dict[tuple[int, int], list[_Sitting]] = field(default_factory=dict)
    met: dict[tuple[int, int], list[date]] = field(default_factory=dict)
    attended: dict[tuple[int, UUID], list[date]] = field(default_factory=dict)

    def of(self, enrolment: Enrolment, step: Step) -> Renewal | None:
        """Return the renewal for which a step of an enrolment has to be done again, if one has begun."""
        if not step.renews or step.optional or not enrolment.is_open:
            return None
        return self.begun.get((enrolment.person_id, enrolment.path_id))

    def done_again(self, person: int, step: Step, since: date) -> Again:
        """Return how much of a step a person did again on a day or later."""
        if step.kind == Kind.QUIZ:
            own = [one for one in self.sittings.get((person, step.quiz_id or 0), ()) if one.day >= since]
            if step.mark is None:
                is_passed = any(one.passed for one in own)
            else:
                is_passed = any(one.score is not None and one.score >= step.mark for one in own)
            return Again(float(is_passed), is_waiting=any(one.score is None for one in own))
        if step.kind == Kind.TASK and step.task:
            met = sum(day >= since for day in self.met.get((person, step.task.pk), ()))
            times = step.task.times
            return Again(min(met, times) / times, times=(min(met, times), times))
        return Again(float(any(day >= since for day in self.attended.get((person, step.key), ()))))


def of(people: Collection[int], steps: Iterable[Step], paths: Collection[int], today: date) -> Renewals:
    """Return the renewals of people on paths that have begun by a day (4 queries at most)."""
    renewing = [step for step in steps if step.renews]
    found = Renewals()
    if not renewing:
        return found
    begun: Any = Certificate.objects.standing().filter(person__in=people, path__in=paths, renews_from__lte=today)
    for person, path, since, expires_on in begun.order_by().values_list(
        "person_id", "path_id", "renews_from", "expires_on"
    ):
        found.begun[person, path] = Renewal(since, expires_on)
    if found.begun:
        _add_done(found, renewing)
    return found


def asked_again(key: UUID, today: date | None = None) -> dict[int, date]:
    """Return who has to attend again what a step asks for, each with the day from which it counts (one query)."""
    paths = Step.objects.filter(key=key, renews=True).values("edition__path")
    begun: Any = Certificate.objects.standing().filter(path__in=paths, renews_from__lte=today or timezone.localdate())
    return dict(begun.order_by().values_list("person_id", "renews_from"))


def times_met(person: User, task: Task, today: date | None = None) -> int:
    """Return how many times a person met a task, during a renewal only those that count for it (two queries)."""
    asking = Step.objects.filter(task=task, renews=True, edition__enrolments__in=person.enrolments.filter(left_at=None))
    begun = Certificate.objects.standing().filter(
        person=person, path__in=asking.values("edition__path"), renews_from__lte=today or timezone.localdate()
    )
    since = begun.order_by("-renews_from").values_list("renews_from", flat=True).first()
    days = _days_met([person.pk], [task.pk]).get((person.pk, task.pk), [])
    return sum(since is None or day >= since for day in days)


def last_day(renewal: Renewal, closed: Collection[date]) -> date:
    """Return by when to renew: the last working day on which the certificate is valid, given the holidays."""
    day = renewal.expires_on
    while not working_days.is_working_day(day, closed):
        day -= timedelta(days=1)
    return day


def validity(path: LearningPath, issued_on: date, former: Certificate | None) -> tuple[date | None, date | None]:
    """Return when the renewal of a certificate of a path begins and its last valid day; None for one without an end.

    One that renews a certificate which is still valid adds its months to the end of that.
    """
    if path.valid_months is None:
        return None, None
    begins = issued_on
    if former and former.expires_on:
        begins = max(issued_on, former.expires_on)
    expires_on = months_after(begins, path.valid_months)
    # What was done for this certificate is not done for the next one as well.
    return max(expires_on - timedelta(days=path.renewal_days), issued_on + timedelta(days=1)), expires_on


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the last day of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _add_done(found: Renewals, steps: list[Step]) -> None:
    people = {person for person, _ in found.begun}
    first = min(renewal.since for renewal in found.begun.values())
    start = timezone.make_aware(datetime.combine(first, time.min))
    quizzes = {step.quiz_id for step in steps if step.quiz_id}
    sittings = Attempt.objects.filter(learner__in=people, quiz__in=quizzes, handed_in_at__gte=start)
    for person, quiz, at, score, passed in sittings.order_by().values_list(
        "learner_id", "quiz_id", "handed_in_at", "score", "passed"
    ):
        mark = None if score is None else float(score)
        found.sittings.setdefault((person, quiz), []).append(_Sitting(timezone.localdate(at), mark, passed))
    tasks = {step.task_id for step in steps if step.task_id}
    for (person, task), days in _days_met(people, tasks).items():
        found.met[person, task] = days
    keys = {step.key for step in steps if step.kind == Kind.ATTEND}
    there = uncorrected(Attendance.objects.filter(person__in=people, key__in=keys, attended=True, day__gte=first))
    for person, key, day in there.order_by().values_list("person_id", "key", "day"):
        found.attended.setdefault((person, key), []).append(day)


def _days_met(people: Collection[int], tasks: Collection[int]) -> dict[tuple[int, int], list[date]]:
    """Return on which days people met tasks. A correction is of the day of what it corrects."""
    rows: Any = SignOff.objects.filter(person__in=people, task__in=tasks).order_by()
    known = {row["pk"]: row for row in rows.values("pk", "person_id", "task_id", "at", "corrects_id", "met")}
    corrected = {row["corrects_id"] for row in known.values()}
    found: dict[tuple[int, int], list[date]] = {}
    for key, row in known.items():
        if row["met"] and key not in corrected:
            first = row
            while first["corrects_id"]:
                first = known[first["corrects_id"]]
            found.setdefault((row["person_id"], row["task_id"]), []).append(timezone.localdate(first["at"]))
    return found
