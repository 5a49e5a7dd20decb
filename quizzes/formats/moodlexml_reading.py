"""Reading Moodle XML: the types we have, with their pictures, categories, tags and ids.

The format is described at https://docs.moodle.org/en/Moodle_XML_format. Hints, penalties, feedback to a whole result
and files that are no pictures have no place in our questions, and are passed over.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from quizzes.formats import extras, items, moodlexml_cloze, rich_text, stems, texts
from quizzes.formats.decoding import one_line
from quizzes.formats.errors import QuestionError, Refused, shortened
from quizzes.formats.extras import Extras
from quizzes.formats.gift_blocks import category_of
from quizzes.formats.moodlexml_tree import Pictures, line_of, parse, value
from quizzes.formats.naming import name_from, shown_name
from quizzes.records import QuestionRecord

# What Moodle calls the types that we lack.
LACKING = {
    "description": "description",
    "calculated": "calculated",
    "calculatedsimple": "simple calculated",
    "calculatedmulti": "calculated multiple choice",
    "ddwtos": "drag and drop into text",
    "ddmarker": "drag and drop markers",
    "ddimageortext": "drag and drop onto image",
    "gapselect": "select missing words",
    "random": "random question",
    "randomsamatch": "random short-answer matching",
}
_OUR_TAG = re.compile(rf"({'|'.join(sorted(extras.KEYS))})(?::(.*))?", re.DOTALL)
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)


def read(text: str) -> tuple[list[QuestionRecord], list[QuestionError]]:
    """Return the questions of a Moodle XML file, and what is wrong with those that cannot be read.

    Raises `FileRefused` for what is no Moodle XML file.
    """
    records, errors = [], []
    category = ""
    for question in parse(text).findall("question"):
        if question.get("type") == "category":
            category = category_of(value(question, "category/text"))
            continue
        try:
            records.append(replace(_record(question), category=category, line=line_of(question)))
        except Refused as refused:
            name = shown_name(value(question, "name/text") or rich_text.text_of(rich_text.blocks_of(_asked(question))))
            errors.append(QuestionError(line_of(question), name, str(refused)))
    return records, errors


def _asked(question: Element) -> str:
    return value(question, "questiontext/text")


def _record(question: Element) -> QuestionRecord:
    kind = question.get("type", "")
    if kind not in _READERS:
        called = LACKING.get(kind, kind)
        raise Refused(f"Its type is “{shortened(called)}”, which we do not have. Take it out, or make it another type.")
    pictures = Pictures()
    said = extras.read(_pairs(question))
    source, form = pictures.text(question.find("questiontext"))
    if kind in ("cloze", "multianswer"):
        stem, item = _filled(source, form, said)
        name = "fill_blanks"
    else:
        stem = texts.stem(source + pictures.old_image(question), form)
        name, item = _READERS[kind](question, form, said, pictures)
    stems.check(stem)
    feedback, feedback_form = pictures.text(question.find("generalfeedback"), form)
    shown = rich_text.image_names(stem) | {option["image"] for option in item.get("options", ())}
    record = QuestionRecord(
        name=name_from(value(question, "name/text"), stem),
        type=name,
        stem=stem,
        item=item,
        general_feedback=texts.plain(feedback, feedback_form),
        images={key: content for key, content in pictures.contents.items() if key in shown},
    )
    return said.on(record)


def _pairs(question: Element) -> list[tuple[str, str]]:
    """Return what tags, the id and Moodle's own elements say beyond the question itself."""
    pairs = [("id", value(question, "idnumber"))]
    for tag in question.findall("tags/tag"):
        text = value(tag, "text")
        found = _OUR_TAG.fullmatch(text)
        pairs.append((found[1], found[2] or "") if found and (found[2] is not None) else ("tag", text))
    if value(question, "usecase") == "1":
        pairs.append(("case", ""))
    if unit := value(question, "units/unit/unit_name"):
        pairs.append(("unit", unit))
    if guidance := question.find("graderinfo"):
        pairs.append(("guidance", texts.plain(*Pictures().text(guidance))))
    if (words := value(question, "maxwordlimit")) not in ("", "0"):
        pairs.append(("words", words))
    return pairs


