"""What holds of every type, whatever the item and whatever the answer."""

from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizzes import types
from quizzes.types.base import plain, raw, without_ids

NAME = "answer-1"
FEW = settings(max_examples=40, deadline=None)

KEYS = [str(UUID(int=Random(number).getrandbits(128), version=4)) for number in range(20)]
# Lines as an editor keeps them: trimmed, with letters, accents, stars, quotes and what HTML is made of.
words = (
    st.text(st.sampled_from("abcdeéñüABZ 0123456789.,<>&\"'’“*\\{}[]()-–→💧"), min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
remarks = st.one_of(st.just(""), words)
numbers = st.decimals(min_value=-100_000, max_value=100_000, places=2).map(str)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def distinct(texts=words, **sizes):
    return st.lists(texts, unique=True, **sizes)


@st.composite
def options(draw, texts, kind):
    """Options with these texts: everything else about them is key."""
    right = draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)).filter(any))
    wrong_weights = {
        "single_choice": st.sampled_from([None, "-50", "0", "25", "33.33333", "50"]),
        "multiple_choice": st.sampled_from([None, "-100", "-33.33333", "-25", "0"]),
    }[kind]
    return [
        {
            "text": text,
            "image": None,
            "right": is_right,
            "weight": None if is_right else draw(wrong_weights),
            "feedback": draw(remarks),
        }
        for text, is_right in zip(texts, right, strict=True)
    ]


@st.composite
def accepted_texts(draw):
    answers = draw(
        st.lists(
            st.fixed_dictionaries(
                {"text": words, "weight": st.none() | st.sampled_from(["0", "50", "99.5"]), "feedback": remarks}
            ),
            min_size=1,
            max_size=4,
        )
    )
    answers[0]["weight"] = None
    return answers


@st.composite
def accepted_numbers(draw):
    answers = []
    for _ in range(draw(st.integers(1, 3))):
        shared = {
            "weight": draw(st.none() | st.sampled_from(["0", "50"])) if answers else None,
            "feedback": draw(remarks),
        }
        if draw(st.booleans()):
            tolerance = draw(st.none() | st.sampled_from(["0", "0.5", "10"]))
            answers.append({"value": draw(numbers), "tolerance": tolerance, "low": None, "high": None, **shared})
        else:
            low, high = sorted([draw(numbers), draw(numbers)], key=float)
            answers.append({"value": None, "tolerance": None, "low": low, "high": high, **shared})
    return answers


def with_ids(parts, keys):
    return [{"id": key, **part} for key, part in zip(keys, parts, strict=False)]


@st.composite
def twins(draw, slug):
    """Two items of a type that a learner sees alike: they differ in nothing but the key, the credit, the feedback."""
    keys = Random(draw(st.integers())).sample(KEYS, len(KEYS))
    if slug in ("single_choice", "multiple_choice"):
        texts = draw(distinct(min_size=2, max_size=6))
        return [{"options": with_ids(draw(options(texts, slug)), keys)} for _ in range(2)]
    if slug == "true_false":
        return [
            {"right": draw(st.booleans()), "feedback_true": draw(remarks), "feedback_false": draw(remarks)}
            for _ in range(2)
        ]
    if slug == "numeric":
        unit = draw(st.sampled_from(["", "gallons", "$", "días"]))
        both = [draw(accepted_numbers()) for _ in range(2)]
        return [{"answers": with_ids(answers, keys), "unit": unit} for answers in both]
    if slug == "short_text":
        return [draw(judged({"answers": with_ids(one, keys)})) for one in draw(pair(accepted_texts()))]
    if slug == "matching":
        prompts = draw(distinct(min_size=2, max_size=5))
        texts = draw(distinct(min_size=len(prompts), max_size=len(prompts) + 3))
        return [matching(prompts, list(draw(st.permutations(texts))), keys) for _ in range(2)]
    if slug == "ordering":
        items = with_ids([{"text": text} for text in draw(distinct(min_size=2, max_size=6))], keys)
        return [{"items": list(draw(st.permutations(items)))} for _ in range(2)]
    if slug == "fill_blanks":
        count = draw(st.integers(1, 4))
        numbers_of_blanks = draw(st.permutations(range(1, count + 1)))
        text = " ".join(f"{draw(words).replace('{', '(')} {{{number}}}" for number in numbers_of_blanks)
        both = [[draw(accepted_texts()) for _ in range(count)] for _ in range(2)]
        return [
            draw(judged({"text": text, "blanks": with_ids([blank(answers) for answers in one], keys)})) for one in both
        ]
    suggested = draw(st.none() | st.integers(1, 400))
    rubrics = draw(
        pair(st.lists(st.fixed_dictionaries({"criterion": words, "points": st.integers(1, 20)}), max_size=3))
    )
    return [{"rubric": with_ids(one, keys), "guidance": draw(remarks), "words": suggested} for one in rubrics]


