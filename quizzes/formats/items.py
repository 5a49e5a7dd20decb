"""Answer parts as file formats make them, each part without an id."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from quizzes.formats.errors import Refused
from quizzes.formats.extras import Extras
from quizzes.types.numbers import exact, written

HUNDRED = Fraction(100)
# A range that leaves no number out, within what the editor takes: it holds the feedback to “any other number”.
EVERY_NUMBER = ("-9999999999", "9999999999")
BLANK = re.compile(r"\{\d+\}")
_ROUNDED_TO = tuple(HUNDRED * part / whole for whole in range(2, 11) for part in range(1, whole))


def option(text: str, weight: str | None, *, right: bool, feedback: str = "", image: Any = None) -> dict[str, Any]:
    """Return an option of a choice."""
    return {"text": text, "image": image, "right": right, "weight": weight, "feedback": feedback}


def single_choice(options: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Return a single choice of options: text, credit in percent, feedback."""
    return {
        "options": [
            option(text, _unless(weight, "100" if _is_full(weight) else "0"), right=_is_full(weight), feedback=feedback)
            for text, weight, feedback in options
        ]
    }


def multiple_choice(options: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Return a multiple choice of options: text, credit in percent, feedback. What earns anything is right."""
    weights = _made_whole([weight for _, weight, _ in options])
    return {
        "options": [
            option(text, weight, right=Fraction(weight) > 0, feedback=feedback)
            for (text, _, feedback), weight in zip(options, weights, strict=True)
        ]
    }


def _unless(weight: str, usual: str) -> str | None:
    return None if weight == usual else weight


def _is_full(weight: str) -> bool:
    return Fraction(weight) == HUNDRED


def _made_whole(weights: list[str]) -> list[str]:
    """Return weights with those made exact that were rounded: three options at 33.3 are meant to earn 100 together."""
    total = sum(Fraction(weight) for weight in weights if Fraction(weight) > 0)
    if abs(total - HUNDRED) <= Fraction(5, 100):
        return weights
    exacter = [_unrounded(weight) for weight in weights]
    total = sum(Fraction(weight) for weight in exacter if Fraction(weight) > 0)
    return exacter if abs(total - HUNDRED) <= Fraction(5, 100) else weights


def _unrounded(weight: str) -> str:
    places = len(weight.partition(".")[2])
    for share in _ROUNDED_TO:
        if round(share, places) == abs(Fraction(weight)):
            exactly = written(Decimal(round(share * 10**5)).scaleb(-5))
            return f"-{exactly}" if weight.startswith("-") else exactly
    return weight


def accepted_text(text: str, weight: str | None = None, feedback: str = "") -> dict[str, Any]:
    """Return a text that is accepted."""
    return {"text": text, "weight": None if weight is None else _unless(weight, "100"), "feedback": feedback}


def short_text(answers: Sequence[Mapping[str, Any]], extras: Extras) -> dict[str, Any]:
    """Return a short text."""
    return {"answers": list(answers), "case_matters": extras.case_matters, "accents_matter": extras.accents_matter}


def fill_blanks(text: str, blanks: Sequence[Sequence[Mapping[str, Any]]], extras: Extras) -> dict[str, Any]:
    """Return a text with blanks."""
    return {
        "text": text,
        "blanks": [{"answers": list(answers)} for answers in blanks],
        "case_matters": extras.case_matters,
        "accents_matter": extras.accents_matter,
    }


def accepted_number(
    value: str | None = None,
    tolerance: str | None = None,
    low: str | None = None,
    high: str | None = None,
    weight: str | None = None,
    feedback: str = "",
) -> dict[str, Any]:
    """Return a number or a range that is accepted."""
    weight = None if weight is None else _unless(weight, "100")
    return {"value": value, "tolerance": tolerance, "low": low, "high": high, "weight": weight, "feedback": feedback}


def any_other_number(feedback: str, weight: str = "0") -> dict[str, Any]:
    """Return what stands for every number that none before it accepts."""
    low, high = EVERY_NUMBER
    return accepted_number(low=low, high=high, weight=weight, feedback=feedback)


def is_any_other_number(answer: Mapping[str, Any]) -> bool:
    """Return whether this stands for every number."""
    return (answer["low"], answer["high"]) == EVERY_NUMBER


def numeric(answers: Sequence[Mapping[str, Any]], unit: str) -> dict[str, Any]:
    """Return a numeric item."""
    return {"answers": list(answers), "unit": unit}


def matching(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a matching item; a match without a prompt is a distractor."""
    return {
        "pairs": [{"prompt": prompt, "match": match} for prompt, match in pairs if prompt],
        "distractors": [{"text": match} for prompt, match in pairs if not prompt],
    }


def ordering(texts: Sequence[str]) -> dict[str, Any]:
    """Return an ordering item."""
    return {"items": [{"text": text} for text in texts]}


def true_false(*, right: bool, feedback_true: str, feedback_false: str) -> dict[str, Any]:
    """Return a true or false item."""
    return {"right": right, "feedback_true": feedback_true, "feedback_false": feedback_false}


def free_response(extras: Extras) -> dict[str, Any]:
    """Return a free response."""
    return {"rubric": extras.rubric, "guidance": extras.guidance, "words": extras.words}


def number(text: str) -> str:
    """Return a number as items keep it. Raises `Refused` for what is none."""
    found = exact(text.strip())
    if found is None:
        raise Refused(f"“{text.strip()[:40]}” is not a number. Write it like 1250.50.")
    return written(found)


def percent(text: str) -> str:
    """Return a credit in percent as items keep it, of five decimal places. Raises `Refused` for what is none."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 100:
        raise Refused(f"The credit “{text.strip()[:40]}” is not a number from -100 to 100.")
    return written(round(found, 5))


def with_keys(item: Any) -> Any:
    """Return an item whose parts all have an id, as their type wants them; those without get one that is not kept."""
    if isinstance(item, list | tuple):
        return [{"id": str(place), **with_keys(part)} for place, part in enumerate(item)]
    if isinstance(item, Mapping):
        return {name: with_keys(value) if isinstance(value, list | tuple) else value for name, value in item.items()}
    return item
