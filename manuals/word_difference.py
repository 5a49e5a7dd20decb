"""Two versions of a line of text as one, word by word, with the links and the emphasis that are in it.

What is the same is found by Wagtail's comparison (`wagtail.admin.compare`). It takes signs for themselves; a figure,
as $30.00, is one word here, and changes as one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from wagtail.admin.compare import diff_text

from manuals.html_tree import Element

Mark = Literal["ins", "del"]
# The elements that a word is in, from the outside in: their start and end tags.
Chain = tuple[tuple[str, str], ...]

_TOKEN = re.compile(r"\s+|\w(?:[^\s<>]*\w)?|[$€£#-]*\d(?:[^\s<>]*\w)?%?|[^\w\s]")
_ATOM = "\N{OBJECT REPLACEMENT CHARACTER}"


def difference(old: Sequence[Element | str], new: Sequence[Element | str]) -> str:
    """Return two versions of a line as one, as HTML: what is new in `<ins>`, what is gone in `<del>`."""
    writer = _Writer()
    for stretch in _stretches(_tokens(old), _tokens(new)):
        if stretch.is_same:
            writer.write(stretch.after, None)
        else:
            writer.write(stretch.before, "del")
            writer.write(stretch.after, "ins")
    return writer.finish()


@dataclass(frozen=True)
class _Token:
    """A word, a sign, a space or a picture, and the elements it is in, from the outside in."""

    text: str
    chain: Chain
    html: str = field(compare=False)
    atom: str = ""


@dataclass(frozen=True)
class _Stretch:
    """A run of tokens: what it was, what it is, and whether that is the same."""

    before: list[_Token]
    after: list[_Token]
    is_same: bool


def _tokens(nodes: Sequence[Element | str], chain: Chain = ()) -> list[_Token]:
    found: list[_Token] = []
    for node in nodes:
        if isinstance(node, str):
            for word in _TOKEN.findall(node):
                found.append(_Token(word if word.strip() else " ", chain, escape(word, quote=False)))
        elif node.is_atom:
            found.append(_Token(_ATOM, chain, node.html, node.html))
        else:
            found += _tokens(node.children, (*chain, (node.start, node.end)))
    return found


def _stretches(before: list[_Token], after: list[_Token]) -> list[_Stretch]:
    """Return the runs that are the same and those that are not, in turn.

    Two changes with nothing between them but a space or a sign are one, so that a phrase is read as a phrase.
    """
    found: list[_Stretch] = []
    i = j = 0

    def add(stretch: _Stretch) -> None:
        if found and found[-1].is_same is stretch.is_same:
            last = found.pop()
            stretch = _Stretch(last.before + stretch.before, last.after + stretch.after, stretch.is_same)
        if stretch.before or stretch.after:
            found.append(stretch)

    for a, b in [*_same(before, after), (len(before), len(after))]:
        if a > i or b > j:
            if len(found) > 1 and _is_small(found[-1]):
                add(replace(found.pop(), is_same=False))
            add(_Stretch(before[i:a], after[j:b], False))
        add(_Stretch(before[a : a + 1], after[b : b + 1], True))
        i, j = a + 1, b + 1
    return found


def _is_small(stretch: _Stretch) -> bool:
    text = "".join(token.text for token in stretch.after)
    return stretch.is_same and _ATOM not in text and not any(character.isalnum() for character in text)


def _same(before: list[_Token], after: list[_Token]) -> list[tuple[int, int]]:
    """Return which tokens of two lines are the same, in order: at both ends, and as Wagtail finds them between."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    pairs = [(n, n) for n in range(head)]
    if old and new:
        pairs += [(head + i, head + j) for i, j in _same_between(old, new)]
    return pairs + [(len(before) - n, len(after) - n) for n in range(tail, 0, -1)]


def _same_between(before: list[_Token], after: list[_Token]) -> Iterator[tuple[int, int]]:
    was, now = 0, 0
    olds, news = _starts(before), _starts(after)
    for kind, text in diff_text(_text(before), _text(after)).changes:
        if kind == "equal":
            for place in range(len(text)):
                i, j = olds.get(was + place), news.get(now + place)
                if i is None or j is None or before[i] != after[j]:
                    continue
                if place + len(before[i].text) <= len(text):
                    yield i, j
        was += len(text) if kind != "addition" else 0
        now += len(text) if kind != "deletion" else 0


def _text(tokens: list[_Token]) -> str:
    return "".join(token.text for token in tokens)


def _starts(tokens: list[_Token]) -> dict[int, int]:
    """Return which token begins at which character."""
    found, place = {}, 0
    for n, token in enumerate(tokens):
        found[place] = n
        place += len(token.text)
    return found


class _Writer:
    """Writes tokens one after the other, opening and closing the elements they are in."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.chain: Chain = ()
        self.mark: Mark | None = None

    def write(self, tokens: list[_Token], mark: Mark | None) -> None:
        """Write tokens, marked innermost so that a link stays one link."""
        for token in tokens:
            if mark != self.mark or token.chain != self.chain:
                self._turn_to(token.chain, mark)
            self.parts.append(token.html)

    def finish(self) -> str:
        """Close what is open, and return all of it."""
        self._turn_to((), None)
        return "".join(self.parts)

    def _turn_to(self, chain: Chain, mark: Mark | None) -> None:
        if self.mark:
            self.parts.append(f"</{self.mark}>")
        common = 0
        while common < min(len(chain), len(self.chain)) and chain[common] == self.chain[common]:
            common += 1
        self.parts += [end for _, end in reversed(self.chain[common:])]
        self.parts += [start for start, _ in chain[common:]]
        if mark:
            self.parts.append(f"<{mark}>")
        self.chain, self.mark = chain, mark
