"""Taking a quiz in the browser: what is saved, what is told, and what nobody gets to see."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.people.positions import Position
from quizzes import attempts as life
from quizzes import marking, types
from quizzes.models import Attempt, QuestionVersion, Response
from tests.factories import UserFactory, make_chapter, make_manual, section
from tests.quizzes.factories import (
    answer,
    begin,
    chosen,
    free_response,
    item_of_each_type,
    make_quiz,
    numeric,
    response_to,
    right,
    single_choice,
    take,
    true_false,
    wrong,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
EVERY_TYPE = [kind.slug for kind in types.ALL]


@pytest.fixture
def learner(client):
    person = UserFactory(first_name="Sam", last_name="Rivera")
    client.force_login(person)
    return person


def sitting_url(attempt):
    return reverse("quizzes:sitting", args=[attempt.pk])


def save_url(attempt, place):
    return reverse("quizzes:save_answer", args=[attempt.pk, place])


def check_url(attempt, place):
    return reverse("quizzes:check_answer", args=[attempt.pk, place])


def results_url(attempt):
    return reverse("quizzes:results", args=[attempt.pk])


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def posted(response: Response, given, seen: int | str = 0) -> dict:
    """Return the fields of a question's form as a browser sends them with this answer."""
    fields: dict = {f"seen-{response.place}": str(seen)}
    if isinstance(given, dict):
        fields |= {f"{response.name}-{key}": str(value) for key, value in given.items()}
    elif given is not None:
        fields[response.name] = given
    return fields


def says(html: str, words: str) -> bool:
    """Return whether a page says this by itself: in the middle of a random key or token it says nothing."""
    return re.search(rf"(?<![0-9a-zA-Z]){re.escape(words)}(?![0-9a-zA-Z])", html) is not None


def untold(html: str) -> str:
    """Return a page without what differs from request to request."""
    return re.sub(r'(csrfmiddlewaretoken" value|data-seconds-left)="[^"]*"', "", html)


# ---- Without JavaScript


def test_the_plain_form_saves_every_type_and_hands_in(client, learner):
    questions = item_of_each_type()
    attempt = begin(make_quiz(*questions.values()), learner)
    data = {}
    for response in attempt.responses.select_related("version__question"):
        data |= posted(response, right(response.version.question))
    response = client.post(sitting_url(attempt), data, follow=True)
    assert "Saved. You can go on later." in response.content.decode()
    for one in attempt.responses.select_related("version__question"):
        assert one.answer == right(one.version.question), one.version.type
    data = {key: "1" if key.startswith("seen") else value for key, value in data.items()}
    response = client.post(sitting_url(attempt), data | {"hand_in": "yes"})
    assert response.url == results_url(attempt)
    attempt.refresh_from_db()
    assert not attempt.is_open
    assert attempt.responses.filter(credit=1).count() == 8


def test_what_was_saved_stands_in_the_form_when_the_page_is_opened_again(client, learner):
    questions = item_of_each_type()
    attempt = begin(make_quiz(*questions.values()), learner)
    answer(attempt, {question.pk: right(question) for question in questions.values()})
    html = page(client, sitting_url(attempt))
    assert "9 of 9 answered" in html
    data = {}
    for response in attempt.responses.all():
        data |= posted(response, None, response.saves)
        for name in re.findall(rf'name="({response.name}[^"]*)"', html):
            field = re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', html)
            assert field, name
    again = client.get(sitting_url(attempt))
    for question in again.context["questions"]:
        assert question.shown.answer == right(questions[question.version.type])


def test_a_form_handed_in_a_moment_after_the_time_is_up_is_still_taken(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee, time_limit_minutes=10)
    attempt = begin(quiz, learner, timezone.now() - timedelta(minutes=10, seconds=2))
    data = posted(attempt.responses.get(), right(fee)) | {"hand_in": "yes"}
    assert client.post(sitting_url(attempt), data).url == results_url(attempt)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.handed_in_at) == (100, attempt.due_at)


def test_a_form_handed_in_long_after_changes_nothing_and_says_so(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee, time_limit_minutes=10)
    attempt = begin(quiz, learner, timezone.now() - timedelta(minutes=11))
    data = posted(attempt.responses.get(), right(fee)) | {"hand_in": "yes"}
    response = client.post(sitting_url(attempt), data, follow=True)
    assert "This attempt was handed in already" in response.content.decode()
    attempt.refresh_from_db()
    assert (attempt.score, attempt.handed_in_at) == (0, attempt.due_at)


