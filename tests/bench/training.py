"""How long progress takes, and the pages made of it: `python -m tests.bench.training`."""

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import django

from tests.bench import databases, tables

PEOPLE = 2_000
PATHS = 3
# Of each path, in twelve stages: sixty steps.
CHAPTERS, POLICIES, QUIZZES, TASKS, ATTENDANCES = 30, 6, 10, 10, 4
SECTIONS = 3
FUNCTIONS, CARDS = 24, 30
GRID = 50
# How often each is asked for.
CALLS = 7
BATCH = 5_000
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def measured(folder: Path) -> Iterator[str]:
    """Measure in this folder, and yield the table."""
    rows = []
    for name, words in databases.DATABASES.items():
        figures = databases.part("training", folder / f"{name}-training", *words, "pages") or {}
        rows += [
            [f"{what}, {name}", f"{queries}", *(f"{1000 * seconds:,.0f}" for seconds in times)]
            for what, (queries, *times) in figures.items()
        ]
    steps = CHAPTERS + POLICIES + QUIZZES + TASKS + ATTENDANCES
    title = f"{PEOPLE:,} people on {PATHS} paths of {steps} steps; half of them have done all, half all but three weeks"
    yield tables.table(title, ["", "queries", "median ms", "longest ms", "median ms of the processor"], rows)


def pages(people: int = PEOPLE) -> dict[str, tuple[int, float, float, float]]:
    """Return how many queries each takes, and how many seconds: the median, the longest, the processor's median."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from portal.people.models import User
    from portal.people.positions import Position
    from portal.training import progress
    from portal.training.models import Enrolment

    _make(people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    # As `portal.wsgi` does.
    gc.collect()
    gc.freeze()
    supervisor = User.objects.filter(position=Position.SUPERVISOR).earliest("pk")
    learners = list(supervisor.reports.order_by("pk"))
    own = Enrolment.objects.select_related("person", "path").order_by("pk")
    one, other = own.filter(person=learners[1]), own.filter(person__in=learners)

    def known(enrolments: Any) -> Callable[[], None]:
        def call() -> None:
            found = progress.of(enrolments.all()).values()
            assert all((one.percent == 100) == _has_done_all(one.enrolment.person) for one in found)

        return call

    def page(person: User, name: str, *arguments: Any, query: str = "") -> Callable[[], None]:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person, _BACKEND)
        address = reverse(name, args=arguments) + query

        def call() -> None:
            response = client.get(address)
            if response.streaming:
                b"".join(response.streaming_content)
            assert response.status_code == 200, f"{address}: {response.status_code}"

        return call

    calls = {
        f"progress of one person on {PATHS} paths": known(one),
        f"progress of {GRID} people on one path": known(other.filter(path=one[0].path_id)),
        f"progress of {GRID} people on {PATHS} paths": known(other),
        "the front page of a learner": page(learners[1], "home:front_page"),
        f"the front page of a supervisor of {GRID}": page(supervisor, "home:front_page"),
        "one's own training": page(learners[1], "training:mine"),
        "a path with all its steps": page(learners[1], "training:path", one[0].pk),
        "the team grid": page(supervisor, "training:team"),
        "the team grid, who is overdue": page(supervisor, "training:team", query="?standing=overdue"),
        "the team grid, of everybody": page(supervisor, "training:team", query="?whose=all"),
        "the team as CSV": page(supervisor, "training:team", query="?export=csv"),
        "a person with all evidence": page(supervisor, "training:person", learners[0].pk),
        "what waits to be signed": page(supervisor, "training:to_sign"),
        "one's own readiness": page(learners[1], "training:readiness"),
        "a person's readiness": page(supervisor, "training:readiness_of", learners[1].pk),
        "the team's readiness": page(supervisor, "training:team_readiness"),
        "the team's readiness, of everybody": page(supervisor, "training:team_readiness", query="?whose=all"),
    }
    return {what: _timed(call) for what, call in calls.items()}


def _has_done_all(person: Any) -> bool:
    """Return whether a learner is one of those who have done all there is: every other one."""
    return int(person.username.removeprefix("learner")) % 2 == 0


def _timed(call: Callable[[], None]) -> tuple[int, float, float, float]:
    """Return how many queries a call makes, the median and longest of its seconds, and the processor's median."""
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    # The first call of a page makes its template.
    call()
    # A request forgets what was captured before it.
    request_started.disconnect(reset_queries)
    with CaptureQueriesContext(connection) as queries:
        call()
    count = len(queries)
    times, busy = [], []
    for _ in range(CALLS):
        start, began = time.perf_counter(), time.process_time()
        call()
        times.append(time.perf_counter() - start)
        busy.append(time.process_time() - began)
    return count, median(times), max(times), median(busy)


