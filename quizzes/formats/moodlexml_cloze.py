"""Embedded answers (“Cloze”): blanks written into a text, `{1:SHORTANSWER:=30#Yes~%50%about 30}`.

The syntax is described at https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from quizzes.formats import items, rich_text, stems, texts
from quizzes.formats.decoding import PLACE, one_line, tidy
from quizzes.formats.errors import Refused

_BLANK = re.compile(r"\{\d*:([A-Z_]+):((?:\\.|[^\\}])*)\}", re.DOTALL)
_PARTS = re.compile(r"(?:\\.|[^\\~])+", re.DOTALL)
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_FEEDBACK = re.compile(r"((?:\\.|[^\\#])*)(?:#(.*))?", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_RULE = re.compile(r"<hr\b[^>]*>", re.IGNORECASE)
# A brace that begins no blank.
_BRACE = "&#123;"
_NUMBERED = re.compile(r"\{(\d+)\}")
_SHORT = {"SHORTANSWER", "SA", "MW"}
_SHORT_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
_NUMERICAL = {"NUMERICAL", "NM"}


def read(source: str, form: str) -> tuple[str, str, list[list[dict[str, Any]]], bool]:
    """Return the stem, the text with numbered blanks, the blanks, and whether case matters. Raises `Refused`."""
    kinds: list[str] = []
    blanks: list[list[dict[str, Any]]] = []

    def blank(found: re.Match[str]) -> str:
        kinds.append(found[1])
        blanks.append(_answers(found[1], found[2], form))
        return PLACE

    text = _BLANK.sub(blank, source)
    if not blanks:
        raise Refused("It has no blank. Write one into the text: {1:SHORTANSWER:=30}.")
    above, *below = _RULE.split(text, maxsplit=1)
    if below and PLACE not in above:
        stem, text = texts.stem(above, form), texts.plain(below[0], form)
    else:
        stem, text = stems.apart(rich_text.blocks_of(texts.stem(text, form)), PLACE)
    first, *pieces = text.split(PLACE)
    numbered = first + "".join(f"{{{number}}}{piece}" for number, piece in enumerate(pieces, start=1))
    return stem, numbered, blanks, all(kind in _SHORT_CASE for kind in kinds)


def _answers(kind: str, source: str, form: str) -> list[dict[str, Any]]:
    if kind not in _SHORT | _SHORT_CASE | _NUMERICAL:
        raise Refused(f"It has an embedded answer of the type {kind}, which we do not have: blanks are short answers.")
    found = []
    for part in _PARTS.findall(source):
        part = part.strip()
        is_right = part.startswith("=")
        part = part.removeprefix("=")
        weight = _WEIGHT.match(part)
        credit = items.percent(weight[1]) if weight else "100" if is_right else "0"
        split = _FEEDBACK.fullmatch(part[weight.end() :] if weight else part)
        text, feedback = (split[1], split[2] or "") if split else ("", "")
        text = one_line(texts.plain(_shown(text), form))
        if kind in _NUMERICAL:
            text = _number(text)
        found.append(items.accepted_text(text, credit, texts.plain(_shown(feedback), form)))
    return found


def _number(text: str) -> str:
    """Return the number of a numerical blank; our blanks are texts, and know no tolerance."""
    number, _, tolerance = text.partition(":")
    if text == "*":
        return text
    if tolerance.strip() and Fraction(items.number(tolerance)) != 0:
        raise Refused("It has an embedded number with a tolerance, which we do not have: blanks are short answers.")
    return items.number(number)


def _shown(text: str) -> str:
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def write(stem: str, item: Mapping[str, Any]) -> str:
    """Return a text with blanks as HTML with embedded answers, below its stem and a rule."""
    kind = "SHORTANSWER_C" if item["case_matters"] else "SHORTANSWER"
    parts = _NUMBERED.split(tidy(item["text"]))
    written = ""
    for place, part in enumerate(parts):
        if place % 2:
            written += f"{{1:{kind}:{_written(item['blanks'][int(part) - 1]['answers'])}}}"
        else:
            written += escape(part, quote=False).replace("{", _BRACE).replace("\n", "<br/>")
    return f"{stem.replace('{', _BRACE)}<hr/><p>{written}</p>"


def _written(answers: Sequence[Mapping[str, Any]]) -> str:
    found = []
    for answer in answers:
        weight = "=" if answer["weight"] is None else f"%{answer['weight']}%"
        feedback = tidy(answer["feedback"])
        found.append(weight + _escaped(one_line(answer["text"])) + (f"#{_escaped(feedback)}" if feedback else ""))
    return "~".join(found)


def _escaped(text: str) -> str:
    """Return plain text with nothing in it that has a meaning in HTML or in an embedded answer."""
    html = escape(text, quote=False).replace("\n", "<br/>")
    return re.sub(r"[\\}~#=%/\"]", r"\\\g<0>", html)