def pair(strategy):
    return st.lists(strategy, min_size=2, max_size=2)


def blank(answers):
    return {"answers": [{"id": str(place), **answer} for place, answer in enumerate(answers)]}


def matching(prompts, texts, keys):
    pairs = [{"prompt": prompt, "match": text} for prompt, text in zip(prompts, texts, strict=False)]
    others = [{"text": text} for text in texts[len(prompts) :]]
    return {
        "pairs": with_ids(pairs, keys),
        "distractors": with_ids(others, keys[len(pairs) :]),
    }


@st.composite
def judged(draw, item):
    return {**item, "case_matters": draw(st.booleans()), "accents_matter": draw(st.booleans())}


def items(slug):
    return twins(slug).map(lambda both: both[0])


@st.composite
def answers(draw, slug, item):
    """An answer that a learner can give to an item, or none."""
    if slug == "single_choice":
        return draw(st.none() | st.sampled_from([option["id"] for option in item["options"]]))
    if slug == "multiple_choice":
        return sorted(draw(st.sets(st.sampled_from([option["id"] for option in item["options"]])))) or None
    if slug == "true_false":
        return draw(st.sampled_from([None, "true", "false"]))
    if slug == "numeric":
        known = [one[name] for one in item["answers"] for name in ("value", "low", "high") if one[name]]
        return draw(st.none() | st.sampled_from(known) | words)
    if slug == "short_text":
        return draw(st.none() | st.sampled_from([one["text"] for one in item["answers"]]) | words)
    if slug == "matching":
        texts = [pair["match"] for pair in item["pairs"]] + [one["text"] for one in item["distractors"]]
        return (
            draw(st.dictionaries(st.sampled_from([one["id"] for one in item["pairs"]]), st.sampled_from(texts))) or None
        )
    if slug == "ordering":
        keys, count = [one["id"] for one in item["items"]], len(item["items"])
        return draw(st.dictionaries(st.sampled_from(keys), st.integers(1, count))) or None
    if slug == "fill_blanks":
        known = [answer["text"] for one in item["blanks"] for answer in one["answers"]]
        keys = [one["id"] for one in item["blanks"]]
        return draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(known) | words)) or None
    return draw(st.none() | st.lists(words, min_size=1, max_size=4).map("\n\n".join))


SLUGS = [kind.slug for kind in types.ALL]
every_type = pytest.mark.parametrize("slug", SLUGS)


def html_of(kind, shown):
    return render_to_string(kind.template, {"shown": shown})


def filled_in(html):
    """Return what a browser would post of a form as it is shown."""
    posted = QueryDict(mutable=True)
    # As HTML5 parsers do, a line break right after the opening tag is dropped.
    page = BeautifulSoup(html, "html.parser")
    for field in page.find_all(["input", "select", "textarea"]):
        if field.has_attr("disabled"):
            continue
        if field.name == "textarea":
            posted.appendlist(field["name"], field.string.removeprefix("\n").replace("\n", "\r\n"))
        elif field.name == "select":
            chosen = [option for option in field.find_all("option") if option.has_attr("selected")]
            posted.appendlist(field["name"], (chosen or field.find_all("option"))[0]["value"])
        elif field["type"] == "text" or field.has_attr("checked"):
            posted.appendlist(field["name"], field["value"])
    return posted


