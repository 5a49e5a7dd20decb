"""The answer search on another backend of django-modelsearch: the same screen, without what only our index can do."""

from datetime import date

import pytest
from django.core.management import call_command
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from search import answers
from search.models import SynonymGroup
from tests.factories import make_answer, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(settings, agent):
    """A function that puts a question to a small library on the database backend."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
    body = [section("amount", "Amount", ("markdown", "Renters bring the money within ten days."))]
    make_policy("Customer deposits", "CS-101", body)
    make_answer("Do I have to pay a deposit?")
    make_answer("Why is there no water?", script_en="A main may be shut.", short_answer="An outage.", script_es="")
    make_answer("Where is the landfill?").unpublish()
    call_command("update_index", verbosity=0)
    return lambda text, **options: answers.find(text, agent, **options)


def titles(results):
    return [hit.page.title for hit in results.hits]


def test_any_word_finds_answers_and_sections(elsewhere):
    found = elsewhere("my water xylophone")
    assert titles(found) == ["Why is there no water?"]
    assert (found.corrections, found.is_available) == ({}, True)
    [hit] = elsewhere("renters").hits
    assert (hit.page.title, hit.section) == ("Customer deposits", "amount")


def test_drafts_are_not_found(elsewhere):
    assert titles(elsewhere("landfill")) == []


def test_codes_and_pinned_pages_work(elsewhere):
    assert titles(elsewhere("cs101"))[0] == "Customer deposits"
    page = make_answer("Second to none")
    SearchPromotion.objects.create(query=Query.get("water"), page=page, sort_order=0)
    assert titles(elsewhere("water")) == ["Second to none", "Why is there no water?"]


def test_synonyms_and_corrections_are_left_out_quietly(elsewhere):
    SynonymGroup.objects.create(terms="agua\nwater")
    assert titles(elsewhere("agua")) == []
    assert titles(elsewhere("watre", partial=True)) == []


@pytest.mark.parametrize(
    "words", ['"', "'", "()", "*", "AND OR NOT", "a:b", "\x00", "🚰", "مياه", "-", "water*", '"no']
)
def test_nothing_that_can_be_typed_raises(elsewhere, words):
    assert elsewhere(words).is_available


def test_what_was_in_force_on_a_day_is_found_too(settings, agent):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
    with standing_at(date(2026, 3, 1)) as clock:
        body = [section("amount", "Amount", ("markdown", "Renters bring $40."))]
        policy = make_policy("Deposits", "CS-101", body, effective_date=clock.today)
        answer = make_answer("How much?", short_answer="Renters bring $40.")
        clock.wait(10)
        answer.short_answer = "Renters bring $55."
        publish(answer)
        policy.body = [section("amount", "Amount", ("markdown", "Renters bring $55."))]
        policy.go_live_at = clock.morning_of(date(2026, 3, 20))
        policy.save_revision().publish()
        call_command("update_index", verbosity=0)

        def said(day):
            hits = answers.find("renters", agent, on=date(2026, 3, day)).hits
            return {(hit.section, str(hit.extract)[-4:-1]) for hit in hits}

        assert said(5) == {(None, "$40"), ("amount", "$40")}
        assert said(15) == {(None, "$55"), ("amount", "$40")}
        assert said(25) == {(None, "$55"), ("amount", "$55")}
