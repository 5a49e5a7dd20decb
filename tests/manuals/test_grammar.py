"""Whatever is written into a file comes back the same."""

from hypothesis import given
from hypothesis import strategies as st

from manuals.exchange import grammar

# Text as a textarea holds it: no carriage returns, no control characters.
LINES = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=40)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map("\n".join)
TRICKY = st.sampled_from(
    ["## Heading", ":::", "::: say en", "\\## x", "\\\\:::", "1. one", "- a => b", "|", "\\|", "##"]
)


@given(st.one_of(TEXTS, st.lists(st.one_of(TRICKY, LINES), min_size=1).map("\n".join)))
def test_no_text_is_taken_for_a_heading_or_a_directive(text):
    written = grammar.escape(text)
    for line in written.split("\n"):
        assert not grammar.SECTION.match(line)
        assert not line.startswith(":::")
    assert grammar.unescape(written) == text


@given(st.lists(st.one_of(TEXTS, TRICKY).map(str.strip).filter(bool), min_size=1, max_size=12))
def test_steps_come_back_as_they_were(steps):
    written = grammar.write_list(steps)
    read, stray = grammar.read_list(written.split("\n"))
    assert stray is None
    assert grammar.write_list(read) == written
    assert len(read) == len(steps)


@given(st.lists(st.one_of(LINES, TRICKY), min_size=1, max_size=5))
def test_cells_come_back_as_they_were(cells):
    written = grammar.write_table(cells, [cells]).split("\n")
    assert grammar.read_row(written[0]) == [" ".join(cell.split()) for cell in cells]
    assert grammar.read_row(written[2]) == grammar.read_row(written[0])
    assert grammar.is_rule(grammar.read_row(written[1]))


def test_a_line_that_belongs_to_no_step_is_named():
    assert grammar.read_list(["1. Open", "and then", "2. Close"]) == ([], 1)
    assert grammar.read_list(["Do this:", "1. Open"]) == ([], 0)


def test_an_address_may_stand_behind_a_heading():
    found = grammar.SECTION.match("## Count the drawer {#count}")
    assert (found["heading"], found["anchor"]) == ("Count the drawer", "count")
    assert grammar.SECTION.match("### Deeper") is None
