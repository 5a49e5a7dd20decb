"""What keeps a record from becoming a question, as far as no database is needed to tell."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from manuals.exchange import media
from quizzes import types
from quizzes.fields import AnswerPartBlock
from quizzes.formats import extras, items
from quizzes.formats.errors import shortened
from quizzes.models import category, question
from quizzes.records import QuestionRecord

_SHOWN = re.compile(r'<img [^>]*\bsrc="([^"]*)"')


class Checking:
    """Checks records one after the other; each picture is opened once."""

    def __init__(self) -> None:
        self._blocks = AnswerPartBlock().child_blocks
        self._readable: dict[str, bool] = {}

    def problems(self, record: QuestionRecord) -> list[str]:
        """Return what is wrong with a record, in sentences; none for one that can be asked."""
        found = [*_too_long(record), *self._pictures(record)]
        item = items.with_keys(record.item)
        limits = list(_limits(self._blocks[record.type], item, ""))
        # What does not fit its field need not be judged as well.
        found += limits or [problem.sentence for problem in types.of(record.type).problems(item)]
        return list(dict.fromkeys(found))

    def _pictures(self, record: QuestionRecord) -> Iterator[str]:
        names = {unescape(name) for name in _SHOWN.findall(record.stem)}
        names |= {option["image"] for option in record.item.get("options", ()) if option["image"]}
        for name in sorted(names):
            if name not in record.images:
                yield (
                    f"It shows the picture “{shortened(name)}”, which the file does not hold. Put it into a Moodle XML "
                    "file with the question, or take it out."
                )
            elif not self._is_readable(record.images[name]):
                yield f"The picture “{shortened(name)}” cannot be read. Save it as PNG, JPEG, GIF or WebP."

    def _is_readable(self, content: bytes) -> bool:
        digest = media.hash_of(content)
        if digest not in self._readable:
            self._readable[digest] = media.is_readable_image(content)
        return self._readable[digest]


def _too_long(record: QuestionRecord) -> Iterator[str]:
    if len(record.name) > question.NAME_LENGTH:
        yield f"Its name is longer than {question.NAME_LENGTH} characters. Shorten it."
    if len(record.category) > category.NAME_LENGTH:
        yield f"Its category is longer than {category.NAME_LENGTH} characters. Shorten it."
    for tag in record.tags:
        if len(tag) > extras.MAX_TAG:
            yield f"The tag “{shortened(tag)}” is longer than {extras.MAX_TAG} characters. Shorten it."


def _limits(block: blocks.Block, value: Any, label: str) -> Iterator[str]:
    """Yield what the editor's own fields would refuse: texts too long, numbers out of range, lists too long."""
    if isinstance(block, blocks.StructBlock) and isinstance(value, Mapping):
        for name, child in block.child_blocks.items():
            if name in value:
                yield from _limits(child, value[name], str(child.label or name))
    elif isinstance(block, blocks.ListBlock):
        most = block.meta.max_num
        if most is not None and len(value) > most:
            yield f"{label}: there are {len(value)}, and {most} at most can be kept."
        for part in value:
            yield from _limits(block.child_block, part, label)
    elif isinstance(block, blocks.FieldBlock) and not isinstance(block, blocks.ChooserBlock):
        if value in (None, ""):
            return
        try:
            block.field.clean(block.value_for_form(value))
        except ValidationError as error:
            for message in error.messages:
                yield f"{label} “{shortened(str(value), 40)}”: {message}"
