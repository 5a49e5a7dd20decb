"""Questions that fail: which the daily look finds, how they leave the list again, and what the look costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.notifications import daily
from quizzes import failing
from quizzes.models import Attempt, FailingQuestion, Response
from tests.factories import publish
from tests.quizzes.factories import free_response, make_quiz, right, single_choice, take_in_bulk, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def questions():
    return [single_choice(name, "yes", "no") for name in ("First", "Second", "Third")]


def sit(quiz, question, *, wrongly: int, of: int, seed: int = 1, when=None) -> None:
    """Have so many attempts at a quiz, of which the first so many answer a question wrongly and the others rightly."""
    before = set(Attempt.objects.values_list("pk", flat=True))
    take_in_bulk(quiz, of, seed=seed)
    made = Attempt.objects.exclude(pk__in=before)
    if when:
        made.update(started_at=when, handed_in_at=when, marked_at=when)
    answers = Response.objects.filter(attempt__in=made.values("pk"), version__question=question)
    keys = list(answers.order_by("attempt__started_at").values_list("pk", flat=True))
    Response.objects.filter(pk__in=keys[:wrongly]).update(answer=wrong(question), credit=0)
    Response.objects.filter(pk__in=keys[wrongly:]).update(answer=right(question), credit=1)


def look() -> None:
    failing.look(timezone.localdate())


def listed() -> list[tuple[str, str]]:
    return [(row.question.name, row.label) for row in failing.open()]


def test_a_question_that_most_fail_is_listed_by_the_daily_run_and_one_that_all_pass_is_not(questions):
    first, second, _ = questions
    quiz = make_quiz(*questions)
    few = make_quiz(*questions, title="Fewer answers than tell anything")
    sit(few, first, wrongly=29, of=29, seed=2)
    sit(quiz, first, wrongly=29, of=32)
    Response.objects.filter(version__question=second).update(answer=right(second), credit=1)
    assert listed() == []
    assert daily.run(timezone.localdate()) == []
    assert listed() == [("First", "Too many fail it")]
    assert failing.open().get().quiz_id == quiz.pk
    quiz.unpublish()
    look()
    assert not FailingQuestion.objects.exists()


def test_questions_that_good_learners_fail_are_listed_as_such(questions):
    first, second, _ = questions
    quiz = make_quiz(first, second)
    sit(quiz, first, wrongly=20, of=40)
    asked = Response.objects.filter(version__question=second)
    knows = Response.objects.filter(version__question=first, credit=1).values("attempt")
    asked.filter(attempt__in=knows).update(answer=wrong(second), credit=0)
    asked.exclude(attempt__in=knows).update(answer=right(second), credit=1)
    look()
    assert set(listed()) == {("First", "Good learners fail it"), ("Second", "Good learners fail it")}


def test_a_question_that_was_mended_is_judged_by_the_answers_since_then(questions):
    first = questions[0]
    quiz = make_quiz(*questions)
    sit(quiz, first, wrongly=32, of=32)
    look()
    first.general_feedback = "See the section."
    publish(first)
    assert listed() == []
    # The old answers alone do not bring it back.
    look()
    assert not FailingQuestion.objects.exists()
    sit(quiz, first, wrongly=32, of=32, seed=2, when=timezone.now() + timedelta(minutes=1))
    look()
    assert listed() == [("First", "Too many fail it")]


def test_what_is_not_asked_any_more_is_not_listed(questions):
    first, second, _ = questions
    retired, dropped = make_quiz(*questions, title="A"), make_quiz(*questions, title="B")
    for seed, quiz in enumerate((retired, dropped)):
        sit(quiz, first, wrongly=30, of=30, seed=seed)
        sit(quiz, second, wrongly=30, of=30, seed=seed + 2)
    look()
    assert sorted(row.quiz_id for row in failing.open()) == sorted([retired.pk] * 2 + [dropped.pk] * 2)
    dropped.contents = [one for one in dropped.contents.raw_data if one["value"]["question"] != str(first.pk)]
    publish(dropped)
    second.retired = True
    second.save(update_fields=["retired"])
    assert {row.question for row in failing.open()} == {first}
    look()
    assert [(row.quiz_id, row.question) for row in FailingQuestion.objects.all()] == [(retired.pk, first)]


def test_looking_twice_changes_nothing_and_costs_the_same_however_many_answers_there_are(
    questions, django_assert_num_queries
):
    quiz = make_quiz(*questions)
    make_quiz(free_response("Write to the caller"), title="Never taken")
    sit(quiz, questions[0], wrongly=32, of=32)
    look()
    before = list(FailingQuestion.objects.values())
    with CaptureQueriesContext(connection) as few:
        look()
    assert list(FailingQuestion.objects.values()) == before
    sit(quiz, questions[0], wrongly=60, of=60, seed=2)
    with django_assert_num_queries(len(few)):
        look()
    assert list(FailingQuestion.objects.values()) == before
