"""Aiken: single choice in plain lines.

The format is described at https://docs.moodle.org/en/Aiken_format: the question on one line; the options, each behind a
letter and a period or a bracket; then `ANSWER:` and the letter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from string import ascii_uppercase

from quizzes import types
from quizzes.formats import items, rich_text, texts
from quizzes.formats.decoding import one_line, without_controls
from quizzes.formats.errors import QuestionError, Refused
from quizzes.formats.naming import name_from, shown_name
from quizzes.records import QuestionRecord

_OPTION = re.compile(r"([A-Z])[.)](\s*)(.*)")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])[.)]?")


@dataclass
class _Question:
    """A question while its lines are read."""

    line: int
    text: str
    options: list[str] = field(default_factory=list)
    # The first thing wrong with it; the lines up to its ANSWER belong to it all the same.
    problem: Refused | None = None

    def refuse(self, message: str, line: int) -> None:
        """Note what is wrong, unless something is already."""
        self.problem = self.problem or Refused(message, line)


def read(text: str) -> tuple[list[QuestionRecord], list[QuestionError]]:
    """Return the questions of an Aiken file, and what is wrong with those that cannot be read."""
    records: list[QuestionRecord] = []
    errors: list[QuestionError] = []
    question: _Question | None = None
    for number, raw in enumerate(without_controls(text).split("\n"), start=1):
        line = raw.strip()
        if not line:
            if question and question.options:
                errors.append(_error(question, "It has no ANSWER. Write “ANSWER:” and its letter below the options."))
                question = None
            continue
        if line.startswith("ANSWER:"):
            if question is None:
                errors.append(QuestionError(number, "", "There is no question above this ANSWER."))
            else:
                _close(question, line, number, records, errors)
            question = None
        elif question is None:
            found = _OPTION.match(line)
            question = _Question(number, line)
            if found and found[2]:
                question.text = ""
                question.options.append(one_line(found[3]))
                question.refuse("There is no question above this option. Write it on the line before A.", number)
        else:
            _take(question, line, number)
    if question:
        errors.append(_error(question, "It has no ANSWER. Write “ANSWER:” and its letter below the options."))
    return records, errors


def _take(question: _Question, line: str, number: int) -> None:
    """Read a line below a question's text."""
    found = _OPTION.match(line)
    expected = ascii_uppercase[len(question.options)] if len(question.options) < len(ascii_uppercase) else ""
    if found and (found[2] or found[1] == expected):
        if found[1] != expected:
            question.refuse(
                f"The option after {len(question.options)} others is {expected}, and not {found[1]}.", number
            )
        question.options.append(one_line(found[3]))
    elif question.options:
        question.refuse(
            "This line is no option (A. or A)) and no ANSWER: in capitals. Keep each option on one line.", number
        )
    else:
        question.refuse("The question goes on here. Write it on one line, and the options below it: A. …", number)


def _error(question: _Question, message: str) -> QuestionError:
    problem = question.problem or Refused(message)
    return QuestionError(problem.line or question.line, shown_name(question.text), str(problem))


def _close(
    question: _Question, line: str, number: int, records: list[QuestionRecord], errors: list[QuestionError]
) -> None:
    """Add the question that an ANSWER ends to the records, or what is wrong with it to the errors."""
    found = _ANSWER.fullmatch(line)
    right = ascii_uppercase.index(found[1]) if found else -1
    if len(question.options) < 2:
        question.refuse("It has fewer than two options. Write each on a line of its own: A. …", number)
    elif not found:
        question.refuse("Behind “ANSWER:” stands one letter: ANSWER: B", number)
    elif right >= len(question.options):
        question.refuse(f"There is no option {found[1]}.", number)
    if question.problem:
        errors.append(_error(question, ""))
        return
    stem = texts.stem(question.text, texts.PLAIN)
    options = [(text, "100" if place == right else "0", "") for place, text in enumerate(question.options)]
    item = items.single_choice(options)
    records.append(
        QuestionRecord(name=name_from("", stem), type="single_choice", stem=stem, item=item, line=question.line)
    )


def write(records: Iterable[QuestionRecord]) -> tuple[str, list[str]]:
    """Return questions as Aiken, and sentences on what Aiken cannot hold of them."""
    written, notes = [], []
    for record in records:
        try:
            text, lost = _question(record)
        except Refused as refused:
            notes.append(f"“{record.name}”: it is left out, because {refused}")
            continue
        written.append(text)
        if lost:
            notes.append(f"“{record.name}”: left out, because Aiken has none: {', '.join(lost)}.")
    return "\n".join(written), notes


def _question(record: QuestionRecord) -> tuple[str, list[str]]:
    if record.type != "single_choice":
        raise Refused(f"Aiken has no {types.of(record.type).label.lower()}.")
    options = record.item["options"]
    text = one_line(rich_text.text_of(rich_text.blocks_of(record.stem), " "))
    right = [letter for letter, option in zip(ascii_uppercase, options, strict=False) if option["right"]]
    if len(right) != 1 or len(options) > len(ascii_uppercase):
        raise Refused("Aiken has exactly one right option.")
    if any(not option["text"] for option in options):
        raise Refused("its options are pictures, and Aiken holds none.")
    found = _OPTION.match(text)
    if not text or text.startswith("ANSWER:") or (found and found[2]):
        raise Refused("what it asks would be taken for an option or an ANSWER.")
    lost = {
        "formatting and pictures": texts.stem(text, texts.PLAIN) != record.stem,
        "pictures of options": any(option["image"] for option in options),
        "feedback": bool(record.general_feedback) or any(option["feedback"] for option in options),
        "part credit": any(option["weight"] is not None for option in options),
    }
    lines = [
        text,
        *(f"{letter}. {one_line(option['text'])}" for letter, option in zip(ascii_uppercase, options, strict=False)),
    ]
    return "".join(f"{line}\n" for line in (*lines, f"ANSWER: {right[0]}")), [
        what for what, is_lost in lost.items() if is_lost
    ]
