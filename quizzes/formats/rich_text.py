"""HTML of question files, in the one form that the bank keeps: paragraphs, lists, bold, italics, links and images.

Two texts that look alike are the same HTML in that form, so that a question is compared by comparing strings.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby

import nh3

_BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "table", "thead", "tbody", "tr", "dl", "dt"),
    *("dd", "hr", "figure", "section", "article", "address", "center"),
}
_CELLS = {"td", "th"}
_LISTS = {"ul", "ol"}
_INLINE = {"b", "strong", "i", "em", "a", "br", "img"}
_TAGS = {*_BLOCKS, *_CELLS, *_LISTS, *_INLINE, "li"}
_HREF = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)\S+|/", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")
BREAK = "\n"


@dataclass(frozen=True)
class Style:
    """How a run of text looks: bold, italic, and where it leads."""

    bold: bool = False
    italic: bool = False
    href: str = ""


_PLAIN = Style()


@dataclass
class Line:
    """A paragraph, or the text of a list item: runs of text, of which `BREAK` is a line break."""

    runs: list[tuple[str, Style]] = field(default_factory=list)


@dataclass
class Image:
    """An image between paragraphs."""

    src: str
    alt: str


@dataclass
class Entry:
    """An item of a list, and the lists in it."""

    line: Line = field(default_factory=Line)
    lists: list["ItemList"] = field(default_factory=list)


@dataclass
class ItemList:
    """A list, numbered (`ol`) or not (`ul`)."""

    tag: str
    entries: list[Entry] = field(default_factory=list)


Block = Line | Image | ItemList


class _Reader(HTMLParser):
    """Reads cleaned HTML into blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._lists: list[ItemList] = []
        self._line: Line | None = None
        self._bold = self._italic = 0
        self._hrefs: list[str] = []
        # Images of a list stand behind it.
        self._images: list[Image] = []

    def _current(self) -> Line:
        if self._line is None:
            if self._lists:
                entries = self._lists[-1].entries
                if not entries:
                    entries.append(Entry())
                self._line = entries[-1].line
                if self._line.runs:
                    self._line.runs.append((BREAK, _PLAIN))
            else:
                self._line = Line()
                self.blocks.append(self._line)
        return self._line

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open what a tag opens."""
        values = {name: value or "" for name, value in attrs}
        if tag in ("b", "strong"):
            self._bold += 1
        elif tag in ("i", "em"):
            self._italic += 1
        elif tag == "a":
            href = values.get("href", "").strip()
            self._hrefs.append(href if _HREF.fullmatch(href) else "")
        elif tag == "br":
            self._current().runs.append((BREAK, _PLAIN))
        elif tag == "img":
            image = Image(values.get("src", "").strip(), _SPACE.sub(" ", values.get("alt", "")).strip())
            (self._images if self._lists else self.blocks).append(image)
            self._line = None
        elif tag in _LISTS:
            new = ItemList(tag)
            if self._lists:
                entries = self._lists[-1].entries
                if not entries:
                    entries.append(Entry())
                entries[-1].lists.append(new)
            else:
                self.blocks.append(new)
            self._lists.append(new)
            self._line = None
        elif tag == "li" and self._lists:
            entry = Entry()
            self._lists[-1].entries.append(entry)
            self._line = entry.line
        elif tag in _CELLS:
            self._current().runs.append((" ", _PLAIN))
        else:
            self._line = None

    def handle_endtag(self, tag: str) -> None:
        """Close what a tag closes."""
        if tag in ("b", "strong"):
            self._bold -= 1
        elif tag in ("i", "em"):
            self._italic -= 1
        elif tag == "a":
            self._hrefs.pop()
        elif tag in _LISTS:
            self._lists.pop()
            self._line = None
            if not self._lists:
                self.blocks += self._images
                self._images = []
        elif tag not in _CELLS:
            self._line = None

    def handle_data(self, data: str) -> None:
        """Add text. White space between blocks begins no line."""
        if self._line is None and not data.strip(" \t\n\r\f"):
            return
        style = Style(self._bold > 0, self._italic > 0, self._hrefs[-1] if self._hrefs else "")
        self._current().runs.append((_SPACE.sub(" ", data), style))


def blocks_of(html: str) -> list[Block]:
    """Return HTML as blocks, with everything taken out that could run, load or restyle."""
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    found: list[Block] = []
    for block in reader.blocks:
        kept = _trimmed(block)
        if kept is not None:
            found.append(kept)
    return found


def _trimmed(block: Block) -> Block | None:
    """Return a block without superfluous white space, None where nothing is left."""
    if isinstance(block, Line):
        line = Line(_trimmed_runs(block.runs))
        return line if line.runs else None
    if isinstance(block, ItemList):
        kept = _trimmed_list(block)
        return kept if kept.entries else None
    return block if block.src else None


def _trimmed_list(items: ItemList) -> ItemList:
    entries = []
    for entry in items.entries:
        lists = [found for found in map(_trimmed_list, entry.lists) if found.entries]
        runs = _trimmed_runs(entry.line.runs)
        if runs or lists:
            entries.append(Entry(Line(runs), lists))
    return ItemList(items.tag, entries)


def _trimmed_runs(runs: list[tuple[str, Style]]) -> list[tuple[str, Style]]:
    """Return runs with single spaces, none at the ends of a line, and equal neighbours made one."""
    found: list[tuple[str, Style]] = []
    for text, style in runs:
        if text == BREAK:
            _strip_end(found)
            found.append((BREAK, _PLAIN))
            continue
        if not found or found[-1][0].endswith((" ", BREAK)):
            text = text.lstrip(" ")
        if not text:
            continue
        if found and found[-1][0] != BREAK and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        else:
            found.append((text, style))
    _strip_end(found)
    while found and not found[-1][0].strip():
        found.pop()
        _strip_end(found)
    while found and not found[0][0].strip():
        found.pop(0)
    return found


def _strip_end(runs: list[tuple[str, Style]]) -> None:
    while runs and runs[-1][0] != BREAK:
        text = runs[-1][0].rstrip(" ")
        if text:
            runs[-1] = (text, runs[-1][1])
            return
        runs.pop()


def html_of(blocks: list[Block]) -> str:
    """Return blocks as HTML."""
    return "".join(_html_of_block(block) for block in blocks)


def _html_of_block(block: Block) -> str:
    if isinstance(block, Line):
        return f"<p>{_html_of_line(block)}</p>"
    if isinstance(block, Image):
        return f'<img alt="{escape(block.alt)}" src="{escape(block.src)}"/>'
    entries = "".join(
        f"<li>{_html_of_line(entry.line)}{''.join(map(_html_of_block, entry.lists))}</li>" for entry in block.entries
    )
    return f"<{block.tag}>{entries}</{block.tag}>"


def _html_of_line(line: Line) -> str:
    written = []
    for href, linked in groupby(line.runs, key=lambda run: run[1].href):
        within = []
        for bold, strong in groupby(linked, key=lambda run: run[1].bold):
            inner = ""
            for italic, runs in groupby(strong, key=lambda run: run[1].italic):
                text = "".join("<br/>" if text == BREAK else escape(text, quote=False) for text, _ in runs)
                inner += f"<i>{text}</i>" if italic else text
            within.append(f"<b>{inner}</b>" if bold else inner)
        html = "".join(within)
        written.append(f'<a href="{escape(href)}">{html}</a>' if href else html)
    return "".join(written)


def text_of(blocks: list[Block], between: str = "\n") -> str:
    """Return blocks as plain text; an image is its alternative text."""
    return between.join(filter(None, (_text_of_block(block) for block in blocks)))


def _text_of_block(block: Block) -> str:
    if isinstance(block, Line):
        return "".join(text for text, _ in block.runs)
    if isinstance(block, Image):
        return block.alt
    lines = []
    for entry in block.entries:
        lines += [_text_of_block(entry.line), *map(_text_of_block, entry.lists)]
    return "\n".join(filter(None, lines))


def normal(html: str) -> str:
    """Return HTML in the one form that the bank keeps."""
    return html_of(blocks_of(html))


def images(html: str) -> list[Image]:
    """Return the images in HTML."""
    return [block for block in blocks_of(html) if isinstance(block, Image)]


def image_names(html: str) -> set[str]:
    """Return what the images in HTML lead to."""
    return {image.src for image in images(html)} if "<img" in html else set()
