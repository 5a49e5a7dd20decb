"""Writing GIFT: the reverse of reading it."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizzes import types
from quizzes.formats import extras, gift_blocks, gift_grammar, items, rich_text, texts
from quizzes.formats.decoding import PLACE, one_line, tidy
from quizzes.formats.gift_answers import GENERAL_FEEDBACK
from quizzes.records import QuestionRecord
from quizzes.types.numbers import written as in_full

_BLANK = re.compile(r"\{(\d+)\}")
_END = "\n"
_IMAGE = re.compile(r"<img\b[^>]*/>")


def write(records: Iterable[QuestionRecord]) -> tuple[str, list[str]]:
    """Return questions as GIFT, and sentences on what GIFT cannot hold of them."""
    written, notes = [], []
    category = ""
    for record in records:
        if record.category != category:
            category = record.category
            written.append(f"{gift_grammar.CATEGORY} {_category(category)}\n")
        text, lost = _question(record)
        notes += [f"“{record.name}”: {sentence}" for sentence in lost]
        if text:
            written.append(text)
    return "\n".join(written), notes


def _category(name: str) -> str:
    """Return a category's path, with Moodle's own beginning where it would be taken for one."""
    name = name.replace("\\", "\\\\")
    return name if gift_blocks.category_of(name) == one_line(name) else f"$course$/top/{name}"


def _question(record: QuestionRecord) -> tuple[str, list[str]]:
    """Return a question as GIFT, empty where it cannot be, and what of it is left out."""
    item, notes = types.of(record.type).canonical(items.with_keys(record.item)), []
    stem = record.stem
    if _IMAGE.search(stem):
        notes.append("its picture is left out, because GIFT holds none.")
        stem = rich_text.normal(_IMAGE.sub("", stem))
    if any(option["image"] for option in item.get("options", ())):
        if any(not option["text"] for option in item["options"]):
            return "", ["it is left out, because its options are pictures, and GIFT holds none."]
        notes.append("the pictures of its options are left out, because GIFT holds none.")
    if not stem:
        return "", ["it is left out, because it asks with a picture alone, and GIFT holds none."]
    text, form = _stem(stem)
    if record.type == "fill_blanks":
        body = f"{text}\n{gift_grammar.SEPARATOR}\n{_filled(item, form, record.general_feedback)}"
    else:
        answers = _ANSWERS[record.type](item, form)
        body = f"{text} {{{_with_general(answers, record.general_feedback, form)}}}"
    # An escaped backslash ends in a backslash, too: colons are last.
    name = gift_grammar.escaped(record.name).replace(":", "\\:")
    return "".join(f"{line}\n" for line in (*_comments(record), f"::{name}::{body}")), notes


def _comments(record: QuestionRecord) -> list[str]:
    """Return the marks as comments, each criterion of a rubric on a line of its own."""
    marks = [(key, gift_grammar.mark(key, text)) for key, text in extras.pairs_of(record)]
    first = " ".join(mark for key, mark in marks if key != "rubric")
    return [f"// {line}" for line in (first, *(mark for key, mark in marks if key == "rubric")) if line]


def _stem(stem: str) -> tuple[str, str]:
    """Return a stem as GIFT and its format: as it would be typed where that says the same, else as HTML."""
    text = rich_text.text_of(rich_text.blocks_of(stem), "\n\n")
    typed = gift_grammar.escaped(text)
    source, form = gift_grammar.with_format(gift_grammar.hidden(typed), texts.MOODLE)
    is_same = form == texts.MOODLE and texts.stem(source, form) == stem
    if is_same and gift_grammar.SEPARATOR not in text:
        return typed, texts.MOODLE
    return f"[{texts.HTML}]{gift_grammar.escaped(stem)}", texts.HTML


def _with_general(answers: str, feedback: str, form: str) -> str:
    """Return an answer part with the general feedback on a line of its own. A blank line would end the question."""
    feedback = tidy(feedback)
    if not feedback:
        return answers
    return f"{answers.removesuffix(_END)}\n\t{GENERAL_FEEDBACK}{gift_grammar.written(feedback, form)}\n"


def _feedback(part: Mapping[str, Any], form: str) -> str:
    feedback = tidy(part["feedback"])
    return f"#{gift_grammar.written(feedback, form)}" if feedback else ""


def _line(text: str, form: str) -> str:
    return gift_grammar.written(one_line(text), form)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _credit(weight: Fraction | Decimal) -> str:
    number = Decimal(round(Fraction(weight) * 10**5)).scaleb(-5)
    return f"%{in_full(number)}%"


def _single_choice(item: Mapping[str, Any], form: str) -> str:
    lines = []
    for option in item["options"]:
        weight = option["weight"]
        credit = "" if weight is None or Fraction(weight) == 0 else _credit(Fraction(weight))
        sign = "=" if option["right"] else f"~{credit}"
        lines.append(f"{sign}{_line(option['text'], form)}{_feedback(option, form)}")
    if all(option["right"] for option in item["options"]):
        # Without a “~” it would be a short answer.
        lines[-1] = f"~{_credit(items.HUNDRED)}{lines[-1][1:]}"
    return _lines(lines)


def _multiple_choice(item: Mapping[str, Any], form: str) -> str:
    options = item["options"]
    right = sum(bool(option["right"]) for option in options)
    lines = []
    for option in options:
        if option["weight"] is not None:
            weight = Fraction(option["weight"])
        else:
            weight = items.HUNDRED / right if option["right"] else -items.HUNDRED / (len(options) - right)
        credit = _credit(weight) if weight else ""
        lines.append(f"~{credit}{_line(option['text'], form)}{_feedback(option, form)}")
    return _lines(lines)


def _true_false(item: Mapping[str, Any], form: str) -> str:
    to_true, to_false = (tidy(item[name]) for name in ("feedback_true", "feedback_false"))
    wrong, right = (to_false, to_true) if item["right"] else (to_true, to_false)
    word = "TRUE" if item["right"] else "FALSE"
    parts = [wrong, right] if right else [wrong] if wrong else []
    return "".join([word, *(f"#{gift_grammar.written(part, form) if part else ''}" for part in parts)])


def _weight(answer: Mapping[str, Any]) -> str:
    return "" if answer["weight"] is None else _credit(Fraction(answer["weight"]))


def _accepted_text(answer: Mapping[str, Any], form: str) -> str:
    """Return an accepted text; with an arrow in it, it would be taken for a pair."""
    text, feedback = one_line(answer["text"]), tidy(answer["feedback"])
    behind = f"#{gift_grammar.without_arrows(feedback, form)}" if feedback else ""
    return f"={_weight(answer)}{gift_grammar.without_arrows(text, form)}{behind}"


def _numeric(item: Mapping[str, Any], form: str) -> str:
    lines = []
    *others, last = item["answers"]
    has_other = items.is_any_other_number(last) and last["weight"] == "0" and bool(last["feedback"]) and bool(others)
    for answer in others if has_other else item["answers"]:
        if answer["value"] is None:
            number = f"{answer['low']}..{answer['high']}"
        else:
            number = f"{answer['value']}:{answer['tolerance']}" if answer["tolerance"] else answer["value"]
        lines.append(f"={_weight(answer)}{number}{_feedback(answer, form)}")
    if has_other:
        lines.append(f"~{_feedback(last, form)}")
    return f"#{_lines(lines)}"


def _short_text(item: Mapping[str, Any], form: str) -> str:
    return _lines(_accepted_text(answer, form) for answer in item["answers"])


def _matching(item: Mapping[str, Any], form: str) -> str:
    pairs = [(pair["prompt"], pair["match"]) for pair in item["pairs"]]
    pairs += [("", distractor["text"]) for distractor in item["distractors"]]
    written = [
        (gift_grammar.without_arrows(one_line(prompt), form), gift_grammar.escaped(one_line(match)))
        for prompt, match in pairs
    ]
    return _lines(f"={prompt} {gift_grammar.ARROW} {match}" for prompt, match in written)


def _ordering(item: Mapping[str, Any], form: str) -> str:
    lines = "".join(f"\n{_line(part['text'], form)}" for part in item["items"])
    return f">{lines}\n"


def _free_response(item: Mapping[str, Any], form: str) -> str:
    return ""


def _filled(item: Mapping[str, Any], form: str, feedback: str) -> str:
    """Return a text with its blanks as answer parts; the general feedback is in the last of them."""
    text = gift_grammar.written(_BLANK.sub(PLACE, tidy(item["text"]).replace(PLACE, "")), form)
    numbers = [int(number) for number in _BLANK.findall(item["text"])]
    written, *pieces = text.split(PLACE)
    for place, (number, piece) in enumerate(zip(numbers, pieces, strict=True), start=1):
        answers = item["blanks"][number - 1]["answers"]
        inner = " ".join(_accepted_text(answer, form) for answer in answers)
        is_last = place == len(numbers)
        written += f"{{{_with_general(inner, feedback, form) if is_last else inner}}}{piece}"
    return written


_ANSWERS = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "free_response": _free_response,
}
