"""What stands in a Word file as the blocks and texts of a page."""

import re
import textwrap
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from manuals.blocks import RICH_TEXT_FEATURES
from manuals.exchange.word_elements import plain, rows_of

SUMMARY_LENGTH = 400
# A span is a number in the file, and may be any number.
MAX_SPAN = 100
RICH_TEXT_TAGS = {"a", "b", "br", "em", "h3", "h4", "i", "li", "ol", "p", "strong", "sub", "sup", "ul"}
URL_SCHEMES = {"http", "https", "mailto", "tel"}

# A sentence ends where the next one starts with a capital letter, and not after an abbreviation.
_SENTENCE = re.compile(
    r'.*?(?<!\b(?:Dr|Mr|Ms|No|Sr|St))(?<!\b(?:Mrs|Sra|e\.g|i\.e|U\.S))[.!?…][”"’)]*(?=\s+["“¿¡(]*[A-ZÀ-Þ])'
)
_MARKDOWN = re.compile(r"[\\`*]|(?<!\w)_|_(?!\w)")
_MARKDOWN_START = re.compile(r"^(\d*)(\.(?=\s)|[>#]|[-+](?=[\s-]))")
_MARKDOWN_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def rich_text(elements: list[Tag]) -> str:
    """Return elements as HTML with what Wagtail's rich text editor keeps of them, and nothing that could run."""
    html = nh3.clean(
        "".join(str(element) for element in elements),
        tags=RICH_TEXT_TAGS,
        attributes={"a": {"href"}},
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )
    # Wagtail reads XHTML: a br must be closed.
    closed = str(BeautifulSoup(html, "html.parser"))
    converter = ContentstateConverter(RICH_TEXT_FEATURES)
    kept: str = converter.to_database_format(converter.from_database_format(closed))
    return kept


def table(element: Tag) -> dict[str, Any]:
    """Return a table as the raw value of a table block, the first row as headings.

    A merged cell's text stands in its first place, and the others are empty; short rows are filled up.
    """
    rows = rows_of(element)
    cells: dict[tuple[int, int], str] = {}
    for row, found in enumerate(rows):
        column = 0
        for cell in found:
            while (row, column) in cells:
                column += 1
            width = _span(cell, "colspan", MAX_SPAN)
            height = _span(cell, "rowspan", len(rows) - row)
            cells |= {(row + down, column + right): "" for down in range(height) for right in range(width)}
            cells[row, column] = plain(cell)
            column += width
    columns = range(1 + max(column for _, column in cells))
    return {
        "columns": [{"type": "text", "heading": cells.get((0, column), "")} for column in columns],
        "rows": [
            {"values": [as_markdown(cells.get((row, column), "")) for column in columns]} for row in range(1, len(rows))
        ],
        "caption": "",
    }


def _span(cell: Tag, name: str, most: int) -> int:
    """Return how many columns or rows a cell covers."""
    return max(1, min(int(str(cell.get(name, "1"))), most))


def as_markdown(text: str) -> str:
    """Return one line of text so that Markdown, which cells are shown as, leaves it as it is."""
    text = _MARKDOWN_TAG.sub("&lt;", _MARKDOWN.sub(r"\\\g<0>", text))
    return _MARKDOWN_START.sub(r"\1\\\2", text)


def summary(elements: list[Tag], title: str) -> str:
    """Return the first sentence of a chapter, cut to the length of a summary; its title where it has no text."""
    written = [element for element in elements if plain(element)]
    first = next((element for element in written if element.name == "p"), written[0] if written else None)
    text = plain(first) if first else title
    sentence = _SENTENCE.match(text)
    return textwrap.shorten(sentence[0] if sentence else text, SUMMARY_LENGTH, placeholder="…")
