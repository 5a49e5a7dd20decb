"""What a question said when it was asked is kept once, and never changed."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.people.positions import Position
from quizzes import attempts as life
from quizzes import marking, regrading
from quizzes.models import Question, QuestionVersion
from quizzes.models.version import digest_of, freeze, unsaved
from tests.factories import UserFactory, make_chapter, make_manual, publish, section
from tests.quizzes.factories import (
    answer,
    begin,
    free_response,
    item_of_each_type,
    make_quiz,
    response_to,
    rewrite,
    right,
    single_choice,
    take,
    true_false,
)

pytestmark = pytest.mark.django_db


def test_attempts_that_ask_the_same_share_a_version():
    quiz = make_quiz(*item_of_each_type().values())
    for _ in range(3):
        begin(quiz, UserFactory())
    assert QuestionVersion.objects.count() == 9
    begin(make_quiz(*Question.objects.all(), title="Another quiz"), UserFactory())
    assert QuestionVersion.objects.count() == 9


@pytest.mark.parametrize(
    "change",
    [
        {"stem": "<p>Another stem</p>"},
        {"general_feedback": "Because."},
        {"name": "Another name"},
        {"language": "es"},
        {"item": {"right": False, "feedback_true": "", "feedback_false": ""}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_says_something_else_is_another_version(change):
    waived = true_false("Waived")
    first = freeze([waived])[waived.pk]
    rewrite(waived, **change)
    second = freeze([waived])[waived.pk]
    assert first.pk != second.pk
    assert QuestionVersion.objects.count() == 2


def test_another_section_is_another_version():
    chapter = make_chapter(make_manual(), body=[section("one", "One"), section("two", "Two")])
    waived = true_false("Waived", section=chapter.sections.get(anchor="one"))
    first = freeze([waived])[waived.pk]
    rewrite(waived, section=chapter.sections.get(anchor="two"))
    assert freeze([waived])[waived.pk].pk != first.pk
    assert first.section.anchor == "one"


def test_what_only_the_bank_knows_makes_no_version():
    waived = true_false("Waived")
    first = freeze([waived])[waived.pk]
    rewrite(waived, difficulty=3, needs_check=True)
    assert freeze([waived])[waived.pk] == first


def test_two_questions_that_say_the_same_are_still_two():
    one, other = true_false("Waived"), true_false("Waived")
    found = freeze([one, other])
    assert found[one.pk] != found[other.pk]
    assert {version.question_uid for version in found.values()} == {one.pk, other.pk}


def test_a_question_rewritten_back_finds_its_first_version():
    waived = true_false("Waived")
    first = freeze([waived])[waived.pk]
    rewrite(waived, stem="<p>Another stem</p>")
    rewrite(waived, stem="<p>Waived?</p>")
    assert freeze([waived])[waived.pk] == first


@pytest.mark.parametrize("number", [2, 20])
def test_freezing_takes_three_queries_and_one_where_all_is_known(number):
    for place in range(number):
        single_choice(f"Question {place}", "$25", "$30")
    questions = list(Question.objects.select_related("section"))
    for cost in (3, 1):
        with CaptureQueriesContext(connection) as found:
            assert len(freeze(questions)) == number
        assert len(found) == cost


def test_freezing_nothing_gives_nothing():
    assert freeze([]) == {}


@hypothesis_settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_the_digest_tells_apart_what_says_something_else(one, other):
    question = Question(name="Waived", stem="<p>Waived?</p>", body=[{"type": "true_false", "value": {"right": True}}])
    question.type = "true_false"
    digests = []
    for text in (one, other):
        question.general_feedback = text
        digests.append(unsaved(question).digest)
        assert digests[-1] == digest_of(question, unsaved(question).content)
    assert (digests[0] == digests[1]) is (one == other)


def test_nothing_that_happens_to_an_attempt_changes_a_version(client):
    chapter = make_chapter(make_manual())
    told = chapter.sections.get()
    fee, written = single_choice("Fee", "$25", "$30", section=told), free_response("Write to the caller", section=told)
    quiz = make_quiz(fee, written, feedback="at_once")
    attempt = begin(quiz, UserFactory())

    def kept():
        return sorted(
            QuestionVersion.objects.filter(pk__in=asked).values_list("pk", "digest", "type", "content", "frozen_at")
        )

    asked = list(QuestionVersion.objects.values_list("pk", flat=True))
    before = kept()
    answer(attempt, {fee: right(fee), written: "On Friday."})
    life.check(response_to(attempt, fee))
    life.hand_in(attempt)
    marker = UserFactory(position=Position.SUPERVISOR)
    response = response_to(attempt, written)
    points = {one["id"]: 1 for one in response.version.item["rubric"]}
    marking.mark_by_hand(response, points, "", marker, timezone.now())
    item = {"options": [{**one, "right": not one["right"]} for one in fee.item["options"]]}
    rewrite(fee, item, stem="<p>Another</p>", name="Another")
    regrading.apply(fee, "Old key", marker)
    publish(chapter)
    client.force_login(attempt.learner)
    client.get(reverse("quizzes:results", args=[attempt.pk]))
    rewrite(fee, retired=True)
    fee.delete()
    quiz.delete()
    assert kept() == before
    for version in QuestionVersion.objects.filter(pk__in=asked):
        assert version.digest == recomputed(version)


def recomputed(version) -> str:
    """Return the digest of a version from what is in it."""
    import json
    from hashlib import sha256

    whole = {**version.content, "type": version.type, "section": version.section_id}
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def test_a_question_that_was_asked_can_go_and_its_version_stays():
    fee = single_choice("Fee", "$25", "$30")
    attempt = take(make_quiz(fee), UserFactory(), {fee: right(fee)})
    uid = fee.pk
    fee.delete()
    version = attempt.responses.get().version
    assert (version.question_id, version.question_uid) == (None, uid)


def test_no_code_of_the_application_writes_to_a_version_again():
    """Versions are made in one place, and nothing in the application updates or saves one."""
    writers = []
    for path in (Path(settings.BASE_DIR) / "quizzes").rglob("*.py"):
        text = path.read_text()
        if "migrations" not in path.parts and "QuestionVersion.objects" in text:
            writers.append(path.name)
            for word in (
                "QuestionVersion.objects.update",
                "QuestionVersion.objects.create",
                "versions.update",
                "version.save(",
            ):
                assert word not in text, path
    assert "version.py" in writers
