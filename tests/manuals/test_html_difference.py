"""Two versions of a piece of HTML as one: nothing is lost, nothing is made up, and it stays well-formed."""

from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from manuals.difference_passages import passages
from manuals.html_difference import added, difference, removed

# Few words, so that two texts have many in common; among them what must be escaped.
WORDS = ["fee", "deposit", "the", "is", "$30.00", "$35.00", "days.", "<b>&amp;", "R&D", "10", "waived", "¿Cuánto?", '"']
EXAMPLES = settings(max_examples=60, deadline=None)

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(lambda words: escape(" ".join(words)))
lines = st.lists(
    st.one_of(
        texts,
        texts.map(lambda text: f"<strong>{text}</strong>"),
        texts.map(lambda text: f'<a href="/fees/?a=1&amp;b=2">{text} <em>now</em></a>'),
        st.just("<br>"),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
paragraphs = lines.map(lambda line: f"<p>{line}</p>")
items = st.recursive(
    lines, lambda inner: st.tuples(lines, inner).map(lambda two: f"{two[0]}<ul><li>{two[1]}</li></ul>")
)
lists = st.lists(items, min_size=1, max_size=5).map(
    lambda all: "<ol>" + "".join(f"<li>{one}</li>" for one in all) + "</ol>"
)


@st.composite
def tables(draw) -> str:
    """Return a table of up to four columns and rows, as the fee tables are."""
    width = draw(st.integers(1, 4))
    row = st.lists(texts, min_size=width, max_size=width)
    head = "".join(f'<th scope="col">{cell}</th>' for cell in draw(row))
    body = "".join(
        f'<tr><th scope="row">{cells[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in cells[1:]) + "</tr>"
        for cells in draw(st.lists(row, min_size=1, max_size=4))
    )
    return f'<div class="block"><table><thead><tr>{head}</tr></thead>\n <tbody>{body}</tbody></table></div>'


sections = st.lists(st.one_of(paragraphs, lists, tables()), max_size=4).map(
    lambda parts: f'<section class="section">{"".join(parts)}</section>'
)
anything = st.one_of(sections, lines)


def reads(html: str, *, without: str = "") -> str:
    """Return the words of a piece of HTML, every element between two of them counted as a space."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(without) if without else []:
        element.decompose()
    return " ".join(soup.get_text(" ").split())


def glued(html: str, *, without: str = "") -> str:
    """Return all the signs of a piece of HTML, spaces left out."""
    return "".join(reads(html, without=without).split())


@EXAMPLES
@given(anything, anything)
def test_without_what_is_new_it_reads_as_before_and_without_what_is_gone_as_after(before, after):
    both = difference(before, after)
    assert glued(both, without="ins") == glued(before)
    assert glued(both, without="del") == glued(after)


@EXAMPLES
@given(lines, lines)
def test_in_a_line_the_spaces_are_right_too(before, after):
    def spaced(html, without=""):
        soup = BeautifulSoup(html, "html.parser")
        for element in soup.find_all(without) if without else []:
            element.decompose()
        return " ".join(soup.get_text().split())

    both = difference(f"<p>{before}</p>", f"<p>{after}</p>")
    if both.count("<p") == 1:
        assert spaced(both, "ins") == spaced(before)
        assert spaced(both, "del") == spaced(after)


@EXAMPLES
@given(anything, anything)
def test_it_is_well_formed_and_lists_and_tables_stay_what_they_are(before, after):
    both = difference(before, after)
    assert str(BeautifulSoup(both, "html.parser")).replace("<br/>", "<br>").count("<") == both.count("<")
    soup = BeautifulSoup(both, "html.parser")
    for parent, children in (
        ("ol", {"li"}),
        ("ul", {"li"}),
        ("table", {"thead", "tbody"}),
        ("tbody", {"tr"}),
        ("thead", {"tr"}),
        ("tr", {"td", "th"}),
    ):
        for element in soup.find_all(parent):
            assert {child.name for child in element.find_all(recursive=False)} <= children
    for table in soup.find_all("table"):
        assert len({len(row.find_all(("td", "th"))) for row in table.find_all("tr")}) == 1
    assert not soup.select("ins ins, del del, ins del, del ins")
    assert not soup.select("ins p, ins li, ins tr, ins td, del p, del li, del tr, del td")


@EXAMPLES
@given(anything)
def test_what_is_the_same_is_not_marked(html):
    both = difference(html, html)
    assert "<ins" not in both
    assert "<del" not in both
    assert reads(both) == reads(html)


@EXAMPLES
@given(anything)
def test_what_is_new_or_gone_as_a_whole_is_marked_as_a_whole(html):
    assert reads(added(html), without="ins") == ""
    assert reads(removed(html), without="del") == ""
    assert glued(added(html)) == glued(removed(html)) == glued(html)


@EXAMPLES
@given(anything, anything)
def test_the_passages_hold_every_word_that_changed_and_no_markup_of_their_own(before, after):
    both = difference(before, after)
    found = "".join(passages(both))
    for mark in ("ins", "del"):
        signs = "".join("".join(one.get_text().split()) for one in BeautifulSoup(both, "html.parser").find_all(mark))
        shown = "".join("".join(one.get_text().split()) for one in BeautifulSoup(found, "html.parser").find_all(mark))
        assert signs == shown
    assert {element.name for element in BeautifulSoup(found, "html.parser").find_all()} <= {"ins", "del"}


# ---- How it reads


@pytest.mark.parametrize(
    ("before", "after", "both"),
    [
        ("The fee is $30.00.", "The fee is $35.00.", "The fee is <del>$30.00</del><ins>$35.00</ins>."),
        ("Within 10 days", "Within 10 days or less", "Within 10 days<ins> or less</ins>"),
        ("Pay the fee of 30 days", "Pay the fee of 45 weeks", "Pay the fee of <del>30 days</del><ins>45 weeks</ins>"),
        ("No, never.", "Ask a supervisor", "<del>No, never.</del><ins>Ask a supervisor</ins>"),
        ("R&D", "R&D <b>", "R&amp;D<ins> &lt;b&gt;</ins>"),
    ],
)
def test_words_change_whole(before, after, both):
    assert difference(escape(before), escape(after)) == both


def test_a_paragraph_that_has_nothing_in_common_is_another():
    assert difference("<p>All other words.</p>", "<p>Nothing like them, ever</p>") == (
        '<p class="is-removed"><del>All other words.</del></p>'
        '<p class="is-added"><ins>Nothing like them, ever</ins></p>'
    )


def test_a_link_stays_one_link_when_a_word_of_it_changes():
    before, after = '<p>See <a href="/x">the old table</a> now.</p>', '<p>See <a href="/x">the new table</a> now.</p>'
    assert difference(before, after) == '<p>See <a href="/x">the <del>old</del><ins>new</ins> table</a> now.</p>'


def test_a_link_that_leads_elsewhere_is_a_change():
    both = difference('<p>See <a href="/x">the table</a> now.</p>', '<p>See <a href="/y">the table</a> now.</p>')
    assert '<a href="/x"><del>the table</del></a><a href="/y"><ins>the table</ins></a>' in both


def test_a_new_step_is_a_new_item_and_the_others_stay():
    both = difference("<ol><li>Take the key.</li><li>Open it.</li></ol>",
                      "<ol><li>Take the key.</li><li>Sign the book.</li><li>Open it.</li></ol>")  # fmt: skip
    assert both == (
        '<ol><li>Take the key.</li><li class="is-added"><ins>Sign the book.</ins></li><li>Open it.</li></ol>'
    )


def table(*rows: str) -> str:
    cells = [[f"<td>{cell}</td>" for cell in row.split("|")] for row in rows]
    made = [f"<tr>{''.join(row)}</tr>" for row in cells]
    return f"<table><thead>{made[0]}</thead><tbody>{''.join(made[1:])}</tbody></table>"


def test_a_figure_in_a_table_changes_in_its_cell():
    both = difference(table("Fee|Amount", "Late fee|$5"), table("Fee|Amount", "Late fee|$7"))
    assert "<tr><td>Late fee</td><td><del>$5</del><ins>$7</ins></td></tr>" in both


def test_a_new_row_is_a_row():
    both = difference(table("Fee|Amount", "Late|$5"), table("Fee|Amount", "Late|$5", "Returned check|$30"))
    assert '<tr class="is-added"><td><ins>Returned check</ins></td><td><ins>$30</ins></td></tr>' in both


def test_a_new_column_is_a_cell_in_every_row():
    both = difference(
        table("Fee|Amount", "Late fee|$5", "Old fee, gone|$9"),
        table("Fee|Since|Amount", "Late fee|2026|$5", "Returned check|2025|$30"),
    )
    assert both.count('<td class="is-added"><ins>') == 2  # in the heading and in the row that stayed
    assert '<tr class="is-removed"><td><del>Old fee, gone</del></td><td></td><td><del>$9</del></td></tr>' in both


def test_a_table_of_which_no_word_stays_has_one_head_and_one_body():
    both = difference(table("Fee|Amount", "Late|$5"), table("Cargo|Importe", "Tardío|$7"))
    assert both.count("<thead") == both.count("<tbody") == 1
    assert both.count("is-removed") == both.count("is-added") == 2


def test_what_the_author_crossed_out_is_no_change():
    both = difference("<p>Pay <del>$3</del> $5 at the desk.</p>", "<p>Pay <del>$3</del> $6 at the desk.</p>")
    assert both == "<p>Pay <s>$3</s> <del>$5</del><ins>$6</ins> at the desk.</p>"


def test_nothing_in_it_runs_or_answers_to_a_name_twice():
    html = '<div id="a" hidden aria-labelledby="b"><button>Copy</button><script>x()</script><p>Hi.</p></div>'
    assert added(html) == "<div><p><ins>Hi.</ins></p></div>"
    assert removed(html) == "<div><p><del>Hi.</del></p></div>"
    assert difference(html, html) == "<div><p>Hi.</p></div>"


def test_the_words_of_a_passage_keep_apart():
    before, after = "<p>The credit check needs consent.</p>", "<p>The credit check needs\nwritten consent.</p>"
    assert passages(difference(before, after)) == ["The credit check needs <ins>written </ins>consent."]


def test_a_passage_is_cut_to_the_words_around_the_change():
    before, after = "word " * 40 + "ten " + "tail " * 40, "word " * 40 + "twelve " + "tail " * 40
    (passage,) = passages(difference(f"<p>{before}</p>", f"<p>{after}</p>"))
    assert passage == f"… {'word ' * 12}<del>ten</del><ins>twelve</ins> {'tail ' * 12}…"
