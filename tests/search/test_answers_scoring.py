"""Scoring within a budget: words that cost too much still rank what the others found."""

import pytest

from search import scoring
from tests.factories import make_answer
from tests.search.conftest import BARE

pytestmark = pytest.mark.django_db

QUESTIONS = [
    "where do I take the old mattress",
    "how long does the water stay off",
    "the the the bill",
]


@pytest.fixture
def library(backend, in_index):
    """Seventeen answers in which the common words are everywhere and the rare ones in a few."""
    with in_index():
        for number in range(5):
            make_answer(
                f"How do I pay the bill number {number}?", **{**BARE, "script_en": "Pay the bill for the water."}
            )
            make_answer(
                f"Where is the water of house {number}?", **{**BARE, "script_en": "The water is off for the day."}
            )
            make_answer(f"Can I take the old cart {number}?", **{**BARE, "script_en": "Take it to the landfill."})
        make_answer("Where do I take the old mattress?", **BARE)
        make_answer("How long does the water stay off?", **BARE)


@pytest.mark.parametrize("question", QUESTIONS)
def test_small_budget_gives_the_same_first_hit(library, ask, monkeypatch, question):
    whole = ask(question).hits[0]
    monkeypatch.setattr(scoring, "MAX_COUNTS", 1)
    assert ask(question).hits[0].page == whole.page


def test_words_beyond_the_budget_rank_what_was_found(library, ask, monkeypatch):
    whole = ask("old mattress take where").hits
    monkeypatch.setattr(scoring, "MAX_COUNTS", 1)
    cut = ask("old mattress take where").hits
    assert [hit.heading for hit in cut] == ["Where do I take the old mattress?"]
    assert cut[0].score == pytest.approx(whole[0].score)


def test_rarest_word_is_read_whatever_it_costs(library, ask, monkeypatch):
    monkeypatch.setattr(scoring, "MAX_COUNTS", 0)
    assert len(ask("water").hits) == 11


@pytest.mark.parametrize("budget", [60_000, 1])
def test_of_equals_the_one_written_first_comes_first(backend, in_index, ask, monkeypatch, budget):
    monkeypatch.setattr(scoring, "MAX_COUNTS", budget)
    with in_index():
        pages = [make_answer("Where is the cart?", slug=f"cart-{number}", **BARE) for number in range(5)]
    assert [hit.page for hit in ask("where is the cart").hits] == pages


def test_few_candidates_are_enough_for_the_best(library, ask, monkeypatch):
    first = ask("how long does the water stay off").hits[0]
    monkeypatch.setattr(scoring, "CANDIDATES", 5)
    monkeypatch.setattr(scoring, "DEPTH", 5)
    assert ask("how long does the water stay off", limit=1).hits[0].page == first.page


def test_a_wording_that_says_what_the_caller_says_beats_the_same_words_strewn_over_a_page(
    backend, in_index, ask, monkeypatch
):
    with in_index():
        strewn = make_answer(
            title="Roofs",
            wordings=("pelican bucket", "bucket roof", "who takes it"),
            short_answer="who takes off",
            script_en="who takes off",
        )
        known = make_answer(title="Animals", wordings=("who takes the pelican off my roof",), script_en="We do.")
    assert [hit.page for hit in ask("who takes a pelican off the roof").hits] == [known, strewn]
    monkeypatch.setattr("search.closeness.GAIN", 0.0)
    assert [hit.page for hit in ask("who takes a pelican off the roof").hits] == [strewn, known]


def test_word_that_nearly_all_documents_have_finds_them_all_the_same(backend, in_index, ask):
    with in_index():
        pages = [make_answer(f"Where is cart {number}?", **{**BARE, "slug": f"cart-{number}"}) for number in range(9)]
    assert [hit.page for hit in ask("where").hits] == pages
