"""How close a question is to those an answer is known to settle."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.closeness import GAIN, TRIGRAMS, Asked

TEXT = st.text(st.sampled_from("abcdeé ¿?.'0123"), max_size=40)


def alike(word):
    return 1.0


def closeness(asked, questions, rarity):
    return Asked(asked, rarity).closeness(questions)


def test_same_question_is_as_close_as_can_be():
    assert closeness("Where do I pay?", ["where do i pay"], alike) == pytest.approx(1)


def test_other_question_is_not_close_at_all():
    assert closeness("mattress", ["frog"], alike) == 0


def test_closest_of_the_questions_counts():
    assert closeness("where do I pay", ["frog", "where do I pay", "pay"], alike) == pytest.approx(1)
    assert closeness("where do I pay", [], alike) == 0


def test_closeness_is_dice_over_stems_and_over_trigrams():
    # Stems: {old, bed} and {old, cart} share one of two each. Trigrams: 3 of 6 and 7.
    expected = (1 - TRIGRAMS) * 2 * 1 / 4 + TRIGRAMS * 2 * 3 / (6 + 7)
    assert closeness("old bed", ["old cart"], alike) == pytest.approx(expected)


def test_rare_words_count_more():
    def rarity(word):
        return 10.0 if word == "sofa" else 1.0

    questions = ["old sofa"]
    assert closeness("new sofa", questions, rarity) > closeness("old sink", questions, rarity)


def test_words_that_are_everywhere_count_less():
    assert closeness("the bill", ["a bill"], alike) > closeness("paid bill", ["late bill"], alike)


def test_other_ending_and_typing_error_stay_close():
    assert closeness("mattresses", ["mattress"], alike) > 0.8
    assert closeness("matress", ["mattress"], alike) > 0.2


def test_accents_and_case_make_no_difference():
    assert closeness("¿Cuánto es el depósito?", ["cuánto es el DEPOSITO"], alike) == pytest.approx(1)


@settings(deadline=None)
@given(asked=TEXT, question=TEXT)
def test_closeness_is_from_0_to_1_and_the_same_from_either_side(asked, question):
    there, back = closeness(asked, [question], alike), closeness(question, [asked], alike)
    assert 0 <= there <= 1 + 1e-9
    assert there == pytest.approx(back)


def test_gain_is_a_factor_that_is_1_without_questions():
    asked = Asked("pay", alike)
    assert asked.gain([]) == 1
    assert asked.gain(["frog"]) == 1
    assert asked.gain(["pay"]) == pytest.approx(1 + GAIN)


def test_the_closest_of_many_questions_counts_wherever_it_stands():
    others = [f"when is street {number} swept" for number in range(20)]
    asked = Asked("who takes the pelican off my roof", alike)
    known = "Who takes a pelican off the roof?"
    alone = asked.closeness([known])
    assert alone > 0.8
    assert asked.closeness([*others, known]) == asked.closeness([known, *others]) == alone
