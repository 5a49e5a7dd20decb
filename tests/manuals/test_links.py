"""Which links inside the portal lead nowhere."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from manuals import links
from manuals.links import Targets
from manuals.models import PolicyPage, Section
from manuals.passages import Form, Passage, of_page
from tests.factories import make_answer, make_chapter, make_manual, make_policy, publish, section

pytestmark = pytest.mark.django_db


def found(text: str, form: Form = Form.MARKDOWN) -> list[tuple[str, str]]:
    return [(link.kind, link.target) for link in links.links_in([Passage(text, form)])]


def problem(page, target: str) -> str:
    """Return what is wrong with a link in Markdown on a page."""
    (link,) = links.links_in([Passage(f"[words]({target})", Form.MARKDOWN)])
    return Targets().problem(page.pk, link)


@pytest.fixture
def policy():
    return make_policy(body=[section("amount", "Amount of the deposit")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[fees](/policies/fees/#late)", [("address", "/policies/fees/#late")]),
        ("[fees][1]\n\n[1]: /policies/fees/", [("address", "/policies/fees/")]),
        ('<a href="/a/?x=1&amp;y=2">a</a>', [("address", "/a/?x=1&y=2")]),
        ("`[no](/link/)`", []),
        ("A sum of [[$30.00]] (late)", []),
    ],
)
def test_links_in_markdown_are_those_that_readers_get(text, expected):
    assert found(text) == expected


def test_links_in_rich_text_name_pages_documents_and_addresses():
    html = '<a linktype="page" id="7">a</a> <a id="3" linktype="document">b</a> <a href="/policies/x/">c</a>'
    assert found(html, Form.HTML) == [("page", "7"), ("document", "3"), ("address", "/policies/x/")]


def test_plain_text_has_no_links():
    assert found("[fees](/policies/fees/)", Form.PLAIN) == []


@pytest.mark.parametrize(
    "target",
    [
        "/policies/customer-deposits/",
        "/policies/customer-deposits",
        "/policies/customer-deposits/#amount",
        "/policies/customer-deposits/?on=2026-03-01#amount",
        "/policies/customer-deposits/editions/2.1/",
        "/policies/customer-deposits/#rule",
        "#amount",
        "../customer-deposits/",
        "http://localhost/policies/customer-deposits/",
        "/answers/?q=deposit",
        "/",
        "https://elsewhere.example/policies/nothing/",
        "//elsewhere.example/nothing/",
        "mailto:desk@city.example",
        "tel:+15550100",
    ],
)
def test_what_leads_somewhere_or_outside_is_not_named(policy, target):
    assert problem(policy, target) == ""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/policies/customer-deposit/", "There is no page at /policies/customer-deposit/."),
        ("/policies/customer-deposits/nothing/", "There is no page at /policies/customer-deposits/nothing/."),
        ("../late-fees/", "There is no page at /policies/late-fees/."),
        ("http://localhost/policies/late-fees/", "There is no page at /policies/late-fees/."),
        ("#refund", "There is no section at #refund in “Customer deposits”."),
        ("/policies/customer-deposits/#refund", "There is no section at #refund in “Customer deposits”."),
        ("/documents/77/form.pdf", "The document was deleted."),
    ],
)
def test_what_leads_nowhere_is_named_with_what_is_wrong(policy, target, expected):
    assert problem(policy, target) == expected


def test_a_link_to_a_section_that_was_removed_says_so(policy):
    policy.body = [section("other", "Other")]
    publish(policy)
    assert problem(policy, "#amount") == "“Amount of the deposit” is no longer in “Customer deposits”."


def test_a_link_to_a_page_that_was_taken_down_says_so(policy):
    other = make_policy(title="Late fees", code="CS-102")
    other.unpublish()
    assert problem(policy, other.url) == "The page “Late fees” is not published."


def test_a_moved_page_whose_old_address_is_redirected_is_still_reached(policy):
    other = make_policy(title="Late fees", code="CS-102")
    before = other.url
    other.slug = "penalties"
    publish(other)
    assert problem(policy, before) == "There is no page at /policies/late-fees/."
    from wagtail.contrib.redirects.models import Redirect

    Redirect.add_redirect(before, other)
    assert problem(policy, before) == ""


def test_links_by_key_are_tried_too(policy):
    document = Document.objects.create(title="Form", file=ContentFile(b"x", name="form.pdf"))
    other = make_policy(title="Late fees", code="CS-102")
    html = f'<p><a linktype="page" id="{other.pk}">page</a> <a linktype="document" id="{document.pk}">document</a></p>'
    blocks = [("rich_text", html), ("document", {"document": document.pk, "title": ""})]
    chapter = make_chapter(make_manual(), body=[section("all", "All", *blocks)])
    chapter = type(chapter).objects.get(pk=chapter.pk)

    def broken():
        return [
            (one.link.words, one.problem)
            for one in Targets().broken(chapter.pk, links.links_in(of_page(chapter)))
        ]  # fmt: skip

    assert broken() == []
    key = document.pk
    other.delete()
    Document.objects.filter(pk=key).delete()
    assert broken() == [
        ("page", "The page was deleted."),
        ("document", "The document was deleted."),
        ("", "The document was deleted."),
    ]


def test_a_lost_section_says_why(policy):
    key = Section.objects.get(page=policy).pk
    assert Targets().lost_section(key) == ""
    policy.body = [section("other", "Other")]
    publish(policy)
    assert Targets().lost_section(key) == "“Amount of the deposit” is no longer in “Customer deposits”."
    policy.unpublish()
    assert Targets().lost_section(key) == "The policy “Customer deposits” is not published."
    PolicyPage.objects.get(pk=policy.pk).delete()
    assert Targets().lost_section(key) == "The policy was deleted."


def test_links_in_steps_and_cells_are_found():
    answer = make_answer(steps=[{"type": "step", "value": "See [it](/nowhere/).", "id": "a"}])
    assert [link.target for link in links.links_in(of_page(answer))] == ["/nowhere/"]
    table = {"columns": [{"type": "text", "heading": "Fee"}], "rows": [{"values": ["[it](/here/)"]}], "caption": ""}
    policy = make_policy(body=[section("a", "A", ("table", table))])
    assert [link.target for link in links.links_in(of_page(policy))] == ["/here/"]


def test_trying_links_takes_as_many_queries_for_many_as_for_few(policy, django_assert_num_queries):
    def tried(count):
        text = " ".join(
            f"[a](/policies/customer-deposits/#x{n}) [b](/none-{n}/) [c](/documents/{n}/x.pdf)" for n in range(count)
        )
        return list(links.links_in([Passage(text, Form.MARKDOWN)]))

    few, many = tried(2), tried(20)
    for some in (few, many):
        with django_assert_num_queries(5):
            assert len(Targets().broken(policy.pk, some)) == len(some)