def _make(people: int) -> None:
    """Make paths, and people who are on all of them, in teams; every other one has done all there is."""
    from django.core.management import call_command

    from manuals import setup
    from portal.people.models import User
    from portal.people.positions import Position
    from portal.training import enrolling

    call_command("migrate", interactive=False, verbosity=0)
    setup.ensure()
    supervisors = [
        User.objects.create(username=f"bench{place}", last_name="Bench", position=Position.SUPERVISOR)
        for place in range(-(-people // GRID))
    ]
    learners = User.objects.bulk_create(
        User(
            username=f"learner{place}", first_name="Sam", last_name=f"Rivera {place}", position=Position.CSR_1,
            hire_date=date.today() - timedelta(days=30 + place % 60), supervisor=supervisors[place // GRID],
        )
        for place in range(people)
    )  # fmt: skip
    for number in range(PATHS):
        path = _make_path(number)
        enrolling.enrol(learners, path, by=supervisors[0])
        steps = path.editions.get().steps.all()
        _do_all(steps.filter(stage__lte=9), learners, supervisors[0])
        _do_all(steps.filter(stage__gt=9), [one for one in learners if _has_done_all(one)], supervisors[0])
    _share_out(learners)


def _share_out(learners: list[Any]) -> None:
    """Have all there is be evidence for functions, and give people refresher cards."""
    from django.utils import timezone

    from manuals.models import ChapterPage, JobFunction, PolicyPage
    from portal.people.positions import Position
    from portal.training.models import RefresherCard, Task
    from quizzes.models import Question, QuizPage
    from tests.quizzes.factories import true_false

    functions = [
        JobFunction.objects.create(
            slug=f"function-{place}", name=f"Function {place}", position=list(Position)[place // 8], order=place
        )
        for place in range(FUNCTIONS)
    ]
    questions = [true_false(f"Refresher {place}") for place in range(CARDS)]
    for model in (ChapterPage, PolicyPage, QuizPage, Task, Question):
        between: Any = model._meta.get_field("job_functions").remote_field.through  # type: ignore[union-attr]
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
        between.objects.bulk_create(
            between(**{f"{model._meta.model_name}_id": key, "jobfunction_id": functions[place % FUNCTIONS].pk})
            for place, key in enumerate(keys)
        )
    now = timezone.now()
    RefresherCard.objects.bulk_create(
        (
            RefresherCard(
                person=person, question=question, state=2, stability=3.0, difficulty=5.0, due=now, last_review=now,
                last_right=True,
            )
            for person in learners
            for question in questions
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _make_path(number: int) -> Any:
    """Return a published path of steps that no other path has, in twelve stages."""
    from portal.people.positions import Position, group_for
    from tests.factories import make_chapter, make_manual, make_policy, section
    from tests.quizzes.factories import make_quiz, true_false
    from tests.training import factories as make

    manual = make_manual(f"Manual {number}")
    words = " ".join("Verify the account, then count what the customer paid." for _ in range(15))
    body = [
        section(f"part-{place}", f"Part {place} of the day", ("markdown", f"{words}\n\nSign for copy {place}."))
        for place in range(SECTIONS)
    ]
    question = true_false(f"A deposit comes back {number}")
    steps = [make.read(make_chapter(manual, f"Chapter {number}-{place}", body)) for place in range(CHAPTERS)]
    for place in range(POLICIES):
        code = f"CS-{100 * (number + 1) + place}"
        asks = [group_for(Position.CSR_1)]
        steps.append(make.acknowledge(make_policy(f"Policy {number}-{place}", code, acknowledged_by=asks)))
    steps += [
        make.pass_quiz(make_quiz(question, title=f"Quiz {number}-{place}", pass_mark=80)) for place in range(QUIZZES)
    ]
    steps += [make.have_signed(make.make_task(f"Task {number}-{place}")) for place in range(TASKS)]
    steps += [make.attend(f"Meeting {number}-{place}") for place in range(ATTENDANCES)]
    weeks = [steps[place::12] for place in range(12)]
    for week, own in enumerate(weeks, start=1):
        for one in own:
            one["value"]["due_days"] = 5 * week
    stages = [make.stage(f"Week {week}", *own) for week, own in enumerate(weeks, start=1)]
    return make.make_path(*stages, title=f"Path {number}")


def _do_all(steps: Any, learners: list[Any], supervisor: Any) -> None:
    """Write the evidence that people would leave behind who do all of these steps, in bulk."""
    from django.utils import timezone

    from manuals.models import Acknowledgement, Edition, Method, ReadAs, Section
    from portal.training.models import Attendance, Kind, SectionRead, SignOff, Way
    from quizzes import attempts as life
    from quizzes.models import Attempt

    steps = list(steps.select_related("page", "quiz", "task"))
    by_kind = {kind: [step for step in steps if step.kind == kind] for kind in Kind}
    editions = {
        edition.page_id: edition for edition in Edition.objects.filter(page_id__in=[step.page_id for step in steps])
    }
    anchors = list(Section.objects.filter(page_id__in=[step.page_id for step in by_kind[Kind.CHAPTER]]))
    now = timezone.now()
    names = {"supervisor": supervisor, "supervisor_name": str(supervisor)}

    def save(model: Any, rows: Iterator[Any]) -> None:
        model.objects.bulk_create(rows, batch_size=BATCH)

    save(
        SectionRead,
        (
            SectionRead(
                person=person, page_id=one.page_id, edition=editions[one.page_id], anchor=one.anchor, way=Way.SEEN
            )
            for person in learners
            for one in anchors
        ),
    )
    save(
        Acknowledgement,
        (
            Acknowledgement(
                person=person,
                person_name=str(person),
                position=person.position,
                edition=editions[step.page_id],
                edition_hash=editions[step.page_id].hash,
                read_as=ReadAs.WHOLE,
                sentence="I have read it.",
                method=Method.PASSWORD,
            )
            for person in learners
            for step in by_kind[Kind.POLICY]
        ),
    )
    save(
        Attempt,
        (
            Attempt(
                quiz=step.quiz, quiz_title=step.title, learner=person, number=1, rules=life.rules_of(step.quiz),
                started_at=now, active_at=now, handed_in_at=now, marked_at=now, score=90, passed=True,
            )
            for step in by_kind[Kind.QUIZ]
            for person in learners
        ),
    )  # fmt: skip
    checklist = [{"text": "Counts it twice", "seen": True}]
    save(
        SignOff,
        (
            SignOff(
                person=person, person_name=str(person), task=step.task, task_title=step.title, checklist=checklist,
                met=True, **names,
            )
            for person in learners
            for step in by_kind[Kind.TASK]
        ),
    )  # fmt: skip
    save(
        Attendance,
        (
            Attendance(person=person, person_name=str(person), key=step.key, title=step.title, day=now.date(), **names)
            for person in learners
            for step in by_kind[Kind.ATTEND]
        ),
    )


def main(*words: str) -> None:
    """Do the part that is named, and print its figures; print the table if none is."""
    if not words:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            for table in measured(Path(folder)):
                sys.stdout.write(f"{table}\n\n")
        return
    django.setup()
    match words:
        case ["postgresql", name]:
            figures = databases.on_postgresql("training", name)
        case ["pages"]:
            figures = pages()
        case ["pages", people]:
            figures = pages(int(people))
        case _:
            raise ValueError(words)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
