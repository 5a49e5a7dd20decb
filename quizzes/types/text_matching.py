r"""Accepted texts: what short text and fill in the blanks share.

A `*` in an accepted text stands for any run of characters, also none; `\*` is a star.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from manuals import sample_values
from quizzes.types.base import EVERYTHING, Item, Problem, bounded, one_line
from quizzes.types.numbers import exact, rewritten

MAX_TYPED = 500
HUNDRED = Fraction(100)
# A pattern's parts: a star, an escaped star, or anything else.
_PARTS = re.compile(r"\\\*|\*|[^\\*]+|\\")
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹ′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        "⁄": "/",
    }
)


class AcceptedTextBlock(blocks.StructBlock):
    """A text that is accepted."""

    text = blocks.CharBlock(
        max_length=MAX_TYPED,
        label="Accepted answer",
        help_text="For example “30 days”. A star stands for anything: “deposit*” accepts “deposits”, too.",
    )
    feedback = blocks.TextBlock(required=False, rows=2, help_text="Shown to whoever answers this.")
    weight = blocks.DecimalBlock(
        required=False,
        min_value=0,
        max_value=100,
        max_digits=8,
        decimal_places=5,
        label="Credit in percent",
        help_text="Leave empty for 100. 50 for a form that is half right, 0 for a common mistake you want to explain.",
    )

    class Meta:
        icon = "pilcrow"
        label_format = "{text}"
        form_layout = BlockGroup(
            children=["text", BlockGroup(["feedback", "weight"], heading="Feedback and credit", classname="collapsed")]
        )


class HowExactlyBlock(blocks.StructBlock):
    """The two ways in which texts can be judged more strictly, to be mixed into an item's block."""

    case_matters = blocks.BooleanBlock(
        required=False, label="Capital letters matter", help_text="Tick to refuse “epa” where “EPA” is meant."
    )
    accents_matter = blocks.BooleanBlock(
        required=False, label="Accents matter", help_text="Tick to refuse “ano” where “año” is meant."
    )


HOW_EXACTLY = BlockGroup(
    ["case_matters", "accents_matter"], heading="How exactly", icon="sliders", classname="collapsed"
)


def kept(text: str, limit: int = MAX_TYPED) -> str:
    """Return what is kept of a line somebody typed: cut, without control characters and spaces at its ends."""
    # A database takes no NUL, and a field of one line gives no line breaks back.
    line = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text[:limit])
    return line.strip()


def normal(text: str, *, case_matters: bool = False, accents_matter: bool = False) -> str:
    """Return a text in the form in which it is compared.

    White space runs are one space, ends are trimmed, curly and straight quotes and the several hyphens are the same.
    Unless they matter, case is folded and accents are taken off (compatibility decomposition; Unicode Standard, 3.13).
    """
    text = unicodedata.normalize("NFKD", text.translate(_SAME))
    if not accents_matter:
        text = _without_marks(text)
    if not case_matters:
        text = unicodedata.normalize("NFKD", text.casefold())
        if not accents_matter:
            text = _without_marks(text)
    return one_line(text.translate(_SAME))


def _without_marks(text: str) -> str:
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def fits(accepted: str, text: str, *, case_matters: bool = False, accents_matter: bool = False) -> bool:
    """Return whether a text is what is accepted, stars taken into account. The time it takes grows with the length."""
    text = normal(text[:MAX_TYPED], case_matters=case_matters, accents_matter=accents_matter)
    pattern = normal(sample_values.plain(accepted), case_matters=case_matters, accents_matter=accents_matter)
    first, *others = _between_stars(pattern)
    if not others:
        return text == first
    *middle, last = others
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    # The leftmost place for each is as good as any: no way back is needed.
    place, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _between_stars(pattern: str) -> list[str]:
    pieces = [""]
    for part in _PARTS.findall(pattern):
        if part == "*":
            pieces.append("")
        else:
            pieces[-1] += "*" if part == r"\*" else part
    return pieces


def readable(accepted: str) -> str:
    """Return an accepted text as people read it: “deposit…” for `deposit*`."""
    return "…".join(_between_stars(accepted))


def is_literal(accepted: str) -> bool:
    """Return whether there is no wildcard in an accepted text."""
    return len(_between_stars(accepted)) == 1


def strictness(item: Item) -> dict[str, bool]:
    """Return how strictly an item judges, as the functions here take it."""
    return {"case_matters": bool(item["case_matters"]), "accents_matter": bool(item["accents_matter"])}


def credit_of(answer: Mapping[str, Any]) -> Fraction:
    """Return the share that an accepted answer earns, from 0 to 1; everything where it says nothing else."""
    weight = exact(answer["weight"])
    return EVERYTHING if weight is None else bounded(Fraction(weight) / HUNDRED)


def accepted_as(
    answers: Sequence[Mapping[str, Any]], text: Any, *, case_matters: bool = False, accents_matter: bool = False
) -> Mapping[str, Any] | None:
    """Return the first of the answers that a text fits, in the author's order, or None. No text fits nothing."""
    if not isinstance(text, str) or not one_line(text[:MAX_TYPED]):
        return None
    rules = {"case_matters": case_matters, "accents_matter": accents_matter}
    return next((answer for answer in answers if fits(answer["text"], text, **rules)), None)


def right_texts(answers: Sequence[Mapping[str, Any]]) -> str:
    """Return what earns everything as a line of text; texts with wildcards only where there are no others."""
    right = [answer["text"] for answer in answers if credit_of(answer) == EVERYTHING]
    plain = [text for text in right if is_literal(text)]
    return " / ".join(readable(text) for text in plain or right)


def rewritten_weights(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers with their credit written in the one way, and none where it is the usual 100 percent."""
    found = [rewritten(answer, "weight") for answer in answers]
    return [{**answer, "weight": None if answer["weight"] == "100" else answer["weight"]} for answer in found]


def problems_of_weights(answers: Sequence[Mapping[str, Any]], names: Sequence[str], field: str) -> list[Problem]:
    """Return what is wrong with the credit of accepted answers, each called by its name."""
    found = []
    for answer, name in zip(answers, names, strict=True):
        weight = exact(answer["weight"])
        if answer["weight"] is not None and (weight is None or not 0 <= weight <= HUNDRED):
            found.append(Problem(f"The credit of “{name}” is a number from 0 to 100. Leave it empty for 100.", field))
    if not found and answers and all(credit_of(answer) < EVERYTHING for answer in answers):
        found.append(Problem("No answer earns everything. Leave the credit of at least one empty.", field))
    return found


def problems_of_texts(
    answers: Sequence[Mapping[str, Any]], field: str, *, case_matters: bool = False, accents_matter: bool = False
) -> list[Problem]:
    """Return what is wrong with a list of accepted texts."""
    if not answers:
        return [Problem("Give at least one answer that is accepted.", field)]
    found = problems_of_weights(answers, [answer["text"] for answer in answers], field)
    for place, answer in enumerate(answers):
        text = answer["text"]
        if not normal(text):
            found.append(Problem("Write the text of each accepted answer, or take the empty one away.", field))
        elif len(text) > MAX_TYPED:
            found.append(Problem(f"“{text[:40]}…” is longer than the {MAX_TYPED} characters that are read.", field))
        elif is_literal(text):
            before = accepted_as(
                answers[:place], readable(text), case_matters=case_matters, accents_matter=accents_matter
            )
            if before is not None and credit_of(before) < credit_of(answer):
                sentence = f"“{before['text']}” stands above “{text}” and accepts it, for less. Put “{text}” first."
                found.append(Problem(sentence, field))
    return found