def test_handing_in_twice_leads_to_the_one_result(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee), learner)
    data = posted(attempt.responses.get(), right(fee)) | {"hand_in": "yes"}
    assert client.post(sitting_url(attempt), data).url == results_url(attempt)
    attempt.refresh_from_db()
    moment = attempt.handed_in_at
    assert client.post(sitting_url(attempt), data | {"answer-1": wrong(fee)}).url == results_url(attempt)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.handed_in_at) == (100, moment)


def test_checking_an_answer_without_javascript_saves_all_the_others_too(client, learner):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    attempt = begin(make_quiz(fee, waived, feedback="at_once", shuffle_questions=False), learner)
    one, other = attempt.responses.order_by("place")
    data = posted(one, wrong(fee)) | posted(other, right(waived))
    response = client.post(check_url(attempt, 1), data)
    assert response.url == f"{sitting_url(attempt)}#question-1"
    one.refresh_from_db(), other.refresh_from_db()
    assert (bool(one.checked_at), one.credit) == (True, 0)
    assert (other.answer, other.checked_at) == (right(waived), None)
    html = page(client, sitting_url(attempt))
    assert html.count("Not right") >= 1
    assert html.count("Check this answer") == 1


def test_checking_nothing_without_javascript_says_what_is_missing(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback="at_once"), learner)
    response = client.post(check_url(attempt, 1), {"seen-1": "0"}, follow=True)
    assert "Answer the question first." in response.content.decode()


# ---- One answer at a time


