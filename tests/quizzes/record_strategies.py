"""Records of questions of every type, as Hypothesis makes them up: with everything in their texts that files escape."""

import re
from decimal import Decimal
from html import escape
from typing import Any

from hypothesis import strategies as st

from quizzes import types
from quizzes.formats import rich_text
from quizzes.formats.decoding import one_line, tidy
from quizzes.records import QuestionRecord
from quizzes.types.base import without_ids
from quizzes.types.numbers import written

LETTERS = "aZ09é¿ñ  .,;:-_*'\"~=#{}\\[]%/<>&$()|!?\u00a0“”→"
LETTERS_AND_LINES = LETTERS + "\n"
AWKWARD = [
    *(
        "->",
        "a -> b",
        "::x::",
        "####",
        "%50%",
        "[html]x",
        "[plain]",
        "// x",
        "---",
        "$CATEGORY: x",
        "\\n",
        "\\",
        "T",
        "]]>",
    ),
    *(
        "<b>x</b>",
        "&amp;",
        "{1:SHORTANSWER:=x}",
        "A) x",
        "ANSWER: A",
        "a{2}",
        "a\\*b",
        "*",
        "#x",
        "=",
        "1..5",
        "section:x",
    ),
]


def lines(size: int = 30) -> st.SearchStrategy[str]:
    """Text on one line, never empty."""
    return st.one_of(st.text(LETTERS, max_size=size), st.sampled_from(AWKWARD)).map(one_line).filter(bool)


def texts(size: int = 40) -> st.SearchStrategy[str]:
    """Text of several lines, perhaps empty."""
    return st.one_of(st.text(LETTERS_AND_LINES, max_size=size), st.sampled_from(AWKWARD)).map(tidy)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """A paragraph with bold, italics, links and line breaks."""
    runs = draw(st.lists(st.tuples(lines(), st.sampled_from(["", "b", "i", "a", "br"])), min_size=1, max_size=3))
    html = ""
    for text, tag in runs:
        inner = escape(text)
        opened = {"a": '<a href="https://city.example/a?b=1&amp;c=2">', "": "", "br": "<br/>"}.get(tag, f"<{tag}>")
        html += f"{opened}{inner}{'' if tag in ('', 'br') else f'</{tag}>'}"
    return f"<p>{html}</p>"


def stems() -> st.SearchStrategy[str]:
    """What is asked: paragraphs and lists, in the bank's form."""
    lists = st.lists(lines(), min_size=1, max_size=3).map(
        lambda found: "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in found) + "</ul>"
    )
    plain = lines().map(lambda text: f"<p>{escape(text)}</p>")
    html = st.lists(st.one_of(plain, paragraphs(), lists), min_size=1, max_size=3).map("".join)
    return html.map(rich_text.normal).filter(bool)


def numbers(low: int = -10_000, high: int = 10_000) -> st.SearchStrategy[str]:
    """A number of up to three decimal places."""
    return st.integers(low * 1000, high * 1000).map(lambda value: written(Decimal(value).scaleb(-3)))


def weights() -> st.SearchStrategy[str | None]:
    """A credit from 0 to 100 percent, or the usual one."""
    return st.one_of(st.none(), st.sampled_from(["0", "25", "33.33333", "50", "99.5"]))


@st.composite
def choices(draw: st.DrawFn, *, several: bool) -> dict[str, Any]:
    """Options, each different."""
    found = draw(st.lists(lines(), min_size=2, max_size=5, unique_by=str.casefold))
    is_right = draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found)))
    options = []
    for text, right in zip(found, is_right, strict=True):
        wrong_weights = st.sampled_from([None, "0", "-50", "-12.5"] if several else [None, "-50", "12.5", "33.33333"])
        weight = None if right else draw(wrong_weights)
        options.append({"text": text, "image": None, "right": right, "weight": weight, "feedback": draw(texts())})
    return {"options": options}


@st.composite
def accepted_texts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Texts that are accepted, the first of them fully."""
    found = draw(st.lists(st.tuples(lines(), weights(), texts()), min_size=1, max_size=3))
    return [
        {"text": text, "weight": weight if place else None, "feedback": feedback}
        for place, (text, weight, feedback) in enumerate(found)
    ]


@st.composite
def accepted_numbers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Numbers and ranges that are accepted, the first of them fully."""
    found = []
    for place in range(draw(st.integers(1, 3))):
        number = {"value": None, "tolerance": None, "low": None, "high": None}
        if draw(st.booleans()):
            number.update(value=draw(numbers()), tolerance=draw(st.one_of(st.none(), numbers(0, 10))))
        else:
            number.update(low=draw(numbers(-10_000, 0)), high=draw(numbers(0, 10_000)))
        found.append({**number, "weight": draw(weights()) if place else None, "feedback": draw(texts())})
    return found