def _feedback(answer: Element, form: str) -> str:
    return texts.plain(*Pictures().text(answer.find("feedback"), form))


def _credit(answer: Element) -> str:
    return items.percent(answer.get("fraction", "0") or "0")


def _choice(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    options, images = [], []
    for answer in question.findall("answer"):
        source, own = pictures.text(answer, form)
        html = texts.stem(source, own) if own != texts.PLAIN else ""
        found = rich_text.images(html)
        images.append(found[0] if found else None)
        if len(found) > 1:
            raise Refused("An option has several pictures, and one can be kept. Make them one picture.")
        text = texts.plain(_IMAGE.sub(" ", source) if found else source, own)
        options.append((one_line(text), _credit(answer), _feedback(answer, form)))
    if not options:
        raise Refused("It has no options.")
    is_single = value(question, "single", "true") not in ("false", "0", "")
    item = items.single_choice(options) if is_single else items.multiple_choice(options)
    for option, image in zip(item["options"], images, strict=True):
        if image:
            option.update(image=image.src, image_alt=image.alt)
    return ("single_choice" if is_single else "multiple_choice"), item


def _true_false(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    answers = question.findall("answer")
    if len(answers) != 2:
        raise Refused("It has not exactly two answers, true and false.")
    words = [value(answer, "text").lower() for answer in answers]
    # Old files name them in the language of their portal, true first.
    to_true, to_false = reversed(answers) if words == ["false", "true"] else answers
    right = Fraction(_credit(to_true)) == items.HUNDRED
    return "true_false", items.true_false(
        right=right, feedback_true=_feedback(to_true, form), feedback_false=_feedback(to_false, form)
    )


def _short_text(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    answers = [
        items.accepted_text(one_line(value(answer, "text")), _credit(answer), _feedback(answer, form))
        for answer in question.findall("answer")
    ]
    return "short_text", items.short_text(answers, said)


def _numeric(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    answers = []
    for answer in question.findall("answer"):
        # Before it had <text>, the number stood in <answer> itself.
        text = value(answer, "text") or (answer.text or "").strip()
        weight, feedback = _credit(answer), _feedback(answer, form)
        span = answer.find("range")
        if span is not None:
            low, high = items.number(span.get("low", "")), items.number(span.get("high", ""))
            answers.append(items.accepted_number(low=low, high=high, weight=weight, feedback=feedback))
        elif text in ("*", ""):
            answers.append(items.any_other_number(feedback, weight))
        else:
            off = items.number(value(answer, "tolerance", "0") or "0")
            tolerance = None if off == "0" else off
            answers.append(items.accepted_number(items.number(text), tolerance, weight=weight, feedback=feedback))
    return "numeric", items.numeric(answers, said.unit)


def _matching(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    pairs = []
    for part in question.findall("subquestion"):
        prompt = one_line(texts.plain(*pictures.text(part, form)))
        pairs.append((prompt, one_line(value(part, "answer/text"))))
    return "matching", items.matching(pairs)


def _ordering(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    found = [one_line(texts.plain(*pictures.text(answer, form))) for answer in question.findall("answer")]
    return "ordering", items.ordering(found)


def _free_response(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    return "free_response", items.free_response(said)


def _filled(source: str, form: str, said: Extras) -> tuple[str, dict[str, Any]]:
    stem, text, blanks, case_matters = moodlexml_cloze.read(source, form)
    item = items.fill_blanks(text, blanks, replace(said, case_matters=case_matters))
    return stem or f"<p>{stems.FILL_BLANKS[said.language]}</p>", item


_Reader = Callable[[Element, str, Extras, Pictures], tuple[str, dict[str, Any]]]


def _embedded(question: Element, form: str, said: Extras, pictures: Pictures) -> tuple[str, dict[str, Any]]:
    raise AssertionError("embedded answers stand in the text itself")


_READERS: dict[str, _Reader] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_text,
    "numerical": _numeric,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _free_response,
    "cloze": _embedded,
    "multianswer": _embedded,
}