def test_an_answer_saved_as_it_is_given_comes_back_as_its_status(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee), learner)
    response = client.post(save_url(attempt, 1), posted(attempt.responses.get(), right(fee)), headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.strip().startswith('<div class="question-status"')
    assert "Saved" in html
    assert 'name="seen-1"' in html
    assert 'value="1"' in html
    assert response_to(attempt, fee).answer == right(fee)


def test_two_windows_do_not_write_over_each_other_unseen(client, learner):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    attempt = begin(make_quiz(fee, waived, shuffle_questions=False), learner)
    asked = response_to(attempt, fee)
    client.post(save_url(attempt, 1), posted(asked, chosen(fee, "$25")), headers=HTMX)
    response = client.post(save_url(attempt, 1), posted(asked, chosen(fee, "$30")), headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 409
    assert "You answered this differently in another window: “$25”" in html
    assert response_to(attempt, fee).answer == chosen(fee, "$25")
    # The form itself has not seen the other answer: typing on does not write over it.
    hidden, button = re.findall(r'name="seen-1"\s+value="(\d*)"', html)
    assert (hidden, button) == ("", "1")
    typed_on = client.post(save_url(attempt, 1), posted(asked, chosen(fee, "$30"), hidden), headers=HTMX)
    assert typed_on.status_code == 409
    # The button has.
    data = posted(asked, chosen(fee, "$30"))
    data["seen-1"] = [hidden, button]
    assert client.post(save_url(attempt, 1), data, headers=HTMX).status_code == 200
    assert response_to(attempt, fee).answer == chosen(fee, "$30")


def test_the_plain_form_says_where_another_window_differs_and_hands_nothing_in(client, learner):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    attempt = begin(make_quiz(fee, waived, shuffle_questions=False), learner)
    answer(attempt, {fee: chosen(fee, "$25"), waived: "true"})
    one, other = attempt.responses.order_by("place")
    data = posted(one, chosen(fee, "$30")) | posted(other, "false") | {"hand_in": "yes"}
    response = client.post(sitting_url(attempt), data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "2 answers were not saved" in html
    assert "“$25”" in html
    assert "“True”" in html
    # What was chosen here is still chosen here.
    assert re.search(rf'value="{chosen(fee, "$30")}"\s+checked', html)
    attempt.refresh_from_db()
    assert attempt.is_open
    # The button of the first question saves the first and not the second.
    data = posted(one, chosen(fee, "$30"), "") | posted(other, "false", "")
    data["seen-1"] = ["", "1"]
    response = client.post(sitting_url(attempt), data)
    assert "1 answer was not saved" in response.content.decode()
    one.refresh_from_db(), other.refresh_from_db()
    assert (one.answer, other.answer) == (chosen(fee, "$30"), "true")


def test_a_conflict_when_checking_keeps_what_stands_in_this_window(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback="at_once"), learner)
    answer(attempt, {fee: chosen(fee, "$25")})
    data = posted(attempt.responses.get(), chosen(fee, "$30"))
    response = client.post(check_url(attempt, 1), data, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 409
    assert "“$25”" in html
    assert "Save what stands here" in html
    assert re.search(rf'value="{chosen(fee, "$30")}"\s+checked', html)
    plain = client.post(check_url(attempt, 1), data)
    assert plain.status_code == 409
    assert re.search(rf'value="{chosen(fee, "$30")}"\s+checked', plain.content.decode())
    now = response_to(attempt, fee)
    assert (now.answer, now.checked_at) == (chosen(fee, "$25"), None)


def test_checking_at_once_marks_and_locks_one_answer(client, learner):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    attempt = begin(make_quiz(fee, waived, feedback="at_once", shuffle_questions=False), learner)
    one = response_to(attempt, fee)
    html = client.post(check_url(attempt, 1), posted(one, wrong(fee)), headers=HTMX).content.decode()
    assert "Not right" in html
    assert "About $30." in html
    assert html.count("disabled") == 2
    assert "Question 1 of 2" in html
    assert "Check this answer" not in html
    response = client.post(save_url(attempt, 1), posted(one, right(fee), 1), headers=HTMX)
    assert response.status_code == 410
    assert "You have checked this answer, so it stays as it is." in response.content.decode()
    client.post(sitting_url(attempt), posted(one, right(fee), 1) | {"hand_in": "yes"})
    assert response_to(attempt, fee).answer == wrong(fee)
    assert response_to(attempt, fee).credit == 0


def test_an_answer_that_comes_too_late_is_told_so(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, time_limit_minutes=10), learner, timezone.now() - timedelta(minutes=12))
    response = client.post(save_url(attempt, 1), posted(attempt.responses.get(), right(fee)), headers=HTMX)
    assert response.status_code == 410
    assert "The time is up" in response.content.decode()
    assert attempt.responses.get().answer is None


def test_an_answer_to_an_attempt_that_was_handed_in_is_told_so(client, learner):
    fee = single_choice("Fee", "$25", "$30")
    attempt = take(make_quiz(fee), learner)
    for url in (save_url(attempt, 1), check_url(attempt, 1)):
        response = client.post(url, posted(attempt.responses.get(), right(fee)), headers=HTMX)
        assert "This attempt has been handed in." in response.content.decode()
    assert attempt.responses.get().answer is None


def test_the_clock_tells_what_the_server_keeps(client, learner):
    quiz = make_quiz(true_false("Waived"), time_limit_minutes=10)
    begin(quiz, learner, timezone.now() - timedelta(minutes=4))
    response = client.post(reverse("quizzes:start", args=[quiz.pk]), follow=True)
    left = int(re.search(r'data-seconds-left="(\d+)"', response.content.decode())[1])
    assert 350 <= left <= 360


# ---- What is not one's own, and what is not offered


@pytest.mark.parametrize("position", Position.values)
def test_the_attempt_of_another_is_not_there_for_anybody_to_sit(client, position):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee, feedback="at_once"), UserFactory())
    client.force_login(UserFactory(position=position))
    data = posted(attempt.responses.get(), right(fee)) | {"hand_in": "yes"}
    assert client.get(sitting_url(attempt)).status_code == 404
    for url in (sitting_url(attempt), save_url(attempt, 1), check_url(attempt, 1)):
        assert client.post(url, data).status_code == 404
        assert client.post(url, data, headers=HTMX).status_code == 404
    # While it is open, its results are nobody's.
    assert client.get(results_url(attempt)).status_code == 404
    attempt.refresh_from_db()
    assert attempt.is_open
    assert attempt.responses.get().answer is None


