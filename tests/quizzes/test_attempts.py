"""An attempt from its first moment to its result: what is frozen, what is saved, what counts."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.people.positions import Position
from quizzes import attempts as life
from quizzes import marking, showing, standing
from quizzes.models import Allowance, Attempt, Counting, Question, QuestionVersion, QuizPage, Regrade, Response
from quizzes.signals import attempt_marked
from tests.factories import UserFactory, publish
from tests.quizzes.factories import (
    answer,
    begin,
    chosen,
    free_response,
    item_of_each_type,
    make_category,
    make_quiz,
    response_to,
    rewrite,
    right,
    short_text,
    single_choice,
    take,
    true_false,
    wrong,
)

pytestmark = pytest.mark.django_db

NOON = timezone.make_aware(datetime(2026, 5, 4, 12, 0))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def learner(client):
    person = UserFactory(first_name="Sam", last_name="Rivera")
    client.force_login(person)
    return person


@pytest.fixture
def signals():
    told = []

    def hear(sender, attempt, **kwargs):
        told.append(attempt.pk)

    attempt_marked.connect(hear)
    yield told
    attempt_marked.disconnect(hear)


# ---- What is asked is frozen


def test_a_question_of_each_type_is_asked_and_marked_as_it_was_though_all_are_deleted_meanwhile(client, learner):
    questions = item_of_each_type()
    quiz = make_quiz(*questions.values(), pass_mark=50)
    attempt = begin(quiz, learner)
    answers = {question.pk: right(question) for question in questions.values()}
    url = attempt.get_absolute_url()
    before = client.get(url).content.decode()
    for question in questions.values():
        question.delete()
    assert not Question.objects.exists()
    after = client.get(url).content.decode()
    assert without_tokens(after) == without_tokens(before)
    answer(attempt, answers)
    life.hand_in(attempt)
    marked = attempt.responses.exclude(version__type="free_response").values_list("credit", flat=True)
    assert len(marked) == 8
    assert set(marked) == {Decimal(1)}
    html = client.get(reverse("quizzes:results", args=[attempt.pk])).content.decode()
    assert "Fee for a returned check?" in html
    assert html.count('question-right"') == 8


def without_tokens(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrf" not in line)


def test_a_rewritten_question_is_still_marked_by_the_key_it_was_asked_with(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee)
    attempt = begin(quiz, learner)
    answer(attempt, {fee: chosen(fee, "$25")})
    item = {"options": [{**option, "right": not option["right"]} for option in fee.item["options"]]}
    rewrite(fee, item, stem="<p>What does it cost now?</p>", general_feedback="The fee has changed.")
    life.hand_in(attempt)
    attempt.refresh_from_db()
    assert attempt.score == 100
    html = client.get(reverse("quizzes:results", args=[attempt.pk])).content.decode()
    assert "Fee?" in html
    assert "What does it cost now?" not in html
    assert "The fee has changed." not in html
    # Whoever begins now is asked the new one.
    again = begin(quiz, UserFactory())
    assert "What does it cost now?" in again.responses.get().version.content["stem"]


def test_a_retired_question_stays_in_the_attempt_that_asks_it_and_comes_into_no_new_one(learner):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    quiz = make_quiz(fee, waived)
    attempt = begin(quiz, learner)
    rewrite(fee, retired=True)
    assert {response.version.name for response in attempt.responses.all()} == {"Fee", "Waived"}
    other = begin(quiz, UserFactory())
    assert [response.version.name for response in other.responses.all()] == ["Waived"]


def test_the_draw_and_the_order_are_made_at_the_start_and_never_again(learner):
    payments = make_category()
    for number in range(12):
        single_choice(f"Payment {number}", "Yes", "No", "Perhaps", "Never", category=payments)
    quiz = make_quiz(draws=[{"count": 4, "category": payments}])
    orders = set()
    for seed in range(5):
        attempt = begin(quiz, UserFactory(), rng=Random(seed))
        asked = [(one.version_id, tuple(one.order)) for one in attempt.responses.order_by("place")]
        assert len({version for version, _ in asked}) == 4
        again = begin(quiz, attempt.learner, rng=Random(99))
        assert again == attempt
        assert [(one.version_id, tuple(one.order)) for one in again.responses.order_by("place")] == asked
        orders.add(tuple(asked))
    assert len(orders) == 5


def test_without_shuffling_questions_and_options_stand_as_the_author_put_them(learner):
    questions = [single_choice(f"Question {number}", "A", "B", "C", "D") for number in range(6)]
    quiz = make_quiz(*questions, shuffle_questions=False, shuffle_options=False)
    attempt = begin(quiz, learner, rng=Random(3))
    assert [one.version.name for one in attempt.responses.order_by("place")] == [one.name for one in questions]
    for response in attempt.responses.all():
        assert response.order == [option["id"] for option in response.version.item["options"]]


def test_rules_changed_meanwhile_do_not_change_the_attempt(learner):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    quiz = make_quiz(fee, waived, pass_mark=50, time_limit_minutes=20)
    attempt = begin(quiz, learner, NOON)
    quiz.pass_mark, quiz.time_limit_minutes, quiz.feedback = 100, 1, "after_passing"
    publish(quiz)
    answer(attempt, {fee: right(fee)}, NOON + minutes(15))
    life.hand_in(attempt, NOON + minutes(16))
    attempt.refresh_from_db()
    assert attempt.passed is True
    assert attempt.due_at == NOON + minutes(20)
    assert showing.telling(attempt, has_passed=False).marks


def test_an_attempt_outlives_its_quiz(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee, title="Payments quiz")
    done = take(quiz, learner, {fee: right(fee)})
    open_one = begin(quiz, learner)
    quiz.delete()
    html = client.get(reverse("quizzes:results", args=[done.pk])).content.decode()
    assert "Payments quiz" in html
    assert "100 percent" in html
    assert client.get(reverse("quizzes:sitting", args=[open_one.pk])).status_code == 200
    posted = {"seen-1": "0", "answer-1": right(fee), "hand_in": "yes"}
    client.post(reverse("quizzes:sitting", args=[open_one.pk]), posted)
    open_one.refresh_from_db()
    assert (open_one.score, open_one.quiz_id) == (100, None)


# ---- Beginning


def test_beginning_twice_goes_on_with_the_open_attempt(learner):
    quiz = make_quiz(true_false("Waived"))
    assert begin(quiz, learner) == begin(quiz, learner)
    assert Attempt.objects.count() == 1


def test_whoever_loses_the_race_to_begin_gets_the_attempt_of_the_winner(learner, monkeypatch):
    """Two clicks at once: both see no attempt, and the database lets only one be written."""
    quiz = make_quiz(true_false("Waived"))
    real = life._begin
    winners = []

    def begin_after_another(quiz, learner, number, *rest):
        if not winners:
            winners.append(real(quiz, learner, number, *rest))
        return real(quiz, learner, number, *rest)

    monkeypatch.setattr(life, "_begin", begin_after_another)
    assert life.start(quiz, learner) == winners[0]
    assert Attempt.objects.count() == 1
    assert Response.objects.count() == 1


def test_the_database_itself_allows_one_open_attempt(learner):
    quiz = make_quiz(true_false("Waived"))
    attempt = begin(quiz, learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(quiz=quiz, learner=learner, number=2, rules=attempt.rules)


def test_no_more_attempts_than_allowed(learner):
    quiz = make_quiz(true_false("Waived"), attempts_allowed=2)
    take(quiz, learner)
    take(quiz, learner)
    with pytest.raises(life.MayNotStart, match="You have used all 2 attempts"):
        begin(quiz, learner)
    once = make_quiz(true_false("Late"), title="Once", attempts_allowed=1)
    take(once, learner)
    with pytest.raises(life.MayNotStart, match="You have used your one attempt"):
        begin(once, learner)


def test_an_allowance_gives_one_person_more_attempts_and_more_time(learner):
    quiz = make_quiz(true_false("Waived"), attempts_allowed=1, time_limit_minutes=10)
    other = UserFactory()
    Allowance.objects.create(quiz=quiz, learner=learner, extra_attempts=1, extra_minutes=5, reason="Fire alarm")
    assert begin(quiz, learner, NOON).due_at == NOON + minutes(15)
    assert begin(quiz, other, NOON).due_at == NOON + minutes(10)
    life.hand_in_overdue(NOON + minutes(60))
    assert begin(quiz, learner, NOON + minutes(60)).number == 2
    with pytest.raises(life.MayNotStart):
        begin(quiz, other, NOON + minutes(60))


def test_extra_minutes_make_no_limit_where_there_is_none(learner):
    quiz = make_quiz(true_false("Waived"))
    Allowance.objects.create(quiz=quiz, learner=learner, extra_minutes=5, reason="Fire alarm")
    assert begin(quiz, learner, NOON).due_at is None
    assert standing.of([quiz], learner)[0].minutes == 0


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (minutes(0), "You may begin the next attempt in 1 hour."),
        (minutes(30), "You may begin the next attempt in 30 minutes."),
        (minutes(59.5), "You may begin the next attempt in 1 minute."),
        (minutes(58.5), "You may begin the next attempt in 2 minutes."),
    ],
)
def test_the_wait_between_attempts_is_told_and_never_as_nothing(learner, later, sentence):
    quiz = make_quiz(true_false("Waived"), wait_minutes=60)
    take(quiz, learner, now=NOON, minutes=10)
    with pytest.raises(life.MayNotStart) as refused:
        begin(quiz, learner, NOON + minutes(10) + later)
    assert str(refused.value).replace("\xa0", " ") == sentence
    assert begin(quiz, learner, NOON + minutes(70)).number == 2


def test_a_quiz_opens_and_closes(learner):
    quiz = make_quiz(true_false("Waived"), opens_at=NOON, closes_at=NOON + minutes(60))
    with pytest.raises(life.MayNotStart, match=r"This quiz opens on May 4, 2026, 12:00 p.m."):
        begin(quiz, learner, NOON - minutes(1))
    with pytest.raises(life.MayNotStart, match=r"This quiz closed on May 4, 2026, 1:00 p.m."):
        begin(quiz, learner, NOON + minutes(60))
    assert begin(quiz, learner, NOON).number == 1


def test_a_quiz_whose_questions_are_all_retired_says_so_and_leaves_nothing_behind(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee)
    rewrite(fee, retired=True)
    response = client.post(reverse("quizzes:start", args=[quiz.pk]), follow=True)
    assert "This quiz has no questions yet" in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_quiz_that_is_not_published_cannot_be_begun(client, learner):
    quiz = make_quiz(true_false("Waived"))
    quiz.unpublish()
    assert client.post(reverse("quizzes:start", args=[quiz.pk])).status_code == 404
    assert not Attempt.objects.exists()


# ---- Time


@pytest.fixture
def timed(learner):
    """A quiz of ten minutes with two questions, begun at noon."""
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    quiz = make_quiz(fee, waived, time_limit_minutes=10, pass_mark=50)
    attempt = begin(quiz, learner, NOON)
    answer(attempt, {fee: right(fee)}, NOON + minutes(1))
    return attempt, fee, waived


def test_an_answer_on_its_way_when_the_time_is_up_is_taken_a_later_one_is_not(timed):
    attempt, _, waived = timed
    response = response_to(attempt, waived)
    with pytest.raises(life.Closed, match="The time is up"):
        life.save(response, right(waived), 0, NOON + minutes(10) + life.GRACE + timedelta(seconds=1))
    response.refresh_from_db()
    assert response.answer is None
    life.save(response, right(waived), 0, NOON + minutes(10) + life.GRACE)
    assert response.answer == right(waived)


def test_when_the_time_is_up_what_was_saved_is_handed_in_as_of_that_moment(timed):
    attempt, _, waived = timed
    assert life.hand_in_overdue(NOON + minutes(10)) == 0
    assert life.hand_in_overdue(NOON + minutes(90)) == 1
    attempt.refresh_from_db()
    assert attempt.handed_in_at == attempt.due_at == NOON + minutes(10)
    assert (attempt.score, attempt.passed) == (50, True)
    with pytest.raises(life.Closed):
        life.save(response_to(attempt, waived), right(waived), 0, NOON + minutes(5))


def looks(name):
    """Return what looks at attempts, by the name of a test's case."""
    return {
        "own sitting": lambda client, attempt: client.get(reverse("quizzes:sitting", args=[attempt.pk])),
        "own results": lambda client, attempt: client.get(reverse("quizzes:results", args=[attempt.pk])),
        "quiz page": lambda client, attempt: client.get(attempt.quiz.url),
        "quiz list": lambda client, attempt: client.get(attempt.quiz.get_parent().url),
        "start": lambda client, attempt: client.post(reverse("quizzes:start", args=[attempt.quiz_id])),
    }[name]


