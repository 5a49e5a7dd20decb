"""What changed in a piece of text, passage by passage, with a few words around each change."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from manuals.html_tree import Element, parse

WORDS_AROUND = 12
_BETWEEN_CELLS = " · "

# A run of text, with the mark it stands in: "ins", "del", or none.
Run = tuple[str, str]


def passages(html: str) -> list[SafeString]:
    """Return each paragraph, step or row of a difference in which something changed, cut to the words around it."""
    found = (_cut(runs) for runs in _passages(parse(html)))
    return [mark_safe(passage) for passage in found if passage]  # noqa: S308 - escaped in _cut


def _passages(element: Element) -> Iterator[list[Run]]:
    """Yield the text of each passage that has a change in it, as runs."""
    if element.tag == "tr":
        cells = [child for child in element.children if isinstance(child, Element)]
        yield from _if_changed([run for cell in cells for run in [*_runs([cell]), ("", _BETWEEN_CELLS)]][:-1])
        return
    line: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or child.is_inline:
            line.append(child)
        else:
            yield from _if_changed(_runs(line))
            yield from _passages(child)
            line = []
    yield from _if_changed(_runs(line))


def _if_changed(runs: list[Run]) -> Iterator[list[Run]]:
    if any(mark and text.strip() for mark, text in runs):
        yield runs


def _runs(nodes: Sequence[Element | str], mark: str = "") -> list[Run]:
    """Return text as runs, those of one mark joined."""
    found: list[Run] = []
    for node in nodes:
        if isinstance(node, str):
            parts = [(mark, node)]
        else:
            parts = _runs(node.children, node.tag if node.tag in ("ins", "del") else mark)
        for part in parts:
            if found and found[-1][0] == part[0]:
                found[-1] = (part[0], found[-1][1] + part[1])
            else:
                found.append(part)
    return found


def _cut(runs: list[Run]) -> str:
    """Return runs as HTML, those that did not change cut to the words next to a change."""
    html = []
    for place, (mark, text) in enumerate(runs):
        text = _spaced(text) if mark else _around(text, is_first=not place, is_last=place == len(runs) - 1)
        html.append(f"<{mark}>{escape(text, quote=False)}</{mark}>" if mark and text else escape(text, quote=False))
    return "".join(html).strip()


def _spaced(text: str) -> str:
    """Return a text with one space wherever there are any, at its ends too."""
    return re.sub(r"\s+", " ", text)


def _around(text: str, *, is_first: bool, is_last: bool) -> str:
    words = text.split()
    start = " " if text[:1].isspace() else ""
    end = " " if text[-1:].isspace() else ""
    kept = " ".join(words)
    if is_first and len(words) > WORDS_AROUND:
        kept = f"… {' '.join(words[-WORDS_AROUND:])}"
    elif is_last and len(words) > WORDS_AROUND:
        kept = f"{' '.join(words[:WORDS_AROUND])} …"
    elif len(words) > 2 * WORDS_AROUND:
        kept = f"{' '.join(words[:WORDS_AROUND])} … {' '.join(words[-WORDS_AROUND:])}"
    return f"{start}{kept}{end}" if words else (start or end)
