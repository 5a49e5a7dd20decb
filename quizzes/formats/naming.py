"""What a question is called that has no name of its own."""

from quizzes.formats import rich_text
from quizzes.formats.decoding import one_line
from quizzes.formats.errors import shortened
from quizzes.models.question import NAME_LENGTH

LENGTH = 80


def name_from(name: str, stem: str) -> str:
    """Return a question's name, or else the first words of what it asks."""
    name = one_line(name)
    if name:
        return shortened(name, NAME_LENGTH)
    return shortened(one_line(rich_text.text_of(rich_text.blocks_of(stem), " ")), LENGTH)


def shown_name(name: str) -> str:
    """Return a name as messages show it."""
    return shortened(one_line(name))