@pytest.mark.parametrize("name", ["own sitting", "own results", "quiz page", "quiz list", "start"])
def test_an_overdue_attempt_is_handed_in_wherever_its_learner_looks(client, timed, name):
    attempt, *_ = timed
    looks(name)(client, attempt)
    attempt.refresh_from_db()
    assert attempt.handed_in_at == attempt.due_at
    assert attempt.score == 50


def test_an_overdue_attempt_is_handed_in_when_a_senior_looks(client):
    written = free_response("Write to the caller")
    quiz = make_quiz(written, time_limit_minutes=10)
    learners = [UserFactory() for _ in range(2)]
    attempts = []
    for learner in learners:
        attempts.append(begin(quiz, learner, NOON))
        answer(attempts[-1], {written: "Someone will call."}, NOON + minutes(1))
    client.force_login(UserFactory(position=Position.SENIOR))
    assert client.get(reverse("quizzes:results", args=[attempts[0].pk])).status_code == 200
    attempts[1].refresh_from_db()
    assert attempts[1].is_open
    assert client.get(reverse("quizzes:marking")).content.decode().count("Write to the caller") == 2


def test_time_left_out_of_a_quiz_without_limit_never_runs_out(learner):
    quiz = make_quiz(true_false("Waived"))
    attempt = begin(quiz, learner, NOON - timedelta(days=300))
    assert life.hand_in_overdue(NOON) == 0
    attempt.refresh_from_db()
    assert attempt.is_open


