"""A key was wrong: who goes up and who down, seen before it is done, and both results kept."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.people.positions import Position
from quizzes import attempts as life
from quizzes import marking, regrading
from quizzes.models import Regrade, RegradedResponse
from tests.factories import UserFactory
from tests.quizzes.factories import (
    answer,
    begin,
    chosen,
    free_response,
    make_question,
    make_quiz,
    numeric,
    options,
    response_to,
    rewrite,
    right,
    short_text,
    single_choice,
    take,
    true_false,
)

pytestmark = pytest.mark.django_db

EARLIER = timezone.now() - timedelta(hours=1)


@pytest.fixture
def fee():
    return single_choice("Fee", "$25", "$30", "$35")


def url_of(question):
    return reverse("quiz_regrade", args=[question.pk])


def make_right(question, text):
    """Publish a choice with another right option, its parts the same."""
    item = question.item
    return rewrite(question, {"options": [{**one, "right": one["text"] == text} for one in item["options"]]})


@pytest.fixture
def taken(fee):
    """Three learners answered: one as the old key has it, one as the new one, one neither; another question is right."""
    waived = true_false("Waived")
    quiz = make_quiz(fee, waived, pass_mark=80)
    attempts = {
        name: take(
            quiz,
            UserFactory(first_name="Sam", last_name=name),
            {fee: chosen(fee, text), waived: right(waived)},
            now=EARLIER,
        )
        for name, text in (("Old", "$25"), ("New", "$30"), ("Neither", "$35"))
    }
    make_right(fee, "$30")
    return attempts


def test_the_preview_says_who_goes_up_and_who_down_and_writes_nothing(client, supervisor, fee, taken):
    html = " ".join(client.get(url_of(fee)).content.decode().split())
    assert "<strong>1</strong> would go up, <strong>1</strong> would go down." in html
    assert "1 would pass who had not, 1 would no longer pass." in html
    assert "1 → 0 (down)" in html
    assert "0 → 1 (up)" in html
    assert "100 → 50 percent" in html
    assert "Sam Neither" not in html
    assert html.index("Sam Old") < html.index("Sam New")
    assert not Regrade.objects.exists()
    for name, score in (("Old", 100), ("New", 50), ("Neither", 50)):
        taken[name].refresh_from_db()
        assert taken[name].score == score


def test_a_preview_and_what_is_then_done_are_the_same(fee, taken, supervisor):
    foreseen = {(one.response.pk, one.credit, one.score, one.passed) for one in regrading.preview(fee)}
    regrading.apply(fee, "The key named the old fee.", supervisor)
    done = {(c.response_id, c.credit_after, c.score_after, c.passed_after) for c in RegradedResponse.objects.all()}
    assert done == foreseen


def test_marking_again_keeps_both_results_the_reason_and_who_did_it(
    client, supervisor, fee, taken, signals, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url_of(fee), {"reason": "The key named the old fee."}, follow=True)
    html = response.content.decode()
    assert "2 answers marked again." in html
    assert "Marking again would change nothing" in html
    assert "The key named the old fee." in html
    for name, score, passed in (("Old", 50, False), ("New", 100, True), ("Neither", 50, False)):
        taken[name].refresh_from_db()
        assert (taken[name].score, taken[name].passed) == (score, passed)
    change = RegradedResponse.objects.get(attempt=taken["New"])
    assert (change.score_before, change.score_after) == (50, 100)
    assert (change.credit_before, change.credit_after) == (0, 1)
    assert (change.passed_before, change.passed_after) == (False, True)
    assert (change.regrade.reason, change.regrade.done_by) == ("The key named the old fee.", supervisor)
    assert sorted(signals) == sorted((taken[name].pk, taken[name].score) for name in ("Old", "New"))


def test_what_was_asked_and_answered_stays(fee, taken, supervisor):
    asked = response_to(taken["New"], fee)
    rewrite(fee, stem="<p>Another stem</p>")
    regrading.apply(fee, "Old key", supervisor)
    now = response_to(taken["New"], fee)
    assert (now.version, now.answer, now.order) == (asked.version, asked.answer, asked.order)
    assert now.version.content == asked.version.content


@pytest.mark.parametrize("name", ["Old", "New", "Neither"])
def test_the_results_page_tells_the_learner_and_shows_the_mended_key(client, fee, taken, supervisor, name):
    rewrite(fee, stem="<p>Another stem</p>", general_feedback="The fee rose in May.")
    regrading.apply(fee, "The key named the old fee.", supervisor)
    client.force_login(taken[name].learner)
    html = " ".join(client.get(reverse("quizzes:results", args=[taken[name].pk])).content.decode().split())
    assert ("was marked again on" in html) is (name != "Neither")
    assert ("The key named the old fee." in html) is (name != "Neither")
    if name == "Old":
        assert "The result was 100 percent and became 50 percent." in html
    # What was asked is as it was; what was right is what is right now.
    assert "Another stem" not in html
    assert "The fee rose in May." in html
    verdicts = re.findall(r"\$(\d\d) </label> <p class=\"verdict verdict--(\w+)\"", html)
    right_ones = {text for text, verdict in verdicts if verdict in ("right", "missed")}
    assert right_ones == {"30"}
    assert {text for text, verdict in verdicts if verdict == "wrong"} == (
        {"Old": {"25"}, "Neither": {"35"}}.get(name, set())
    )


def test_results_of_a_regraded_number_show_what_is_right_now(client, supervisor):
    gallons = numeric("Gallons in a unit", "748")
    attempt = take(make_quiz(gallons), UserFactory(), {gallons: "748"}, now=EARLIER)
    rewrite(gallons, {"answers": [{**gallons.item["answers"][0], "value": "750"}], "unit": ""})
    regrading.apply(gallons, "Wrong number", supervisor)
    html = " ".join(client.get(reverse("quizzes:results", args=[attempt.pk])).content.decode().split())
    assert "Right answer: <span >750</span>" in html
    assert 'value="748"' in html


def test_a_question_rewritten_without_being_marked_again_changes_no_result(client, fee, taken):
    client.force_login(taken["Old"].learner)
    html = " ".join(client.get(reverse("quizzes:results", args=[taken["Old"].pk])).content.decode().split())
    verdicts = re.findall(r"\$(\d\d) </label> <p class=\"verdict verdict--(\w+)\"", html)
    assert verdicts == [("25", "right")]


def test_a_number_and_a_text_are_marked_again_by_their_new_keys(supervisor):
    gallons, form = numeric("Gallons in a unit", "748"), short_text("The form for a refund", "form 12")
    attempt = take(make_quiz(gallons, form), UserFactory(), {gallons: "750", form: "R-12"})
    assert attempt.score == 0
    rewrite(gallons, {"answers": [{**gallons.item["answers"][0], "tolerance": "5"}], "unit": ""})
    more = [*form.item["answers"], {"text": "r-12", "weight": "50", "feedback": ""}]
    rewrite(form, {**form.item, "answers": more})
    regrading.apply(gallons, "Too strict", supervisor)
    regrading.apply(form, "Its other name", supervisor)
    attempt.refresh_from_db()
    assert attempt.score == 75
    assert [str(change.score_after) for change in attempt.regrades.order_by("regrade__done_at")] == ["50.00", "75.00"]


def test_an_accepted_answer_that_is_taken_away_takes_its_credit_with_it(supervisor):
    form = short_text("The form for a refund", "form 12", "form 21")
    attempt = take(make_quiz(form), UserFactory(), {form: "form 21"})
    rewrite(form, {**form.item, "answers": form.item["answers"][:1]})
    [change] = regrading.preview(form)
    assert (change.is_gain, change.credit, change.score) == (False, Decimal(0), 0)
    assert attempt.score == 100


def test_points_weigh_when_marking_again(fee, supervisor):
    waived = true_false("Waived")
    quiz = make_quiz(fee, points=3)
    quiz.contents = [*quiz.contents.raw_data, make_quiz(waived, title="Other").contents.raw_data[0]]
    quiz.save_revision().publish()
    attempt = take(quiz, UserFactory(), {fee: chosen(fee, "$30"), waived: right(waived)})
    make_right(fee, "$30")
    regrading.apply(fee, "Old key", supervisor)
    assert attempt.score == 25
    attempt.refresh_from_db()
    assert attempt.score == 100


def test_unanswered_stays_unanswered(fee, supervisor):
    take(make_quiz(fee), UserFactory())
    make_right(fee, "$30")
    assert regrading.preview(fee) == []


def test_another_type_or_removed_options_are_refused_with_a_sentence(client, supervisor, fee, taken):
    item = fee.item
    rewrite(fee, {"options": item["options"][1:]})
    html = client.get(url_of(fee)).content.decode()
    assert "Options or parts that learners were shown have been removed since." in html
    client.post(url_of(fee), {"reason": "Old key"})
    fee.body = make_question("true_false", {"right": True, "feedback_true": "", "feedback_false": ""}, "Other").body
    fee.save_revision().publish()
    html = client.get(url_of(fee)).content.decode()
    assert "was of the type “Single choice” when it was asked and is “True or false” now." in html
    response = client.post(url_of(fee), {"reason": "Old key"})
    assert "was of the type" in response.content.decode()
    assert not Regrade.objects.exists()


def test_an_option_that_was_added_since_does_not_stand_in_the_way(fee, taken):
    item = fee.item
    more = options((), ("$40",))["options"]
    rewrite(fee, {"options": [*item["options"], *more]})
    assert len(regrading.preview(fee)) == 2


def test_a_question_that_is_not_published_is_not_marked_again(client, supervisor, fee, taken):
    fee.unpublish()
    assert "is not published" in client.get(url_of(fee)).content.decode()
    client.post(url_of(fee), {"reason": "Old key"})
    assert not Regrade.objects.exists()


def test_a_draft_of_a_key_marks_nothing(fee, supervisor):
    take(make_quiz(fee), UserFactory(), {fee: chosen(fee, "$30")})
    draft = fee.get_latest_revision_as_object()
    block = draft.body.raw_data[0]
    for part in block["value"]["options"]:
        part["value"]["right"] = part["value"]["text"] == "$30"
    draft.body = [block]
    draft.save_revision()
    fee.refresh_from_db()
    assert regrading.preview(fee) == []


def test_what_a_person_marks_is_left_to_people(client, supervisor):
    written = free_response("Write to the caller")
    take(make_quiz(written), UserFactory(), {written: "On Friday."})
    assert "A person marks this question." in client.get(url_of(written)).content.decode()


def test_an_open_attempt_is_marked_by_the_key_it_was_asked_with(fee, supervisor):
    attempt = begin(make_quiz(fee), UserFactory())
    answer(attempt, {fee: chosen(fee, "$30")})
    make_right(fee, "$30")
    assert regrading.preview(fee) == []
    regrading.apply(fee, "Old key", supervisor)
    life.hand_in(attempt)
    attempt.refresh_from_db()
    assert attempt.score == 0


def test_an_answer_checked_in_an_open_attempt_is_left_alone(fee, supervisor):
    attempt = begin(make_quiz(fee, feedback="at_once"), UserFactory())
    answer(attempt, {fee: chosen(fee, "$30")})
    life.check(response_to(attempt, fee))
    make_right(fee, "$30")
    assert regrading.preview(fee) == []


def test_an_attempt_whose_time_is_up_is_marked_again_with_the_others(client, supervisor, fee):
    quiz = make_quiz(fee, time_limit_minutes=5)
    start = timezone.now() - timedelta(minutes=30)
    attempt = begin(quiz, UserFactory(), start)
    answer(attempt, {fee: chosen(fee, "$30")}, start)
    make_right(fee, "$30")
    client.post(url_of(fee), {"reason": "Old key"})
    attempt.refresh_from_db()
    assert attempt.score == 100
    assert attempt.regrades.get().score_before == 0


def test_an_attempt_that_waits_for_a_marker_is_marked_again_and_goes_on_waiting(fee, supervisor, signals):
    written = free_response("Write to the caller", {"Says when": 1})
    attempt = take(make_quiz(fee, written), UserFactory(), {fee: chosen(fee, "$30"), written: "On Friday."})
    make_right(fee, "$30")
    regrading.apply(fee, "Old key", supervisor)
    attempt.refresh_from_db()
    assert attempt.is_waiting
    assert response_to(attempt, fee).credit == 1
    waiting = response_to(attempt, written)
    marking.mark_by_hand(waiting, {waiting.version.item["rubric"][0]["id"]: 1}, "", supervisor, timezone.now())
    attempt.refresh_from_db()
    assert attempt.score == 100


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed_and_said_so(client, supervisor, fee, taken, reason):
    html = client.post(url_of(fee), {"reason": reason}).content.decode()
    assert "Say why. The learners whose result changes read it." in html
    assert "Sam Old" in html
    with pytest.raises(ValueError, match="needs a reason"):
        regrading.apply(fee, reason, supervisor)
    assert not Regrade.objects.exists()


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2, Position.SENIOR])
def test_only_supervisors_mark_again(client, fee, taken, position):
    client.force_login(UserFactory(position=position))
    response = client.post(url_of(fee), {"reason": "Old key"})
    assert response.status_code in (302, 403)
    assert client.get(url_of(fee)).status_code in (302, 403)
    assert not Regrade.objects.exists()
    taken["Old"].refresh_from_db()
    assert taken["Old"].score == 100


def test_marking_again_twice_by_the_same_key_changes_nothing_more(fee, taken, supervisor):
    regrading.apply(fee, "Old key", supervisor)
    regrading.apply(fee, "Old key", supervisor)
    assert RegradedResponse.objects.count() == 2


def test_a_key_mended_back_brings_the_first_results_back_and_keeps_the_history(fee, taken, supervisor):
    regrading.apply(fee, "Old key", supervisor)
    make_right(fee, "$25")
    regrading.apply(fee, "It was right after all", supervisor)
    taken["Old"].refresh_from_db()
    assert taken["Old"].score == 100
    assert taken["Old"].regrades.count() == 2


def test_the_preview_takes_the_same_queries_however_many_attempts_there_are(fee):
    quiz = make_quiz(fee, true_false("Waived"))

    def cost():
        question = type(fee).objects.select_related("section").get(pk=fee.pk)
        with CaptureQueriesContext(connection) as found:
            changes = regrading.preview(question)
        return len(found), len(changes)

    take(quiz, UserFactory(), {fee: chosen(fee, "$30")})
    make_right(fee, "$30")
    assert cost() == (2, 1)
    make_right(fee, "$25")
    for _ in range(8):
        take(quiz, UserFactory(), {fee: chosen(fee, "$30")})
    make_right(fee, "$30")
    assert cost() == (2, 9)
