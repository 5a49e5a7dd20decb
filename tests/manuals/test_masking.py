"""What could tell who called is masked before it is stored; what was asked about stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manuals.masking import MASK, masked

M = MASK


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("bill for mary.smith+1@example.com please", f"bill for {M} please"),
        ("is https://city.example/pay?id=9 yours", f"is {M} yours"),
        ("is www.city.example/pay yours", f"is {M} yours"),
        ("no name here", "no name here"),
        ("  two   blanks ", "two blanks"),
        ("", ""),
    ],
)
def test_addresses_of_the_internet_are_masked(text, stored):
    assert masked(text) == stored


@pytest.mark.parametrize(
    "number",
    [
        "12345",
        "0012345678",
        "12 345",
        "123-45-6789",
        "1234 5678 9012 3456",
        "1 2 3 4 5",
        "12.34.56",
        "12/345/6",
        "12#345",
        "1234_5678",
        "555-123-4567",
        "555–123–4567",
        "555‑123‑4567",
        "555.123.4567",
        "1234\u00a05678",
        "1234\u200b5678",
        "12  -  345",
        "٠١٢٣٤٥",
    ],
)
def test_account_and_telephone_numbers_are_masked_in_every_spacing(number):
    assert masked(f"account {number} is off") == f"account {M} is off"


@pytest.mark.parametrize("number", ["(555) 123-4567", "+1 (555) 123-4567", "#12345", "acct:12345", "$12345"])
def test_no_digit_is_left_of_a_number_with_signs_around_it(number):
    assert not re.search(r"\d", masked(f"call {number} now"))


@pytest.mark.parametrize(
    "date",
    [
        "05/12/1980",
        "5-12-80",
        "1980-05-12",
        "12.5.1980",
        "May 5, 1980",
        "may 5th 1980",
        "Sept. 30 1980",
        "5 May 1980",
        "5th of may 1980",
        "5 de mayo de 1980",
        "5 de enero del 1980",
    ],
)
def test_dates_with_a_year_are_masked(date):
    assert masked(f"born {date} she says") == f"born {M} she says"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("no water at 1402 Elm Street since noon", f"no water at {M} since noon"),
        ("402 n main st", M),
        ("12 Martin Luther King Blvd.", M),
        ("vivo en la calle Roble 123", f"vivo en la {M}"),
        ("avenida San Juan # 45", M),
    ],
)
def test_street_addresses_are_masked(text, stored):
    assert masked(text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("my name is Mary O'Neil and the bill is late", f"my name is {M} and the bill is late"),
        ("my name is mary smith and the bill is late", f"my name is {M} and the bill is late"),
        ("My Name Is J. Smith", f"My Name Is {M}"),
        ("my name's Will May", f"my name's {M}"),
        ("this is Mary Smith calling", f"this is {M} calling"),
        ("me llamo María de la Cruz", f"me llamo {M}"),
        ("me llamo ana y quiero agua", f"me llamo {M} y quiero agua"),
        ("mi nombre es José Ñandú Peña", f"mi nombre es {M}"),
        ("habla Juan Pérez", f"habla {M}"),
    ],
)
def test_name_that_is_given_is_masked(text, stored):
    assert masked(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "why is it $35.00",
        "is the deposit $150.00 or $1,250.00",
        "do I call 811 or 311",
        "what does CS-101 say",
        "CS-101 and CS-202",
        "2 days late",
        "2 days on the way to the court",
        "between 10 and 30 days in 2026",
        "the July 2026 bill",
        "7-10 days",
        "open 8:00-5:00",
        "section 58-41",
        "my name is not on the bill",
        "this is about my bill",
        "is this the right place",
        "24 hours a day 7 days a week",
        "¿cuánto cuesta el depósito?",
        "no water 🚰",
    ],
)
def test_what_was_asked_about_stays(text):
    assert masked(text) == text


def test_what_cannot_be_seen_is_not_stored():
    assert masked("no\x00 water\u202e\ud800") == "no water"


PIECES = [
    "555",
    "1234",
    "12",
    "9",
    "-",
    ".",
    " ",
    "(",
    ")",
    "/",
    "$",
    ",",
    "a",
    "St",
    "@",
    M,
    "my name is",
    "May",
    "\u200b",
]
TEXT = st.one_of(
    st.text(),
    st.text(st.sampled_from("0123456789-. ()/$,a@"), max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join),
)


@settings(deadline=None)
@given(TEXT)
def test_no_run_of_five_digits_survives(text):
    assert not re.search(r"\d{5}", masked(text))


@settings(deadline=None)
@given(TEXT)
def test_no_address_survives(text):
    assert not re.search(r"\S@\S", masked(text))


@settings(deadline=None)
@given(TEXT)
def test_masking_again_changes_nothing(text):
    assert masked(masked(text)) == masked(text)