# ---- Saving


@pytest.fixture
def sat(learner):
    fee = single_choice("Fee", "$25", "$30", "$35")
    return begin(make_quiz(fee), learner, NOON), fee


def test_a_second_window_does_not_write_over_the_first_unseen(sat):
    attempt, fee = sat
    one, other = response_to(attempt, fee), response_to(attempt, fee)
    life.save(one, chosen(fee, "$25"), 0)
    with pytest.raises(life.Conflict) as conflict:
        life.save(other, chosen(fee, "$30"), 0)
    assert conflict.value.response.answer == chosen(fee, "$25")
    assert response_to(attempt, fee).answer == chosen(fee, "$25")
    life.save(conflict.value.response, chosen(fee, "$30"), conflict.value.response.saves)
    assert response_to(attempt, fee).answer == chosen(fee, "$30")


def test_the_same_answer_again_is_no_conflict_and_no_save(sat):
    attempt, fee = sat
    life.save(response_to(attempt, fee), chosen(fee, "$25"), 0)
    again = life.save(response_to(attempt, fee), chosen(fee, "$25"), 0)
    assert (again.answer, again.saves) == (chosen(fee, "$25"), 1)


def test_an_answer_can_be_changed_and_taken_back(sat):
    attempt, fee = sat
    response = response_to(attempt, fee)
    for text in ("$25", "$30"):
        response = life.save(response, chosen(fee, text), response.saves)
    response = life.save(response, None, response.saves)
    assert (response.answer, response.saves) == (None, 3)


