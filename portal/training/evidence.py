"""Fetching what people have done, one query for each kind of evidence, however many people and steps there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone
from wagtail.models import Page

from manuals import acknowledging, reading_time
from manuals.models import ChapterPage, Edition
from portal.people import working_days
from portal.people.models import User
from portal.training import readings, renewing
from portal.training.models import Attendance, Enrolment, Kind, Pause, SignOff, Step, Waiver, uncorrected
from portal.training.readings import Readings
from portal.training.renewing import Renewals
from quizzes.models import Attempt

# What is read of steps and of the pages that they ask for: the whole of a quiz is far more.
_OF_STEPS = [
    *(one.name for one in Step._meta.concrete_fields),
    *(f"task__{name}" for name in ("title", "times")),
    *(f"quiz__{name}" for name in ("title", "attempts_allowed")),
]
_OF_ADDRESSES = ("url_path", "path", "depth", "locale", "live", "content_type")


class QuizResult(NamedTuple):
    """A person's marked attempts at a quiz in one: the best mark in percent, whether any was a pass or waits."""

    best: float | None
    passed: bool
    is_waiting: bool


class Agreed(NamedTuple):
    """What a position must acknowledge of a policy: sequence and day of the edition that asks, and within how long."""

    sequence: int
    published: date
    within: int


class ToRead(NamedTuple):
    """What a page asks to read: the chapters that are there, and the words and minutes of all of them."""

    chapters: list[int]
    words: int
    minutes: int


@dataclass
class Evidence:
    """What is known of some people and the steps of some editions of paths. Read by `portal.training.progress`."""

    steps: dict[int, list[Step]] = field(default_factory=dict)
    pages: dict[int, Page] = field(default_factory=dict)
    chapters: dict[int, list[int]] = field(default_factory=dict)
    readings: Readings = field(default_factory=Readings)
    words: dict[int, int] = field(default_factory=dict)
    asks: dict[tuple[int, str], Agreed] = field(default_factory=dict)
    acknowledged: dict[tuple[int, int], int] = field(default_factory=dict)
    exempt: set[tuple[int, int]] = field(default_factory=set)
    results: dict[tuple[int, int], QuizResult] = field(default_factory=dict)
    met: dict[tuple[int, int], int] = field(default_factory=dict)
    attended: set[tuple[int, UUID]] = field(default_factory=set)
    waived: dict[tuple[int, UUID], Waiver] = field(default_factory=dict)
    pauses: dict[int, list[Pause]] = field(default_factory=dict)
    closed: Collection[date] = ()
    renewals: Renewals = field(default_factory=Renewals)
    _urls: dict[int, str] = field(default_factory=dict)
    _to_read: dict[int, ToRead] = field(default_factory=dict)

    def url_of(self, key: int) -> str:
        """Return the address of one of the pages, asking Wagtail once for it."""
        url = self._urls.get(key)
        if url is None:
            url = self._urls[key] = str(self.pages[key].url or "")
        return url

    def to_read(self, page: int) -> ToRead:
        """Return what a chapter or manual asks to read, worked out once; no chapters where it is not there any more."""
        found = self._to_read.get(page)
        if found is None:
            chapters = [key for key in self.chapters.get(page, ()) if key in self.words and key in self.pages]
            chapters = chapters if page in self.pages else []
            words = [self.words[key] for key in chapters]
            found = self._to_read[page] = ToRead(chapters, sum(words), sum(map(reading_time.minutes, words)))
        return found


def of(enrolments: Collection[Enrolment], today: date) -> Evidence:
    """Return the evidence of the people of some enrolments, for the steps of their paths.

    Seventeen queries at most, and four more where certificates are renewed.
    """
    found = Evidence()
    people = {enrolment.person_id: enrolment.person for enrolment in enrolments}
    steps = Step.objects.filter(edition__in={enrolment.edition_id for enrolment in enrolments})
    for step in steps.select_related("quiz", "task").only(*_OF_STEPS).order_by("order"):
        found.steps.setdefault(step.edition_id, []).append(step)
    every = [step for steps in found.steps.values() for step in steps]
    _add_pages(found, every)
    _name_as_today(found, every)
    _add_reads(found, people.keys())
    _add_acknowledgements(
        found, people.values(), {one.page_id for one in every if one.kind == Kind.POLICY and one.page_id}
    )
    _add_results(found, people.keys(), {step.quiz_id for step in every if step.quiz_id})
    _add_witnessed(found, people.keys(), every)
    for waiver in Waiver.objects.filter(enrolment__in=enrolments, ended_at__isnull=True):
        found.waived[waiver.enrolment_id, waiver.key] = waiver
    for pause in Pause.objects.filter(enrolment__in=enrolments):
        found.pauses.setdefault(pause.enrolment_id, []).append(pause)
    found.closed = working_days.holidays()
    found.renewals = renewing.of(people.keys(), every, {enrolment.path_id for enrolment in enrolments}, today)
    return found


