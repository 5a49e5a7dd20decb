"""What each type makes of an item: what it refuses, what it marks, what it says of an answer."""

from fractions import Fraction
from random import Random

import pytest
from django.http import QueryDict

from quizzes import types

SINGLE, MULTIPLE, TRUTH = types.of("single_choice"), types.of("multiple_choice"), types.of("true_false")
MATCHING, ORDERING, FREE = types.of("matching"), types.of("ordering"), types.of("free_response")


def option(text, right=False, weight=None, feedback="", image=None):
    return {"id": f"id-{text}", "text": text, "image": image, "right": right, "weight": weight, "feedback": feedback}


def options(*some):
    return {"options": list(some)}


def chosen(*texts):
    return [f"id-{text}" for text in texts]


def matching(*pairs, others=()):
    return {
        "pairs": [{"id": f"id-{prompt}", "prompt": prompt, "match": match} for prompt, match in pairs],
        "distractors": [{"id": f"id-{text}", "text": text} for text in others],
    }


def ordering(*texts):
    return {"items": [{"id": f"id-{text}", "text": text} for text in texts]}


def free(*rubric, words=None):
    criteria = [{"id": name, "criterion": name, "points": points} for name, points in rubric]
    return {"rubric": criteria, "guidance": "Secret", "words": words}


def truth(right, **feedback):
    return {"right": right, "feedback_true": "", "feedback_false": "", **feedback}


# Choices


def test_a_wrong_option_may_earn_a_part_and_never_less_than_nothing():
    item = options(option("a", True), option("b", weight="50"), option("c", weight="-50"), option("d"))
    assert [SINGLE.mark(item, *chosen(text)).credit for text in "abcd"] == [1, Fraction(1, 2), 0, 0]


@pytest.mark.parametrize(
    ("answer", "credit"),
    [("ab", 1), ("a", Fraction(1, 2)), ("ac", 0), ("abc", Fraction(1, 2)), ("abcd", 0), ("cd", 0), ("", 0)],
)
def test_what_is_right_shares_all_and_what_is_wrong_takes_all(answer, credit):
    item = options(option("a", True), option("b", True), option("c"), option("d"))
    assert MULTIPLE.mark(item, chosen(*answer)).credit == credit


def test_weights_of_their_own_are_taken():
    item = options(option("a", True, "75"), option("b", True, "25"), option("c", weight="-10"), option("d", weight="0"))
    assert MULTIPLE.mark(item, chosen("a", "c")).credit == Fraction(65, 100)
    assert MULTIPLE.mark(item, chosen("a", "b", "d")).credit == 1


def test_thirds_written_with_few_places_still_earn_everything():
    item = options(option("a", True, "33.33"), option("b", True, "33.33"), option("c", True, "33.33"), option("d"))
    assert MULTIPLE.problems(item) == []
    assert MULTIPLE.mark(item, chosen("a", "b", "c")).credit == 1


def test_an_option_chosen_twice_counts_once():
    item = options(option("a", True), option("b", True), option("c"))
    assert MULTIPLE.mark(item, chosen("a", "a")).credit == Fraction(1, 2)


def test_the_feedback_of_what_was_chosen_is_told():
    item = options(option("a", True, feedback="Yes."), option("b", True), option("c", feedback="No."))
    assert MULTIPLE.mark(item, chosen("c", "b", "a")).feedback == ("Yes.", "No.")
    assert SINGLE.mark(item, "id-c").feedback == ("No.",)
    assert TRUTH.mark(truth(True, feedback_false="Look again."), "false").feedback == ("Look again.",)


@pytest.mark.parametrize(
    ("kind", "some", "sentence"),
    [
        (SINGLE, [option("a", True)], "at least two options"),
        (SINGLE, [option("a"), option("b")], "Tick at least one"),
        (SINGLE, [option("a", True), option("")], "a text or a picture"),
        (SINGLE, [option("a", True), option("a")], "say “a”"),
        (SINGLE, [option("", True, image=3), option("", image=3)], "the same picture"),
        (SINGLE, [option("a", True, "50"), option("b")], "Leave its credit empty"),
        (SINGLE, [option("a", True), option("b", weight="100")], "tick it as right"),
        (SINGLE, [option("a", True), option("b", weight="101")], "from -100 to 100"),
        (SINGLE, [option("a", True), option("b", weight="1e999999")], "from -100 to 100"),
        (MULTIPLE, [option("a", True), option("b", weight="10")], "not ticked as right"),
        (MULTIPLE, [option("a", True, "-10"), option("b")], "above zero"),
        (MULTIPLE, [option("a", True, "50"), option("b", True, "40"), option("c")], "earns 90 percent"),
    ],
)
def test_what_is_wrong_with_options_is_said(kind, some, sentence):
    [problem] = kind.problems(options(*some))
    assert sentence in problem.sentence
    assert problem.field == "options"


def test_options_may_differ_in_case_or_picture_only():
    assert SINGLE.problems(options(option("kWh", True), option("KWH"))) == []
    assert SINGLE.problems(options(option("", True, image=1), option("", image=2))) == []


def test_a_usual_weight_is_no_weight():
    three = options(option("a", True, "33.33333"), option("b", True, "33.33"), option("c", True, "33.34"), option("d"))
    assert [one["weight"] for one in MULTIPLE.canonical(three)["options"]] == [None] * 4
    half = options(option("a", True, "100.0"), option("b", weight="50.00"), option("c", weight="0"))
    assert [one["weight"] for one in SINGLE.canonical(half)["options"]] == [None, "50", None]


