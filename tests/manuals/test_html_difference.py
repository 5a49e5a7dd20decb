"""Two versions of a piece of HTML as one: nothing is lost, nothing is made up, and it stays well-formed."""

from html import escape
from html.parser import HTMLParser

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


# ---- What it is made of: an old and a new version that differ in one or two places

TYPED = [*WORDS, "<!--", "</p>", "&lt;", "[[", "—", "año", "水", "it's"]
BLANK = "cell"  # a cell of either kind: which one heads a row is a matter of the new version
IN_LINE = {"a", "em", "strong", "sup"}
OTHER = {"ins": ("del", "is-added", "is-removed"), "del": ("ins", "is-removed", "is-added")}

phrases = st.lists(st.sampled_from(TYPED), min_size=1, max_size=5)
runs = st.tuples(st.sampled_from(["", "strong", "em", "sup", "a1", "a2"]), phrases)
run_lines = st.lists(runs, min_size=1, max_size=3)
nested = st.lists(st.tuples(run_lines, st.just(())), max_size=3)
outlines = st.lists(st.tuples(run_lines, nested), min_size=1, max_size=4)


class Strict(HTMLParser):
    """Reads HTML as [tag, attributes, children], and mends nothing."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [["", {}, []]]
        self.feed(html)
        self.close()
        assert len(self.open) == 1, "not all is closed"

    def handle_starttag(self, tag, attrs):
        self.open[-1][2].append([tag, dict(attrs), []])
        if tag != "br":
            self.open.append(self.open[-1][2][-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.open[-1][2].append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def made_of(html: str, *, without: str = "") -> list:
    """Return what a version is made of: `without` one mark and what it is on, and with the other taken off."""
    nodes = spaced(version(Strict(html).open[0][2], without))
    own_columns(nodes)
    return nodes


def version(nodes: list, without: str) -> list:
    mark, gone, kept = OTHER.get(without, ("", "", ""))
    found: list = []

    def add(node) -> None:
        last = found[-1] if found else None
        if isinstance(node, str):
            found[-1:] = [last + node] if isinstance(last, str) else [last, node] if found else [node]
        elif node[0] in IN_LINE and isinstance(last, list) and last[:2] == node[:2]:
            last[2] = version(last[2] + node[2], "")  # two links to one place, with nothing between them, are one
        else:
            found.append(node)

    for node in nodes:
        if isinstance(node, str):
            add(node)
            continue
        tag, attributes, children = node
        classes = (attributes.get("class") or "").split()
        if without and (tag == without or gone in classes):
            children, attributes = [], {}
            if tag not in ("td", "th"):
                continue
        inner = version(children, without)
        if tag in ("td", "th"):
            add([BLANK, {}, inner])
        elif mark and tag == mark:
            for child in inner:
                add(child)
        elif inner or tag not in IN_LINE:
            names = " ".join(name for name in classes if name != kept)
            add(
                [
                    tag,
                    {**{k: v for k, v in attributes.items() if k != "class"}, **({"class": names} if names else {})},
                    inner,
                ]
            )
    return found


def spaced(nodes: list) -> list:
    """Return nodes with one space wherever there are any, and none beside what stands on its own."""
    found = []
    for place, node in enumerate(nodes):
        if isinstance(node, list):
            found.append([node[0], node[1], node[2] if node[0] in IN_LINE else spaced(node[2])])
            continue
        before, after = nodes[place - 1] if place else None, nodes[place + 1] if place + 1 < len(nodes) else None
        text = " ".join(f"|{node}|".split())[1:-1]
        text = text if isinstance(before, list) and before[0] in IN_LINE else text.lstrip()
        text = text if isinstance(after, list) and after[0] in IN_LINE else text.rstrip()
        found += [text] if text else []
    return found


def own_columns(nodes: list) -> None:
    """Take out the columns that a version does not have; every word of a row must be in one that it has."""
    for node in nodes:
        if isinstance(node, list) and node[0] == "table":
            rows = [row for part in node[2] for row in part[2]]
            for row in rows:
                assert [bool(cell[2]) for cell in row[2]] == [bool(cell[2]) for cell in rows[0][2]]
            for row in rows:
                row[2] = [cell for cell in row[2] if cell[2]]
        elif isinstance(node, list):
            own_columns(node[2])


def edited(draw, sequence, new, change) -> list:
    """Return a sequence in which something was added, removed, moved or changed; one thing at least is left."""
    items = list(sequence)
    place = draw(st.integers(0, len(items) - 1))
    act = draw(st.sampled_from(["add", "remove", "move", "change", "change"]))
    if act == "add":
        items.insert(place, draw(new))
    elif act == "remove" and len(items) > 1:
        del items[place]
    elif act == "move":
        items.insert(draw(st.integers(0, len(items) - 1)), items.pop(place))
    else:
        items[place] = change(draw, items[place])
    return items


def other_words(draw, phrase) -> list:
    return edited(draw, phrase, st.sampled_from(TYPED), lambda draw, _: draw(st.sampled_from(TYPED)))


def other_run(draw, run) -> tuple:
    if draw(st.booleans()):
        return draw(runs)[0], run[1]
    return run[0], other_words(draw, run[1])


def other_line(draw, line) -> list:
    return edited(draw, line, runs, other_run)


def other_item(draw, item) -> tuple:
    line, inner = item
    if inner and draw(st.booleans()):
        return line, edited(draw, inner, st.tuples(run_lines, st.just(())), other_item)
    return other_line(draw, line), inner


def line_html(line) -> str:
    html = []
    for tag, words in line:
        text = escape(" ".join(words))
        link = f'<a href="/?a={tag[-1:]}&amp;b=2" title="&quot;{tag[-1:]}&quot; &amp;lt;">{text}</a>'
        html.append(link if tag.startswith("a") else f"<{tag}>{text}</{tag}>" if tag else text)
    return " ".join(html)


def list_html(items, tag="ol") -> str:
    rows = (f"<li>{line_html(line)}{list_html(inner, 'ul') if inner else ''}</li>" for line, inner in items)
    return f"<{tag}>{''.join(rows)}</{tag}>"


def table_html(rows) -> str:
    head = "".join(f'<th scope="col">{escape(" ".join(cell))}</th>' for cell in rows[0])
    body = ""
    for first, *others in rows[1:]:
        cells = "".join(f"<td>{escape(' '.join(cell))}</td>" for cell in others)
        body += f'<tr><th scope="row">{escape(" ".join(first))}</th>{cells}</tr>\n'
    return f"<table>\n<thead><tr>{head}</tr></thead> <tbody>{body}</tbody></table>"


@st.composite
def line_pairs(draw) -> tuple[str, str]:
    before = draw(st.lists(run_lines, min_size=1, max_size=3))
    after = edited(draw, before, run_lines, other_line)
    return tuple("".join(f"<p>{line_html(line)}</p>\n" for line in lines) for lines in (before, after))


@st.composite
def list_pairs(draw) -> tuple[str, str]:
    before = draw(outlines)
    after = edited(draw, before, st.tuples(run_lines, nested), other_item)
    return list_html(before), list_html(after)


@st.composite
def table_pairs(draw) -> tuple[str, str]:
    """Return a table before and after a column and a row of it were added, removed, moved or changed."""
    width, height = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    before = draw(st.lists(st.lists(phrases, min_size=width, max_size=width), min_size=height, max_size=height))

    def other_cells(draw, cells) -> list:
        place = draw(st.integers(0, len(cells) - 1))
        return [other_words(draw, cell) if n == place else cell for n, cell in enumerate(cells)]

    columns = edited(
        draw, list(zip(*before, strict=True)), st.lists(phrases, min_size=height, max_size=height), other_cells
    )
    head, *rows = (list(row) for row in zip(*columns, strict=True))
    rows = edited(draw, rows, st.lists(phrases, min_size=len(head), max_size=len(head)), other_cells)
    return table_html(before), table_html([head, *rows])


def assert_both_versions_are_in(both: str, before: str, after: str) -> None:
    assert made_of(both, without="ins") == made_of(before)
    assert made_of(both, without="del") == made_of(after)


@EXAMPLES
@given(line_pairs())
def test_paragraphs_keep_their_emphasis_and_links_in_both_versions(pair):
    assert_both_versions_are_in(difference(*pair), *pair)


@EXAMPLES
@given(list_pairs())
def test_lists_within_lists_keep_their_items_in_both_versions(pair):
    assert_both_versions_are_in(difference(*pair), *pair)


@EXAMPLES
@given(table_pairs())
def test_tables_keep_their_rows_and_columns_in_both_versions(pair):
    assert_both_versions_are_in(difference(*pair), *pair)


@EXAMPLES
@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_stays_text(before, after):
    both = difference(f"<p>{escape(before)}</p>", f"<p>{escape(after)}</p>")
    for html, tags in ((both, {"p", "ins", "del"}), ("".join(passages(both)), {"ins", "del"})):
        found, waiting = set(), [Strict(html).open[0]]
        while waiting:
            node = waiting.pop()
            found.add(node[0])
            waiting += [child for child in node[2] if isinstance(child, list)]
        assert found <= {"", *tags}
    assert "".join(reads(both, without="ins").split()) == "".join(before.split())
    assert "".join(reads(both, without="del").split()) == "".join(after.split())


def test_a_row_that_moved_is_gone_from_one_place_and_new_in_another():
    both = difference(table("Fee|Amount", "Late|$5", "Check|$30", "Visit|$9"),
                      table("Fee|Amount", "Check|$30", "Visit|$9", "Late|$5"))  # fmt: skip
    assert both.count('<tr class="is-removed"><td><del>Late</del></td><td><del>$5</del></td></tr>') == 1
    assert both.count('<tr class="is-added"><td><ins>Late</ins></td><td><ins>$5</ins></td></tr>') == 1
    assert "<tr><td>Check</td><td>$30</td></tr><tr><td>Visit</td><td>$9</td></tr>" in both


def test_a_column_that_went_is_marked_in_rows_that_are_the_same_but_for_it():
    both = difference(table("Fee|Since|Amount", "Late|2026|$5", "Check|2026|$30"),
                      table("Fee|Amount", "Late|$5", "Check|$30"))  # fmt: skip
    assert both.count('<td class="is-removed"><del>2026</del></td>') == 2
    assert '<td class="is-removed"><del>Since</del></td>' in both
    assert "<ins" not in both
