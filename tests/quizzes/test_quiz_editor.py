"""A quiz in the editor: what is refused before it reaches learners, and the preview that records nothing."""

import re
from datetime import datetime

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from portal.people.positions import Position
from quizzes import attempts as life
from quizzes.models import QuizIndexPage, QuizPage
from tests.factories import UserFactory
from tests.quizzes.factories import (
    begin,
    item_of_each_type,
    make_category,
    make_quiz,
    rewrite,
    right,
    single_choice,
    true_false,
    wrong,
)

pytestmark = pytest.mark.django_db


def fixed(question, points="1"):
    return ("question", {"question": str(question.pk), "points": points})


def draw(category, count, **conditions):
    value = {
        "count": str(count),
        "category": str(category.pk),
        "difficulty": "",
        "tag": "",
        "language": "",
        "points": "1",
    }
    return ("draw", value | conditions)


def data(*contents, **changes):
    return nested_form_data(
        {
            "title": "Payments quiz",
            "slug": "payments-quiz",
            "introduction": "What you know.",
            "manual": "",
            "contents": streamfield(list(contents)),
            "shuffle_questions": "on",
            "pass_mark": "80",
            "counts": "best",
            "attempts_allowed": "3",
            "wait_minutes": "0",
            "time_limit_minutes": "0",
            "feedback": "end",
            "show_answers": "on",
            "comments": inline_formset([]),
            **changes,
        }
    )


def add_url():
    return reverse("wagtailadmin_pages:add", args=["quizzes", "quizpage", QuizIndexPage.objects.get().pk])


def publish(client, *contents, **changes):
    return client.post(add_url(), data(*contents, **changes, **{"action-publish": "1"}))


def refusals(response):
    """Return what the editor says about the questions, and that it said it beside them."""
    assert response.status_code == 200
    assert not QuizPage.objects.filter(live=True).exists()
    html = response.content.decode()
    sentences = [str(sentence) for sentence in response.context["form"].errors["contents"]]
    for sentence in sentences:
        assert sentence.split("“")[0].strip() in html
    return " ".join(sentences)


def test_a_quiz_of_questions_and_draws_is_published_and_taken(client, supervisor):
    fee = single_choice("Fee", "$25", "$30")
    category = make_category("Deposits")
    for number in range(3):
        true_false(f"Deposit {number}", category=category)
    response = publish(client, fixed(fee, "5"), draw(category, 2))
    assert response.status_code == 302
    attempt = begin(QuizPage.objects.get(live=True), UserFactory())
    assert sorted(attempt.responses.values_list("points", flat=True)) == [1, 1, 5]


def test_a_quiz_that_asks_nothing_is_not_published_but_kept_as_a_draft(client, supervisor):
    assert "A quiz needs at least one question before it is published." in refusals(publish(client))
    assert client.post(add_url(), data()).status_code == 302
    assert QuizPage.objects.get().live is False


def test_a_senior_cannot_hand_on_a_quiz_that_cannot_be_taken(client, senior):
    response = client.post(add_url(), data(**{"action-submit": "1"}))
    assert "needs at least one question" in refusals(response)


def test_a_draw_may_not_want_more_than_there_is(client, supervisor):
    category = make_category("Deposits")
    for number in range(3):
        true_false(f"Deposit {number}", category=category)
    said = refusals(publish(client, draw(category, 4)))
    assert "The draw of 4 from “Deposits” may find only 3. Lower the number" in said
    assert publish(client, draw(category, 3)).status_code == 302


def test_a_draw_finds_only_what_may_be_asked_and_fits(client, supervisor):
    category = make_category("Deposits")
    true_false("Hard", category=category, difficulty=3)
    true_false("Spanish", category=category, language="es")
    tagged = true_false("Tagged", category=category)
    tagged.tags.add("winter")
    tagged.save()
    rewrite(true_false("Retired", category=category), retired=True)
    true_false("Unpublished", category=category).unpublish()
    for conditions, found in (({}, 3), ({"difficulty": "3"}, 1), ({"language": "es"}, 1), ({"tag": "WINTER"}, 1)):
        assert f"may find only {found}." in refusals(publish(client, draw(category, 4, **conditions)))


def test_two_draws_from_one_pool_share_it(client, supervisor):
    category = make_category("Deposits")
    for number in range(3):
        true_false(f"Deposit {number}", category=category)
    said = refusals(publish(client, draw(category, 2), draw(category, 2)))
    assert said.count("The draw of 2 from “Deposits” may find only 1.") == 1


