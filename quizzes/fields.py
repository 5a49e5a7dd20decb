"""The field that holds a question's answer part: one block, of the type the question is of."""

from typing import Any

from wagtail import blocks

from manuals.stream_fields import UnmigratedStreamField
from quizzes import types


class AnswerPartBlock(blocks.StreamBlock):
    """The type of a question, chosen by adding its block. One and no more."""

    def __init__(self, **kwargs: Any) -> None:
        own = [(kind.slug, kind.block()) for kind in types.ALL]
        super().__init__(own, min_num=1, max_num=1, **kwargs)


class AnswerPartField(UnmigratedStreamField):
    """A question's answer part. A new question type needs no migration."""

    block_class = AnswerPartBlock
