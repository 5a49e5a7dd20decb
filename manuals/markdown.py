"""Markdown as seniors write it, rendered and cleaned."""

from functools import lru_cache
from threading import local

import markdown as python_markdown
import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension

from manuals import sample_values

EXTENSIONS: list[str | Extension] = [
    "markdown.extensions.sane_lists",
    TableExtension(use_align_attribute=True),
    "markdown.extensions.fenced_code",
]
TAGS = {
    *("a", "abbr", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr"),
    *("i", "ins", "li", "ol", "p", "pre", "b", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead"),
    *("tr", "ul"),
}
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}


def clean(html: str) -> str:
    """Return HTML with everything taken out that could run, load or restyle."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})


class _Parser(local):
    """A parser for each thread: making one takes as long as parsing a page."""

    def __init__(self) -> None:
        self.markdown = python_markdown.Markdown(extensions=EXTENSIONS, output_format="html")


_parser = _Parser()


# The same texts are read all day, and in every edition that did not change them.
@lru_cache(maxsize=4096)
def render(text: str) -> SafeString:
    """Return Markdown as clean HTML, sample values marked."""
    html = _parser.markdown.reset().convert(text)
    return sample_values.marked(mark_safe(clean(html)))  # noqa: S308 - cleaned by nh3


def render_inline(text: str) -> SafeString:
    """Return one line of Markdown without the paragraph around it, for a step or a cell."""
    html = str(render(text)).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return mark_safe(html)  # noqa: S308 - rendered and cleaned above
