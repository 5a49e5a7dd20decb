"""The field that holds a question's answer part: one block, of the type the question is of."""

from typing import Any

from wagtail import blocks
from wagtail.fields import StreamField

from quizzes import types


class AnswerPartBlock(blocks.StreamBlock):
    """The type of a question, chosen by adding its block. One and no more."""

    def __init__(self, **kwargs: Any) -> None:
        own = [(kind.slug, kind.block()) for kind in types.ALL]
        super().__init__(own, min_num=1, max_num=1, **kwargs)


class AnswerPartField(StreamField):
    """A stream field whose blocks stay out of migrations, so that a new question type needs none."""

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(AnswerPartBlock(), **kwargs)

    def deconstruct(self) -> Any:
        """Return the field without its blocks."""
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
