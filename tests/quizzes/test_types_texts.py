"""How texts are judged that people type: short text, and the blanks of a text."""

import pytest
from django.http import QueryDict

from quizzes import types
from quizzes.types.text_matching import fits, kept, normal, readable

SHORT, BLANKS, FREE = types.of("short_text"), types.of("fill_blanks"), types.of("free_response")


def accepted(text, weight=None, feedback=""):
    return {"id": text, "text": text, "weight": weight, "feedback": feedback}


def short(*answers, case_matters=False, accents_matter=False):
    return {"answers": list(answers), "case_matters": case_matters, "accents_matter": accents_matter}


def blanks(text, *forms):
    every = [{"id": str(number), "answers": [accepted(form) for form in some]} for number, some in enumerate(forms, 1)]
    return {"text": text, "blanks": every, "case_matters": False, "accents_matter": False}


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("30 days", "30 Days"),
        ("30 days", "  30   days "),
        ("30 days", "30\tdays"),
        ("depósito", "deposito"),
        ("deposito", "DEPÓSITO"),
        ("año", "an\u0303o"),
        ("customer's", "customer’s"),
        ("“late fee”", '"late fee"'),
        ("follow-up", "follow‑up"),
        ("Straße", "STRASSE"),
        ("½", "1/2"),
        ("office", "oﬃce"),
    ],
)
def test_what_people_cannot_tell_apart_is_the_same(form, answer):
    assert fits(form, answer)


def test_case_and_accents_matter_where_asked():
    assert not fits("EPA", "epa", case_matters=True)
    assert fits("EPA", "EPA", case_matters=True)
    assert fits("AÑO", "año", accents_matter=True)
    assert not fits("año", "ano", accents_matter=True)
    assert fits("año", "an\u0303o", accents_matter=True)
    assert not fits("depósito", "deposito", accents_matter=True)
    assert fits("Depósito", "Deposito", case_matters=True)


@pytest.mark.parametrize(
    ("pattern", "answer", "does"),
    [
        ("deposit*", "deposit", True),
        ("deposit*", "Deposits and fees", True),
        ("deposit*", "a deposit", False),
        ("*deposit", "the deposit", True),
        ("*late*fee*", "a late payment fee", True),
        ("*late*fee*", "fee, late", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("ab*ba", "aba", False),
        ("*", "anything", True),
        ("*ab*b", "ab", False),
        ("*ab*ba*", "aba", False),
        ("*ab*ba*", "abba", True),
        ("a*b*c", "a c b c", True),
        (r"5 \* 3", "5 * 3", True),
        (r"5 \* 3", "5 x 3", False),
        (r"\**", "*!", True),
        (r"\**", "!", False),
        (r"a\b", r"a\b", True),
        ("[abc].+", "[abc].+", True),
        ("[abc].+", "a..", False),
    ],
)
def test_a_star_stands_for_any_run_of_characters(pattern, answer, does):
    assert fits(pattern, answer) is does


def test_no_answer_fits_nothing_but_a_star_is_not_nothing():
    everything = short(accepted("*"))
    assert SHORT.mark(everything, "").credit == 0
    assert SHORT.mark(everything, "  ").credit == 0
    assert SHORT.mark(everything, None).credit == 0
    assert SHORT.mark(everything, "x").credit == 1


def test_many_stars_on_a_long_answer_come_to_an_end():
    # Matching that tried every way to spread the letters over the stars would not end in our lifetime.
    pattern = "a*" * 240 + "b"
    assert not SHORT.mark(short(*[accepted(pattern)] * 20), "a" * 100_000).credit


def test_the_first_form_that_fits_counts_with_its_feedback():
    item = short(accepted("deposit"), accepted("*fee*", "50", "A fee is not returned."), accepted("*", "0", "No."))

    assert SHORT.mark(item, "Deposit").credit == 1
    assert SHORT.mark(item, "the fee").credit == 0.5
    assert SHORT.mark(item, "the fee").feedback == ("A fee is not returned.",)
    assert SHORT.mark(item, "tax").credit == 0
    assert SHORT.mark(item, "tax").feedback == ("No.",)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([], "at least one answer"),
        ([accepted(" ")], "Write the text"),
        ([accepted("a", "50")], "No answer earns everything"),
        ([accepted("a", "-5"), accepted("b")], "from 0 to 100"),
        ([accepted("a", "lots"), accepted("b")], "from 0 to 100"),
        ([accepted("*", "0"), accepted("b")], "Put “b” first"),
        ([accepted("B", "50"), accepted("b")], "Put “b” first"),
        ([accepted("x" * 501)], "longer than the 500"),
    ],
)
def test_what_is_wrong_with_accepted_texts_is_said(answers, sentence):
    [problem] = SHORT.problems(short(*answers))
    assert sentence in problem.sentence
    assert problem.field == "answers"


