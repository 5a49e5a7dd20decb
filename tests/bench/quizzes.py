"""How quickly fifty people hand in at once, and how long statistics take: `python -m tests.bench.quizzes`.

Each measurement is a process of its own on a portal of its own, on SQLite and on PostgreSQL.
"""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import django

from tests.bench import databases, tables

PEOPLE = 50
ROUNDS = 6
# As docs/deployment.md starts it.
WORKERS = 3
QUESTIONS = 10
ATTEMPTS = 10_000
# How often each page is asked for.
CALLS = 7
WAIT = 60.0  # seconds
TOKEN = "t" * 32


# ---- What `python -m tests.bench` prints


def measured(folder: Path) -> Iterator[str]:
    """Measure everything in this folder, and yield the tables."""
    hand_ins = {
        name: databases.part("quizzes", folder / f"{name}-hand-ins", *words, "hand_ins")
        for name, words in databases.DATABASES.items()
    }
    rows = [
        [name, f"{figures['per_second']:,.0f}", f"{1000 * figures['p50']:,.0f}", f"{1000 * figures['p95']:,.0f}"]
        for name, figures in hand_ins.items()
        if figures
    ]
    title = f"{PEOPLE} people hand in {QUESTIONS} answers each at once ({ROUNDS} times; {WORKERS} workers of gunicorn)"
    yield tables.table(title, ["", "hand-ins per second", "p50 ms", "p95 ms"], rows)
    pages = {
        name: databases.part("quizzes", folder / f"{name}-statistics", *words, "pages")
        for name, words in databases.DATABASES.items()
    }
    rows = [
        [f"{page}, {name}", f"{1000 * times[0]:,.0f}", f"{1000 * times[1]:,.0f}"]
        for name, figures in pages.items()
        for page, times in (figures or {}).items()
    ]
    title = f"Statistics of a quiz of {QUESTIONS} questions with {ATTEMPTS:,} attempts"
    yield tables.table(title, ["ms", "median", "longest"], rows)


# ---- The parts


def hand_ins() -> dict[str, float]:
    """Return how many hand-ins a second a server takes when all come at once, and how long people wait."""
    from django.conf import settings

    quiz = _make_quiz()
    people = _make_people()
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    worker = subprocess.Popen(
        [*command, "--workers", str(WORKERS), "--log-level", "warning"], cwd=settings.BASE_DIR, stdout=sys.stderr
    )
    try:
        _wait_for(port)
        waited: list[float] = []
        took = 0.0
        for number in range(ROUNDS + 1):
            posts = [_filled_in(quiz, person, cookie) for person, cookie in people]
            times = _all_at_once([_post(port, *post) for post in posts])
            # The first round makes the workers import and connect.
            if number:
                waited += times
                took += max(times)
    finally:
        worker.terminate()
        worker.wait(WAIT)
    _check(quiz)
    waited.sort()
    return {
        "per_second": len(waited) / took,
        "p50": median(waited),
        "p95": waited[int(len(waited) * 0.95)],
    }


