"""What stands in an element of a Word file's HTML."""

import re

from bs4 import Tag
from bs4.element import NavigableString, PageElement

# What stands beside other elements, and not within a line. Word has nine levels of headings, and h0 is its Title.
BLOCKS = {"h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "h9", "ol", "p", "table", "ul"}
HEADING = re.compile(r"^h\d$")


def heading_level(node: PageElement) -> int | None:
    """Return the level of a heading, 0 for Word's Title; None for everything else."""
    return int(node.name[1]) if isinstance(node, Tag) and HEADING.match(node.name) else None


def plain(element: Tag) -> str:
    """Return the text of an element on one line."""
    parts = []
    for node in element.descendants:
        if isinstance(node, NavigableString):
            parts.append(str(node))
        elif isinstance(node, Tag) and (node.name in BLOCKS or node.name in {"br", "li", "td", "th", "tr"}):
            parts.append(" • " if node.name == "li" and node.find_parent("table") else " ")
    return " ".join("".join(parts).split())


def rows_of(table: Tag) -> list[list[Tag]]:
    """Return the cells of each row of a table, without those of tables inside its cells."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    return [row.find_all(["td", "th"], recursive=False) for row in rows]


def shortened(text: str) -> str:
    """Return the beginning of a text, to name it by."""
    return text if len(text) <= 60 else f"{text[:59]}…"