def chapters_read_in(steps: Iterable[Step]) -> dict[int, list[int]]:
    """Return the keys of the published chapters that steps ask to read, in order, by the step's page (two queries)."""
    steps = list(steps)
    found = {step.page_id: [step.page_id] for step in steps if step.kind == Kind.CHAPTER and step.page_id}
    manuals = {step.page_id for step in steps if step.kind == Kind.MANUAL and step.page_id}
    if manuals:
        places = {place: key for key, place in Page.objects.filter(pk__in=manuals, live=True).values_list("pk", "path")}
        found |= {key: [] for key in places.values()}
        own = Q(pk__in=[])
        for place in places:
            own |= Q(path__startswith=place)
        chapters = ChapterPage.objects.live().filter(own).order_by("path").values_list("pk", "path")
        for key, place in chapters:
            found[places[place[: -Page.steplen]]].append(key)
    return found


def _add_pages(found: Evidence, steps: list[Step]) -> None:
    found.chapters = chapters_read_in(steps)
    keys = {key for step in steps for key in (step.page_id, step.quiz_id) if key}
    keys |= {chapter for own in found.chapters.values() for chapter in own}
    pages = Page.objects.filter(pk__in=keys, live=True)
    found.pages = {page.pk: page for page in pages.only("title", *_OF_ADDRESSES)}


def _name_as_today(found: Evidence, steps: list[Step]) -> None:
    """Give steps the title that what they ask for has now, rather than at the publishing of the path."""
    for step in steps:
        asked = step.quiz or step.task or found.pages.get(step.page_id or 0)
        if asked:
            step.title = asked.title


def _add_reads(found: Evidence, people: Collection[int]) -> None:
    pages = {chapter for own in found.chapters.values() for chapter in own}
    if pages:
        found.readings = readings.of(people, pages)
        found.words = {key: sum(max(one.words, 1) for one in own) for key, own in found.readings.asked.items()}


def _add_acknowledgements(found: Evidence, people: Collection[User], policies: Collection[int]) -> None:
    if not policies:
        return
    asks = acknowledging.newest_asks(Edition.objects.filter(page_id__in=policies))
    for key, ask in asks.items():
        found.asks[key] = Agreed(ask.sequence, timezone.localdate(ask.published), ask.within)
    keys = [person.pk for person in people]
    found.acknowledged = acknowledging.acknowledged_up_to(keys, policies)
    found.exempt = set(acknowledging.open_exemptions(keys, policies).values_list("person_id", "page_id"))


def _add_results(found: Evidence, people: Collection[int], quizzes: Collection[int]) -> None:
    if not quizzes:
        return
    rows: Any = (
        Attempt.objects.filter(learner__in=people, quiz__in=quizzes)
        .order_by()
        .values_list("learner_id", "quiz_id")
        .annotate(
            best=Max("score"),
            passes=Count("pk", filter=Q(passed=True)),
            waiting=Count("pk", filter=Q(handed_in_at__isnull=False, marked_at__isnull=True)),
        )
    )
    for person, quiz, best, passed, waiting in rows:
        mark = None if best is None else float(best)
        found.results[person, quiz] = QuizResult(mark, bool(passed), bool(waiting))


def _add_witnessed(found: Evidence, people: Collection[int], steps: list[Step]) -> None:
    tasks = {step.task_id for step in steps if step.task_id}
    if tasks:
        valid = uncorrected(SignOff.objects.filter(person__in=people, task__in=tasks, met=True))
        rows: Any = valid.order_by().values_list("person_id", "task_id").annotate(Count("pk"))
        found.met = {(person, task): count for person, task, count in rows}
    keys = {step.key for step in steps if step.kind == Kind.ATTEND}
    if keys:
        there = uncorrected(Attendance.objects.filter(person__in=people, key__in=keys, attended=True))
        found.attended = set(there.order_by().values_list("person_id", "key"))
