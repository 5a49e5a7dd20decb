"""Sections are recorded at publishing, and their addresses outlive every edit."""

import pytest

from manuals.models import Section
from tests.factories import make_chapter, make_manual, make_policy, publish, section

pytestmark = pytest.mark.django_db


def standing(page):
    return list(Section.objects.current().filter(page=page).values_list("anchor", "heading"))


def test_publishing_records_the_sections_in_order():
    policy = make_policy(body=[section("fees", "Fees"), section("waivers", "Waivers")])
    assert standing(policy) == [("fees", "Fees"), ("waivers", "Waivers")]


def test_a_draft_records_nothing():
    policy = make_policy(body=[section("fees", "Fees")])
    policy.body = [section("fees", "Charges")]
    policy.save_revision()
    assert standing(policy) == [("fees", "Fees")]


def test_address_survives_renaming_and_reordering():
    policy = make_policy(body=[section("fees", "Fees"), section("waivers", "Waivers")])
    key = Section.objects.get(page=policy, anchor="fees").pk
    policy.body = [section("waivers", "Waivers"), section("fees", "What it costs")]
    publish(policy)
    assert standing(policy) == [("waivers", "Waivers"), ("fees", "What it costs")]
    assert Section.objects.get(page=policy, anchor="fees").pk == key


def test_a_removed_section_is_retired_and_comes_back_as_itself():
    policy = make_policy(body=[section("fees", "Fees"), section("waivers", "Waivers")])
    key = Section.objects.get(page=policy, anchor="fees").pk
    policy.body = [section("waivers", "Waivers")]
    publish(policy)
    assert Section.objects.get(pk=key).retired
    assert standing(policy) == [("waivers", "Waivers")]
    policy.body = [section("waivers", "Waivers"), section("fees", "Fees")]
    publish(policy)
    assert Section.objects.get(anchor="fees", page=policy).pk == key


def test_sections_of_an_unpublished_page_no_longer_stand():
    policy = make_policy()
    policy.unpublish()
    assert standing(policy) == []


def test_text_is_plain_words_of_every_block():
    policy = make_policy(
        body=[
            section(
                "fees",
                "Fees",
                ("markdown", "A draft comes back: [[$30.00]]."),
                ("procedure", {"title": "Charge it", "steps": [{"type": "item", "value": "Open Fees.", "id": "s"}]}),
                ("say", {"language": "es", "text": "Hay un cargo."}),
            )
        ]
    )
    text = Section.objects.get(page=policy).text
    for words in ("comes back: $30.00.", "Charge it", "Open Fees.", "Hay un cargo."):
        assert words in text


def test_queries_do_not_grow_with_sections(django_assert_max_num_queries):
    from manuals import sections

    chapter = make_chapter(make_manual(), body=[section(f"s{n}", f"Section {n}") for n in range(60)])
    with django_assert_max_num_queries(6):
        sections.record(chapter)


def test_an_editors_new_section_gets_an_address_of_its_own():
    body = section("fees", "Fees")
    del body["id"]
    policy = make_policy(body=[body])
    anchor = Section.objects.get(page=policy).anchor
    publish(policy)
    assert [s.anchor for s in Section.objects.filter(page=policy)] == [anchor]