def test_seconds_are_the_time_since_the_last_save_and_no_lunch_break(sat, learner):
    attempt, fee = sat
    life.save(response_to(attempt, fee), chosen(fee, "$25"), 0, NOON + timedelta(seconds=40))
    life.save(response_to(attempt, fee), chosen(fee, "$30"), 1, NOON + timedelta(seconds=65))
    assert response_to(attempt, fee).seconds == 65
    life.save(response_to(attempt, fee), chosen(fee, "$25"), 2, NOON + timedelta(hours=3))
    assert response_to(attempt, fee).seconds == 65 + life.LONGEST_THOUGHT.total_seconds()


def test_a_form_of_many_answers_does_not_count_the_same_minutes_for_each(learner):
    questions = [true_false(f"Statement {number}") for number in range(4)]
    attempt = begin(make_quiz(*questions), learner, NOON)
    for response in attempt.responses.select_related("version"):
        response.attempt = attempt
        life.save(response, "true", 0, NOON + minutes(4))
    assert sum(attempt.responses.values_list("seconds", flat=True)) == 240


def test_a_checked_answer_stays_as_it_is(learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback="at_once"), learner)
    response = life.save(response_to(attempt, fee), chosen(fee, "$30"), 0)
    life.check(response)
    assert (response.credit, bool(response.checked_at)) == (0, True)
    with pytest.raises(life.Closed, match="You have checked this answer"):
        life.save(response_to(attempt, fee), chosen(fee, "$25"), 1)
    life.hand_in(attempt)
    attempt.refresh_from_db()
    assert attempt.score == 0


