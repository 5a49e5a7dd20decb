"""Our own HTML as a tree, for comparing: ten times quicker than a parser that mends what browsers mend."""

from collections.abc import Mapping
from functools import cached_property
from html import escape
from html.parser import HTMLParser

VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd"),
        *("label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "svg", "time", "u", "var", "wbr"),
    )
)
_ATOMS = frozenset(("br", "img", "svg", "wbr"))
# What works on a page and does not on a comparison of two: it would run, or answer twice to one name.
_LEFT_OUT = frozenset(("button", "input", "script", "style", "template"))
_FORGOTTEN = frozenset(("id", "hidden", "aria-labelledby", "aria-describedby"))


class Element:
    """An element: its tag, its attributes, and its children, text among them as plain strings."""

    def __init__(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        self.tag = tag
        self.attributes = dict(attributes)
        self.children: list[Element | str] = []

    @cached_property
    def is_inline(self) -> bool:
        """Whether it stands in a line of text, and everything in it does."""
        return self.tag in _INLINE and all(isinstance(child, str) or child.is_inline for child in self.children)

    @property
    def is_atom(self) -> bool:
        """Whether it is one thing in a line, such as a picture, with nothing in it to be compared."""
        return self.tag in _ATOMS

    @cached_property
    def start(self) -> str:
        """Its start tag."""
        return self.start_with("")

    def start_with(self, css_class: str) -> str:
        """Return its start tag with one more class."""
        attributes = dict(self.attributes)
        if css_class:
            attributes["class"] = f"{attributes.get('class') or ''} {css_class}".strip()
        written = (f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attributes.items())
        return f"<{self.tag}{''.join(written)}>"

    @property
    def end(self) -> str:
        """Its end tag; nothing for an element that has none."""
        return "" if self.tag in VOID else f"</{self.tag}>"

    @cached_property
    def inner(self) -> str:
        """What is in it, as HTML."""
        return "".join(html_of(child) for child in self.children)

    @cached_property
    def html(self) -> str:
        """It and what is in it, as HTML."""
        return f"{self.start}{self.inner}{self.end}" if self.tag else self.inner

    @cached_property
    def text(self) -> str:
        """The words in it, those of pieces that stand on their own kept apart."""
        return "".join(
            child if isinstance(child, str) else child.text if child.is_inline else f" {child.text} "
            for child in self.children
        )


def html_of(node: Element | str) -> str:
    """Return a node as HTML."""
    return escape(node, quote=False) if isinstance(node, str) else node.html


class _Builder(HTMLParser):
    def __init__(self, renamed: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.renamed = renamed
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        self._add(tag, attrs)
        if tag not in VOID:
            self.open.append(self.latest)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an element that has nothing in it."""
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End an element, and whatever in it was not ended."""
        tag = self.renamed.get(tag, tag)
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Add text."""
        self.open[-1].children.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value for name, value in attrs if name not in _FORGOTTEN}
        self.latest = Element(self.renamed.get(tag, tag), attributes)
        if tag not in _LEFT_OUT:
            self.open[-1].children.append(self.latest)


def parse(html: str, renamed: Mapping[str, str] | None = None) -> Element:
    """Return an element without a tag around what was parsed; tags are `renamed` on the way.

    Left out are buttons, fields and scripts, and attributes that tie elements together or hide them, for the same page
    may be there twice. Whatever comes in, what goes out is well-formed.
    """
    builder = _Builder(renamed or {})
    builder.feed(html)
    builder.close()
    return builder.root