@every_type
@FEW
@given(data=st.data())
def test_any_answer_at_all_is_marked_between_nothing_and_everything(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))

    for answer in (data.draw(json_values), data.draw(answers(slug, item))):
        mark = kind.mark(item, answer)
        assert mark.credit is None if kind.is_marked_by_person else 0 <= mark.credit <= 1
        assert all(0 <= credit <= 1 for credit in mark.parts.values())
        assert isinstance(kind.in_words(item, answer), str)
        assert all(isinstance(words, str) for words in kind.choices(item, answer))
        assert html_of(kind, kind.shown(item, [], answer, NAME, reveal=True))


@every_type
@FEW
@given(data=st.data())
def test_answers_with_the_shape_of_one_and_nonsense_inside_are_marked(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    parts = next((item[name] for name in ("options", "pairs", "items", "blanks") if name in item), [{"id": "a"}])
    keys = st.sampled_from([part["id"] for part in parts])
    answer = data.draw(st.dictionaries(keys, json_values) | st.lists(json_values | keys, max_size=8))

    mark = kind.mark(item, answer)

    assert mark.credit is None or 0 <= mark.credit <= 1
    assert isinstance(kind.in_words(item, answer), str)
    assert html_of(kind, kind.shown(item, [], answer, NAME, reveal=True))


@every_type
@FEW
@given(data=st.data())
def test_an_item_that_has_no_problems_can_be_answered_for_everything(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    assume(not kind.problems(item))
    best = {
        "single_choice": lambda: next(one["id"] for one in item["options"] if one["right"]),
        "multiple_choice": lambda: [one["id"] for one in item["options"] if one["right"]],
        "true_false": lambda: str(item["right"]).lower(),
        "numeric": lambda: item["answers"][0]["value"] or item["answers"][0]["low"],
        "short_text": lambda: plain_form(item["answers"]),
        "matching": lambda: {one["id"]: one["match"] for one in item["pairs"]},
        "ordering": lambda: {one["id"]: place for place, one in enumerate(item["items"], start=1)},
        "fill_blanks": lambda: {one["id"]: plain_form(one["answers"]) for one in item["blanks"]},
        "free_response": lambda: "Anything",
    }[slug]()

    assert kind.mark(item, best).credit == (None if kind.is_marked_by_person else 1)


def plain_form(answers):
    r"""Return a text that the first answer accepts: `\*` is a star, `*` may be anything, here “x”."""
    return answers[0]["text"].replace(r"\*", "\0").replace("*", "x").replace("\0", "*")


@FEW
@given(data=st.data())
def test_choosing_one_more_right_option_never_lowers_and_one_more_wrong_never_raises(data):
    kind, item = types.of("multiple_choice"), data.draw(items("multiple_choice"))
    before = data.draw(answers("multiple_choice", item)) or []
    more = data.draw(st.sampled_from(item["options"]))
    assume(more["id"] not in before)

    gain = kind.mark(item, [*before, more["id"]]).credit - kind.mark(item, before).credit

    assert gain >= 0 if more["right"] else gain <= 0


@pytest.mark.parametrize("slug", ["matching", "ordering", "fill_blanks"])
@FEW
@given(data=st.data())
def test_making_one_more_part_right_never_lowers(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    before = data.draw(answers(slug, item)) or {}
    right = {
        "matching": lambda: {one["id"]: one["match"] for one in item["pairs"]},
        "ordering": lambda: {one["id"]: place for place, one in enumerate(item["items"], start=1)},
        "fill_blanks": lambda: {one["id"]: plain_form(one["answers"]) for one in item["blanks"]},
    }[slug]()
    key = data.draw(st.sampled_from(sorted(right)))

    better = kind.mark(item, {**before, key: right[key]})

    assert better.credit >= kind.mark(item, before).credit
    assert better.parts[key] == 1
    assert better.credit == sum(better.parts.values(), Fraction(0)) / len(right)


@every_type
@FEW
@given(data=st.data())
def test_shuffling_changes_neither_the_mark_nor_what_can_be_answered(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    answer = data.draw(answers(slug, item))
    shuffle = data.draw(st.booleans())
    order = kind.order(item, Random(data.draw(st.integers())), shuffle=shuffle)

    shown = kind.shown(item, order, answer, NAME)
    read = kind.read(item, filled_in(html_of(kind, shown)), NAME)

    assert kind.mark(item, read) == kind.mark(item, answer)
    assert sorted(order) == sorted(kind.order(item, Random(0), shuffle=False))
    if order:
        assert [part["id"] for part in shown.parts] == order


@every_type
@FEW
@given(data=st.data())
def test_the_form_that_shows_an_answer_is_read_as_that_answer(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    answer = data.draw(answers(slug, item))

    html = html_of(kind, kind.shown(item, [], answer, NAME))

    assert kind.read(item, filled_in(html), NAME) == answer


@every_type
@FEW
@given(data=st.data())
def test_without_reveal_nothing_shown_depends_on_the_key(slug, data):
    kind, (item, twin) = types.of(slug), data.draw(twins(slug))
    answer = data.draw(answers(slug, item))
    order = data.draw(st.just([]) | st.permutations(kind.order(item, Random(0), shuffle=True)))
    is_open = data.draw(st.booleans())

    shown = kind.shown(item, order, answer, NAME, is_open=is_open)
    twins_shown = kind.shown(twin, order, answer, NAME, is_open=is_open)

    assert shown == twins_shown
    assert html_of(kind, shown) == html_of(kind, twins_shown)


@every_type
@FEW
@given(data=st.data())
def test_the_canonical_form_is_its_own_and_marks_alike(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    answer = data.draw(answers(slug, item))

    canonical = kind.canonical(item)

    assert kind.canonical(canonical) == canonical
    assert abs((kind.mark(canonical, answer).credit or 0) - (kind.mark(item, answer).credit or 0)) < Fraction(1, 1000)
    assert not kind.problems(canonical) or kind.problems(item)


@every_type
@FEW
@given(data=st.data())
def test_only_what_the_item_offers_is_read(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    names = [NAME, *(f"{NAME}-{part['id']}" for name in ("pairs", "items", "blanks") for part in item.get(name, ()))]
    posted = QueryDict(mutable=True)
    for name in data.draw(st.lists(st.sampled_from([*names, f"{NAME}-other"]), max_size=6)):
        posted.appendlist(name, data.draw(st.text(max_size=20) | st.integers(-1, 9).map(str)))

    answer = kind.read(item, posted, NAME)

    if slug in ("single_choice", "multiple_choice", "true_false", "matching"):
        assert (
            answer is None
            or kind.read(item, filled_in(html_of(kind, kind.shown(item, [], answer, NAME))), NAME) == answer
        )
    if slug == "ordering":
        assert all(1 <= place <= len(item["items"]) for place in (answer or {}).values())
    assert "\0" not in str(answer)
    assert answer is None or answer


@every_type
@FEW
@given(data=st.data())
def test_what_is_chosen_is_among_what_is_offered(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    answer = data.draw(answers(slug, item))

    offered = kind.offered(item)

    assert not offered or set(kind.choices(item, answer)) <= set(offered)


@every_type
@FEW
@given(data=st.data())
def test_the_editor_keeps_an_item_as_it_is(slug, data):
    kind, item = types.of(slug), data.draw(items(slug))
    assume(not kind.problems(item))
    item = kind.canonical(item)
    block = kind.block()
    cleaned = block.clean(block.to_python(raw(block, item)))

    assert without_ids(plain(block, cleaned)) == without_ids(item)
