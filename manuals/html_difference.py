"""Two versions of a piece of HTML as one, what is new in `<ins>` and what is gone in `<del>`.

The trees are compared from the top: children that are the same stay, those that are alike are looked into, and what is
left was added or removed. A line of text is compared word by word (`manuals.word_difference`). Lists and tables stay
lists and tables: a new row is a row, its words marked in its cells.
"""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from manuals import word_difference
from manuals.html_tree import Element, html_of, parse
from manuals.word_difference import Mark

# Which column of the old table stands beside which of the new one; None where there is no such column.
Columns = list[tuple[int | None, int | None]]

# What an author crossed out or underlined says nothing of what changed.
_AUTHORS_OWN = {"ins": "u", "del": "s"}
_CLASSES: dict[Mark, str] = {"ins": "is-added", "del": "is-removed"}
ALIKE = 0.4  # share of words in common, from which on two pieces are versions of one
_PIECES = 40_000  # pairs of pieces; beyond, comparing each with each takes too long
# Of these, one that has nothing in common with the one in its place is another, not a version of it.
_SEPARATE = frozenset(("p", "li", "tr"))
# Of these there is one in each table, and it is itself whatever stands in it.
_PARTS = frozenset(("thead", "tbody"))


def difference(before: str, after: str) -> SafeString:
    """Return both versions as one. Without what is in `<ins>` it reads as before, without `<del>` as after."""
    html = _children(parse(before, _AUTHORS_OWN), parse(after, _AUTHORS_OWN), None)
    return mark_safe(html)  # noqa: S308 - written by html_tree, which escapes


def added(html: str) -> SafeString:
    """Return a piece of HTML that is new as a whole."""
    return mark_safe(_marked_children(parse(html, _AUTHORS_OWN), "ins", None))  # noqa: S308 - as above


def removed(html: str) -> SafeString:
    """Return a piece of HTML that is gone as a whole."""
    return mark_safe(_marked_children(parse(html, _AUTHORS_OWN), "del", None))  # noqa: S308 - as above


class _Line:
    """Text and what stands in it, between two pieces that stand on their own."""

    tag = ""

    def __init__(self, nodes: Sequence[Element | str]) -> None:
        self.nodes = nodes

    @cached_property
    def html(self) -> str:
        return "".join(html_of(node) for node in self.nodes)

    @cached_property
    def text(self) -> str:
        return "".join(node if isinstance(node, str) else node.text for node in self.nodes)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and "<img" not in self.html


_Piece = Element | _Line


def _pieces(element: Element) -> list[_Piece]:
    """Return what an element is made of; spaces between pieces that stand on their own are none."""
    found: list[_Piece] = []
    line: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or child.is_inline:
            line.append(child)
            continue
        found += [_Line(line), child]
        line = []
    found.append(_Line(line))
    if len(found) == 1:
        return found
    return [piece for piece in found if isinstance(piece, Element) or piece.html.strip()]


def _kind(piece: _Piece) -> str:
    return f"{piece.tag}.{piece.attributes.get('class') or ''}" if isinstance(piece, Element) else ""


def _children(old: Element, new: Element, columns: Columns | None) -> str:
    """Return what is in two versions of an element as one."""
    if old.tag == "table":
        columns = _columns(old, new)
    if old.tag == "tr":
        return _cells(old, new, columns)
    before, after = _pieces(old), _pieces(new)
    matcher = SequenceMatcher(None, [piece.html for piece in before], [piece.html for piece in after], autojunk=False)
    html: list[str] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            html += _aligned(before[a:b], after[c:d], columns)
        elif columns:
            html += [_versions(*pair, columns) for pair in zip(before[a:b], after[c:d], strict=True)]
        else:
            html += [piece.html for piece in after[c:d]]
    return "".join(html)


def _aligned(before: list[_Piece], after: list[_Piece], columns: Columns | None) -> list[str]:
    """Return what stands between two pieces that stayed the same: versions of one piece paired, the rest marked."""
    if len(before) == len(after) == 1 and _kind(before[0]) == _kind(after[0]) and before[0].tag not in _SEPARATE:
        return [_versions(before[0], after[0], columns)]
    html: list[str] = []
    i = j = 0
    for a, b in [*_pairs(before, after), (len(before), len(after))]:
        html += [_marked(piece, "del", columns) for piece in before[i:a]]
        html += [_marked(piece, "ins", columns) for piece in after[j:b]]
        if a < len(before):
            html.append(_versions(before[a], after[b], columns))
        i, j = a + 1, b + 1
    return html


