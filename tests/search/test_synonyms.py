"""Words and phrases that mean the same."""

import pytest

from search.synonyms import WEIGHT, expansions, recognised

OFF = ["turned off", "shut off", "disconnected", "cortado"]
TRASH = ["trash", "garbage", "basura"]


def added(text, *groups):
    """Return every word that is put in for what was typed."""
    return {word for words, _ in expansions(text.split(), groups) for word in words}


def test_word_brings_in_the_others_of_its_group_at_less_weight():
    assert list(expansions(["my", "garbage"], [TRASH])) == [(("trash",), WEIGHT), (("basura",), WEIGHT)]
    assert WEIGHT < 1


@pytest.mark.parametrize(
    "text", ["my water is turned off", "turn off my water", "TURNING OFF", "Disconnect", "me lo cortaron"]
)
def test_phrase_is_recognised_in_any_form_of_its_words(text):
    assert {"shut"} <= added(text, OFF) or {"disconnected"} <= added(text, OFF)


@pytest.mark.parametrize("text", ["turned it off", "off turned", "turned", "off", "shut the valve off"])
def test_words_of_a_phrase_apart_from_each_other_are_not_the_phrase(text):
    assert added(text, OFF) == set()


def test_nothing_comes_in_for_other_words():
    assert added("where do I pay", OFF, TRASH) == set()
    assert added("", OFF) == set()


def test_what_was_typed_or_put_in_before_is_not_put_in_again():
    assert added("trash garbage", TRASH) == {"basura"}
    assert added("shut off", OFF) == {"turned", "disconnected", "cortado"}
    words = [word for words, _ in expansions(["trash"], [TRASH, ["trash", "garbage", "waste"]]) for word in words]
    assert sorted(words) == ["basura", "garbage", "waste"]


def test_group_with_punctuation_alone_does_no_harm():
    assert added("trash", ["?!", "trash", "..."]) == set()


def test_recognised_are_the_words_of_the_phrases_that_were_typed_and_no_others():
    found = recognised(["my", "garbage", "was", "shut", "off"], [TRASH, OFF])
    assert {"garbag", "shut", "off"} <= found
    assert not {"trash", "turn", "disconnect"} & found
    assert recognised(["pay"], [TRASH, OFF]) == frozenset()
