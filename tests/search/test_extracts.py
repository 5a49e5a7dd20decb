"""The few words that show why a hit was found."""

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from search.extracts import LENGTH, extract

NUMBERED = [f"word{number}" for number in range(200)]


def matching(*words):
    return lambda surface: surface.casefold() in words


def test_matching_words_are_marked_and_all_else_is_escaped():
    assert extract("A <b>bold</b> & old bed", matching("b", "bed")) == (
        "A &lt;<mark>b</mark>&gt;bold&lt;/<mark>b</mark>&gt; &amp; old <mark>bed</mark>"
    )


def test_text_without_words_is_escaped():
    assert extract("<&>", matching()) == "&lt;&amp;&gt;"
    assert extract("", matching("x")) == ""


def test_short_text_is_whole_with_its_punctuation():
    assert extract("¿Cuánto es?  “Nada”.", matching("nada")) == "¿Cuánto es? “<mark>Nada</mark>”."


def test_long_text_is_cut_around_the_match():
    found = extract(" ".join(NUMBERED), matching("word120"))
    words = re.sub("<.*?>", "", found).split()
    assert words[0] == words[-1] == "…"
    assert len(words) == LENGTH + 2
    assert "<mark>word120</mark>" in found


def test_long_text_without_a_match_shows_its_beginning():
    found = extract(" ".join(NUMBERED), matching())
    assert found.startswith("word0 word1 ")
    assert found.endswith(f"word{LENGTH - 1} …")


def test_match_at_the_end_shows_the_end():
    found = extract(" ".join(NUMBERED) + ".", matching("word199"))
    assert found.endswith("<mark>word199</mark>.")
    assert found.startswith("… ")


def test_part_with_the_most_matches_is_shown():
    found = extract(" ".join(NUMBERED), matching("word3", "word150", "word155"))
    assert "word3<" not in found
    assert "<mark>word150</mark>" in found
    assert "<mark>word155</mark>" in found


def test_sample_value_is_shown_without_its_brackets():
    assert extract("It is [[$35.00]].", matching("35.00")) == "It is $<mark>35.00</mark>."


@settings(deadline=None)
@given(text=st.text(), every=st.booleans())
def test_extract_is_safe_html_with_words_of_the_text(text, every):
    found = extract(text, lambda surface: every)
    bare = found.replace("<mark>", "").replace("</mark>", "")
    assert not set(bare) & set("<>\"'")
    assert found.count("<mark>") == found.count("</mark>")
    shown = unescape(bare).removeprefix("… ").removesuffix(" …")
    assert shown in " ".join(text.split()) or "[[" in text
