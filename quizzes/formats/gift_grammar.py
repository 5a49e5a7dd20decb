"""What reading and writing GIFT share: escapes, text formats, the marks in comments.

The format is described at https://docs.moodle.org/en/GIFT_format.
"""

import re
from html import escape

from quizzes.formats import texts

SPECIAL = ":#={}~"
# While a question is taken apart, an escaped character is a character that no text has.
_HIDDEN = {character: chr(0xFDD0 + place) for place, character in enumerate((*SPECIAL, "\\", "\n"))}
_ESCAPES = {f"\\{character}": hidden for character, hidden in _HIDDEN.items()} | {"\\n": _HIDDEN["\n"]}
_ESCAPE = re.compile(r"\\[:#={}~\\n]")
_RESTORE = str.maketrans({hidden: character for character, hidden in _HIDDEN.items()})
_TO_ESCAPE = re.compile(r"[#={}~\\\n]")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]\s*")
# A line's end, and how far the next one is indented: nothing but a space where the format makes nothing else of it.
_WRAPPED = re.compile(r"[ \t]*\n[ \t]*")
LINE_BREAK = _HIDDEN["\n"]
CATEGORY = "$CATEGORY:"
COMMENT = "//"
ARROW = "->"
SEPARATOR = "---"
# What a text may not begin with on a line of its own, or behind a sign.
_TAKEN_FOR_MORE = ("%", ">", COMMENT, CATEGORY)

_MARK = re.compile(r"\[([a-z]+)(?::((?:[^\]\\]|\\.)*))?\]")
_MARK_ESCAPE = re.compile(r"\\(.)")


def hidden(text: str) -> str:
    """Return GIFT with its escaped characters hidden, so that what is left of `~=#{}:` has its meaning."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text) if "\\" in text else text


def shown(text: str) -> str:
    """Return text with its hidden characters as they are: the reverse of `hidden`, escapes undone."""
    return text.translate(_RESTORE)


def escaped(text: str) -> str:
    """Return text in which nothing has a meaning in GIFT."""
    return _TO_ESCAPE.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", text)


def with_format(text: str, default: str) -> tuple[str, str]:
    """Return the text behind a format such as `[html]`, escapes undone, and that format or the default."""
    text = text.strip()
    found = _FORMAT.match(text)
    form = default
    if found:
        form, text = found[1], text[found.end() :]
    if form in (texts.HTML, texts.MOODLE):
        text = _WRAPPED.sub(" ", text)
    return shown(text), form


def plain(text: str, default: str) -> str:
    """Return plain text: an option, an answer, feedback."""
    return texts.plain(*with_format(text, default))


def written(text: str, default: str) -> str:
    """Return plain text as GIFT, with `[plain]` before it where the default format would make something else of it."""
    found = escaped(text)
    if not text.startswith(_TAKEN_FOR_MORE) and plain(hidden(found), default) == text:
        return found
    return f"[{texts.PLAIN}]{found}"


def without_arrows(text: str, default: str) -> str:
    """Return plain text as GIFT without a “->”, which GIFT has no escape for: as HTML, where there is one."""
    if ARROW not in text:
        return written(text, default)
    html = escape(text, quote=False).replace("\n", "<br/>")
    return f"[{texts.HTML}]{escaped(html)}"


def marks(comment: str) -> list[tuple[str, str]]:
    """Return the marks of a comment, `[key:text]` or `[key]`, as pairs."""
    return [(found[1], _MARK_ESCAPE.sub(_unmarked, found[2] or "")) for found in _MARK.finditer(comment)]


def _unmarked(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]


def mark(key: str, text: str) -> str:
    """Return a pair as a mark: the reverse of `marks`."""
    if not text:
        return f"[{key}]"
    for plain_form, written_form in (("\\", "\\\\"), ("]", "\\]"), ("\n", "\\n")):
        text = text.replace(plain_form, written_form)
    return f"[{key}:{text}]"
