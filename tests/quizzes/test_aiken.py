"""Aiken is read as its documentation describes it: https://docs.moodle.org/en/Aiken_format."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats import aiken, texts
from quizzes.formats.naming import name_from
from tests.quizzes.record_strategies import lines

DOCUMENTED = """What is the correct answer to this question?
A. Is it this one?
B. Maybe this answer?
C. Possibly this one?
D. Must be this one!
ANSWER: D

Which system reads the most formats?
A) Moodle
B) ATutor
C) <Claroline> & others
ANSWER: A
"""


@pytest.mark.parametrize("text", [DOCUMENTED, DOCUMENTED.replace("\n", "\r\n"), DOCUMENTED.replace("\n\n", "\n")])
def test_both_ways_of_lettering(text):
    found, errors = aiken.read(text)
    assert errors == []
    first, second = found
    assert (first.stem, first.line) == ("<p>What is the correct answer to this question?</p>", 1)
    assert [part["text"] for part in first.item["options"] if part["right"]] == ["Must be this one!"]
    assert [part["text"] for part in second.item["options"]] == ["Moodle", "ATutor", "<Claroline> & others"]
    assert second.item["options"][0]["right"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Q\nA) Only\nANSWER: A", "Line 3, question “Q”: It has fewer than two options"),
        ("A) Not started\nB) x\nANSWER: A", "Line 1: There is no question above this option"),
        ("ANSWER: A", "Line 1: There is no question above this ANSWER"),
        ("Q\nA) x\nB) y\n\nR\nA) x\nB) y\nANSWER: A", "Line 1, question “Q”: It has no ANSWER"),
        ("Q\nA) x\nB) y", "Line 1, question “Q”: It has no ANSWER"),
        ("Q\nA) x\nB) y\nANSWER: C", "There is no option C"),
        ("Q\nA) x\nB) y\nANSWER: both", "Behind “ANSWER:” stands one letter"),
        ("Q\nA) x\nB) y\nAnswer: A\nANSWER: A", "Line 4, question “Q”: This line is no option"),
        ("Q\nA) x\nC) y\nANSWER: A", "The option after 1 others is B, and not C"),
        ("Q\nmore of it\nA) x\nB) y\nANSWER: A", "Line 2, question “Q”: The question goes on here"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_question(text, message):
    found = [str(error) for error in aiken.read(text)[1]]
    assert len(found) == 1
    assert message in found[0]


def test_an_abbreviation_is_no_option():
    found, errors = aiken.read("A.M. is when?\nA)Morning\nB)Evening\nANSWER: A")
    assert errors == []
    assert found[0].name == "A.M. is when?"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines(), st.lists(lines(), min_size=2, max_size=6), st.data())
def test_what_aiken_can_hold_is_read_back_as_it_was(asked, names, data):
    stem = texts.stem(asked, texts.PLAIN)
    right = data.draw(st.integers(0, len(names) - 1))
    options = [(name, "100" if place == right else "0", "") for place, name in enumerate(names)]
    record = replace(_EMPTY, stem=stem, name=name_from("", stem), item=aiken.items.single_choice(options))
    text, notes = aiken.write([record])
    found, errors = aiken.read(text)
    assert errors == []
    if text:
        assert (notes, [replace(one, line=0) for one in found]) == ([], [record])
    else:
        assert "would be taken for an option" in notes[0]


_EMPTY = aiken.QuestionRecord(name="", type="single_choice", stem="", item={})


def test_what_aiken_cannot_hold_is_said():
    option = {"text": "x", "image": None, "right": True, "weight": None, "feedback": "Yes."}
    item = {"options": [option, {**option, "text": "y", "right": False, "weight": "50", "feedback": ""}]}
    text, notes = aiken.write(
        [
            replace(_EMPTY, name="one", stem="<p>A <b>b</b></p>", item=item),
            replace(_EMPTY, name="two", type="numeric", stem="<p>c</p>"),
        ]
    )
    assert text == "A b\nA. x\nB. y\nANSWER: A\n"
    assert notes == [
        "“one”: left out, because Aiken has none: formatting and pictures, feedback, part credit.",
        "“two”: it is left out, because Aiken has no number.",
    ]