def test_checking_marks_the_answer_that_was_looked_at_or_none(learner):
    """Another window saves between the look and the mark."""
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback="at_once"), learner)
    stale = life.save(response_to(attempt, fee), chosen(fee, "$25"), 0)
    life.save(response_to(attempt, fee), chosen(fee, "$30"), 1)
    with pytest.raises(life.Conflict):
        life.check(stale)
    now = response_to(attempt, fee)
    assert (now.checked_at, now.credit) == (None, None)


@pytest.mark.parametrize("feedback", ["end", "after_passing"])
def test_nothing_is_checked_where_the_quiz_tells_later(learner, feedback):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback=feedback), learner)
    response = life.save(response_to(attempt, fee), chosen(fee, "$25"), 0)
    with pytest.raises(life.Closed, match="marked when you hand in"):
        life.check(response)
    assert response_to(attempt, fee).credit is None


def test_an_answer_that_is_not_given_cannot_be_checked(learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback="at_once"), learner)
    with pytest.raises(life.Closed, match="Answer the question first"):
        life.check(response_to(attempt, fee))


# ---- Handing in and marking


def test_handing_in_twice_counts_once_and_is_told_once(sat, signals, django_capture_on_commit_callbacks):
    attempt, fee = sat
    life.save(response_to(attempt, fee), chosen(fee, "$25"), 0, NOON + minutes(1))
    copy = Attempt.objects.get(pk=attempt.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert life.hand_in(attempt, NOON + minutes(2)) is True
        assert life.hand_in(copy, NOON + minutes(3)) is False
    assert signals == [attempt.pk]
    attempt.refresh_from_db()
    assert (attempt.score, attempt.handed_in_at) == (100, NOON + minutes(2))


def test_an_unanswered_attempt_earns_nothing_and_waits_for_nobody(learner):
    quiz = make_quiz(*item_of_each_type().values(), pass_mark=0)
    attempt = take(quiz, learner)
    assert (attempt.score, attempt.passed, attempt.is_waiting) == (0, True, False)
    assert set(attempt.responses.values_list("credit", flat=True)) == {Decimal(0)}


def test_an_answered_free_response_waits_for_a_person_and_the_rest_is_marked(learner, signals):
    fee, written = single_choice("Fee", "$25", "$30"), free_response("Write to the caller")
    attempt = take(make_quiz(fee, written), learner, {fee: right(fee), written: "Someone will call you."})
    assert attempt.is_waiting
    assert (attempt.score, attempt.passed, attempt.marked_at) == (None, None, None)
    assert response_to(attempt, fee).credit == 1
    assert response_to(attempt, written).credit is None
    assert signals == []


def test_points_weigh_the_score_and_thirds_add_up(learner):
    heavy, light = single_choice("Fee", "$25", "$30"), true_false("Waived")
    quiz = make_quiz(heavy, points=3, title="Weighed")
    quiz.contents = [*quiz.contents.raw_data, make_quiz(light, title="Light").contents.raw_data[0]]
    publish(quiz)
    attempt = take(quiz, learner, {heavy: right(heavy), light: wrong(light)})
    assert attempt.score == 75


@pytest.mark.parametrize(
    ("credits", "points", "score"),
    [
        (["0.33333", "0.33333", "0.33333"], [1, 1, 1], "33.33"),
        (["0.66667", "0.66667", "0.66667"], [1, 1, 1], "66.67"),
        (["0.33333", "1"], [3, 2], "60.00"),
        (["1", "0", "0"], [1, 1, 1], "33.33"),
        (["1", "1", "0"], [1, 1, 1], "66.67"),
        (["0.00005"], [1], "0.01"),
        ([], [], "0"),
    ],
)
def test_the_score_is_rounded_half_up_to_two_places(credits, points, score):
    responses = [Response(credit=Decimal(c), points=p) for c, p in zip(credits, points, strict=True)]
    assert marking.score(responses) == Decimal(score)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(1, 100)), min_size=1, max_size=30))
