"""Two editions compared: which sections and fields are not the same, and how they are shown."""

from datetime import date

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from manuals.comparing import compare
from manuals.models import Edition, Section
from tests.factories import make_answer, make_chapter, make_manual, make_policy, publish, section

pytestmark = pytest.mark.django_db


def editions_of(page) -> list[Edition]:
    return list(Edition.objects.of(page.pk))


def rewritten(page, **fields) -> list[Edition]:
    """Publish a page with other values, and return its editions."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    publish(page)
    return editions_of(page)


def says(anchor, text, heading=None):
    return section(anchor, heading or anchor.title(), ("markdown", text))


@pytest.fixture
def chapter():
    body = [says("count", "Count it twice."), says("sign", "Sign the book."), says("lock", "Lock the drawer.")]
    return make_chapter(make_manual(), body=body)


def test_sections_come_in_order_each_with_what_became_of_it(chapter):
    body = [says("count", "Count it three times."), says("lock", "Lock the drawer."), says("tell", "Tell the desk.")]
    before, after = rewritten(chapter, body=body)
    comparison = compare(before, after, chapter)
    assert [(one.anchor, one.state) for one in comparison.sections] == [
        ("count", "changed"),
        ("sign", "removed"),
        ("lock", "unchanged"),
        ("tell", "added"),
    ]
    changed, gone, same, new = comparison.sections
    assert "Count it <del>twice</del><ins>three times</ins>." in changed.html
    assert "<p><del>Sign the book.</del></p>" in gone.html
    assert same.html is None
    assert "<p><ins>Tell the desk.</ins></p>" in new.html
    assert comparison.changed_sections == [changed, gone, new]
    assert changed.passages == ["Count it <del>twice</del><ins>three times</ins>."]
    assert new.passages == ["<ins>Tell the desk.</ins>"]


def test_backwards_what_was_added_is_removed(chapter):
    before, after = rewritten(chapter, body=[says("count", "Count it twice.")])
    assert [one.state for one in compare(after, before, chapter).sections] == ["unchanged", "added", "added"]


def test_sections_in_another_order_are_said_to_be_and_none_of_them_changed(chapter):
    body = [says("lock", "Lock the drawer."), says("count", "Count it twice."), says("sign", "Sign the book.")]
    before, after = rewritten(chapter, body=body)
    comparison = compare(before, after, chapter)
    assert comparison.is_reordered
    assert comparison.changed_sections == []
    assert not comparison.is_empty
    assert compare(after, after, chapter).is_empty


def test_only_the_sections_asked_for_are_looked_at(chapter):
    body = [says("count", "Count it."), says("sign", "Sign it."), says("lock", "Lock it.")]
    before, after = rewritten(chapter, body=body)
    assert [one.anchor for one in compare(before, after, chapter, {"sign"}).sections] == ["sign"]


def test_compared_with_nothing_all_of_it_is_new(chapter):
    (first,) = editions_of(chapter)
    comparison = compare(None, first, chapter)
    assert {one.state for one in comparison.sections} == {"added"}
    assert [(one.name, one.html) for one in comparison.fields] == [
        ("title", "<ins>Opening the drawer</ins>"),
        ("summary", "<ins>You can open a drawer.</ins>"),
    ]


def test_when_a_page_was_taken_down_all_of_it_is_gone(chapter):
    chapter.unpublish()
    before, after = editions_of(chapter)
    comparison = compare(before, after, chapter)
    assert {one.state for one in comparison.sections} == {"removed"}
    assert "<del>Opening the drawer</del>" in comparison.fields[0].html


def test_fields_are_called_what_people_call_them_and_read_as_the_page_shows_them():
    policy = make_policy(rule="New customers pay [[$150.00]].", effective_date=date(2026, 1, 1))
    before, after = rewritten(policy, rule="New customers pay [[$175.00]].", effective_date=date(2026, 3, 1))
    comparison = compare(before, after, policy)
    assert [(one.label, one.html) for one in comparison.fields] == [
        ("Rule", 'New customers pay <span class="sample-value"><del>$150.00</del><ins>$175.00</ins></span>.'),
        ("Effective date", "<del>January</del><ins>March</ins> 1, 2026"),
    ]
    assert comparison.answer is None


def test_an_answer_is_compared_in_both_languages_with_its_steps_and_the_policy_behind_it():
    policy = make_policy(body=[section("amount", "The amount"), section("waived", "When it is waived")])
    amount, waived = Section.objects.filter(page=policy).order_by("order")
    answer = make_answer(sections=(amount,), script_en="Most pay a deposit.", script_es="La mayoría paga un depósito.")
    answer.script_es = "La mayoría paga un depósito o un aval."
    answer.steps = [("step", "Verify the caller twice.")]
    answer.policy_sections.get().delete()
    answer.policy_sections.create(section=waived)
    publish(answer)
    before, after = editions_of(answer)
    comparison = compare(before, after, answer)
    fields = {one.name: one for one in comparison.fields}
    assert set(fields) == {"script_es", "steps", "policy_sections"}
    assert fields["script_es"].language == "es"
    assert fields["script_es"].html == "<p>La mayoría paga un depósito<ins> o un aval</ins>.</p>"
    assert fields["steps"].html == '<ol class="steps"><li>Verify the caller<ins> twice</ins>.</li></ol>'
    assert "When it is waived" in fields["policy_sections"].html
    assert "<p>La mayoría paga un depósito<ins> o un aval</ins>.</p>" in comparison.answer
    assert "Verify the caller<ins> twice</ins>." in comparison.answer
    assert 'lang="es"' in comparison.answer
    assert " hidden" not in comparison.answer
    assert "<button" not in comparison.answer


def test_what_was_typed_is_text_and_nothing_else():
    evil = "<img src=x onerror=alert(1)> & more"
    policy = make_policy(body=[says("amount", f"Pay {evil}.", heading=f"Was {evil}")])
    body = [says("amount", f"Do pay {evil}.", heading=f"Is {evil}")]
    before, after = rewritten(policy, body=body, who_decides=f"Nobody {evil}")
    shown = render_to_string("manuals/editions/difference.html", {"comparison": compare(before, after, policy)})
    words = render_to_string(
        "manuals/editions/difference.html", {"comparison": compare(before, after, policy), "view": "words"}
    )
    for html in (shown, words):
        assert "<img" not in html
        assert "onerror=alert(1)&gt; &amp; more" in html


def test_a_change_that_is_not_in_the_words_is_said():
    table = {"columns": [{"type": "text", "heading": "Fee"}], "rows": [{"values": ["$5"]}], "caption": "Fees"}
    policy = make_policy(body=[section("amount", "Amount", ("table", table), ("knowledge_check", None))])
    body = [section("amount", "Amount", ("table", table))]
    before, after = rewritten(policy, body=body)
    (changed,) = compare(before, after, policy).changed_sections
    assert changed.is_wordless
    shown = render_to_string("manuals/editions/difference.html", {"comparison": compare(before, after, policy)})
    assert "No word of it changed" in shown


def test_queries_do_not_grow_with_the_sections_that_changed():
    policy = make_policy()
    link = ("policy", {"section": Section.objects.get(page=policy).pk, "note": "Why."})
    counts = []
    for number in (2, 20):
        anchors = [f"s{n}" for n in range(number)]
        chapter = make_chapter(
            make_manual(f"Manual {number}"),
            body=[section(one, one, ("markdown", "Once."), link) for one in anchors],
        )
        body = [section(one, one, ("markdown", "Twice."), link) for one in anchors]
        before, after = rewritten(chapter, body=body)
        with CaptureQueriesContext(connection) as queries:
            assert len(compare(before, after, chapter).changed_sections) == number
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
