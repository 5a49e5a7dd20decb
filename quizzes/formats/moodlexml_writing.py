"""Writing Moodle XML: the reverse of reading it. What Moodle has no element for goes into tags such as `section:…`."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from quizzes import types
from quizzes.formats import extras, items, moodlexml_cloze
from quizzes.formats.decoding import one_line, tidy
from quizzes.records import QuestionRecord
from quizzes.types.numbers import exact, written

_IMAGE = re.compile(r'(<img alt="[^"]*" src=")([^"]*)("/>)')
_NEEDS_CDATA = re.compile(r"[<>&]")
# What Moodle has elements of its own for.
_ELEMENTS = {"id", "case", "unit", "guidance", "words"}


def write(records: Iterable[QuestionRecord]) -> tuple[str, list[str]]:
    """Return questions as Moodle XML, which holds all of them; the sentences on what it cannot hold are none."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category = ""
    for record in records:
        if record.category != category:
            category = record.category
            lines.append('  <question type="category">')
            lines.append(f"    <category>{_text(f'$course$/top/{category}')}</category>")
            lines.append("  </question>")
        lines += _question(record)
    return "\n".join([*lines, "</quiz>", ""]), []


def _text(text: str) -> str:
    """Return text in its element; where XML would make something else of it, as CDATA."""
    if _NEEDS_CDATA.search(text):
        text = "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return f"<text>{text}</text>"


def _question(record: QuestionRecord) -> list[str]:
    item = types.of(record.type).canonical(items.with_keys(record.item))
    kind, lines = _WRITERS[record.type](item, record)
    html = moodlexml_cloze.write(record.stem, item) if kind == "cloze" else record.stem
    pairs = extras.pairs_of(record)
    return [
        f'  <question type="{kind}">',
        f"    <name>{_text(one_line(record.name))}</name>",
        f'    <questiontext format="html">{_html(html, record)}</questiontext>',
        f'    <generalfeedback format="plain_text">{_text(tidy(record.general_feedback))}</generalfeedback>',
        "    <defaultgrade>1</defaultgrade>",
        f"    <idnumber>{record.uid}</idnumber>",
        *(f"    {line}" for line in lines),
        *_tags(pairs, kind),
        "  </question>",
    ]


def _tags(pairs: list[tuple[str, str]], kind: str) -> list[str]:
    tags = []
    for key, text in pairs:
        if key == "tag":
            # One that looks like ours says that it is none.
            tags.append(f"tag:{text}" if text.partition(":")[0] in extras.KEYS else text)
        elif key not in _ELEMENTS:
            tags.append(f"{key}:{text}")
    return ["    <tags>", *(f"      <tag>{_text(tag)}</tag>" for tag in tags), "    </tags>"] if tags else []


def _html(html: str, record: QuestionRecord) -> str:
    """Return HTML in its element, with the files of its images behind it."""
    names = [name for _, name, _ in _IMAGE.findall(html)]
    html = _IMAGE.sub(lambda found: f"{found[1]}@@PLUGINFILE@@/{quote(_name(found[2]))}{found[3]}", html)
    return _text(html) + "".join(_file(_name(name), record) for name in dict.fromkeys(names))


def _name(attribute: str) -> str:
    return unescape(attribute)


def _file(name: str, record: QuestionRecord) -> str:
    if name not in record.images:
        return ""
    content = b64encode(record.images[name]).decode()
    return f'<file name="{escape(name)}" path="/" encoding="base64">{content}</file>'


def _plain(text: str) -> str:
    return _text(tidy(text))


def _fraction(weight: Fraction | str) -> str:
    return written(Decimal(round(Fraction(weight) * 10**5)).scaleb(-5))


def _feedback(text: str) -> str:
    return f'<feedback format="plain_text">{_plain(text)}</feedback>'


def _answer(part: Mapping[str, Any], weight: Fraction | str, text: str, more: str = "") -> str:
    content = f"{_plain(text)}{more}{_feedback(part['feedback'])}"
    return f'<answer fraction="{_fraction(weight)}" format="plain_text">{content}</answer>'