@pytest.mark.parametrize(
    ("position", "status"),
    [(Position.CSR_1, 404), (Position.CSR_2, 404), (Position.SENIOR, 200), (Position.SUPERVISOR, 200)],
)
def test_the_results_of_another_are_for_those_who_teach(client, position, status):
    fee = single_choice("Fee", "$25", "$30")
    attempt = take(make_quiz(fee), UserFactory(last_name="Okafor"), {fee: right(fee)})
    client.force_login(UserFactory(position=position))
    response = client.get(results_url(attempt))
    assert response.status_code == status
    assert ("Okafor" in response.content.decode()) is (status == 200)


def test_whoever_is_signed_out_is_sent_to_sign_in(client):
    attempt = begin(make_quiz(true_false("Waived")), UserFactory())
    for url in (sitting_url(attempt), results_url(attempt)):
        assert client.get(url).url.startswith(reverse("people:sign_in"))
    assert client.post(save_url(attempt, 1), {}).status_code == 302
    assert client.post(reverse("quizzes:start", args=[attempt.quiz_id])).status_code == 302
    assert Attempt.objects.count() == 1


def test_there_is_no_question_at_a_place_beyond_the_last(client, learner):
    attempt = begin(make_quiz(true_false("Waived")), learner)
    for place in (0, 2, 999):
        assert client.post(save_url(attempt, place), {f"seen-{place}": "0"}).status_code == 404
    unknown = reverse("quizzes:save_answer", args=[uuid4(), 1])
    assert client.post(unknown, {"seen-1": "0"}).status_code == 404


def test_saving_is_by_post_only(client, learner):
    attempt = begin(make_quiz(true_false("Waived")), learner)
    assert client.get(save_url(attempt, 1)).status_code == 405
    assert client.get(check_url(attempt, 1)).status_code == 405
    assert client.get(reverse("quizzes:start", args=[attempt.quiz_id])).status_code == 405


@pytest.mark.parametrize("seen", ["", "-1", "one", "²", "1" * 400, "0x1", " 0", "1e3", None])
def test_a_count_of_saves_that_cannot_be_read_writes_over_nothing(client, learner, seen):
    fee = single_choice("Fee", "$25", "$30")
    attempt = begin(make_quiz(fee), learner)
    answer(attempt, {fee: chosen(fee, "$25")})
    data = posted(attempt.responses.get(), chosen(fee, "$30"))
    if seen is None:
        del data["seen-1"]
    else:
        data["seen-1"] = seen
    assert client.post(save_url(attempt, 1), data, headers=HTMX).status_code == 409
    assert client.post(sitting_url(attempt), data).status_code in (302, 409)
    assert response_to(attempt, fee).answer == chosen(fee, "$25")


JUNK = ["", "no such option", "9999", "null", "\x00", "{}", "x" * 50_000]


@pytest.mark.parametrize(
    "type", [slug for slug in EVERY_TYPE if slug in ("single_choice", "multiple_choice", "true_false")]
)
@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_a_choice_that_is_not_offered_is_not_taken(client, learner, type, junk):
    question = item_of_each_type()[type]
    attempt = begin(make_quiz(question), learner)
    assert client.post(save_url(attempt, 1), posted(attempt.responses.get(), junk), headers=HTMX).status_code == 200
    assert attempt.responses.get().answer is None


@pytest.mark.parametrize("type", ["matching", "ordering"])
def test_a_pair_or_a_place_that_is_not_offered_is_not_taken(client, learner, type):
    question = item_of_each_type()[type]
    attempt = begin(make_quiz(question), learner)
    keys = list(right(question))
    crafted = {keys[0]: "No such text", keys[1]: "99", str(uuid4()): "1"}
    client.post(save_url(attempt, 1), posted(attempt.responses.get(), crafted), headers=HTMX)
    assert attempt.responses.get().answer is None


@pytest.mark.parametrize("type", ["numeric", "short_text", "fill_blanks", "free_response"])
def test_typed_junk_is_kept_as_text_and_breaks_nothing(client, learner, type):
    question = item_of_each_type()[type]
    attempt = begin(make_quiz(question), learner)
    junk = "<script>alert(1)</script>\x00" + "x" * 50_000
    given = dict.fromkeys(right(question), junk) if type == "fill_blanks" else junk
    client.post(save_url(attempt, 1), posted(attempt.responses.get(), given), headers=HTMX)
    html = page(client, sitting_url(attempt))
    assert "<script>alert(1)" not in html
    assert len(json.dumps(attempt.responses.get().answer)) < 21_000
    life.hand_in(attempt)
    assert "<script>alert(1)" not in page(client, results_url(attempt))


