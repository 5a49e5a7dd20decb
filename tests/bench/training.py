"""How long progress takes, and the pages made of it: `python -m tests.bench.training`."""

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
            [f"{what}, {name}", f"{queries}", f"{1000 * middle:,.0f}", f"{1000 * longest:,.0f}"]
            for what, (queries, middle, longest) in figures.items()
        ]
    steps = CHAPTERS + POLICIES + QUIZZES + TASKS + ATTENDANCES
    title = f"{PEOPLE:,} people on {PATHS} paths of {steps} steps, all of them done"
    yield tables.table(title, ["", "queries", "median ms", "longest ms"], rows)


def pages(people: int = PEOPLE) -> dict[str, tuple[int, float, float]]:
    """Return how many queries each takes, and how many seconds: the median and the longest."""
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
    supervisor = User.objects.get(position=Position.SUPERVISOR)
    learners = list(User.objects.filter(position=Position.CSR_1).order_by("pk")[:GRID])
    own = Enrolment.objects.select_related("person", "path").order_by("pk")
    one, other = own.filter(person=learners[0]), own.filter(person__in=learners)

    def finished(enrolments: Any) -> Callable[[], None]:
        def call() -> None:
            assert all(found.percent == 100 for found in progress.of(enrolments.all()).values())

        return call

    def page(person: User, name: str, *arguments: Any) -> Callable[[], None]:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person, _BACKEND)
        address = reverse(name, args=arguments)

        def call() -> None:
            response = client.get(address)
            assert response.status_code == 200, f"{address}: {response.status_code}"

        return call

    calls = {
        f"progress of one person on {PATHS} paths": finished(one),
        f"progress of {GRID} people on one path": finished(other.filter(path=one[0].path_id)),
        f"progress of {GRID} people on {PATHS} paths": finished(other),
        "the front page of a learner": page(learners[0], "home:front_page"),
        "the front page of a supervisor": page(supervisor, "home:front_page"),
        "one's own training": page(learners[0], "training:mine"),
        "a path with all its steps": page(learners[0], "training:path", one[0].pk),
        "the team grid": page(supervisor, "training:team"),
        "a person with all evidence": page(supervisor, "training:person", learners[0].pk),
        "what waits to be signed": page(supervisor, "training:to_sign"),
    }
    return {what: _timed(call) for what, call in calls.items()}


def _timed(call: Callable[[], None]) -> tuple[int, float, float]:
    """Return how many queries a call makes, and the median and the longest of how many seconds it takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    # The first call of a page makes its template.
    call()
    with CaptureQueriesContext(connection) as queries:
        call()
    # A later request forgets what was captured.
    count = len(queries)
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return count, median(times), max(times)


def _make(people: int) -> None:
    """Make paths, and people who are on all of them and have done all there is; supervised by one person."""
    from django.core.management import call_command

    from manuals import setup
    from portal.people.models import User
    from portal.people.positions import Position
    from portal.training import enrolling

    call_command("migrate", interactive=False, verbosity=0)
    setup.ensure()
    supervisor = User.objects.create(username="bench", last_name="Bench", position=Position.SUPERVISOR)
    learners = User.objects.bulk_create(
        User(
            username=f"learner{place}", first_name="Sam", last_name=f"Rivera {place}", position=Position.CSR_1,
            hire_date=date.today() - timedelta(days=30 + place % 60), supervisor=supervisor,
        )
        for place in range(people)
    )  # fmt: skip
    for number in range(PATHS):
        path = _make_path(number)
        enrolling.enrol(learners, path, by=supervisor)
        _do_all(path.editions.get().steps.all(), learners, supervisor)


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
