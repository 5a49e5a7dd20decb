"""What readers see, and that more content costs no more queries."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manuals import tree
from manuals.models import Section
from portal.people.models import Language
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


def text(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_chapter_shows_its_place_its_sections_and_its_neighbours(client, reader):
    manual = make_manual()
    first = make_chapter(manual, title="Open the drawer")
    second = make_chapter(
        manual, title="Take cash", body=[section("count", "Count it"), section("change", "Give change")]
    )
    third = make_chapter(manual, title="Close the drawer")
    html = " ".join(text(client, second.url).split())
    assert "Chapter 2 of 3" in html
    assert re.search(r'id="change"[^>]*>\s*Give change\s*</h2>', html)
    assert f'href="{first.url}" rel="prev"' in html
    assert f'href="{third.url}" rel="next"' in html
    assert 'aria-current="page">Take cash</a>' in html


def test_a_draft_chapter_is_neither_listed_nor_readable(client, reader):
    manual = make_manual()
    make_chapter(manual, title="Open the drawer")
    draft = make_chapter(manual, title="Not yet")
    draft.unpublish()
    assert "Not yet" not in text(client, manual.url)
    assert client.get(draft.url).status_code == 404


def test_a_manual_shows_contents_and_reading_time(client, reader):
    manual = make_manual()
    make_chapter(manual, body=[section("long", "Long", ("markdown", "word " * 450))])
    make_chapter(manual, title="Close the drawer")
    html = text(client, manual.url)
    assert "2 chapters" in html
    assert "about 4 minutes" in html
    assert "#long" in html


def test_the_whole_manual_prints_as_one_document(client, reader):
    manual = make_manual()
    make_chapter(
        manual, body=[section("count", "Count the drawer", ("say", {"language": "es", "text": "Un momento."}))]
    )
    make_chapter(manual, title="Close the drawer")
    html = text(client, f"{manual.url}print/")
    assert "Un momento." in html
    assert html.index("Opening the drawer</h2>") < html.index("Close the drawer</h2>")


def test_no_two_elements_of_the_printed_manual_share_an_id(client, reader):
    manual = make_manual()
    make_chapter(manual)
    make_chapter(manual, title="Close the drawer")
    html = text(client, f"{manual.url}print/")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("Count the drawer</h2>") == 2


def test_every_kind_of_block_is_shown(client, reader):
    policy = make_policy()
    blocks = [
        ("markdown", "Some **bold** words.\n\n<script>alert(1)</script>"),
        ("rich_text", "<p>Rich <b>text</b></p>"),
        ("procedure", {"title": "Open it", "steps": [{"type": "item", "value": "Take *the* key.", "id": "a"}]}),
        ("say", {"language": "en", "text": "One.\n\nTwo."}),
        ("warning", {"title": "Careful", "text": "Never."}),
        ("tip", {"title": "", "text": "Slowly."}),
        ("table", {"columns": [{"type": "text", "heading": "Fee"}], "rows": [{"values": ["[[$5.00]]"]}], "caption": "Fees"}),
        ("decision", {"question": "Well?", "cases": [
            {"type": "item", "value": {"condition": "yes", "action": "Do it."}, "id": "y"},
            {"type": "item", "value": {"condition": "no", "action": "Wait."}, "id": "n"},
        ]}),
        ("policy", {"section": Section.objects.get(page=policy).pk, "note": "Why."}),
    ]  # fmt: skip
    chapter = make_chapter(make_manual(), body=[section("all", "Everything", *blocks)])
    html = text(client, chapter.url)
    for expected in (
        "<strong>bold</strong>",
        "<b>text</b>",
        "Take <em>the</em> key.",
        "<p>One.</p>\n<p>Two.</p>",
        "Warning: Careful",
        "Slowly.",
        '<span class="sample-value">$5.00</span>',
        "Well?",
        f'href="{policy.url}#amount"',
    ):
        assert expected in html
    assert "alert(1)</script>" not in html


def test_a_policy_shows_since_when_by_what_and_the_answers_that_rest_on_it(client, reader):
    policy = make_policy(effective_date=date(2026, 3, 1), source_url="https://city.example/58-41")
    answer = make_answer(sections=(Section.objects.get(page=policy),))
    html = text(client, policy.url)
    for expected in ("March 1, 2026", "https://city.example/58-41", "A Supervisor.", answer.url, "CS-101"):
        assert expected in html


def test_an_answer_shows_what_to_say_what_to_do_and_the_policy_behind_it(client, reader):
    policy = make_policy()
    answer = make_answer(sections=(Section.objects.get(page=policy),), refer_to="Billing, [[555-0120]].")
    html = text(client, answer.url)
    assert 'Yes, most new customers pay <span class="sample-value">$150.00</span>.' in html
    assert "Verify the caller." in html
    assert f"{policy.url}#amount" in html
    assert '<span class="sample-value">555-0120</span>' in html


def hidden(html: str, language: str) -> bool:
    return f'data-spoken="{language}" hidden' in " ".join(html.split())


def test_the_script_comes_in_the_readers_own_language_first(client, reader):
    answer = make_answer()
    assert hidden(text(client, answer.url), "es")
    reader.preferred_language = Language.SPANISH
    reader.save()
    assert hidden(text(client, answer.url), "en")
    assert hidden(text(client, f"{answer.url}?script=en"), "es")


def test_an_answer_without_spanish_offers_no_switch(client, reader):
    answer = make_answer(script_es="", short_answer_es="")
    html = text(client, f"{answer.url}?script=es")
    assert "Español" not in html
    assert not hidden(html, "en")


def test_answers_are_listed_by_policy(client, reader):
    policy = make_policy()
    resting = make_answer(sections=(Section.objects.get(page=policy),))
    make_answer(title="Who are you?")
    html = text(client, "/answers/")
    assert html.index("Customer deposits") < html.index(resting.url) < html.index("Other") < html.index("Who are you?")


def test_an_overdue_review_is_said_in_words(client, reader):
    assert "past its review date" in text(client, make_policy(review_by=date(2020, 1, 1)).url)
    assert "past its review date" not in text(
        client, make_policy(title="B", code="CS-102", review_by=date(2999, 1, 1)).url
    )


def test_only_those_who_write_are_offered_to_edit(client, reader):
    policy = make_policy()
    assert "Edit this page" not in text(client, policy.url)
    client.force_login(UserFactory(position="senior"))
    assert "Edit this page" in text(client, policy.url)


def test_empty_indexes_say_so(client, reader):
    for url in ("/manuals/", "/policies/", "/answers/"):
        assert "There is no" in text(client, url)


def fill(count: int, start: int) -> tuple[str, ...]:
    """Add that many manuals, chapters, policies and answers, and return the addresses of the last of each."""
    for n in range(start, start + count):
        policy = make_policy(
            title=f"Policy {n}", code=f"PP-{n:03}", body=[section(f"s{n}", f"Section {n}"), section("z", "Z")]
        )
        chosen = tuple(Section.objects.filter(page=policy))
        manual = make_manual(title=f"Manual {n}")
        block = ("policy", {"section": chosen[0].pk, "note": ""})
        for m in range(3):
            chapter = make_chapter(
                manual, title=f"Chapter {m}", body=[section("a", "A", block, block), section("b", "B")]
            )
        answer = make_answer(title=f"Question {n}?", wordings=(f"wording {n}",), sections=chosen)
    return ("/", "/answers/", "/policies/", "/manuals/", manual.url, f"{manual.url}print/",
            chapter.url, policy.url, answer.url)  # fmt: skip


# Most of each is Wagtail finding the page and asking whether this person may see it; a chapter asks whether it is on a
# path of theirs; the front page, which paths they are on, what was signed for them and which refreshers are due;
# all but the printed manual, how many notifications are unread.
LIMITS = (16, 13, 11, 13, 19, 14, 23, 19, 20)


def test_query_counts_do_not_grow_with_content(client, reader):
    before = [queries(client, url) for url in fill(1, 100)]
    urls = fill(6, 200)
    # Everything the single pages hold grows too: chapters, sections, answers.
    policy_sections = tuple(Section.objects.of_policies().filter(page__slug="policy-205"))
    for n in range(6):
        make_answer(title=f"Another {n}?", sections=policy_sections)
    manual = tree.manual_index().get_children().get(slug="manual-205").specific
    for n in range(6):
        block = ("policy", {"section": policy_sections[0].pk, "note": ""})
        make_chapter(manual, title=f"More {n}", body=[section(f"m{n}-{k}", f"More {k}", block) for k in range(5)])
    after = [queries(client, url) for url in urls]
    assert dict(zip(urls, after, strict=True)) == dict(zip(urls, before, strict=True))
    assert all(count <= limit for count, limit in zip(after, LIMITS, strict=True)), after