def test_draws_that_overlap_share_what_they_overlap_in(client, supervisor):
    category = make_category("Deposits")
    for number in range(2):
        true_false(f"Hard {number}", category=category, difficulty=3)
    for number in range(2):
        true_false(f"Easy {number}", category=category, difficulty=1)
    wide, narrow = draw(category, 2), draw(category, 2, difficulty="3")
    said = refusals(publish(client, wide, narrow))
    assert "may find only 0" in said
    assert "put the draw with fewer to choose from first" in said
    assert publish(client, narrow, wide).status_code == 302
    quiz = QuizPage.objects.get(live=True)
    for _ in range(5):
        assert begin(quiz, UserFactory()).responses.count() == 4


def test_a_draw_does_not_count_on_questions_that_are_asked_anyway(client, supervisor):
    category = make_category("Deposits")
    deposit = true_false("Deposit", category=category)
    true_false("Another", category=category)
    assert "may find only 1" in refusals(publish(client, draw(category, 2), fixed(deposit)))


def test_questions_that_cannot_be_asked_are_named(client, supervisor):
    retired = rewrite(true_false("An old one"), retired=True)
    draft = true_false("A new one")
    draft.unpublish()
    fee = single_choice("Fee", "$25", "$30")
    said = refusals(publish(client, fixed(retired), fixed(draft), fixed(fee), fixed(fee)))
    assert "“An old one” is retired. Choose another question, or bring it back in the bank." in said
    assert "“A new one” is not published yet. Publish it first." in said
    assert "“Fee” is in the quiz twice." in said


def test_a_quiz_closes_after_it_opens(client, supervisor):
    response = publish(client, fixed(true_false("Waived")), opens_at="2026-05-04 12:00", closes_at="2026-05-04 12:00")
    assert response.context["form"].errors["closes_at"] == ["It must close after it opens."]
    assert "It must close after it opens." in response.content.decode()
    assert not QuizPage.objects.exists()


def test_a_pass_mark_is_a_percentage(client, supervisor):
    response = publish(client, fixed(true_false("Waived")), pass_mark="101")
    assert "pass_mark" in response.context["form"].errors


def test_what_was_typed_is_not_lost_when_publishing_is_refused(client, supervisor):
    response = publish(client, introduction="Typed with care.", pass_mark="65")
    html = response.content.decode()
    assert "Typed with care." in html
    assert 'value="65"' in html


def test_a_quiz_that_was_never_saved_can_be_previewed_in_the_editor(client, supervisor):
    address = reverse("wagtailadmin_pages:preview_on_add", args=["quizzes", "quizpage", QuizIndexPage.objects.get().pk])
    assert client.post(address, data(fixed(true_false("Waived")))).json()["is_valid"]
    html = client.get(address).content.decode()
    assert "Payments quiz" in html
    assert "You pass with 80 percent" in html


def test_a_quiz_can_be_previewed_in_the_editor(client, supervisor):
    quiz = make_quiz(true_false("Waived"))
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[quiz.pk])
    client.post(address, data(fixed(true_false("Waived"))))
    assert "You pass with 80 percent" in client.get(address).content.decode()


# ---- The preview with answers


def preview_url(quiz):
    return reverse("quizzes:preview", args=[quiz.pk])


def rows():
    """Return how many rows each table has, but for the sessions of whoever is signed in."""
    counted = [model for model in apps.get_models() if model._meta.managed and model._meta.app_label != "sessions"]
    return {model._meta.label: model._base_manager.count() for model in counted if issubclass(model, models.Model)}


def seed_in(html):
    return re.search(r'name="seed" value="([^"]*)"', html)[1]


def answers_to(response, give):
    """Return the form of a preview, answered by a function of each question."""
    found = {"seed": seed_in(response.content.decode())}
    for shown in response.context["questions"]:
        given, name = give(shown.version.question), shown.response.name
        if isinstance(given, dict):
            found |= {f"{name}-{key}": str(value) for key, value in given.items()}
        else:
            found[name] = given
    return found


def test_the_preview_works_and_records_nothing(client, senior):
    questions = item_of_each_type()
    del questions["free_response"]
    quiz = make_quiz(*questions.values(), time_limit_minutes=5, attempts_allowed=1)
    before = rows()
    asked = client.get(preview_url(quiz))
    posted = client.post(preview_url(quiz), answers_to(asked, right))
    assert "100 percent" in posted.content.decode()
    asked = client.get(preview_url(quiz))
    posted = client.post(preview_url(quiz), answers_to(asked, wrong))
    html = posted.content.decode()
    assert "0 percent" in html
    assert "748" in html
    assert rows() == before


def test_the_preview_marks_the_draw_it_has_shown(client, senior):
    category = make_category("Deposits")
    for number in range(20):
        true_false(f"Deposit {number}", right=bool(number % 2), category=category)
    quiz = make_quiz(draws=[{"count": 5, "category": category}])
    asked = client.get(preview_url(quiz))
    names = [shown.version.name for shown in asked.context["questions"]]
    told = client.post(preview_url(quiz), answers_to(asked, right))
    assert [shown.version.name for shown in told.context["questions"]] == names
    assert "100 percent" in told.content.decode()


