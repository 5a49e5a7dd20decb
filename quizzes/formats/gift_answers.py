"""The answer part of a GIFT question, by what it says of its type."""

import re
from collections.abc import Mapping
from typing import Any

from quizzes.formats import gift_grammar, items
from quizzes.formats.decoding import one_line
from quizzes.formats.errors import Refused
from quizzes.formats.extras import Extras

GENERAL_FEEDBACK = "####"
_WEIGHT = re.compile(r"%\s*(-?\d{1,3}(?:\.\d*)?)\s*%")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
# The words of Moodle's ordering questions: how many to show, which, in what layout, graded how, numbered how.
_HEADER_WORDS = {
    *("ALL", "EXACT", "RANDOM", "REL", "CONTIGUOUS", "CONTIG", "HORIZONTAL", "HORI", "H", "VERTICAL", "VERT", "V"),
    *("ALL_OR_NOTHING", "ABSOLUTE_POSITION", "ABSOLUTE", "ABS", "RELATIVE_NEXT_EXCLUDE_LAST", "RELATIVE"),
    *("RELATIVE_NEXT_INCLUDE_LAST", "RELATIVE_ONE_PREVIOUS_AND_NEXT", "RELATIVE_ALL_PREVIOUS_AND_NEXT"),
    *("RELATIVE_TO_CORRECT", "LONGEST_ORDERED_SUBSET", "LONGEST_CONTIGUOUS_SUBSET", "SHOW", "TRUE", "YES", "HIDE"),
    *("FALSE", "NO", "none", "abc", "ABCD", "iii", "IIII"),
}


def split_general_feedback(answers: str, form: str) -> tuple[str, str]:
    """Return an answer part without its general feedback, and that."""
    answers, found, feedback = answers.rpartition(GENERAL_FEEDBACK)
    if not found:
        return feedback.strip(), ""
    return answers.strip(), gift_grammar.plain(feedback, form)


def read(answers: str, form: str, extras: Extras) -> tuple[str, dict[str, Any]]:
    """Return the type and the item that an answer part stands for, its general feedback taken off before.

    `form` is the text format of the question. Raises `Refused` for what is none.
    """
    if not answers:
        return "free_response", items.free_response(extras)
    if answers.startswith("#"):
        return "numeric", items.numeric(_numbers(answers[1:], form), extras.unit)
    if answers.startswith(">"):
        return "ordering", items.ordering(_ordered(answers[1:], form))
    if "~" in answers:
        return _choice(answers, form)
    if "=" in answers and gift_grammar.ARROW in answers:
        return "matching", items.matching([_pair(part, form) for part in _split(answers, "=")])
    truth = _TRUTHS.get(answers.partition("#")[0].strip().upper())
    if truth is not None:
        return "true_false", _truth(answers, form, truth=truth)
    return "short_text", items.short_text(short_answers(answers, form), extras)


def short_answers(answers: str, form: str) -> list[dict[str, Any]]:
    """Return the accepted texts of `=30 =%50%about 30#Nearly`. Raises `Refused`."""
    found = []
    for part in _split(answers, "="):
        weight, text = _weighted(part)
        text, _, feedback = text.partition("#")
        accepted = one_line(gift_grammar.plain(text, form))
        found.append(items.accepted_text(accepted, weight, gift_grammar.plain(feedback, form)))
    return found


def are_short_answers(answers: str) -> bool:
    """Return whether an answer part can be a blank among others."""
    return (
        bool(answers)
        and not answers.startswith(("#", ">"))
        and "~" not in answers
        and gift_grammar.ARROW not in answers
    )


def _split(answers: str, separator: str) -> list[str]:
    """Return what stands behind each separator; what stands before the first is one more, if there is anything."""
    first, *parts = answers.split(separator)
    return [part.strip() for part in ([first] if first.strip() else []) + parts]


def _weighted(part: str) -> tuple[str | None, str]:
    """Return the credit that a part begins with, None without one, and the rest."""
    found = _WEIGHT.match(part)
    return (items.percent(found[1]), part[found.end() :]) if found else (None, part)


def _choice(answers: str, form: str) -> tuple[str, dict[str, Any]]:
    """Read options. With a “=” there is one to choose, without there may be several."""
    is_single = "=" in answers
    options = []
    for part in re.findall(r"[~=][^~=]*", answers if answers[0] in "~=" else f"~{answers}"):
        sign, rest = part[0], part[1:].strip()
        weight, text = (None, rest) if sign == "=" else _weighted(rest)
        text, _, feedback = text.partition("#")
        usual = "100" if sign == "=" else "0"
        options.append((one_line(gift_grammar.plain(text, form)), weight or usual, gift_grammar.plain(feedback, form)))
    if not any(not weight.startswith("-") and weight != "0" for _, weight, _ in options):
        raise Refused("No option is right. Begin it with “=”, or where several are right give each credit: ~%50%.")
    if is_single:
        return "single_choice", items.single_choice(options)
    return "multiple_choice", items.multiple_choice(options)


def _pair(part: str, form: str) -> tuple[str, str]:
    prompt, found, match = part.partition(gift_grammar.ARROW)
    if not found:
        shown = gift_grammar.shown(part)[:40]
        raise Refused(f"“{shown}” has no “->”. Write each pair as “=prompt -> what belongs to it”.")
    return one_line(gift_grammar.plain(prompt, form)), one_line(gift_grammar.shown(match))


def _truth(answers: str, form: str, *, truth: bool) -> dict[str, Any]:
    """Read `TRUE#feedback to the wrong answer#feedback to the right one`."""
    wrong, right = ([gift_grammar.plain(part, form) for part in answers.split("#", 2)[1:]] + ["", ""])[:2]
    to_true, to_false = (right, wrong) if truth else (wrong, right)
    return items.true_false(right=truth, feedback_true=to_true, feedback_false=to_false)


def _numbers(answers: str, form: str) -> list[Mapping[str, Any]]:
    """Read `1822:5`, `1..5`, or several, each behind “=”, and the feedback to any other number behind “~”."""
    answers, has_other, other = answers.partition("~")
    found: list[Mapping[str, Any]] = []
    for part in _split(answers, "="):
        weight, text = _weighted(part)
        text, _, feedback = text.partition("#")
        found.append(_accepted_number(gift_grammar.shown(text), weight, gift_grammar.plain(feedback, form)))
    if not found:
        raise Refused("No number is given. Write it behind the “#”: {#1822:5} or {#1..5}.")
    feedback = gift_grammar.plain(other.partition("#")[2], form) if has_other else ""
    return [*found, items.any_other_number(feedback)] if feedback else found


def _accepted_number(text: str, weight: str | None, feedback: str) -> dict[str, Any]:
    if text.strip() == "*":
        return items.any_other_number(feedback, weight or "0")
    low, is_range, high = text.partition("..")
    if is_range:
        return items.accepted_number(low=items.number(low), high=items.number(high), weight=weight, feedback=feedback)
    value, has_tolerance, off = text.partition(":")
    tolerance = items.number(off) if has_tolerance else None
    return items.accepted_number(items.number(value), _unless_zero(tolerance), weight=weight, feedback=feedback)


def _unless_zero(number: str | None) -> str | None:
    return None if number == "0" else number


def _ordered(answers: str, form: str) -> list[str]:
    """Read items, one a line, behind a line with the ordering plugin's own words, which say nothing to us."""
    header, *lines = answers.split("\n")
    if not all(word.isdigit() or word in _HEADER_WORDS for word in header.split()):
        raise Refused("Write the items to put in order below “{>”, one a line.")
    return [one_line(gift_grammar.plain(line, form)) for line in lines if line.strip()]
