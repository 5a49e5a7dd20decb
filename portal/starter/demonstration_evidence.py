"""Doing the steps of a path in the place of an invented person, by the code that everyone's evidence is made with."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone
from wagtail.models import Page

from manuals import acknowledging
from manuals.models import ChapterPage, Edition, Method, ReadAs, Section
from portal.people import working_days
from portal.people.models import User
from portal.starter import demonstration_answers as answers
from portal.training import attending, evidence, reading, signing
from portal.training.models import Enrolment, Kind, SignOff, Step, Task, Way, uncorrected
from quizzes import attempts, marking
from quizzes.models import Attempt, QuizPage

OPENING = time(8, 40)
# Between one thing of a day and the next.
APART = timedelta(minutes=55)
LAST = 8
REMARKS = ("", "", "", "Calm and complete.", "Well done, also under pressure.", "Knew where to look.")
MARKERS_REMARK = "Clear and friendly. Thank you."


class Library:
    """What is on the portal to be learned, fetched once for all people."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.closed = working_days.holidays()
        self.anchors: dict[int, list[str]] = defaultdict(list)
        chapters = ChapterPage.objects.live().values("pk")
        for page, anchor in (
            Section.objects.current().filter(page__in=chapters).order_by("order").values_list("page_id", "anchor")
        ):
            self.anchors[page].append(anchor)
        asks = acknowledging.newest_asks(Edition.objects.all())
        editions = Edition.objects.defer("content").in_bulk({ask.pk for ask in asks.values()})
        self.asks = {key: editions[ask.pk] for key, ask in asks.items()}
        self.tasks = {task.pk: task for task in Task.objects.prefetch_related("checklist", "job_functions")}
        self._steps: dict[int, list[Step]] = {}
        self._chapters: dict[int, list[int]] = {}

    def days_before(self, days: int) -> date:
        """Return the working day since which so many have come, today with them; with 0, today."""
        day = self.today
        while days > 0:
            days -= working_days.is_working_day(day, self.closed)
            day -= timedelta(days=1)
        while day != self.today and not working_days.is_working_day(day, self.closed):
            day -= timedelta(days=1)
        return day

    def days_since(self, start: date) -> list[date]:
        """Return the working days from a start to today, the start first."""
        span = (self.today - start).days
        days = [start + timedelta(days=number) for number in range(1, span + 1)]
        return [start, *(day for day in days if working_days.is_working_day(day, self.closed))]

    def steps(self, edition: int) -> list[Step]:
        """Return the steps of an edition of a path, in order (once for each)."""
        if edition not in self._steps:
            steps = list(Step.objects.filter(edition=edition).select_related("quiz", "task").order_by("order"))
            self._chapters |= evidence.chapters_read_in(steps)
            self._steps[edition] = steps
        return self._steps[edition]

    def chapters(self, page: int) -> list[int]:
        """Return the chapters that a step reads, by the page of a step that `steps` has returned."""
        return self._chapters.get(page, [])


