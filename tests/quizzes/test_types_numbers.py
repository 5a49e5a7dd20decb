"""How numbers are read that people type."""

from decimal import Decimal

import pytest

from quizzes import types
from quizzes.types.numbers import exact, typed, written

NUMERIC = types.of("numeric")


def accepted(**numbers):
    return {
        "id": "a",
        "value": None,
        "tolerance": None,
        "low": None,
        "high": None,
        "weight": None,
        "feedback": "",
    } | numbers


def item(*answers, unit=""):
    return {"answers": list(answers), "unit": unit}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250.5", "1250.5"),
        ("1,250.50", "1250.50"),
        ("$1,250.50", "1250.50"),
        ("$ 1250.50", "1250.50"),
        ("1,250,000", "1250000"),
        ("1250,50", "1250.50"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1,250", "1250"),
        ("1.250,50", "1250.50"),
        ("1 250.50", "1250.50"),
        ("1 250,5", "1250.5"),
        ("1\u00a0250", "1250"),
        ("  42  ", "42"),
        ("42.", "42"),
        (".5", "0.5"),
        ("−5", "-5"),
        ("– 5", "-5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("+5", "5"),
        ("50%", "50"),
        ("50 %", "50"),
        ("40 dollars", "40"),
        ("1e3", "1000"),
        ("007", "7"),
        ("４２", "42"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert typed(text) == Decimal(number)


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("gallons", "350 gal"),
        ("gallons", "350 gal."),
        ("gallons", "350Gallons"),
        ("gallons", "350 gallon"),
        ("gal", "350 gallons"),
        ("galones", "350 galón"),
        ("gallons per day", "350 gal/day"),
        ("kWh", "350 KWH"),
        ("$", "350"),
        ("$", "$350"),
        ("$", "350 dollars"),
        ("dólares", "$350"),
        ("$ per month", "$350"),
        ("$ per month", "$350 a month"),
        ("%", "350 percent"),
        ("business days", "350 business day"),
        ("inches", "350 in"),
        ("cubic feet", "350 cu ft"),
        ("widgets", "350 widget"),
        ("días", "350 dias"),
        ("m²", "350 m2"),
        ("kilowatt-hours", "350 kilowatt hours"),
    ],
)
def test_the_unit_may_be_said_in_its_usual_spellings(unit, text):
    assert typed(text, unit) == 350


@pytest.mark.parametrize(
    ("unit", "text"),
    [("gallons", "350 days"), ("gallons", "$350"), ("%", "$350"), ("days", "50%"), ("", "350 gal"), ("$", "350 gal")],
)
def test_a_number_of_something_else_is_none_of_them(unit, text):
    assert typed(text, unit) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "NaN", "nan", "Infinity", "-inf", "1e999999", "1e-999999", "1,25,0", "1,2500", "1.2.3", "--5", "5-", "1/2",
     "$", "five", "5 5", "1_000", "0x10", "²", "10²", "٣", "5e", None, 5, 5.5, True, [], {}, "9" * 101, "5" + " " * 100, "1" + "0" * 98 + "e9"],
)  # fmt: skip
def test_nonsense_is_no_number(text):
    assert typed(text) is None


@pytest.mark.parametrize(
    "text", ["9" * 100, " " * 99 + "x", "1 " * 50 + "x", ", " * 50 + "5e", "-" * 100, "1e99", "1" * 39 + "e99"]
)
def test_no_text_is_endless_to_read(text):
    assert NUMERIC.mark(item(accepted(value="1")), text).credit == 0


@pytest.mark.parametrize(
    ("kept", "text"),
    [("1250.50", "1250.5"), ("100", "100"), ("-0.0", "0"), ("1E+2", "100"), (".5", "0.5"), ("33.33333", "33.33333")],
)
def test_a_number_is_written_in_one_way(kept, text):
    assert written(exact(kept)) == text


@pytest.mark.parametrize("kept", ["1e999999", "NaN", "sNaN", "", "1,5", "Infinity", True, None, [], 1.5])
def test_what_an_item_cannot_keep_is_no_number(kept):
    assert exact(kept) is None


@pytest.mark.parametrize(
    ("answer", "credit"), [("1822", 1), ("1824", 1), ("1820", 1), ("1824.0000000001", 0), ("1819.9", 0)]
)
def test_a_tolerance_goes_both_ways_to_its_very_end(answer, credit):
    assert NUMERIC.mark(item(accepted(value="1822", tolerance="2")), answer).credit == credit


def test_binary_fractions_play_no_part():
    assert NUMERIC.mark(item(accepted(value="0.3", tolerance="0.1")), "0.2").credit == 1
    assert NUMERIC.mark(item(accepted(value="0.1")), "0.1000000000000000055").credit == 0


@pytest.mark.parametrize(("answer", "credit"), [("1", 1), ("5", 1), ("0.99", 0), ("5.01", 0)])
def test_the_ends_of_a_range_are_in_it(answer, credit):
    assert NUMERIC.mark(item(accepted(low="1", high="5")), answer).credit == credit


def test_the_first_answer_that_fits_counts_with_its_feedback():
    near = item(accepted(value="1822"), accepted(value="1822", tolerance="5", weight="50", feedback="Nearly."))

    assert NUMERIC.mark(near, "1822").credit == 1
    assert NUMERIC.mark(near, "1825").credit == 0.5
    assert NUMERIC.mark(near, "1825").feedback == ("Nearly.",)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([], "at least one number"),
        ([accepted()], "a number, or both ends of a range"),
        ([accepted(low="1")], "both ends of a range"),
        ([accepted(value="1", low="1", high="2")], "not both"),
        ([accepted(low="2", high="1")], "upside down"),
        ([accepted(value="1", tolerance="-1")], "below zero"),
        ([accepted(low="1", high="2", tolerance="1")], "tolerance belongs to a number"),
        ([accepted(value="1e999999")], "not a number that can be used"),
        ([accepted(value="1", weight="50")], "No answer earns everything"),
        ([accepted(value="1", weight="101")], "from 0 to 100"),
        ([accepted(value="5", tolerance="2", weight="50"), accepted(value="5")], "Put “5” first"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(answers, sentence):
    [problem] = NUMERIC.problems(item(*answers))
    assert sentence in problem.sentence
    assert problem.field == "answers"


def test_what_is_right_is_said_with_its_unit():
    answers = accepted(value="350.0"), accepted(value="10", tolerance="0.50"), accepted(low="1", high="5")
    assert NUMERIC.right_in_words(item(*answers, unit="gallons")) == "350 gallons / 10 ± 0.5 gallons / 1 to 5 gallons"


def test_the_same_number_typed_differently_is_counted_as_one():
    gallons = item(accepted(value="1250"), unit="gallons")
    assert NUMERIC.choices(gallons, "1,250 gal") == NUMERIC.choices(gallons, "1250.0") == ["1250 gallons"]
    assert NUMERIC.choices(gallons, "a lot") == ["a lot"]


def test_the_canonical_form_drops_what_an_empty_field_says():
    one = item(accepted(value="1250.50", tolerance="0.0", weight="100.00"), unit=" gal ")
    assert NUMERIC.canonical(one) == item(accepted(value="1250.5"), unit="gal")
