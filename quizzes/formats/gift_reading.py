"""Reading GIFT: every feature of the published format, and what our questions have beyond it (see `extras`)."""

import re
from dataclasses import replace

from quizzes.formats import extras, gift_answers, gift_blocks, gift_grammar, items, rich_text, texts
from quizzes.formats.decoding import PLACE
from quizzes.formats.errors import QuestionError, Refused
from quizzes.formats.gift_blocks import Block, Parts
from quizzes.formats.naming import name_from, shown_name
from quizzes.formats.stems import FILL_BLANKS, apart, check
from quizzes.records import QuestionRecord

GAP = "_____"
_LINE_END = rf"(?:\n|{gift_grammar.LINE_BREAK})"
_SEPARATOR = re.compile(rf"{_LINE_END}[ \t]*{gift_grammar.SEPARATOR}[ \t]*{_LINE_END}")


def read(text: str) -> tuple[list[QuestionRecord], list[QuestionError]]:
    """Return the questions of a GIFT file, and what is wrong with those that cannot be read."""
    records, errors = [], []
    for block in gift_blocks.blocks(text):
        try:
            records.append(_record(block))
        except Refused as refused:
            name = shown_name(gift_blocks.name_of(block))
            errors.append(QuestionError(refused.line or block.line, name, str(refused)))
    return records, errors


def _record(block: Block) -> QuestionRecord:
    parts = gift_blocks.parts_of(block)
    if not parts.answers:
        raise Refused(
            "It has no answer part in braces, which makes it a description, a type we do not have. "
            "Write {} behind it for a free response, or take it out."
        )
    said = extras.read(block.marks)
    record = _filled(parts, said) if _is_filled(parts) else _asked(parts, said)
    check(record.stem)
    record = replace(record, name=name_from(parts.name, record.stem), category=block.category, line=block.line)
    return said.on(record)


def _asked(parts: Parts, said: extras.Extras) -> QuestionRecord:
    """Return a question with one answer part, which leaves a gap if the text goes on behind it."""
    if len(parts.answers) > 1:
        raise Refused(
            "It has several answer parts in braces. That makes fill in the blanks, of which each is a short answer: "
            "{=30 =thirty}."
        )
    before, after = parts.pieces
    text = f"{before}{GAP}{after}" if after.strip() else before
    text, form = gift_grammar.with_format(text, texts.MOODLE)
    answers, feedback = gift_answers.split_general_feedback(parts.answers[0], form)
    kind, item = gift_answers.read(answers, form, said)
    return QuestionRecord(name="", type=kind, stem=texts.stem(text, form), item=item, general_feedback=feedback)


def _is_filled(parts: Parts) -> bool:
    """Return whether these are blanks in a text: several short answers, or one below a line of `---`."""
    are_short = all(gift_answers.are_short_answers(answers.partition("####")[0].strip()) for answers in parts.answers)
    return are_short and (len(parts.answers) > 1 or _SEPARATOR.search(parts.pieces[0]) is not None)


def _filled(parts: Parts, said: extras.Extras) -> QuestionRecord:
    """Return a text with blanks, below the stem that says what to do."""
    whole = PLACE.join(parts.pieces)
    above, *below = _SEPARATOR.split(whole, maxsplit=1)
    if below and PLACE in above:
        above, below = whole, []
    source, form = gift_grammar.with_format(above, texts.MOODLE)
    if below:
        stem, text = texts.stem(source, form), gift_grammar.plain(below[0], form)
    else:
        stem, text = apart(rich_text.blocks_of(texts.stem(source, form)), PLACE)
    blanks, feedback = [], ""
    for answers in parts.answers:
        answers, general = gift_answers.split_general_feedback(answers, form)
        feedback = general or feedback
        blanks.append(gift_answers.short_answers(answers, form))
    first, *others = text.split(PLACE)
    numbered = first + "".join(f"{{{number}}}{piece}" for number, piece in enumerate(others, start=1))
    item = items.fill_blanks(numbered, blanks, said)
    return QuestionRecord(
        name="",
        type="fill_blanks",
        stem=stem or f"<p>{FILL_BLANKS[said.language]}</p>",
        item=item,
        general_feedback=feedback,
    )
