"""What the editor tells the people who write: a sentence on the field, and nothing typed is lost."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from manuals import tree
from manuals.models import AnswerPage, ManualPage, PolicyPage
from portal.people.positions import Position
from tests.factories import UserFactory, make_answer, make_manual, make_policy

pytestmark = pytest.mark.django_db

SIXTY_ONE_WORDS = "word " * 61


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


def add_url(kind, parent):
    return reverse("wagtailadmin_pages:add", args=["manuals", kind, parent.pk])


def answer_data(**changes):
    return nested_form_data(
        {
            "title": "Do I have to pay a deposit?",
            "slug": "deposit-required",
            "short_answer": "Yes.",
            "script_en": "Yes, you do.",
            "steps": streamfield([]),
            "also_asked_as": inline_formset([]),
            "policy_sections": inline_formset([]),
            "comments": inline_formset([]),
            **changes,
        }
    )


def test_a_short_answer_over_sixty_words_is_refused_on_the_field(client, supervisor):
    data = answer_data(short_answer=SIXTY_ONE_WORDS, **{"action-publish": "1"})
    response = client.post(add_url("answerpage", tree.answer_index()), data)
    assert "This has 61 words, and a caller is waiting." in response.context["form"].errors["short_answer"][0]
    assert SIXTY_ONE_WORDS.strip() in response.content.decode()
    assert not AnswerPage.objects.exists()


def test_brackets_of_sample_values_do_not_count_as_words():
    answer = make_answer()
    answer.short_answer = "[[$5.00]] " * 60
    answer.full_clean()
    answer.short_answer_es = SIXTY_ONE_WORDS
    with pytest.raises(ValidationError, match="61 words"):
        answer.full_clean()


def test_a_policy_without_a_source_is_refused_with_a_sentence(client, supervisor):
    data = nested_form_data(
        {
            "title": "Customer deposits",
            "slug": "customer-deposits",
            "rule": "Pay.",
            "code": "CS-101",
            "effective_date": "2026-01-01",
            "who_decides": "Nobody.",
            "source": "",
            "body": streamfield([]),
            "comments": inline_formset([]),
            "action-publish": "1",
        }
    )
    response = client.post(add_url("policypage", tree.policy_index()), data)
    assert "Cite the ordinance" in response.context["form"].errors["source"][0]


@pytest.mark.parametrize("code", ["cs-101", "CS101", "CS-1"])
def test_a_policy_code_of_another_form_is_refused(code):
    policy = make_policy()
    policy.code = code
    with pytest.raises(ValidationError, match="CS-101"):
        policy.full_clean()


def test_two_policies_cannot_share_a_code():
    make_policy()
    other = PolicyPage(title="Other", code="CS-101")
    with pytest.raises(ValidationError, match="Another policy has this code"):
        other.validate_unique()


def test_a_manual_without_chapters_is_not_published(client, supervisor):
    data = {
        "title": "Taking payments",
        "slug": "taking-payments",
        "introduction": "How to take a payment.",
        "action-publish": "1",
        **nested_form_data({"comments": inline_formset([])}),
    }
    response = client.post(add_url("manualpage", tree.manual_index()), data)
    assert "at least one chapter" in response.context["form"].errors["title"][0]
    del data["action-publish"]
    assert client.post(add_url("manualpage", tree.manual_index()), data).status_code == 302
    assert ManualPage.objects.get().live is False


@pytest.mark.parametrize("kind", ["manual", "policy", "answer"])
def test_every_editor_opens(client, supervisor, kind):
    page = {"manual": make_manual, "policy": make_policy, "answer": make_answer}[kind]()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def test_pages_with_editions_ask_what_kind_of_change_it_is_and_who_must_acknowledge_and_manuals_do_not(
    client, supervisor
):
    asked = {"change_kind", "change_summary", "change_concerns", "acknowledged_by", "acknowledge_within"}
    for page, does_ask in ((make_policy(), True), (make_answer(), True), (make_manual(), False)):
        response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert asked.issubset(response.context["form"].fields) is does_ask
        assert (reverse("publish_edition", args=[page.pk]) in response.content.decode()) is does_ask


def test_a_page_that_is_not_published_yet_offers_no_comparison(client, supervisor):
    html = client.get(add_url("policypage", tree.policy_index())).content.decode()
    assert "What publishing this sets off" not in html


def test_working_days_that_nobody_names_stay_as_they_were(client, supervisor):
    answer = make_answer(acknowledge_within=10)
    data = answer_data(title="Another question?", acknowledge_within="")
    client.post(reverse("wagtailadmin_pages:edit", args=[answer.pk]), data)
    answer.refresh_from_db()
    draft = answer.get_latest_revision_as_object()
    assert (draft.title, draft.acknowledge_within) == ("Another question?", 10)


def test_policy_sections_are_chosen_by_words_of_heading_policy_or_code(client, supervisor):
    make_policy()
    make_policy(title="Bank drafts", code="CS-107")
    url = reverse("policy_section_chooser:choose_results")
    assert client.get(url).content.decode().count("Amount of the deposit") == 2
    found = client.get(url, {"q": "cs-107 amount"}).content.decode()
    assert found.count("Amount of the deposit") == 1
    assert "Bank drafts" in found


def test_chooser_offers_no_section_of_an_unpublished_policy(client, supervisor):
    make_policy().unpublish()
    url = reverse("policy_section_chooser:choose_results")
    assert "Amount of the deposit" not in client.get(url).content.decode()