# ---- Nothing is told before it is allowed

GENERAL, FEEDBACK, HEADING = "ZZ-general-ZZ", "ZZ-feedback-ZZ", "ZZ-heading-ZZ"


def with_feedback(item, word):
    """Return an item with this word in every feedback, and in what is for the marker only."""
    if isinstance(item, list):
        return [with_feedback(part, word) for part in item]
    if isinstance(item, dict):
        return {
            name: f"{word} {name}" if name.startswith(("feedback", "guidance")) else with_feedback(value, word)
            for name, value in item.items()
        }
    return item


def with_another_key(kind, item):
    """Return an item that looks the same to a learner and has another key, other credit and other feedback."""
    item = with_feedback(item, "another word for")
    match kind:
        case "single_choice" | "multiple_choice":
            weights = ["60", "40", "-12.34567", "-50"]
            return {
                "options": [
                    {**option, "right": not option["right"], "weight": weight}
                    for option, weight in zip(item["options"], weights, strict=False)
                ]
            }
        case "true_false":
            return {**item, "right": not item["right"]}
        case "numeric":
            return {**item, "answers": [{**item["answers"][0], "value": "31337", "weight": "99"}]}
        case "short_text":
            return {**item, "answers": [{**item["answers"][0], "text": "a longer key than before", "weight": "99"}]}
        case "matching":
            matches = [pair["match"] for pair in item["pairs"]]
            turned = [*matches[1:], matches[0]]
            return {**item, "pairs": [{**p, "match": m} for p, m in zip(item["pairs"], turned, strict=True)]}
        case "ordering":
            return {**item, "items": item["items"][::-1]}
        case "fill_blanks":
            answers = [{"id": str(uuid4()), "text": "a longer key", "weight": "99", "feedback": "no"}]
            return {**item, "blanks": [{**blank, "answers": answers} for blank in item["blanks"]]}
        case "free_response":
            return {**item, "rubric": [{"id": str(uuid4()), "criterion": "Another criterion", "points": 77}]}
    raise ValueError(kind)


def change_every_key(other_section) -> None:
    for version in QuestionVersion.objects.all():
        version.content["item"] = with_another_key(version.type, version.content["item"])
        version.content["general_feedback"] = "Another general feedback"
        version.content["name"] = "Another name for the bank"
        version.section = other_section
        version.save()


@pytest.fixture
def secrets():
    """A question of each type with something to hide everywhere, and another section."""
    chapter = make_chapter(make_manual(), body=[section("told", HEADING), section("other", "Another heading")])
    told, other = chapter.sections.get(anchor="told"), chapter.sections.get(anchor="other")
    questions = item_of_each_type(general_feedback=GENERAL, section=told)
    for question in questions.values():
        question.body = [
            {**question.body.raw_data[0], "value": with_feedback(question.body.raw_data[0]["value"], FEEDBACK)}
        ]
        question.save_revision().publish()
    return questions, other


@pytest.mark.parametrize(
    ("feedback", "answers"), [("end", "none"), ("end", "right"), ("at_once", "wrong"), ("after_passing", "wrong")]
)
def test_no_page_before_the_result_depends_on_the_key(client, learner, secrets, feedback, answers):
    """If pages are the same letter for letter under another key, nothing of a key is in them."""
    questions, other = secrets
    manual = make_manual("Another manual")
    quiz = make_quiz(*questions.values(), time_limit_minutes=30, feedback=feedback, manual=manual)
    attempt = begin(quiz, learner)
    given = {}
    for kind, question in questions.items():
        if answers != "none" and kind != "free_response":
            given[question.pk] = right(question) if answers == "right" else wrong(question)
    answer(attempt, given)

    def pages():
        found = [page(client, url) for url in (sitting_url(attempt), quiz.url, manual.url, "/quizzes/")]
        for response in attempt.responses.order_by("place"):
            data = posted(response, response.answer, response.saves)
            found.append(client.post(save_url(attempt, response.place), data, headers=HTMX).content.decode())
            nothing = client.post(save_url(attempt, response.place), {}, headers=HTMX)
            assert nothing.status_code == (409 if response.is_answered else 200)
            found.append(nothing.content.decode())
        return [untold(html) for html in found]

    before = pages()
    for html in before:
        for secret in (GENERAL, FEEDBACK, HEADING, "#told", "Says when the caller will hear back"):
            assert secret not in html
    change_every_key(other)
    assert pages() == before


