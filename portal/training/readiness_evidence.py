"""What the library holds for each job function, and what people have done of it, counted.

One query for each kind of thing and of evidence, however many people and functions there are. Readings and sign-offs
are counted in the database, so that thousands of them come back as a few numbers for each person.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q
from wagtail.models import Page

from manuals import acknowledging
from manuals.models import ChapterPage, Edition, JobFunction, ManualPage, PolicyPage
from portal.people.models import User
from portal.people.positions import Position
from portal.training import readings
from portal.training.models import RefresherCard, SignOff, Task, uncorrected
from portal.training.reading import Asked
from quizzes.models import Attempt, QuizPage

# By the function's key, the keys of the things that it is served by, in order.
ByFunction = dict[int, list[int]]


@dataclass
class Known:
    """What is held for functions, and what some people did of it. Read by `portal.training.readiness`.

    `asked` are the sections of a chapter, `asks` the policies as `manuals.acknowledging` has them, `times` how often a
    task must be met. By person and thing: `read` sections, `acknowledged` sequences, `marks` in percent, `met` times;
    `cards` by person and function: how many questions were right the last time, of how many.
    """

    chapters: ByFunction = field(default_factory=dict)
    policies: ByFunction = field(default_factory=dict)
    quizzes: ByFunction = field(default_factory=dict)
    tasks: ByFunction = field(default_factory=dict)
    asked: dict[int, list[Asked]] = field(default_factory=dict)
    asks: dict[tuple[int, str], acknowledging.Ask] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    read: dict[tuple[int, int], int] = field(default_factory=dict)
    acknowledged: dict[tuple[int, int], int] = field(default_factory=dict)
    exempt: set[tuple[int, int]] = field(default_factory=set)
    marks: dict[tuple[int, int], float] = field(default_factory=dict)
    met: dict[tuple[int, int], int] = field(default_factory=dict)
    cards: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def functions() -> list[JobFunction]:
    """Return all job functions, those of the first position first (one query)."""
    places = {position: place for place, position in enumerate(Position.values)}
    return sorted(JobFunction.objects.all(), key=lambda one: (places[one.position], one.order, one.name, one.pk))


def of(people: Collection[User]) -> Known:
    """Return what is held for all functions, and what these people did of it (sixteen queries at most)."""
    known = signed_of(people)
    keys = [person.pk for person in people]
    known.chapters = _chapters()
    known.policies = _by_function(PolicyPage.objects.live().order_by("code", "pk"))
    known.quizzes = _by_function(QuizPage.objects.live().order_by("path"))
    _add_reads(known, keys)
    _add_acknowledgements(known, keys)
    _add_marks(known, keys)
    _add_cards(known, keys)
    return known


def signed_of(people: Collection[User]) -> Known:
    """Return the tasks of all functions, and what these people were signed off, without the rest (three queries)."""
    known = Known()
    known.tasks = _by_function(Task.objects.filter(retired=False).order_by("title", "pk"))
    _add_met(known, [person.pk for person in people])
    return known


def _by_function(things: Any) -> ByFunction:
    """Return the things of each function in their order (one query)."""
    found: ByFunction = {}
    for key, function in things.filter(job_functions__isnull=False).values_list("pk", "job_functions"):
        found.setdefault(function, []).append(key)
    return found


def _chapters() -> ByFunction:
    """Return the published chapters of each function: of those they name, or else of those of their manual."""
    manuals: dict[str, list[int]] = {}
    of_manuals = ManualPage.objects.live().filter(job_functions__isnull=False)
    for place, function in of_manuals.values_list("path", "job_functions"):
        manuals.setdefault(place, []).append(function)
    found: ByFunction = {}
    for key, place, function in ChapterPage.objects.live().order_by("path").values_list("pk", "path", "job_functions"):
        own = [function] if function else manuals.get(place[: -Page.steplen], [])
        for one in own:
            found.setdefault(one, []).append(key)
    return found


def _add_reads(known: Known, people: Collection[int]) -> None:
    """Count the sections read, as `training.reading` takes them for read."""
    chapters = {key for own in known.chapters.values() for key in own}
    if not chapters:
        return
    found = readings.of(people, chapters)
    known.asked = found.asked
    known.chapters = {
        function: [key for key in own if known.asked.get(key)] for function, own in known.chapters.items()
    }
    known.read = {
        (person, page): len(known.asked[page]) - len(stand.unread) for (person, page), stand in found.begun.items()
    }


def _add_acknowledgements(known: Known, people: Collection[int]) -> None:
    policies = {key for own in known.policies.values() for key in own}
    if not policies:
        return
    known.asks = acknowledging.newest_asks(Edition.objects.filter(page_id__in=policies))
    known.acknowledged = acknowledging.acknowledged_up_to(people, policies)
    known.exempt = set(acknowledging.open_exemptions(people, policies).values_list("person_id", "page_id"))


def _add_marks(known: Known, people: Collection[int]) -> None:
    quizzes = {key for own in known.quizzes.values() for key in own}
    if not quizzes:
        return
    marked = Attempt.objects.filter(learner__in=people, quiz__in=quizzes, score__isnull=False)
    rows: Any = marked.order_by().values_list("learner_id", "quiz_id").annotate(Max("score"))
    known.marks = {(person, quiz): float(best) for person, quiz, best in rows}


def _add_met(known: Known, people: Collection[int]) -> None:
    tasks = {key for own in known.tasks.values() for key in own}
    if not tasks:
        return
    known.times = dict(Task.objects.filter(pk__in=tasks).values_list("pk", "times"))
    valid = uncorrected(SignOff.objects.filter(person__in=people, task__in=tasks, met=True))
    rows: Any = valid.order_by().values_list("person_id", "task_id").annotate(Count("pk"))
    known.met = {(person, task): count for person, task, count in rows}


def _add_cards(known: Known, people: Collection[int]) -> None:
    asked = RefresherCard.objects.filter(
        person__in=people, question__live=True, question__retired=False, question__job_functions__isnull=False
    )
    rows: Any = (
        asked.order_by()
        .values_list("person_id", "question__job_functions")
        .annotate(right=Count("pk", filter=Q(last_right=True)), whole=Count("pk"))
    )
    known.cards = {(person, function): (right, whole) for person, function, right, whole in rows}
