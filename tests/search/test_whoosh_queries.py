"""Whatever is typed is answered with an ordinary page of results, quickly."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.utils import parse_query_string

from search.backends.whoosh import analysis
from tests.factories import make_answer, make_policy

pytestmark = pytest.mark.django_db

STRANGE = [
    "",
    " ",
    "\x00",
    "wa\x00ter",
    '"',
    '"unbalanced',
    "'single",
    "((((",
    "AND OR NOT",
    "title:water",
    "*",
    "a*",
    "?",
    "[a-z]*",
    "~2",
    "water~",
    "water^100",
    "\\",
    "!!! ??? ...",
    "🚰 no 💧",
    "👩‍👩‍👧‍👦",
    "مياه البلدية",
    "‮retaw",
    "e\u0301lectricite\u0301",
    "\ud800",
    "water \udfff",
    "\x1e\x1f",
    "１２３",
    "x" * 10_000,
    "water " * 2_000,
    " ".join(f"word{number}" for number in range(2_000)),
]


@pytest.fixture
def library(backend, in_index):
    with in_index():
        make_answer("Why is there no water?")
        make_policy("Customer deposits")


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_text_is_searched_for_like_any_other(library, text, caplog):
    for query in (text, PlainText(text, operator="and"), Phrase(text), Fuzzy(text), ~PlainText(text)):
        results = Page.objects.search(query)
        assert results.count() == len(results)
        autocompleted = Page.objects.autocomplete(query)
        assert autocompleted.count() == len(autocompleted)
    # Nothing went wrong behind the scenes either.
    assert not caplog.records


_TEXT = st.text(max_size=60) | st.text(alphabet="water no\"'*?~:()[]^\\\x00🚰ابע-+&|", max_size=60)
_LEAVES = st.one_of(
    st.builds(PlainText, _TEXT, operator=st.sampled_from(["and", "or"])),
    st.builds(Phrase, _TEXT),
    st.builds(Fuzzy, _TEXT),
)
_QUERIES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, max_size=3)),
        st.builds(Or, st.lists(inner, max_size=3)),
        st.builds(Not, inner),
        st.builds(Boost, inner, st.floats(-1, 100)),
    ),
    max_leaves=5,
)
_UNHURRIED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_UNHURRIED
@given(text=_TEXT)
def test_any_text_can_be_searched_for_and_parsed(library, caplog, text):
    for operator in ("and", "or"):
        list(Page.objects.search(text, operator=operator)[:5])
    list(Page.objects.autocomplete(text)[:5])
    _, query = parse_query_string(text)
    list(Page.objects.search(query)[:5])
    assert not caplog.records


@_UNHURRIED
@given(query=_QUERIES)
def test_any_combination_finds_what_its_parts_say(library, caplog, query):
    everything = set(Page.objects.search(~PlainText("")))
    found = set(Page.objects.search(query))
    assert Page.objects.search(query).count() == len(found)
    assert set(Page.objects.search(~query)) == everything - found
    assert not caplog.records


def test_ten_thousand_characters_cost_no_more_than_a_long_question():
    words = analysis.query_words(" ".join(f"word{number}" for number in range(5_000)))
    assert len(words) == analysis.MAX_QUERY_WORDS


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Disconnecting the meters", ["disconnect", "the", "meter"]),
        ("no water", ["no", "water"]),
        ("Section 58-41, $1.50", ["section", "58", "41", "1.50"]),
        ("the resident’s", ["the", "resid"]),
        ("facturación FACTURACION", ["facturacion", "facturacion"]),
        ("x" * 65, []),
        ("", []),
    ],
)
def test_english_is_stemmed_without_losing_words(text, terms):
    assert analysis.terms(analysis.text_analyzer("en"), text) == terms


def test_spanish_meets_itself_with_and_without_accents():
    analyzer = analysis.text_analyzer("es")
    assert analysis.terms(analyzer, "facturación") == analysis.terms(analyzer, "facturacion")
    assert analysis.terms(analyzer, "depósitos") == analysis.terms(analyzer, "deposito")


def test_parts_of_a_field_lie_apart():
    tokens = analysis.text_analyzer(None)(analysis.join_parts(["one two", "three"]), positions=True)
    assert [(token.text, token.pos) for token in tokens] == [("one", 0), ("two", 1), ("three", 2 + analysis.PART_GAP)]