class Diary:
    """What one person does, day by day. The same days and people give the same evidence."""

    def __init__(self, person: User, library: Library, supervisor: User, marker: User, now: datetime) -> None:
        self.person = person
        self.library = library
        self.supervisor = supervisor
        self.marker = marker
        self.now = now
        self.chance = Random(person.username)
        self._done_on: Counter[date] = Counter()

    def moment(self, day: date) -> datetime:
        """Return the next moment of a working day at which something is done, never one to come."""
        place = self._done_on[day]
        self._done_on[day] += 1
        start = timezone.make_aware(datetime.combine(day, OPENING))
        minutes = timedelta(minutes=self.chance.randrange(40))
        return min(start + min(place, LAST) * APART + minutes, self.now)

    def follow(self, enrolment: Enrolment, up_to: int, left: Collection[str] = ()) -> None:
        """Do the required steps of a path that are due within so many working days of its start, each on its day."""
        days = self.library.days_since(enrolment.starts_on)
        for step in self.library.steps(enrolment.edition_id):
            if step.due_days is not None and step.due_days <= up_to and not step.optional and not _is_in(step, left):
                self.do(step, days[: step.due_days + 1])

    def do(self, step: Step, days: list[date]) -> None:
        """Do a step on the last of some working days; what is to be seen several times, on several of them."""
        at = self.moment(days[-1])
        if step.kind == Kind.POLICY and step.page_id:
            self.acknowledge(step.page_id, at)
        elif step.kind == Kind.QUIZ and step.quiz:
            self.take(step.quiz, at, wrong=self.chance.choice((0, 0, 1)))
        elif step.kind == Kind.TASK and step.task_id:
            self.meet(self.library.tasks[step.task_id], days)
        elif step.kind == Kind.ATTEND:
            attending.confirm([self.person], step, self.supervisor, day=days[-1], remarks="", at=at)
        else:
            self.read(self.library.chapters(step.page_id or 0), at)

    def read(self, chapters: Iterable[int], at: datetime, *, sections: int | None = None) -> None:
        """Read chapters, or the first sections of each."""
        for chapter in chapters:
            anchors = self.library.anchors[chapter][:sections]
            reading.record(self.person, Page(pk=chapter), anchors, Way.SEEN, at=at)

    def acknowledge(self, policy: int, at: datetime) -> None:
        """Acknowledge what a policy asks of the person's position, if it asks anything."""
        edition = self.library.asks.get((policy, self.person.position))
        if edition:
            in_force = timezone.make_aware(datetime.combine(edition.effective_from, OPENING))
            acknowledging.record(
                self.person,
                edition,
                method=Method.PASSWORD,
                read_as=ReadAs.WHOLE,
                since=None,
                at=min(max(at, in_force), self.now),
            )

    def acknowledge_all(self, at: datetime) -> None:
        """Acknowledge all that is asked of the person's position."""
        for policy, position in self.library.asks:
            if position == self.person.position:
                self.acknowledge(policy, at)

    def take(self, quiz: QuizPage, at: datetime, *, wrong: int = 0, is_marked: bool = True) -> Attempt:
        """Take a quiz with so many answers wrong; a person marks what must be marked, as a rule the next morning."""
        attempt = attempts.start(quiz, self.person, at, self.chance)
        responses = list(attempt.responses.select_related("version", "attempt"))
        by_machine = [one for one in responses if not one.version.kind.is_marked_by_person]
        missed = {one.pk for one in self.chance.sample(by_machine, min(wrong, len(by_machine)))}
        seconds = 0
        for response in responses:
            seconds += self.chance.randrange(25, 80)
            answer = answers.wrong(response) if response.pk in missed else answers.right(response)
            attempts.save(response, answer, response.saves, at + timedelta(seconds=seconds))
        attempts.hand_in(attempt, at + timedelta(seconds=seconds + 20))
        if is_marked:
            for response in responses:
                if response.version.kind.is_marked_by_person:
                    points = {one["id"]: one["points"] for one in response.version.item["rubric"]}
                    marked = min(at + timedelta(hours=20), self.now)
                    marking.mark_by_hand(response, points, MARKERS_REMARK, self.marker, marked)
        return attempt

    def meet(self, task: Task, days: list[date], times: int | None = None) -> None:
        """Have a task seen and met as often as it asks, or so many times, on the last of some working days."""
        times = task.times if times is None else times
        for back in range(times, 0, -1):
            self.sign(task, days[-min(back, len(days))], met=True, remarks=self.chance.choice(REMARKS))

    def sign(self, task: Task, day: date, *, met: bool, remarks: str) -> None:
        """Have a task signed on a day; one that is not met yet lacks the last thing to see."""
        items = list(task.checklist.all())
        checklist = [
            signing.Item(text=item.text, seen=met or place < len(items)) for place, item in enumerate(items, 1)
        ]
        last = signing.newest(self.person, task)
        signing.sign(
            self.person,
            task,
            self.supervisor,
            checklist=checklist,
            met=met,
            remarks=remarks,
            after=last.pk if last else 0,
            at=self.moment(day),
        )

    def times_met(self, task: Task) -> int:
        """Return how often the person has met a task."""
        return uncorrected(SignOff.objects.filter(person=self.person, task=task, met=True)).count()


def _is_in(step: Step, left: Collection[str]) -> bool:
    name = step.quiz.slug if step.quiz else step.task.slug if step.task else step.title
    return any(name.startswith(one) for one in left)