def test_with_the_result_everything_is_told(client, learner, secrets):
    questions, *_ = secrets
    attempt = take(
        make_quiz(*questions.values()), learner, {q.pk: wrong(q) for k, q in questions.items() if k != "free_response"}
    )
    html = page(client, results_url(attempt))
    for secret in (
        GENERAL,
        FEEDBACK,
        HEADING,
        "#told",
        "748 ± 1 gallons",
        "form 12 / 12",
        "This would have been right",
    ):
        assert secret in html
    assert "guidance" not in html
    assert html.count("Read again:") == 9


def test_what_only_passing_unlocks_stays_locked_until_an_attempt_has_passed(client, learner, secrets):
    questions, _ = secrets
    del questions["free_response"]
    quiz = make_quiz(*questions.values(), feedback="after_passing", attempts_allowed=0)
    failed = take(quiz, learner, {question: wrong(question) for question in questions.values()})
    before = untold(page(client, results_url(failed)))
    for secret in (GENERAL, FEEDBACK, HEADING, "#told", "748", "Not right"):
        assert not says(before, secret), secret
    assert "What was right is shown once you have passed." in before
    assert "0 percent" in before
    take(quiz, learner, {question: right(question) for question in questions.values()})
    now = page(client, results_url(failed))
    for told in ("Not right", GENERAL, FEEDBACK, HEADING, "748"):
        assert says(now, told), told


def test_results_that_stay_locked_do_not_depend_on_the_key(client, learner, secrets):
    questions, other = secrets
    quiz = make_quiz(*questions.values(), feedback="after_passing")
    failed = take(quiz, learner, {q: wrong(q) for kind, q in questions.items() if kind != "free_response"})
    before = untold(page(client, results_url(failed)))
    change_every_key(other)
    assert untold(page(client, results_url(failed))) == before


def test_without_right_answers_marks_and_feedback_are_told_and_no_key(client, learner, secrets):
    questions, *_ = secrets
    quiz = make_quiz(*questions.values(), show_answers=False)
    attempt = take(quiz, learner, {q: wrong(q) for kind, q in questions.items() if kind != "free_response"})
    html = page(client, results_url(attempt))
    assert "Not right" in html
    assert GENERAL in html
    assert html.count(f"{FEEDBACK} feedback") == 3
    for secret in (
        "748",
        "form 12",
        "$150",
        "would have been right",
        "Right answer",
        "Right place",
        "verdict--",
        "rubric",
    ):
        assert not says(html, secret), secret


def test_checking_at_once_tells_of_that_answer_only(client, learner, secrets):
    questions, *_ = secrets
    quiz = make_quiz(*questions.values(), feedback="at_once")
    attempt = begin(quiz, learner)
    for response in attempt.responses.select_related("version__question").exclude(version__type="free_response"):
        data = posted(response, wrong(response.version.question))
        html = client.post(check_url(attempt, response.place), data, headers=HTMX).content.decode()
        assert GENERAL in html
        assert HEADING in html
        assert "Not right" in html
        sitting = page(client, sitting_url(attempt))
        assert sitting.count(GENERAL) == attempt.responses.filter(checked_at__isnull=False).count()
    written = attempt.responses.get(version__type="free_response")
    response = client.post(check_url(attempt, written.place), posted(written, "Hello."), headers=HTMX)
    assert "marked when you hand in" in response.content.decode()
    assert GENERAL not in response.content.decode()


def test_a_checked_answer_tells_no_key_where_answers_are_not_shown(client, learner, secrets):
    questions, *_ = secrets
    number = questions["numeric"]
    attempt = begin(make_quiz(number, feedback="at_once", show_answers=False), learner)
    data = posted(attempt.responses.get(), "5")
    html = client.post(check_url(attempt, 1), data, headers=HTMX).content.decode()
    assert "Not right" in html
    assert not says(html, "748")