def _option(option: Mapping[str, Any], weight: Fraction, record: QuestionRecord) -> str:
    if not option["image"]:
        return _answer(option, weight, one_line(option["text"]))
    text = f"<p>{escape(one_line(option['text']), quote=False)}</p>" if option["text"] else ""
    html = f'{text}<img alt="{escape(option.get("image_alt", ""))}" src="{escape(option["image"])}"/>'
    content = f"{_html(html, record)}{_feedback(option['feedback'])}"
    return f'<answer fraction="{_fraction(weight)}" format="html">{content}</answer>'


def _single_choice(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    lines = ["<single>true</single>", "<shuffleanswers>true</shuffleanswers>"]
    for option in item["options"]:
        usual = items.HUNDRED if option["right"] else Fraction(0)
        lines.append(_option(option, _weight(option, usual), record))
    return "multichoice", lines


def _multiple_choice(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    right = sum(bool(option["right"]) for option in item["options"])
    lines = ["<single>false</single>", "<shuffleanswers>true</shuffleanswers>"]
    for option in item["options"]:
        usual = items.HUNDRED / right if option["right"] else -items.HUNDRED / (len(item["options"]) - right)
        lines.append(_option(option, _weight(option, usual), record))
    return "multichoice", lines


def _weight(part: Mapping[str, Any], usual: Fraction = items.HUNDRED) -> Fraction:
    return usual if part["weight"] is None else Fraction(part["weight"])


def _true_false(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    lines = []
    for word, is_right in (("true", item["right"]), ("false", not item["right"])):
        part = {"feedback": item[f"feedback_{word}"]}
        lines.append(_answer(part, items.HUNDRED if is_right else Fraction(0), word))
    return "truefalse", lines


def _short_text(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    lines = [f"<usecase>{int(item['case_matters'])}</usecase>"]
    return "shortanswer", lines + [_answer(one, _weight(one), one_line(one["text"])) for one in item["answers"]]


def _numeric(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    lines = []
    for answer in item["answers"]:
        if items.is_any_other_number(answer):
            lines.append(_answer(answer, _weight(answer), "*"))
        elif answer["value"] is not None:
            tolerance = f"<tolerance>{answer['tolerance'] or '0'}</tolerance>"
            lines.append(_answer(answer, _weight(answer), answer["value"], tolerance))
        else:
            # Moodle knows a range by its middle; its ends are for us.
            low, high = (exact(answer[name]) or Decimal(0) for name in ("low", "high"))
            middle, off = written((low + high) / 2), written((high - low) / 2)
            more = f'<tolerance>{off}</tolerance><range low="{answer["low"]}" high="{answer["high"]}"/>'
            lines.append(_answer(answer, _weight(answer), middle, more))
    if item["unit"]:
        name = escape(one_line(item["unit"]))
        lines.append(f"<units><unit><multiplier>1</multiplier><unit_name>{name}</unit_name></unit></units>")
    return "numerical", lines


def _matching(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    pairs = [(pair["prompt"], pair["match"]) for pair in item["pairs"]]
    pairs += [("", distractor["text"]) for distractor in item["distractors"]]
    lines = ["<shuffleanswers>true</shuffleanswers>"]
    for prompt, match in pairs:
        answer = f"<answer>{_text(one_line(match))}</answer>"
        lines.append(f'<subquestion format="plain_text">{_text(one_line(prompt))}{answer}</subquestion>')
    return "matching", lines


def _ordering(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    lines = ["<layouttype>VERTICAL</layouttype>", "<selecttype>ALL</selecttype>"]
    lines.append("<gradingtype>ABSOLUTE_POSITION</gradingtype>")
    for place, part in enumerate(item["items"], start=1):
        lines.append(f'<answer fraction="{place}" format="plain_text">{_text(one_line(part["text"]))}</answer>')
    return "ordering", lines


def _free_response(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    words = f"<maxwordlimit>{item['words']}</maxwordlimit>" if item["words"] else ""
    guidance = f'<graderinfo format="plain_text">{_plain(item["guidance"])}</graderinfo>'
    return "essay", [line for line in (words, guidance) if line]


def _fill_blanks(item: Mapping[str, Any], record: QuestionRecord) -> tuple[str, list[str]]:
    return "cloze", []


_WRITERS = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "free_response": _free_response,
    "fill_blanks": _fill_blanks,
}