def test_truth_that_was_never_said_is_asked_for():
    [problem] = TRUTH.problems(truth(None))
    assert problem.field == "right"
    assert TRUTH.problems(truth(False)) == []


# Matching and ordering


def test_each_right_pair_earns_its_share():
    item = matching(("Leak", "Crew"), ("Bill", "Office"), ("Fire", "911"), others=["Mayor"])
    mark = MATCHING.mark(item, {"id-Leak": "Crew", "id-Bill": "Mayor", "id-nobody": "911"})
    assert mark.credit == Fraction(1, 3)
    assert mark.parts == {"id-Leak": 1, "id-Bill": 0, "id-Fire": 0}


def test_what_matches_is_offered_by_the_alphabet_and_once():
    item = matching(("b", "Zebra"), ("a", "apple"), ("c", "Zebra"), others=["Mango"])
    assert MATCHING.shown(item, [], None, "q").extra["choices"] == ["apple", "Mango", "Zebra"]


def test_a_text_that_is_not_offered_is_not_read():
    item = matching(("a", "1"), ("b", "2"))
    posted = QueryDict(mutable=True)
    posted.update({"q-id-a": "3", "q-id-b": "2", "q-id-c": "1"})
    assert MATCHING.read(item, posted, "q") == {"id-b": "2"}


def test_distractors_that_are_matches_already_are_dropped():
    canonical = MATCHING.canonical(matching(("a", "1"), ("b", "2"), others=["2", " 3 ", "3"]))
    assert [one["text"] for one in canonical["distractors"]] == ["3"]


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (matching(("a", "1"), others=["2"]), "at least two pairs"),
        (matching(("a", "1"), ("", "2")), "both sides"),
        (matching(("a", "1"), ("a", "2")), "say “a”"),
        (matching(("a", "1"), ("b", "1")), "only one text to choose"),
    ],
)
def test_what_is_wrong_with_pairs_is_said(item, sentence):
    [problem] = MATCHING.problems(item)
    assert sentence in problem.sentence


def test_pairs_are_said_with_an_arrow():
    item = matching(("a", "1"), ("b", "2"), others=["3"])
    assert MATCHING.choices(item, {"id-b": "3", "id-a": "1"}) == ["a → 1", "b → 3"]
    assert MATCHING.right_in_words(item) == "a → 1; b → 2"
    assert MATCHING.offered(item) == ["a → 1", "a → 2", "a → 3", "b → 1", "b → 2", "b → 3"]


def test_each_item_in_its_place_earns_its_share():
    item = ordering("a", "b", "c", "d")
    assert ORDERING.mark(item, {"id-a": 1, "id-b": 3, "id-c": 2, "id-d": 4}).credit == Fraction(1, 2)
    assert ORDERING.mark(item, dict.fromkeys(chosen(*"abcd"), 1)).credit == Fraction(1, 4)
    assert ORDERING.mark(item, {"id-a": True, "id-b": 2.0, "id-c": "3"}).credit == 0


def test_items_are_shuffled_even_unasked_and_never_stand_right():
    right = chosen("a", "b", "c")
    orders = [ORDERING.order(ordering("a", "b", "c"), Random(seed), shuffle=False) for seed in range(200)]
    assert right not in orders
    assert len({tuple(order) for order in orders}) == 5


def test_two_items_come_either_way_round():
    orders = {tuple(ORDERING.order(ordering("a", "b"), Random(seed), shuffle=True)) for seed in range(50)}
    assert len(orders) == 2


def test_without_an_order_items_do_not_stand_as_the_author_wrote_them():
    shown = ORDERING.shown(ordering("c", "b", "a"), [], None, "q")
    assert [part["text"] for part in shown.parts] == ["a", "b", "c"]


def test_places_are_said_with_their_numbers():
    item = ordering("a", "b", "c")
    assert ORDERING.in_words(item, {"id-a": 3, "id-c": 1}) == "1. c; 3. a"
    assert ORDERING.right_in_words(item) == "1. a; 2. b; 3. c"


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (ordering("a"), "at least two items"),
        (ordering("a", " "), "Write the text"),
        (ordering("a", "b", "a"), "say “a”"),
    ],
)
def test_what_is_wrong_with_an_order_is_said(item, sentence):
    [problem] = ORDERING.problems(item)
    assert sentence in problem.sentence


# Free response


def test_a_free_response_waits_for_a_person():
    assert FREE.mark(free(("Names the fee", 2)), "The fee is…").credit is None
    assert FREE.is_marked_by_person


def test_the_rubric_is_shown_with_the_result_and_the_guidance_never():
    item = free(("Names the fee", 2), words=50)
    assert FREE.shown(item, [], "x", "q").parts == []
    told = FREE.shown(item, [], "x", "q", reveal=True)
    assert told.parts == [{"id": "Names the fee", "text": "Names the fee", "points": 2}]
    assert "Secret" not in str(told)


def test_without_a_rubric_the_answer_is_marked_as_a_whole():
    [criterion] = FREE.canonical(free())["rubric"]
    assert criterion["points"] == 10
    assert criterion["id"]


@pytest.mark.parametrize(
    ("item", "field"),
    [(free((" ", 2)), "rubric"), (free(("a", 0)), "rubric"), (free(("a", None)), "rubric"), (free(words=0), "words")],
)
def test_what_is_wrong_with_a_rubric_is_said(item, field):
    [problem] = FREE.problems(item)
    assert problem.field == field
