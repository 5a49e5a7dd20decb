"""Nobody finds what they may not see: pages of others, drafts, what was taken down."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, PageViewRestriction

from manuals import tree
from manuals.models import AnswerPage, Section
from search import answers
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section

pytestmark = pytest.mark.django_db


def titles(results):
    return [hit.page.title for hit in results.hits]


@pytest.fixture
def payroll():
    return Group.objects.create(name="Payroll")


def restrict(page, *groups, kind=PageViewRestriction.GROUPS):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
    restriction.groups.set(groups)


def test_restricted_answer_is_found_by_those_alone_who_may_see_it(write, ask, payroll):
    restrict(write("What are the mattress wages?"), payroll)
    write("Where do I take a mattress?")
    member = UserFactory()
    member.groups.add(payroll)
    assert titles(ask("mattress")) == ["Where do I take a mattress?"]
    assert len(answers.find("mattress", member).hits) == 2
    assert len(answers.find("mattress", UserFactory(is_superuser=True)).hits) == 2


def test_restriction_holds_for_sections_of_all_pages_under_it(backend, in_index, ask, payroll):
    with in_index():
        manual = make_manual("Wages")
        make_chapter(manual, "Mattress wages", body=[section("pay", "Mattress pay")])
        policy = make_policy("Mattresses", "CS-300", body=[section("pay", "Mattress pay")])
        restrict(manual, payroll)
        restrict(policy, payroll)
    assert titles(ask("mattress")) == []
    assert titles(ask("CS-300")) == []
    member = UserFactory()
    member.groups.add(payroll)
    assert set(titles(answers.find("mattress", member))) == {"Mattress wages", "Mattresses"}


def test_page_for_everyone_signed_in_is_found_by_an_agent(write, ask):
    restrict(write("Where do I take a mattress?"), kind=PageViewRestriction.LOGIN)
    assert titles(ask("mattress")) == ["Where do I take a mattress?"]


def test_page_with_a_password_is_not_found(write, ask):
    restrict(write("Where do I take a mattress?"), kind=PageViewRestriction.PASSWORD)
    assert titles(ask("mattress")) == []


def test_many_pages_that_may_not_be_seen_do_not_crowd_out_the_one_that_may(backend, in_index, ask, payroll):
    body = [section(f"s{number}", f"Mattress {number}") for number in range(40)]
    with in_index():
        restrict(make_policy("Mattress", "CS-300", body=body), payroll)
        make_answer("Where to?", script_en="Somewhere there is a place that takes a mattress from anyone who has one.")
    assert titles(ask("mattress")) == ["Where to?"]


def test_many_drafts_do_not_crowd_out_the_published_answer(backend, in_index, ask):
    with in_index():
        for number in range(40):
            tree.answer_index().add_child(instance=AnswerPage(title=f"Mattress {number}", live=False))
        make_answer("Where to?", script_en="Somewhere there is a place that takes a mattress from anyone who has one.")
    assert titles(ask("mattress")) == ["Where to?"]


def test_draft_is_never_found(write, ask, in_index):
    page = write("Where do I take a mattress?")
    page.title = "Where do I take an accordion?"
    with in_index():
        page.save_revision()
        tree.answer_index().add_child(instance=AnswerPage(title="Accordion", live=False))
    assert titles(ask("accordion")) == []
    assert titles(ask("mattress")) == ["Where do I take a mattress?"]


def test_published_page_is_found_right_away_and_no_longer_when_taken_down(write, ask, in_index):
    page = write("Where do I take a mattress?")
    assert titles(ask("mattress")) == ["Where do I take a mattress?"]
    with in_index():
        page.unpublish()
    assert titles(ask("mattress")) == []
    with in_index():
        page.save_revision().publish()
    assert titles(ask("mattress")) == ["Where do I take a mattress?"]
    with in_index():
        page.delete()
    assert titles(ask("mattress")) == []


@pytest.mark.django_db(transaction=True)
def test_publishing_is_found_after_the_commit_without_anything_else(backend, ask):
    page = make_answer("Where do I take a mattress?")
    assert titles(ask("mattress")) == ["Where do I take a mattress?"]
    page.unpublish()
    assert titles(ask("mattress")) == []


def test_page_taken_down_is_not_shown_even_before_the_index_knows(write, ask):
    page = write("Where do I take a mattress?")
    Page.objects.filter(pk=page.pk).update(live=False)
    assert titles(ask("mattress")) == []


def test_sections_of_a_policy_that_was_taken_down_are_not_found(backend, in_index, ask):
    with in_index():
        policy = make_policy("Bulky things", "CS-300", body=[section("beds", "Mattresses")])
    assert titles(ask("mattress")) == ["Bulky things"]
    with in_index():
        policy.unpublish()
    assert titles(ask("mattress")) == []
    assert titles(ask("CS-300")) == []


def test_section_that_was_removed_is_not_found(backend, in_index, ask):
    with in_index():
        policy = make_policy("Bulky things", "CS-300", body=[section("beds", "Mattresses"), section("sofas", "Sofas")])
    policy.body = [section("sofas", "Sofas")]
    with in_index():
        policy.save_revision().publish()
    assert titles(ask("mattress")) == []
    assert titles(ask("sofa")) == ["Bulky things"]


def test_sections_leave_the_index_itself_with_their_page(backend, in_index):
    with in_index():
        policy = make_policy(body=[section("amount", "Amount"), section("pelican", "Pelicans")])
    assert [found.anchor for found in Section.objects.search("pelicans")] == ["pelican"]
    with in_index():
        policy.body = [section("amount", "Amount")]
        publish(policy)
    assert not list(Section.objects.search("pelicans"))
    assert [found.anchor for found in Section.objects.search("amount")] == ["amount"]
    with in_index():
        policy.unpublish()
    assert not list(Section.objects.search("amount"))
