"""Taking a GIFT file apart: into questions, and each into its name, its text and its answer parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizzes.formats import extras, gift_grammar
from quizzes.formats.decoding import one_line, without_controls
from quizzes.formats.errors import Refused

_MOODLE_ROOT = re.compile(r"^\$[a-z0-9]+\$/?(?:top(?:/|$))?", re.IGNORECASE)


@dataclass
class Block:
    """What stands between two blank lines: its marks and its lines, comments taken out."""

    line: int
    category: str
    marks: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """A question taken apart, escapes still hidden.

    `pieces` is the text around the answer parts, one more than there are of those.
    """

    name: str
    pieces: list[str]
    answers: list[str]


def category_of(path: str) -> str:
    """Return a category's path without the place in Moodle that it begins with."""
    return one_line(_MOODLE_ROOT.sub("", path.strip())).strip("/ ")


def blocks(text: str) -> Iterator[Block]:
    """Yield what stands between blank lines, with the category it is in; comments without a question are left out."""
    category = ""
    block: Block | None = None
    for number, line in enumerate([*without_controls(text).split("\n"), ""], start=1):
        stripped = line.strip()
        if not stripped:
            if block and (block.lines or any(key in extras.OURS for key, _ in block.marks)):
                yield block
            block = None
        elif stripped.startswith(gift_grammar.CATEGORY):
            category = category_of(gift_grammar.shown(gift_grammar.hidden(stripped[len(gift_grammar.CATEGORY) :])))
            if block and block.lines:
                yield block
                block = None
            elif block:
                block.category = category
        else:
            block = block or Block(number, category)
            if stripped.startswith(gift_grammar.COMMENT):
                block.marks += gift_grammar.marks(stripped)
            else:
                if not block.lines:
                    block.line = number
                block.lines.append(line)


def name_of(block: Block) -> str:
    """Return the name of a question, or its first words, for a message about it."""
    text = gift_grammar.hidden("\n".join(block.lines).strip())
    name, rest = _named(text)
    words = name or gift_grammar.with_format(rest.partition("{")[0], "moodle")[0]
    return one_line(re.sub(r"<[^>]*>", " ", words))


def _named(text: str) -> tuple[str, str]:
    """Return the `::name::` that a question begins with, and what follows."""
    if text.startswith("::"):
        name, found, rest = text[2:].partition("::")
        if found:
            return one_line(gift_grammar.shown(name)), rest
    return "", text


def parts_of(block: Block) -> Parts:
    """Return a question taken apart. Raises `Refused` where its braces do not fit."""
    if not block.lines:
        keys = ", ".join(f"[{key}:…]" for key, _ in block.marks if key in extras.OURS)
        raise Refused(f"{keys} belongs to no question. Put the comment directly above one, with no blank line between.")
    name, rest = _named(gift_grammar.hidden("\n".join(block.lines).strip()))
    pieces, answers = [""], []
    is_open = False
    for part in re.split(r"([{}])", rest):
        if part == "{":
            if is_open:
                raise Refused("There is a “{” inside an answer part. Write it as \\{ where a brace is meant.")
            is_open = True
            answers.append("")
        elif part == "}":
            if not is_open:
                raise Refused("There is a “}” without a “{” before it. Write it as \\} where a brace is meant.")
            is_open = False
            pieces.append("")
        elif is_open:
            answers[-1] = part
        else:
            pieces[-1] = part
    if is_open:
        raise Refused("The “{” is never closed. A question ends at a blank line: take out those inside its braces.")
    return Parts(name, pieces, answers)
