"""From what was typed to the words to look for."""

import pytest

from search.fields import fields
from search.question import MAX_CHARACTERS, MAX_WORDS, parse, weight_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def take_apart(backend, write):
    """A function that parses against a library of two answers."""
    write("Where do I take a mattress?", script_en="Mattresses go to the landfill.")
    write("Is the mat mine?", wordings=("matrix of mats",))

    def parse_text(text, groups=(), **options):
        with backend.readers.reading() as snapshot:
            return parse(text, snapshot, fields(backend.folder.catalogue), groups, **options)

    return parse_text


def test_each_word_is_looked_for_once_in_any_case(take_apart):
    assert len(take_apart("mattress MATTRESS Mattress landfill").words) == 2


def test_word_is_looked_for_by_its_stem_in_every_language(take_apart):
    assert {"landfil", "landfill"} & take_apart("landfills").terms
    assert "colchon" in take_apart("colchones").terms


def test_words_that_are_everywhere_count_less_and_words_that_turn_the_question_round_count_in_full():
    assert weight_of("the") == weight_of("The") == weight_of("para") < 1
    assert {weight_of(word) for word in ("no", "not", "off", "on", "without", "water", "sin")} == {1.0}


def test_correction_names_what_is_looked_for_instead(take_apart):
    question = take_apart("matress landfill")
    assert set(question.corrections) == {"matress"}
    assert question.corrections["matress"][0] in take_apart("mattress").terms
    assert take_apart("matress").terms == take_apart("mattress").terms


def test_last_word_is_open_only_while_it_is_typed(take_apart):
    assert take_apart("mat", partial=True).terms > take_apart("mat").terms
    assert take_apart("mat ", partial=True).terms == take_apart("mat").terms
    assert take_apart("mat take", partial=True).terms == take_apart("mat take").terms


def test_synonyms_are_added_with_less_weight(take_apart):
    question = take_apart("bed", groups=[["bed", "mattress"]])
    own, added = question.words
    assert max(added.terms["wagtailcore_page__title"].values()) < max(own.terms["wagtailcore_page__title"].values())


def test_words_of_a_recognised_synonym_are_no_typing_errors(take_apart):
    assert take_apart("matrice").corrections != {}
    assert take_apart("matrice", groups=[["matrices", "bed"]]).corrections == {}
    assert take_apart("matrice", groups=[["bed", "sofa"]]).corrections != {}


def test_words_beyond_a_breath_are_left_out(take_apart):
    text = " ".join(f"word{number}" for number in range(500))
    assert len(take_apart(text).words) == MAX_WORDS
    assert len(take_apart("mat" + " " * MAX_CHARACTERS + "landfill").words) == 1


@pytest.mark.parametrize("text", ["", "?!", "\ud800", " \n"])
def test_text_without_words_is_nothing_to_look_for(take_apart, text):
    question = take_apart(text, partial=True)
    assert (question.words, question.corrections, question.terms) == ([], {}, set())
