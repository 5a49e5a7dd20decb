"""Whatever is typed, the answer search finds something or nothing, and raises nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import answers
from search.models import SynonymGroup

pytestmark = pytest.mark.django_db

WORDS = ["pay", "deposit", "depósito", "water", "no", "the", "CS-101", "35.00", "matress", "trash", "basura"]
ODD = [
    "\x00",
    "\u202e",
    "\u200f",
    "\u200b",
    "\ud800",
    '"',
    "'",
    "’",
    "*",
    "?",
    "~",
    "(",
    ")",
    "[",
    ":",
    "\\",
    "\n",
    "🚰",
    "\x1e",
]
TEXT = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(categories=["Cs", "Cf", "Cc", "Mn"]), max_size=20),
    st.text(st.characters(categories=["P", "S", "Z"]), max_size=40),
    st.lists(st.sampled_from(WORDS + ODD), max_size=12).map(" ".join),
    st.lists(st.sampled_from(WORDS + ODD), max_size=12).map("".join),
)


@pytest.fixture
def library(write):
    SynonymGroup.objects.create(terms="trash\nbasura\ngarbage can")
    write("Do I have to pay a deposit?", question_es="¿Tengo que pagar un depósito?")
    write("Why is there no water?", short_answer="It costs [[$35.00]].")
    write("Where do I take a mattress?", wordings=("is it trash",))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, partial=st.booleans())
def test_any_text_finds_something_or_nothing(library, agent, text, partial):
    results = answers.find(text, agent, partial=partial)
    assert results.is_available
    assert len(results.hits) <= answers.LIMIT
    assert all(hit.extract.count("<mark>") == hit.extract.count("</mark>") for hit in results.hits)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "x " * 5_000,
        "deposit " * 1_250,
        "".join(map(chr, range(32, 10_032))),
        "🚰" * 10_000,
        "é" * 10_000,
        "1" * 10_000,
        "*" * 10_000,
        "'" * 10_000,
        "a'" * 5_000,
        "1." * 5_000,
        "هل يوجد ماء " * 800,
        "\x00" * 10_000,
    ],
    ids=lambda text: repr(text[:3]),
)
@pytest.mark.parametrize("partial", [False, True])
def test_ten_thousand_characters_are_a_question_like_any_other(library, ask, text, partial):
    assert ask(text, partial=partial).is_available


def test_question_that_is_buried_in_rubbish_is_still_answered(library, ask):
    assert ask('\x00"((*water\u202e*))~\ud800').hits[0].heading == "Why is there no water?"


@pytest.mark.parametrize("text", ["?!", "...", '""', "---", "¿?", "«»", "()", "***", "\\"])
def test_punctuation_alone_finds_nothing(library, ask, text):
    assert ask(text).hits == []


@pytest.mark.parametrize("text", ["*", "?", "wat*", "w?ter", "[water]*", "water~", "title:water", "NOT water"])
def test_wildcards_and_operators_are_no_more_than_punctuation(library, ask, text):
    assert {hit.heading for hit in ask(text).hits} <= {"Why is there no water?"}