def single_spaced(text: str) -> str:
    """Return text with single spaces, and none at the ends of lines: embedded answers are HTML, which has no others."""
    return tidy("\n".join(" ".join(line.split(" ")).strip() for line in re.sub(" +", " ", text).split("\n")))


@st.composite
def blanks(draw: st.DrawFn) -> dict[str, Any]:
    """A text with blanks."""
    answers = draw(st.lists(accepted_texts(), min_size=1, max_size=3))
    pieces = draw(st.lists(texts(15).map(single_spaced), min_size=len(answers) + 1, max_size=len(answers) + 1))
    text = pieces[0] + "".join(f" {{{place}}} {piece}" for place, piece in enumerate(pieces[1:], start=1))
    strict = {"case_matters": draw(st.booleans()), "accents_matter": draw(st.booleans())}
    for answer in (answer for found in answers for answer in found):
        answer["feedback"] = single_spaced(answer["feedback"])
    return {"text": single_spaced(text), "blanks": [{"answers": found} for found in answers], **strict}


def items(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """The answer part of a type."""
    flags = {"case_matters": st.booleans(), "accents_matter": st.booleans()}
    criteria = st.fixed_dictionaries({"criterion": lines(), "points": st.integers(1, 20)})
    return {
        "single_choice": choices(several=False),
        "multiple_choice": choices(several=True),
        "true_false": st.fixed_dictionaries(
            {"right": st.booleans(), "feedback_true": texts(), "feedback_false": texts()}
        ),
        "numeric": st.fixed_dictionaries(
            {
                "answers": accepted_numbers(),
                "unit": st.one_of(st.just(""), lines().filter(lambda text: len(text) <= 30)),
            }
        ),
        "short_text": st.fixed_dictionaries({"answers": accepted_texts(), **flags}),
        "matching": st.fixed_dictionaries(
            {
                "pairs": st.lists(st.fixed_dictionaries({"prompt": lines(), "match": lines()}), min_size=2, max_size=4),
                "distractors": st.lists(st.fixed_dictionaries({"text": lines()}), max_size=2),
            }
        ),
        "ordering": st.lists(lines(), min_size=2, max_size=4, unique=True).map(
            lambda found: {"items": [{"text": text} for text in found]}
        ),
        "fill_blanks": blanks(),
        "free_response": st.fixed_dictionaries(
            {
                "rubric": st.lists(criteria, min_size=1, max_size=3),
                "guidance": texts(),
                "words": st.one_of(st.none(), st.integers(1, 500)),
            }
        ),
    }[kind]


def with_keys(item: Any) -> Any:
    """Return an item whose parts have ids, as its type wants them."""
    if isinstance(item, list | tuple):
        return [{"id": f"part-{place}", **with_keys(part)} for place, part in enumerate(item)]
    return {name: with_keys(value) if isinstance(value, list) else value for name, value in item.items()}


def comparable(record: QuestionRecord) -> tuple[Any, ...]:
    """Return what a record says, without the line it stood on and the ids of its parts."""
    item = without_ids(types.of(record.type).canonical(with_keys(record.item)))
    own = (record.name, record.type, record.stem, record.general_feedback, record.category, record.tags)
    return (*own, record.job_functions, record.difficulty, record.language, record.section, record.uid, item)


@st.composite
def records(draw: st.DrawFn, *kinds: str) -> QuestionRecord:
    """A question of one of these types, or of any, that can be asked."""
    kind = draw(st.sampled_from(kinds or [one.slug for one in types.ALL]))
    can_be_asked = items(kind).filter(lambda item: not types.of(kind).problems(with_keys(item)))
    paths = st.lists(lines(12).filter(lambda name: "/" not in name), min_size=1, max_size=2).map("/".join)
    return QuestionRecord(
        name=draw(lines()),
        type=kind,
        stem=draw(stems()),
        item=draw(can_be_asked),
        general_feedback=draw(texts()),
        category=draw(st.one_of(st.just("Payments/Deposits"), st.just("top/secret"), paths)),
        tags=tuple(sorted(set(draw(st.lists(lines(15), max_size=2))))),
        job_functions=draw(st.sampled_from([(), ("answer-inquiries",), ("answer-inquiries", "take-payments")])),
        difficulty=draw(st.sampled_from([1, 2, 3])),
        language=draw(st.sampled_from(["en", "es"])),
        section=draw(st.sampled_from(["", "deposits#amount"])),
        uid=draw(st.one_of(st.just(""), st.uuids().map(str))),
    )
