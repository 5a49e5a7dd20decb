"""What seniors pin to a caller's words in Wagtail's search promotions comes first."""

import pytest
from django.contrib.auth.models import Group
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction

from tests.factories import make_manual, make_policy

pytestmark = pytest.mark.django_db


def pin(words, *pages):
    for order, page in enumerate(pages):
        SearchPromotion.objects.create(query=Query.get(words), page=page, sort_order=order)


def titles(results):
    return [hit.page.title for hit in results.hits]


def test_pinned_answers_come_first_in_their_order_and_once(write, ask):
    best = write("Where do I take a mattress?")
    pinned = [write("Second to none"), write("A mattress fits into no cart")]
    pin("mattress", *pinned)
    found = ask("Mattress ")
    assert [hit.page for hit in found.hits] == [*pinned, best]
    assert [hit.is_promoted for hit in found.hits] == [True, True, False]


def test_pinned_words_must_be_all_that_was_asked(write, ask):
    pin("mattress", write("Second to none"))
    assert ask("my mattress").hits == []


def test_page_of_any_type_can_be_pinned(backend, in_index, ask):
    with in_index():
        manual = make_manual("Bulky things")
        policy = make_policy("Landfill", "CS-300", rule="A mattress costs [[$10.00]].")
    pin("mattress", manual, policy)
    found = ask("mattress")
    assert titles(found) == ["Bulky things", "Landfill"]
    assert found.hits[1].extract == "A <mark>mattress</mark> costs $10.00."


def test_pinned_page_comes_before_the_policy_named_by_its_code(write, backend, in_index, ask):
    with in_index():
        make_policy("Landfill", "CS-300")
    pin("cs-300", write("Second to none"))
    assert titles(ask("CS-300"))[:2] == ["Second to none", "Landfill"]


def test_pinned_page_that_is_a_draft_or_restricted_is_not_shown(write, ask):
    draft, restricted = write("Was taken down"), write("Is for others")
    pin("mattress", draft, restricted)
    draft.unpublish()
    restriction = PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.create(name="Payroll"))
    assert ask("mattress").hits == []


def test_limit_holds_for_pinned_pages_too(write, ask):
    pin("mattress", write("One"), write("Two"), write("Three"))
    assert titles(ask("mattress", limit=2)) == ["One", "Two"]
