"""The field that holds the stages of a path."""

from manuals.stream_fields import UnmigratedStreamField
from portal.training.blocks import ContentsBlock


class ContentsField(UnmigratedStreamField):
    """The stages of a path. What is asked of a step may be reworded without a migration."""

    block_class = ContentsBlock
