"""Free responses wait for a person, who marks them by a rubric; the learner reads what came of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.people.positions import Position
from quizzes import marking
from tests.factories import UserFactory
from tests.quizzes.factories import free_response, make_quiz, response_to, right, single_choice, take

pytestmark = pytest.mark.django_db

QUEUE = "/marking/"


@pytest.fixture
def written():
    return free_response("Write to the caller", {"Says when": 2, "Is friendly": 1})


@pytest.fixture
def attempt(written):
    """An attempt that waits: a right choice, and a text nobody has read."""
    fee = single_choice("Fee", "$25", "$30")
    learner = UserFactory(first_name="Sam", last_name="Rivera")
    return take(make_quiz(fee, written, pass_mark=80), learner, {fee: right(fee), written: "We will call on Friday."})


@pytest.fixture
def waiting(attempt, written):
    return response_to(attempt, written)


def mark_url(response):
    return reverse("quizzes:mark", args=[response.pk])


def seen_in(html: str) -> str:
    return re.search(r'name="seen"(?: value="([^"]*)")?', html)[1] or ""


def given(*points: int, seen: str = "", remark: str = "") -> dict:
    return {f"criterion-{place}": str(number) for place, number in enumerate(points)} | {"seen": seen, "remark": remark}


@pytest.mark.parametrize(
    ("position", "status"),
    [(Position.CSR_1, 403), (Position.CSR_2, 403), (Position.SENIOR, 200), (Position.SUPERVISOR, 200)],
)
def test_seniors_and_supervisors_mark(client, waiting, position, status):
    client.force_login(UserFactory(position=position))
    assert client.get(QUEUE).status_code == status
    assert client.get(mark_url(waiting)).status_code == status
    response = client.post(mark_url(waiting), given(2, 1))
    assert response.status_code == (302 if status == 200 else 403)
    waiting.refresh_from_db()
    assert (waiting.credit is not None) is (status == 200)


def test_whoever_is_signed_out_is_sent_to_sign_in(client, waiting):
    for url in (QUEUE, mark_url(waiting)):
        assert client.get(url).url.startswith(reverse("people:sign_in"))
    client.post(mark_url(waiting), given(2, 1))
    waiting.refresh_from_db()
    assert waiting.credit is None


def test_nobody_marks_their_own_answer(client, senior, written):
    attempt = take(make_quiz(written), senior, {written: "We will call on Friday."})
    assert "Nothing waits to be marked." in client.get(QUEUE).content.decode()
    own = response_to(attempt, written)
    assert client.get(mark_url(own)).status_code == 403
    assert client.post(mark_url(own), given(2, 1)).status_code == 403
    own.refresh_from_db()
    assert own.credit is None


def test_the_queue_is_what_waits_oldest_first(client, senior, attempt, written):
    early = take(
        attempt.quiz, UserFactory(last_name="Early"), {written: "On Monday."}, now=attempt.started_at.replace(year=2020)
    )
    take(attempt.quiz, UserFactory(last_name="Nothing"))
    html = client.get(QUEUE).content.decode()
    assert html.index("Early") < html.index("Rivera")
    assert "Nothing" not in html
    assert early.is_waiting


def test_the_rubric_the_answer_and_the_guidance_are_on_the_page(client, senior, waiting):
    version = waiting.version
    version.content["item"]["guidance"] = "Look for a weekday."
    version.save()
    html = client.get(mark_url(waiting)).content.decode()
    for text in ("We will call on Friday.", "Says when", "Is friendly", "Look for a weekday.", "Write to the caller?"):
        assert text in html
    assert html.count('type="radio"') == 3 + 2


def test_a_mark_settles_the_attempt_and_is_announced(
    client, senior, attempt, waiting, signals, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(mark_url(waiting), given(2, 0, remark="Say it more warmly."), follow=True)
    assert "Marked: 2 of 3 points for Sam Rivera." in response.content.decode()
    attempt.refresh_from_db()
    waiting.refresh_from_db()
    assert (str(waiting.credit), waiting.marked_by) == ("0.66667", senior)
    assert (str(attempt.score), attempt.passed) == ("83.33", True)
    assert attempt.marked_at is not None
    assert [pk for pk, _ in signals] == [attempt.pk]


def test_an_attempt_waits_until_its_last_answer_is_marked(client, senior, signals, django_capture_on_commit_callbacks):
    first, second = free_response("First letter", {"Says when": 2}), free_response("Second letter", {"Is friendly": 2})
    attempt = take(make_quiz(first, second), UserFactory(), {first: "On Friday.", second: "Dear neighbor"})
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(mark_url(response_to(attempt, first)), given(2))
    attempt.refresh_from_db()
    assert (attempt.score, signals) == (None, [])
    # The next one that waits comes by itself.
    assert response.url == mark_url(response_to(attempt, second))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(response.url, given(0))
    attempt.refresh_from_db()
    assert attempt.score == 50
    assert len(signals) == 1


def test_the_learner_reads_points_and_remark(client, attempt, waiting):
    marker = UserFactory(position=Position.SENIOR, first_name="Ana", last_name="Okafor")
    points = dict(zip([one["id"] for one in waiting.version.item["rubric"]], (2, 0), strict=True))
    marking.mark_by_hand(waiting, points, "Say it <b>more</b> warmly.", marker, timezone.now())
    client.force_login(attempt.learner)
    html = " ".join(client.get(reverse("quizzes:results", args=[attempt.pk])).content.decode().split())
    assert "0.67 of 1 point" in html
    assert "Ana Okafor says:</strong> Say it &lt;b&gt;more&lt;/b&gt; warmly." in html
    assert "83.33 percent" in html


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"criterion-1": None}, "Choose how many points this earns."),
        ({"criterion-0": "3"}, "Select a valid choice."),
        ({"criterion-0": "-1"}, "Select a valid choice."),
        ({"criterion-0": "two"}, "Select a valid choice."),
        ({"remark": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_mark_that_is_refused_keeps_what_was_typed(client, senior, waiting, change, sentence):
    data = {key: value for key, value in (given(1, 1, remark="Nearly there.") | change).items() if value is not None}
    html = client.post(mark_url(waiting), data).content.decode()
    assert sentence in html
    assert data["remark"] in html
    for field in ("criterion-0", "criterion-1"):
        if data.get(field) in ("0", "1"):
            assert re.search(rf'name="{field}"\s+value="{data[field]}"\s+checked', html)
    waiting.refresh_from_db()
    assert waiting.credit is None


def test_a_mark_can_be_corrected_and_is_announced_again(
    client, senior, attempt, waiting, signals, django_capture_on_commit_callbacks
):
    client.post(mark_url(waiting), given(0, 0, remark="No."))
    attempt.refresh_from_db()
    settled = attempt.marked_at
    html = client.get(mark_url(waiting)).content.decode()
    assert "Marked by Ana Okafor" in html
    assert ">No.</textarea>" in re.sub(r">\s+", ">", html)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(mark_url(waiting), given(2, 1, seen=seen_in(html), remark="Sorry. Well done."))
    attempt.refresh_from_db()
    waiting.refresh_from_db()
    assert (attempt.score, attempt.passed, attempt.marked_at) == (100, True, settled)
    assert waiting.remark == "Sorry. Well done."
    assert signals == [(attempt.pk, 100)]


def test_whoever_was_slower_is_warned_and_keeps_what_they_typed(client, senior, waiting):
    other = UserFactory(position=Position.SENIOR, first_name="Lee", last_name="Park")
    rubric = [one["id"] for one in waiting.version.item["rubric"]]
    marking.mark_by_hand(waiting, dict(zip(rubric, (1, 1), strict=True)), "Good.", other, timezone.now())
    response = client.post(mark_url(waiting), given(2, 0, remark="A long remark."))
    html = response.content.decode()
    assert "Lee Park has marked this answer meanwhile and gave 2 of 3 points." in html
    assert "A long remark." in html
    assert re.search(r'name="criterion-0"\s+value="2"\s+checked', html)
    waiting.refresh_from_db()
    assert (waiting.remark, waiting.marked_by) == ("Good.", other)
    client.post(mark_url(waiting), given(2, 0, seen=seen_in(html), remark="A long remark."))
    waiting.refresh_from_db()
    assert (waiting.remark, waiting.marked_by) == ("A long remark.", senior)


def test_what_a_key_marks_is_not_marked_by_hand(client, senior, attempt):
    fee = attempt.responses.get(version__type="single_choice")
    response = client.post(mark_url(fee), given(0), follow=True)
    assert "This answer was marked by its key." in response.content.decode()
    fee.refresh_from_db()
    assert fee.credit == 1


def test_an_answer_of_an_open_attempt_is_not_there_yet(client, senior, written):
    from tests.quizzes.factories import answer, begin

    attempt = begin(make_quiz(written), UserFactory())
    answer(attempt, {written: "Dear neighbor"})
    assert client.get(mark_url(response_to(attempt, written))).status_code == 404
    assert "Nothing waits" in client.get(QUEUE).content.decode()


def test_points_that_the_rubric_does_not_have_are_refused(waiting, senior):
    rubric = [one["id"] for one in waiting.version.item["rubric"]]
    for points in ({}, {rubric[0]: 1}, {rubric[0]: 3, rubric[1]: 0}, {rubric[0]: 1, rubric[1]: 1, "other": 1}):
        with pytest.raises(ValueError, match="Each criterion takes from 0 to its own points"):
            marking.mark_by_hand(waiting, points, "", senior, timezone.now())


@pytest.mark.parametrize("number", [2, 12])
def test_the_queue_takes_the_same_queries_however_long_it_is(client, senior, written, number):
    quiz = make_quiz(written)
    for _ in range(number):
        take(quiz, UserFactory(), {written: "On Friday."})
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as found:
        assert client.get(QUEUE).content.decode().count("Write to the caller") == number
    assert len(found) == 10


def test_the_learner_is_not_told_who_else_waits(client, waiting, attempt):
    client.force_login(attempt.learner)
    assert client.get(QUEUE).status_code == 403