def _pairs(before: list[_Piece], after: list[_Piece]) -> list[tuple[int, int]]:
    """Return which pieces are versions of one, in order: the choice with the most in common over all."""
    if not before or not after or len(before) * len(after) > _PIECES:
        return []
    olds, news = [_words(piece) for piece in before], [_words(piece) for piece in after]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            share = _share(olds[i], news[j])
            if _kind(before[i]) == _kind(after[j]) and (share >= ALIKE or before[i].tag in _PARTS):
                alike[i, j] = best[i + 1][j + 1] + share
                best[i][j] = max(best[i][j], alike[i, j])
    found, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if alike.get((i, j)) == best[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] == best[i][j]:
            i += 1
        else:
            j += 1
    return found


def _words(piece: _Piece) -> Counter[str]:
    return Counter(piece.text.split())


def _share(old: Counter[str], new: Counter[str]) -> float:
    """Return how much of two texts is in both, from 0 to 1."""
    return 2 * (old & new).total() / ((old.total() + new.total()) or 1)


def _versions(old: _Piece, new: _Piece, columns: Columns | None) -> str:
    """Return two versions of one piece as one."""
    if isinstance(old, _Line) and isinstance(new, _Line) and _share(_words(old), _words(new)) >= ALIKE:
        return word_difference.difference(old.nodes, new.nodes)
    if isinstance(old, Element) and isinstance(new, Element):
        return f"{new.start}{_children(old, new, columns)}{new.end}"
    return _marked(old, "del", columns) + _marked(new, "ins", columns)


def _marked(piece: _Piece, mark: Mark, columns: Columns | None) -> str:
    """Return a piece that is new, or gone, as a whole."""
    if isinstance(piece, _Line):
        return piece.html if piece.is_empty else f"<{mark}>{piece.html}</{mark}>"
    return f"{piece.start_with(_CLASSES[mark])}{_marked_children(piece, mark, columns)}{piece.end}"


def _marked_children(element: Element, mark: Mark, columns: Columns | None) -> str:
    if element.tag == "table":
        columns = None
    if element.tag == "tr" and columns:
        return _marked_cells(element, mark, columns)
    inner = (
        _marked(piece, mark, None)
        if isinstance(piece, _Line)
        else f"{piece.start}{_marked_children(piece, mark, columns)}{piece.end}"
        for piece in _pieces(element)
    )
    return "".join(inner)


# ---- Tables


def _columns(old: Element, new: Element) -> Columns | None:
    """Return which column of two tables is which, by the words of their first rows; None if nothing moved."""
    before, after = _first_row(old), _first_row(new)
    found: Columns = []
    matcher = SequenceMatcher(None, [cell.text for cell in before], [cell.text for cell in after], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        both = min(b - a, d - c)
        found += [(a + n, c + n) for n in range(both)]
        found += [(n, None) for n in range(a + both, b)]
        found += [(None, n) for n in range(c + both, d)]
    return None if all(a == b for a, b in found) else found


def _first_row(table: Element) -> list[Element]:
    for child in table.children:
        if isinstance(child, Element):
            found = _cells_of(child) if child.tag == "tr" else _first_row(child)
            if found:
                return found
    return []


def _cells_of(row: Element) -> list[Element]:
    return [child for child in row.children if isinstance(child, Element)]


def _cells(old: Element, new: Element, columns: Columns | None) -> str:
    """Return the cells of two versions of a row, each in its column."""
    before, after = _cells_of(old), _cells_of(new)
    places = columns or [(n, n) for n in range(max(len(before), len(after)))]
    html = []
    for a, b in places:
        was = before[a] if a is not None and a < len(before) else None
        now = after[b] if b is not None and b < len(after) else None
        if was and now:
            html.append(f"{now.start}{_children(was, now, None)}{now.end}")
        elif now:
            html.append(_marked(now, "ins", None))
        elif was:
            html.append(_marked(was, "del", None))
        else:
            html.append("<td></td>")
    return "".join(html)


def _marked_cells(row: Element, mark: Mark, columns: Columns) -> str:
    cells, side = _cells_of(row), 0 if mark == "del" else 1
    html = []
    for place in columns:
        n = place[side]
        cell = cells[n] if n is not None and n < len(cells) else None
        html.append(f"{cell.start}{_marked_children(cell, mark, None)}{cell.end}" if cell else "<td></td>")
    return "".join(html)
