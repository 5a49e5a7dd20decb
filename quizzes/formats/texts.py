"""The text formats of Moodle's files, as a stem (HTML) and as plain text."""

import re
from html import escape

import markdown as python_markdown

from manuals.markdown import EXTENSIONS
from quizzes.formats import rich_text
from quizzes.formats.decoding import tidy

HTML, MOODLE, PLAIN, MARKDOWN = "html", "moodle", "plain", "markdown"
FORMATS = (HTML, MOODLE, PLAIN, MARKDOWN)
_MARKUP = re.compile(r"[<&]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_SPACES = re.compile(r"[ \t]+")
_TAG = re.compile(r"</?(?:p|div|ul|ol|li|table|tr|td|th|tbody|thead|h[1-6]|br|hr|blockquote|pre)\b", re.IGNORECASE)


def stem(text: str, form: str) -> str:
    """Return a text of this format as HTML in the one form that the bank keeps."""
    text = tidy(text)
    if form == PLAIN or (form == MOODLE and not _MARKUP.search(text)):
        return _paragraphs(text)
    return rich_text.normal(_html(text, form))


def plain(text: str, form: str) -> str:
    """Return a text of this format as plain text."""
    text = tidy(text)
    if form == PLAIN:
        return text
    if form == MOODLE and not _MARKUP.search(text):
        return _SPACES.sub(" ", re.sub(r" *\n *", "\n", text))
    return tidy(rich_text.text_of(rich_text.blocks_of(_html(text, form))))


def _paragraphs(text: str) -> str:
    """Return plain text as paragraphs."""
    found = []
    for paragraph in _PARAGRAPHS.split(text):
        lines = (_SPACES.sub(" ", line).strip(" ") for line in paragraph.strip().split("\n"))
        html = "<br/>".join(escape(line, quote=False) for line in lines)
        if html:
            found.append(f"<p>{html}</p>")
    return "".join(found)


def _html(text: str, form: str) -> str:
    if form == MARKDOWN:
        return python_markdown.markdown(text, extensions=EXTENSIONS, output_format="html")
    if form == MOODLE:
        # Moodle makes line breaks of line ends, but not between the tags of a list or a table.
        if _TAG.search(text):
            return text
        return "".join(f"<p>{part}</p>" for part in _PARAGRAPHS.split(text)).replace("\n", "<br>")
    return text
