"""Stems: what a question asks."""

from quizzes.formats import rich_text
from quizzes.formats.errors import Refused
from quizzes.formats.rich_text import Block

# What to do, where a file has only a text with blanks.
FILL_BLANKS = {"en": "Fill in the blanks.", "es": "Complete los espacios en blanco."}


def check(stem: str) -> None:
    """Raise `Refused` for a stem that asks nothing."""
    if not stem:
        raise Refused("It asks nothing. Write the question before its answers.")


def apart(blocks: list[Block], place: str) -> tuple[str, str]:
    """Return the paragraphs above the first blank as HTML, and the rest as plain text.

    `place` is the character that stands for a blank.
    """
    first = next((number for number, block in enumerate(blocks) if place in rich_text.text_of([block])), len(blocks))
    return rich_text.html_of(blocks[:first]), rich_text.text_of(blocks[first:])