def test_the_kept_score_is_the_exact_one_to_two_places_and_from_0_to_100(marks):
    from fractions import Fraction

    shares = [(min(Fraction(n, d), Fraction(1)), points) for n, d, points in marks]
    score = marking.score([Response(credit=marking.as_credit(share), points=points) for share, points in shares])
    exact = 100 * sum(share * points for share, points in shares) / sum(points for _, points in shares)
    assert 0 <= score <= 100
    assert abs(Fraction(score) - exact) <= Fraction(56, 10_000)


def test_a_score_at_the_pass_mark_passes(learner):
    questions = [true_false(f"Statement {number}") for number in range(5)]
    quiz = make_quiz(*questions, pass_mark=80)
    four = {question: right(question) for question in questions[:4]}
    assert take(quiz, learner, four).passed is True
    assert take(quiz, learner, dict(list(four.items())[:3])).passed is False


# ---- Which attempt counts


def scored(number: int, score: int | None) -> Attempt:
    return Attempt(number=number, score=None if score is None else Decimal(score))


@pytest.mark.parametrize(
    ("rule", "number"), [(Counting.BEST, 2), (Counting.LAST, 4), (Counting.FIRST, 1)], ids=["best", "last", "first"]
)
def test_which_attempt_counts(rule, number):
    attempts = [scored(1, 40), scored(2, 90), scored(3, 90), scored(4, 60), scored(5, None)]
    assert standing.counting(rule, attempts).number == number
    assert standing.counting(rule, attempts[::-1]).number == number


def test_no_attempt_counts_before_one_is_marked():
    assert standing.counting(Counting.BEST, [scored(1, None)]) is None


@pytest.mark.parametrize(("counts", "passed"), [("best", True), ("last", False), ("first", True)])
def test_the_quiz_page_says_what_counts(client, learner, counts, passed):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee, counts=counts)
    take(quiz, learner, {fee: right(fee)})
    take(quiz, learner, {fee: wrong(fee)})
    html = client.get(quiz.url).content.decode()
    assert ("Passed, 100 percent" in html) is passed
    assert ("Not passed yet, 0 percent" in html) is not passed
    assert html.count(">counts<") == 1


# ---- What results stand on cannot be pulled away