def pages() -> dict[str, tuple[float, float]]:
    """Return how long each page of the statistics takes, in seconds: the median and the longest."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from portal.people.models import User
    from portal.people.positions import Position
    from tests.quizzes import factories

    quiz = _make_quiz()
    factories.take_in_bulk(quiz, ATTEMPTS, each=4)
    # Both databases plan by what they know of a table. PostgreSQL learns that by itself, within a minute or so.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create(username="bench", position=Position.SUPERVISOR), _BACKEND)
    question = quiz.contents.raw_data[0]["value"]["question"]
    addresses = {
        "list of quizzes": reverse("quiz_statistics_index"),
        "the quiz": reverse("quiz_statistics", args=[quiz.pk]),
        "the quiz, attempts that count": reverse("quiz_statistics", args=[quiz.pk]) + "?only=counting",
        "one question": reverse("quiz_question_statistics", args=[quiz.pk, question]),
        "all attempts as CSV": reverse("quiz_statistics_attempts_export", args=[quiz.pk, "csv"]),
        "all attempts as Excel": reverse("quiz_statistics_attempts_export", args=[quiz.pk, "xlsx"]),
    }
    found = {}
    for name, address in addresses.items():
        times = []
        for _ in range(CALLS + 1):
            start = time.perf_counter()
            response = client.get(address)
            assert response.status_code == 200
            assert response.getvalue()
            times.append(time.perf_counter() - start)
        # The first call of a page makes its template.
        found[name] = (median(times[1:]), max(times[1:]))
    return found


_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _make_quiz() -> Any:
    """Return a quiz of the types a machine marks at once, in a portal set up for it."""
    from django.core.management import call_command

    from manuals import setup
    from tests.quizzes import factories

    call_command("migrate", interactive=False, verbosity=0)
    setup.ensure()
    questions = [factories.single_choice(f"Fee {place}", "$25", "$30", "$35") for place in range(QUESTIONS - 4)]
    questions += [
        factories.multiple_choice("What to bring", ("A photo ID", "The lease"), ("A birth certificate",)),
        factories.true_false("A deposit comes back"),
        factories.numeric("Gallons in a unit", "748", "1", "gallons"),
        factories.matching("Who takes what", {"Broken main": "Water", "Missed pickup": "Solid waste"}, ("Parks",)),
    ]
    return factories.make_quiz(*questions)


def _make_people() -> list[tuple[Any, str]]:
    """Return learners, each with the cookie of a session."""
    from django.test import Client

    from portal.people.models import User

    found = []
    for place in range(PEOPLE):
        person = User.objects.create(username=f"learner{place}")
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person, _BACKEND)
        found.append((person, f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"))
    return found


def _filled_in(quiz: Any, person: Any, cookie: str) -> tuple[str, str, str]:
    """Begin an attempt; return the address of its page, the form that hands it in with all answers, and the cookie."""
    from django.urls import reverse

    from tests.quizzes import factories

    attempt = factories.begin(quiz, person)
    asked = [response.version.question for response in attempt.responses.select_related("version__question")]
    form = factories.form_of(attempt, {question: factories.right(question) for question in asked})
    body = urlencode({**form, "hand_in": "1", "csrfmiddlewaretoken": TOKEN}, doseq=True)
    return reverse("quizzes:sitting", args=[attempt.pk]), body, cookie


def _post(port: int, address: str, body: str, cookie: str) -> Callable[[], None]:
    def call() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", address, body, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        where = response.getheader("Location", "")
        if response.status != 302 or not where.endswith("/results/"):
            raise RuntimeError(f"Handing in was answered with {response.status} {where}.")

    return call


def _all_at_once(calls: list[Callable[[], None]]) -> list[float]:
    """Make all calls at the same moment, and return how many seconds after it each was answered."""
    started: list[float] = []
    barrier = Barrier(len(calls), action=lambda: started.append(time.perf_counter()))

    def run(call: Callable[[], None]) -> float:
        barrier.wait(WAIT)
        call()
        return time.perf_counter() - started[0]

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _check(quiz: Any) -> None:
    """Make sure that what was measured has happened: every answer is there, every attempt marked."""
    from quizzes.models import Attempt, Response

    attempts = Attempt.objects.filter(quiz=quiz)
    answers = Response.objects.filter(attempt__quiz=quiz)
    expected = PEOPLE * (ROUNDS + 1)
    assert attempts.filter(score=100).count() == attempts.count() == expected
    assert answers.filter(answer__isnull=False, credit=1).count() == answers.count() == expected * QUESTIONS


def _free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def main(*words: str) -> None:
    """Do the part that is named, and print its figures; print all tables if none is."""
    if not words:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            for table in measured(Path(folder)):
                sys.stdout.write(f"{table}\n\n")
                sys.stdout.flush()
        return
    django.setup()
    match words:
        case ["postgresql", name]:
            figures = databases.on_postgresql("quizzes", name)
        case ["hand_ins"]:
            figures = hand_ins()
        case ["pages"]:
            figures = pages()
        case _:
            raise ValueError(words)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
