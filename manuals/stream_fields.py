"""Stream fields whose blocks stay out of migrations."""

from typing import Any

from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField


class UnmigratedStreamField(StreamField):
    """A stream field of one class of blocks: a block may be added or reworded without a migration."""

    block_class: type[StreamBlock]

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(self.block_class(), **kwargs)

    def deconstruct(self) -> Any:
        """Return the field without its blocks."""
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