@pytest.mark.parametrize("feedback", ["end", "after_passing"])
def test_a_crafted_check_tells_nothing_where_the_quiz_tells_later(client, learner, secrets, feedback):
    questions, *_ = secrets
    attempt = begin(make_quiz(*questions.values(), feedback=feedback), learner)
    for response in attempt.responses.select_related("version__question").exclude(version__type="free_response"):
        data = posted(response, wrong(response.version.question))
        for headers in (HTMX, {}):
            html = client.post(check_url(attempt, response.place), data, headers=headers, follow=True).content.decode()
            assert GENERAL not in html
            assert FEEDBACK not in html
            assert "Not right" not in html
    assert not attempt.responses.exclude(credit=None).exists()


def test_a_section_that_is_no_longer_published_is_not_linked(client, learner, secrets):
    questions, other = secrets
    fee = questions["single_choice"]
    attempt = take(make_quiz(fee), learner, {fee: wrong(fee)})
    assert HEADING in page(client, results_url(attempt))
    other.page.specific.unpublish()
    assert HEADING not in page(client, results_url(attempt))


# ---- Results


def test_a_wrong_answer_leads_to_its_section_a_right_one_says_where_it_stands(client, learner, secrets):
    questions, *_ = secrets
    fee, truth = questions["single_choice"], questions["true_false"]
    attempt = take(make_quiz(fee, truth), learner, {fee: wrong(fee), truth: right(truth)})
    html = page(client, results_url(attempt))
    assert html.count("Read again:") == 1
    assert html.count("It stands in") == 1
    assert f"{fee.section.page.url}#told" in html


def test_results_of_an_open_attempt_lead_back_to_it(client, learner):
    attempt = begin(make_quiz(true_false("Waived")), learner)
    assert client.get(results_url(attempt)).url == sitting_url(attempt)


def test_results_wait_in_words_while_a_person_must_mark(client, learner):
    fee, written = single_choice("Fee", "$25", "$30"), free_response("Write to the caller")
    attempt = take(make_quiz(fee, written), learner, {fee: right(fee), written: "Someone will call you."})
    html = page(client, results_url(attempt))
    assert "1 answer waits to be read and marked by a person" in " ".join(html.split())
    assert "Waits to be marked" in html
    assert "percent" not in html[html.index("result-card") : html.index("result-when")]


def test_times_up_is_told_with_the_result(client, learner):
    quiz = make_quiz(true_false("Waived"), time_limit_minutes=5)
    attempt = begin(quiz, learner, timezone.now() - timedelta(minutes=20))
    assert "when the time was up" in page(client, results_url(attempt))


# ---- Cost


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def quiz_of(number, told):
    """Return a quiz of so many questions, of each type in turn, all with a section."""
    kinds = (
        lambda name: single_choice(name, "$25", "$30", section=told),
        lambda name: numeric(name, "5", unit="days", section=told),
        lambda name: free_response(name, section=told),
    )
    return make_quiz(*(kinds[place % 3](f"Question {place}") for place in range(number)), title=f"Quiz of {number}")


SITTING_QUERIES, RESULTS_QUERIES, LIST_QUERIES = 7, 10, 14


@pytest.mark.parametrize("number", [3, 30])
def test_a_page_of_questions_takes_the_same_queries_however_many_there_are(client, learner, number):
    told = make_chapter(make_manual()).sections.get()
    attempt = begin(quiz_of(number, told), learner)
    answer(attempt, dict.fromkeys(range(1, number + 1), "5"))
    assert queries(client, sitting_url(attempt)) == SITTING_QUERIES
    life.hand_in(attempt)
    marker = UserFactory(position=Position.SENIOR)
    for response in attempt.responses.filter(credit=None).select_related("version"):
        given = {criterion["id"]: 1 for criterion in response.version.item["rubric"]}
        marking.mark_by_hand(response, given, "Well said.", marker, timezone.now())
    assert queries(client, results_url(attempt)) == RESULTS_QUERIES


@pytest.mark.parametrize(("quizzes", "attempts"), [(1, 1), (6, 4)])
def test_the_list_of_quizzes_takes_the_same_queries_however_many_there_are(client, learner, quizzes, attempts):
    for number in range(quizzes):
        quiz = make_quiz(true_false(f"Statement {number}"), title=f"Quiz {number}")
        for _ in range(attempts):
            take(quiz, learner)
    assert queries(client, "/quizzes/") == LIST_QUERIES
