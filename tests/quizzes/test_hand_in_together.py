"""Many people at once: no answer is lost, and every attempt is marked once.

Each request has a thread and a connection of its own, as with a server; tests/postgres runs the same on PostgreSQL.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from quizzes import attempts as life
from quizzes.models import Attempt, Response
from quizzes.signals import attempt_marked
from tests.factories import UserFactory
from tests.quizzes.factories import begin, form_of, item_of_each_type, make_quiz, response_to, right, wrong

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 50


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make calls in threads that wait for each other, and return what they return, or raise what one raises."""
    barrier = Barrier(len(calls), timeout=60)

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def told():
    """How often each attempt was told to be marked, by its key."""
    found: Counter[Any] = Counter()

    def count(attempt, **kwargs):
        found[attempt.pk] += 1

    attempt_marked.connect(count)
    yield found
    attempt_marked.disconnect(count)


@pytest.fixture
def questions():
    found = item_of_each_type()
    del found["free_response"]
    return list(found.values())


def signed_in(person):
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def test_fifty_people_hand_in_at_once(questions, told):
    quiz = make_quiz(*questions, pass_mark=50)
    attempts, answers, forms = [], {}, {}
    for place in range(PEOPLE):
        attempt = begin(quiz, UserFactory())
        # Each gives answers of their own: how many of them are right tells the scores apart.
        good = place % (len(questions) + 1)
        answers[attempt.pk] = {
            question.pk: right(question) if number < good else wrong(question)
            for number, question in enumerate(questions)
        }
        forms[attempt.pk] = {**form_of(attempt, answers[attempt.pk]), "hand_in": "1"}
        attempts.append(attempt)
    clients = [signed_in(attempt.learner) for attempt in attempts]

    def post(client, attempt):
        return lambda: client.post(reverse("quizzes:sitting", args=[attempt.pk]), forms[attempt.pk])

    responses = at_once([post(client, attempt) for client, attempt in zip(clients, attempts, strict=True)])

    for response, attempt in zip(responses, attempts, strict=True):
        assert response.status_code == 302
        assert response.url == reverse("quizzes:results", args=[attempt.pk])
    saved = Response.objects.filter(attempt__quiz=quiz).values_list("attempt", "version__question_uid", "answer")
    found: dict[Any, Any] = {}
    for key, question, answer in saved:
        found.setdefault(key, {})[question] = answer
    assert found == answers
    for place, attempt in enumerate(attempts):
        attempt.refresh_from_db()
        good = place % (len(questions) + 1)
        assert float(attempt.score) == pytest.approx(100 * good / len(questions), abs=0.01)
        assert attempt.passed == (2 * good >= len(questions))
        assert attempt.handed_in_at == attempt.marked_at
    assert told == {attempt.pk: 1 for attempt in attempts}


def test_one_attempt_handed_in_many_times_at_once_is_marked_once(questions, told):
    quiz = make_quiz(*questions)
    attempt = begin(quiz, UserFactory())

    def hand_in():
        return life.hand_in(Attempt.objects.get(pk=attempt.pk))

    results = at_once([hand_in] * 10)
    assert sorted(results) == [False] * 9 + [True]
    assert told == {attempt.pk: 1}


def test_form_sent_twice_at_once_keeps_its_answers(questions, told):
    """A double click: whichever answer the browser shows in the end, it is the result."""
    quiz = make_quiz(*questions)
    learner = UserFactory()
    attempt = begin(quiz, learner)
    form = {**form_of(attempt, {question: right(question) for question in questions}), "hand_in": "1"}
    clients = [signed_in(learner) for _ in range(4)]
    address = reverse("quizzes:sitting", args=[attempt.pk])
    responses = at_once([lambda client=client: client.post(address, form) for client in clients])
    assert {response.get("Location") for response in responses} == {reverse("quizzes:results", args=[attempt.pk])}
    attempt.refresh_from_db()
    assert attempt.score == 100
    assert told == {attempt.pk: 1}


def test_one_person_who_begins_in_many_windows_at_once_has_one_attempt(questions):
    quiz = make_quiz(*questions)
    learner = UserFactory()
    begun = at_once([lambda: life.start(quiz, learner)] * 10)
    assert len({attempt.pk for attempt in begun}) == 1
    assert Attempt.objects.get().responses.count() == len(questions)


def test_time_that_runs_out_while_many_look_is_handed_in_once(questions, told):
    quiz = make_quiz(*questions, time_limit_minutes=1)
    attempt = begin(quiz, UserFactory())
    late = attempt.due_at + life.GRACE
    handed_in = at_once([lambda: life.hand_in_overdue(late)] * 10)
    assert sum(handed_in) == 1
    assert told == {attempt.pk: 1}


def test_second_of_a_double_click_finds_its_own_answer_saved(questions):
    attempt = begin(make_quiz(*questions), UserFactory())
    one, other = (response_to(attempt, questions[0]) for _ in range(2))
    life.save(one, right(questions[0]), seen=0)
    assert life.save(other, right(questions[0]), seen=0).saves == 1
    third = response_to(attempt, questions[0])
    third.answer, third.saves = None, 0  # as a window has it that was loaded before
    with pytest.raises(life.Conflict):
        life.save(third, wrong(questions[0]), seen=0)