def test_forms_that_differ_in_nothing_but_case_do_no_harm():
    assert SHORT.problems(short(accepted("Yes"), accepted("yes"))) == []
    assert SHORT.problems(short(accepted("B", "50"), accepted("b"), case_matters=True)) == []


def test_what_is_right_is_said_without_wildcards():
    assert SHORT.right_in_words(short(accepted("deposit*"), accepted("fee", "50"), accepted(r"5\*"))) == "5*"
    assert SHORT.right_in_words(short(accepted("deposit*"), accepted("fee", "50"))) == "deposit…"
    assert readable(r"*a\*b*") == "…a*b…"


def test_a_sample_value_is_accepted_without_its_brackets():
    assert SHORT.mark(short(accepted("[[$30.00]]")), "$30.00").credit == 1


def test_what_is_kept_of_a_line_is_short_and_can_be_stored():
    assert kept("a\0b\r\nc") == "a b  c"
    assert kept("x" * 600) == "x" * 500
    assert SHORT.read(short(accepted("a")), QueryDict("q=%00%00"), "q") is None


def test_a_free_answer_keeps_its_lines_and_is_cut():
    item = {"rubric": [], "guidance": "", "words": None}
    assert FREE.read(item, QueryDict("q=+One.%0D%0A%0D%0ATwo%00.%0D%0A"), "q") == "One.\n\nTwo."
    assert len(FREE.read(item, QueryDict(f"q={'x' * 20_500}"), "q")) == 20_000
    assert FREE.read(item, QueryDict("q=+%0D%0A+"), "q") is None


@pytest.mark.parametrize("text", ["İstanbul", "ǰ", "ΐ", "ﬀ", "ſ", "Σς", "ᾳ", "①", "´", "‟"])
def test_the_form_for_comparing_is_its_own(text):
    for case in (True, False):
        for accents in (True, False):
            once = normal(text, case_matters=case, accents_matter=accents)
            assert normal(once, case_matters=case, accents_matter=accents) == once


def test_a_text_with_blanks_earns_the_mean_of_its_blanks():
    item = blanks("The deposit is {1}, due in {2} days.", ["$30", "30"], ["ten", "10"])

    mark = BLANKS.mark(item, {"1": "30", "2": "eleven"})

    assert mark.credit == 0.5
    assert mark.parts == {"1": 1, "2": 0}
    assert BLANKS.in_words(item, {"1": "30"}) == "Blank 1: 30"
    assert BLANKS.right_in_words(item) == "Blank 1: $30 / 30; Blank 2: ten / 10"
    assert BLANKS.choices(item, {"2": " TEN ", "1": ""}) == ["Blank 2: ten"]


@pytest.mark.parametrize(
    ("item", "field", "sentence"),
    [
        (blanks("No blank."), "blanks", "at least one blank"),
        (blanks("Only {1}.", ["a"], ["b"]), "text", "Write {2} in the text"),
        (blanks("{1} and {2}.", ["a"]), "text", "there is no blank 2"),
        (blanks("{1} and {1}.", ["a"]), "text", "more than once"),
        (blanks("{1}", []), "blanks", "Blank 1: Give at least one answer"),
        (blanks("{1} and {2}", ["a"], [" "]), "blanks", "Blank 2: Write the text"),
    ],
)
def test_what_is_wrong_with_blanks_is_said(item, field, sentence):
    [problem] = BLANKS.problems(item)
    assert sentence in problem.sentence
    assert problem.field == field


def test_other_braces_are_text():
    item = blanks("Set {0} and {a} to {1}.", ["x"])
    assert BLANKS.problems(item) == []
    assert [part["text"] for part in BLANKS.shown(item, [], None, "q").parts] == ["Set {0} and {a} to ", "", "."]


def test_blanks_are_numbered_as_they_follow_one_another():
    turned = blanks("First {2}, then {1}.", ["b"], ["a"])

    canonical = BLANKS.canonical(turned)

    assert canonical["text"] == "First {1}, then {2}."
    assert [blank["answers"][0]["text"] for blank in canonical["blanks"]] == ["a", "b"]
    assert BLANKS.mark(canonical, {"2": "a"}) == BLANKS.mark(turned, {"2": "a"})
