"""What waits for a supervisor to see it: the tasks and attendances on people's paths that are not met yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from portal.people.models import User
from portal.training import progress
from portal.training.models import Enrolment, Kind, Step
from portal.training.progress import Progress
from portal.training.step_progress import StepProgress


@dataclass(frozen=True)
class Waiting:
    """A step of a person's that needs a supervisor."""

    enrolment: Enrolment
    progress: StepProgress

    @property
    def step(self) -> Step:
        """The step itself."""
        return self.progress.step

    @property
    def url(self) -> str:
        """Where it is signed or confirmed."""
        if self.step.kind == Kind.TASK:
            return reverse("training:sign", args=[self.enrolment.person_id, self.step.task_id])
        return reverse("training:attend", args=[self.enrolment.pk, self.step.key])

    @property
    def is_task(self) -> bool:
        """Whether it is a task to sign; else it is something attended."""
        return self.step.kind == Kind.TASK


@dataclass
class PersonWaiting:
    """What of a person's waits for a supervisor: `now` is at its turn, soonest due first; `later` is not yet."""

    person: User
    is_away: bool = False
    now: list[Waiting] = field(default_factory=list)
    later: list[Waiting] = field(default_factory=list)


def people_for(supervisor: User) -> QuerySet[User]:
    """Return the people who are on a path with something for a supervisor to see, by name, without the supervisor."""
    seen_by_a_supervisor = Step.objects.filter(kind__in=(Kind.TASK, Kind.ATTEND))
    enrolments = Enrolment.objects.filter(left_at__isnull=True, edition__in=seen_by_a_supervisor.values("edition"))
    people = User.objects.filter(is_active=True).exclude(pk=supervisor.pk)
    return people.filter(Exists(enrolments.filter(person=OuterRef("pk"))))


def of(people: Iterable[User], today: date | None = None) -> list[PersonWaiting]:
    """Return what waits of each of these people, in their order (twenty-two queries at most)."""
    found = {person.pk: PersonWaiting(person) for person in people}
    enrolments = Enrolment.objects.filter(person__in=found, left_at__isnull=True)
    enrolments = enrolments.select_related("person", "path").defer("path__contents")
    known = progress.of(enrolments, today).values()
    for one in known:
        found[one.enrolment.person_id].is_away |= one.is_away
    for waiting in _in_order(known):
        own = found[waiting.enrolment.person_id]
        (own.later if waiting.progress.state == "later" else own.now).append(waiting)
    return list(found.values())


def count_due(known: Iterable[Progress], by: date) -> int:
    """Return how many required sign-offs and attendances at their turn are due by a day, or were before it."""
    return sum(
        one.progress.counts
        and one.progress.state != "later"
        and one.progress.due is not None
        and one.progress.due <= by
        for one in _in_order(known)
    )


def _in_order(known: Iterable[Progress]) -> list[Waiting]:
    """Return what waits, soonest due first. A task that two paths of a person ask for is one."""
    waits: dict[tuple[int, object], Waiting] = {}
    for one in known:
        for step in one.steps:
            if step.needs_a_supervisor and step.state in ("back", "open", "in_hand", "later"):
                key = (one.enrolment.person_id, step.step.task_id or step.step.key)
                waiting = Waiting(one.enrolment, step)
                if key not in waits or _order(waiting) < _order(waits[key]):
                    waits[key] = waiting
    return sorted(waits.values(), key=_order)


def _order(waiting: Waiting) -> tuple[bool, date, int]:
    return (waiting.progress.state == "later", waiting.progress.due or date.max, waiting.step.order)