@pytest.fixture
def administrator(client):
    person = UserFactory(position=Position.SUPERVISOR, is_superuser=True)
    client.force_login(person)
    return person


def delete_one(client, person):
    return client.post(reverse("wagtailusers_users:delete", args=[person.pk]), follow=True)


def delete_in_bulk(client, person):
    url = reverse("wagtail_bulk_action", args=["people", "user", "delete"])
    return client.post(f"{url}?id={person.pk}", follow=True)


@pytest.mark.parametrize("delete", [delete_one, delete_in_bulk])
@pytest.mark.parametrize("role", ["learner", "marker", "regrader"])
def test_whoever_stands_in_results_is_not_deleted_and_it_is_said_why(client, administrator, delete, role):
    fee, written = single_choice("Fee", "$25", "$30"), free_response("Write to the caller")
    people = {name: UserFactory(last_name=name.title()) for name in ("learner", "marker", "regrader")}
    attempt = take(make_quiz(fee, written), people["learner"], {fee: right(fee), written: "Someone will call."})
    response = response_to(attempt, written)
    given = {criterion["id"]: 1 for criterion in response.version.item["rubric"]}
    marking.mark_by_hand(response, given, "", people["marker"], timezone.now())
    Regrade.objects.create(version=QuestionVersion.objects.first(), reason="Old key", done_by=people["regrader"])
    person = people[role]
    response = delete(client, person)
    person.refresh_from_db()
    kind = {"learner": "attempts", "marker": "responses", "regrader": "regrades"}[role]
    said = f"{person} stands in the records ({kind}); make the account inactive instead."
    assert said in response.content.decode()


@pytest.mark.parametrize("delete", [delete_one, delete_in_bulk])
def test_a_person_without_results_can_be_deleted(client, administrator, delete):
    person = UserFactory()
    delete(client, person)
    assert not type(person).objects.filter(pk=person.pk).exists()


def test_a_category_that_has_questions_is_not_deleted(client, administrator):
    category = make_category("Payments")
    single_choice("Fee", "$25", "$30", category=category)
    url = reverse("wagtailsnippets_quizzes_category:delete", args=[category.pk])
    assert "1 time" in client.get(url).content.decode()
    response = client.post(url, follow=True)
    assert response.status_code == 200
    category.refresh_from_db()
    bulk = reverse("wagtail_bulk_action", args=["quizzes", "category", "delete"])
    response = client.post(f"{bulk}?id={category.pk}", follow=True)
    assert response.status_code == 200
    category.refresh_from_db()
    empty = make_category("Empty")
    client.post(reverse("wagtailsnippets_quizzes_category:delete", args=[empty.pk]))
    assert not type(empty).objects.filter(pk=empty.pk).exists()


def test_a_question_used_in_results_can_be_deleted_and_the_results_stay(client, administrator):
    fee = single_choice("Fee", "$25", "$30")
    attempt = take(make_quiz(fee), UserFactory(), {fee: right(fee)})
    url = reverse("wagtailsnippets_quizzes_question:delete", args=[fee.pk])
    assert client.get(url).status_code == 200
    client.post(url)
    assert not Question.objects.exists()
    html = client.get(reverse("quizzes:results", args=[attempt.pk])).content.decode()
    assert "Fee?" in html
    assert "$25" in html


def test_deleting_the_page_of_a_quiz_in_the_admin_keeps_its_attempts(client, administrator):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee)
    attempt = take(quiz, UserFactory(), {fee: right(fee)})
    client.post(reverse("wagtailadmin_pages:delete", args=[quiz.pk]))
    assert not QuizPage.objects.exists()
    attempt.refresh_from_db()
    assert (attempt.score, attempt.quiz_title) == (100, "Payments quiz")


def test_short_texts_keep_what_was_typed(learner):
    form = short_text("The form for a refund", "form 12")
    attempt = take(make_quiz(form), learner, {form: "  FORM 12 "})
    assert attempt.score == 100
    assert response_to(attempt, form).answer == "  FORM 12 "
