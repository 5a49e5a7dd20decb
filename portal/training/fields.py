"""The field that holds the stages of a path."""

from typing import Any

from wagtail.fields import StreamField

from portal.training.blocks import ContentsBlock


class ContentsField(StreamField):
    """A stream field whose blocks stay out of migrations: what is asked of a step may be reworded without one."""

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(ContentsBlock(), **kwargs)

    def deconstruct(self) -> Any:
        """Return the field without its blocks."""
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