def test_the_preview_shows_the_draft_with_what_is_new_in_it(client, senior):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    quiz = make_quiz(fee)
    quiz.contents = [*quiz.contents.raw_data, {"type": "question", "value": {"question": str(waived.pk), "points": 2}}]
    quiz.save_revision()
    html = client.get(preview_url(quiz)).content.decode()
    assert "Fee?" in html
    assert "Waived?" in html


def test_a_preview_of_answers_that_a_person_marks_says_so(client, senior):
    quiz = make_quiz(*item_of_each_type().values())
    asked = client.get(preview_url(quiz))
    html = client.post(preview_url(quiz), answers_to(asked, right)).content.decode()
    assert "Answers that a person marks have no score in a preview." in html


def test_an_unfinished_draft_can_be_previewed(client, senior):
    client.post(add_url(), data(("question", {"question": "", "points": ""}), draw_without_a_number()))
    quiz = QuizPage.objects.get()
    assert "This quiz asks nothing yet." in client.get(preview_url(quiz)).content.decode()


def draw_without_a_number():
    category = make_category("Deposits")
    true_false("Deposit", category=category)
    return draw(category, "", points="")


@pytest.mark.parametrize("seed", ["", "5", "5:forged", "x" * 500])
def test_a_seed_that_the_portal_did_not_sign_begins_the_preview_anew(client, senior, seed):
    quiz = make_quiz(true_false("Waived"))
    response = client.post(preview_url(quiz), {"seed": seed, "answer-1": "true"})
    assert (response.status_code, response.url) == (302, preview_url(quiz))


@pytest.mark.parametrize(
    ("position", "status"),
    [(Position.CSR_1, 403), (Position.CSR_2, 403), (Position.SENIOR, 200), (Position.SUPERVISOR, 200)],
)
def test_only_authors_preview(client, position, status):
    quiz = make_quiz(true_false("Waived"))
    client.force_login(UserFactory(position=position))
    assert client.get(preview_url(quiz)).status_code == status
    assert client.post(preview_url(quiz), {"answer-1": "true"}).status_code == (403 if status == 403 else 302)
    assert ("Preview with answers" in client.get(quiz.url).content.decode()) is (status == 200)


# ---- The page of a quiz


def test_the_quiz_page_tells_its_rules(client):
    quiz = make_quiz(
        true_false("Waived"),
        pass_mark=75,
        time_limit_minutes=20,
        attempts_allowed=2,
        counts="last",
        feedback="after_passing",
        closes_at=timezone.make_aware(datetime(2099, 5, 4, 17, 0)),
    )
    client.force_login(UserFactory())
    html = " ".join(client.get(quiz.url).content.decode().split())
    for sentence in (
        "You pass with 75 percent of all points.",
        "You have 20 minutes from the moment you begin.",
        "2 attempts. The last one counts.",
        "You see what was right once you have passed.",
        "Open until May 4, 2099, 5:00 p.m.",
    ):
        assert sentence in html
    assert "Begin" in html


def test_what_keeps_a_learner_from_beginning_is_said_in_place_of_the_button(client):
    quiz = make_quiz(true_false("Waived"), attempts_allowed=1)
    learner = UserFactory()
    client.force_login(learner)
    life.hand_in(begin(quiz, learner))
    html = client.get(quiz.url).content.decode()
    assert "You have used your one attempt." in html
    assert reverse("quizzes:start", args=[quiz.pk]) not in html
    response = client.post(reverse("quizzes:start", args=[quiz.pk]), follow=True)
    assert response.redirect_chain[-1][0] == quiz.url
    assert learner.attempts.count() == 1


def test_an_open_attempt_is_gone_on_with_even_after_the_quiz_has_closed(client):
    quiz = make_quiz(true_false("Waived"))
    learner = UserFactory()
    client.force_login(learner)
    attempt = begin(quiz, learner)
    QuizPage.objects.filter(pk=quiz.pk).update(closes_at=timezone.now())
    assert "Go on" in client.get(quiz.url).content.decode()
    response = client.post(reverse("quizzes:start", args=[quiz.pk]))
    assert response.url == attempt.get_absolute_url()


@pytest.mark.parametrize("draws", [1, 4])
def test_beginning_costs_a_query_for_each_draw_and_none_for_each_question(draws):
    for number in range(draws):
        category = make_category(f"Category {number}")
        for place in range(6):
            true_false(f"Statement {number} {place}", category=category)
    quiz = make_quiz(draws=[{"count": 6, "category": make_category(f"Category {n}")} for n in range(draws)])
    learner = UserFactory()
    with CaptureQueriesContext(connection) as found:
        begin(quiz, learner)
    assert len(found) == 11 + draws
