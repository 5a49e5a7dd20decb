"""What the two directions share: how a body's lines are marked, kept apart and kept whole."""

import re

SECTION = re.compile(r"^##\s+(?P<heading>.*?)\s*(?:\{#(?P<anchor>[^{}]*)\})?\s*$")
DIRECTIVE = re.compile(r"^:::\s*(?P<name>[a-z][a-z-]*)\s*(?P<argument>.*?)\s*$")
END = re.compile(r"^:::\s*$")
ITEM = re.compile(r"^(?P<marker>\d{1,4}[.)]\s+)(?P<text>.*)$")
CASE = re.compile(r"^-\s+(?P<text>.*)$")
ANCHOR = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?$")
_RESERVED = re.compile(r"^\\*(?:##\s|##$|:::)")

ARROW = "=>"
LANGUAGES = {"en": "Script (English)", "es": "Script (Spanish)"}
STEPS = "Steps"


def escape(text: str) -> str:
    """Return text in which no line can be taken for a heading or a directive."""
    return "\n".join("\\" + line if _RESERVED.match(line) else line for line in text.split("\n"))


def unescape(text: str) -> str:
    """Return the text that `escape` was given."""
    return "\n".join(line[1:] if line.startswith("\\") and _RESERVED.match(line) else line for line in text.split("\n"))


def trimmed(text: str) -> str:
    """Return text with Unix line ends, and without empty lines around it."""
    return re.sub(r"\r\n?", "\n", text).strip("\n").rstrip()


def write_list(items: list[str]) -> str:
    """Return steps as a numbered list, the further lines of a step under its first."""
    written = []
    for number, item in enumerate(items, start=1):
        marker = f"{number}. "
        first, *rest = trimmed(item).strip().split("\n")
        written.append("\n".join([(marker + first).rstrip(), *((" " * len(marker) + line).rstrip() for line in rest)]))
    return "\n".join(written)


def read_list(lines: list[str]) -> tuple[list[str], int | None]:
    """Return the steps of a numbered list, and the number (from 0) of the first line that belongs to none."""
    items: list[list[str]] = []
    width = 0
    for number, line in enumerate(lines):
        found = ITEM.match(line)
        if found:
            width = len(found["marker"])
            items.append([found["text"]])
        elif items and (not line.strip() or line.startswith("  ")):
            indent = len(line) - len(line.lstrip(" "))
            items[-1].append(line[min(indent, width) :].rstrip())
        elif line.strip():
            return [], number
    return ["\n".join(item).strip() for item in items], None


def write_table(headings: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [_row(headings), "|" + "---|" * len(headings), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    escaped = (" ".join(cell.split()).replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
    return "|" + "".join(f" {cell} |" for cell in escaped)


def read_row(line: str) -> list[str] | None:
    r"""Return the cells of a table's row, `\|` and `\\` undone; None for what is no row."""
    line = line.strip()
    if not (line.startswith("|") and line.endswith("|") and len(line) > 1):
        return None
    cells, cell, escaped = [], "", False
    for character in line[1:]:
        if escaped:
            cell += character if character in "|\\" else "\\" + character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "|":
            cells.append(cell.strip())
            cell = ""
        else:
            cell += character
    return cells


def is_rule(cells: list[str]) -> bool:
    """Return whether this row is the line between a table's header and its rows."""
    return all(re.fullmatch(r":?-+:?", cell) for cell in cells)
