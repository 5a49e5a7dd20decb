"""What is known of one segment of an index, kept in memory as long as the segment lives.

A segment never changes once it is written; only which of its documents are deleted does. So the values of its documents
and the postings of its words, once read, serve every later state of the index that still has the segment. Whoosh's own
matchers read them anew for each query, at some ten microseconds a posting.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from whoosh.reading import TermNotFound

from search.backends.whoosh import values
from search.backends.whoosh.keeping import Kept
from search.backends.whoosh.mapping import MODEL, VALUES

# Postings held per segment, at 8 bytes each; ten thousand answers have some five million.
MAX_POSTINGS = 10_000_000


@dataclass(frozen=True)
class Postings:
    """The documents of a segment that have a word in a field, in order, and how often they have it."""

    documents: "array[int]"
    frequencies: "array[float]"


_NO_POSTINGS = Postings(array("I"), array("f"))


class Column:
    """The values of one filter field in a segment, and the documents that have each."""

    def __init__(self, rows: Iterable[dict[str, Any]], name: str) -> None:
        self.documents: dict[values.Scalar, list[int]] = {}
        self.present: set[int] = set()
        for number, row in enumerate(rows):
            for value in values.as_list(row.get(name)):
                self.documents.setdefault(value, []).append(number)
                self.present.add(number)

    @cached_property
    def _sorted(self) -> list[values.Scalar]:
        # One column holds either numbers or strings; a method indexed as a filter might give both.
        return sorted(self.documents, key=_sort_key)

    def equal(self, wanted: Iterable[values.Scalar]) -> set[int]:
        """Return the documents that have one of these values."""
        return self._union(value for value in wanted if value in self.documents)

    def between(
        self, low: values.Scalar | None, high: values.Scalar | None, *, with_low: bool = True, with_high: bool = True
    ) -> set[int]:
        """Return the documents with a value in a range; None leaves that end open."""
        start, end = 0, len(self._sorted)
        if low is not None:
            start = (bisect_left if with_low else bisect_right)(self._sorted, _sort_key(low), key=_sort_key)
        if high is not None:
            end = (bisect_right if with_high else bisect_left)(self._sorted, _sort_key(high), key=_sort_key)
        return self._union(self._sorted[start:end])

    def beginning(self, text: str) -> set[int]:
        """Return the documents with a value that begins with a text."""
        start = bisect_left(self._sorted, _sort_key(text), key=_sort_key)
        return self._union(self._run(start, text))

    def _run(self, start: int, text: str) -> Iterator[values.Scalar]:
        for value in self._sorted[start:]:
            if not str(value).startswith(text):
                break
            yield value

    def _union(self, wanted: Iterable[values.Scalar]) -> set[int]:
        return set().union(*(self.documents[value] for value in wanted))


def _sort_key(value: values.Scalar) -> tuple[bool, Any]:
    return isinstance(value, str), value


class Segment:
    """One segment of an index. Its methods that read from Whoosh are called under the lock of a snapshot."""

    def __init__(self, reader: Any) -> None:
        self.size: int = reader.doc_count_all()
        self.rows = _read_rows(reader)
        self.labels: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            if MODEL in row:
                self.labels.setdefault(row[MODEL], []).append(number)
        self._columns: dict[str, Column] = {}
        self._frequencies: dict[str, dict[str, int]] = {}
        self._lengths: dict[str, array[int]] = {}
        self._postings = Kept[tuple[str, str], Postings](MAX_POSTINGS)

    def column(self, name: str) -> Column:
        """Return the values of a filter field."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = Column(self.rows, name)
        return column

    def frequencies(self, reader: Any, field: str) -> dict[str, int]:
        """Return the words of a field, each with the number of documents that have it, read the first time.

        The number stands beside the word in the index, so that no postings are read for it.
        """
        known = self._frequencies.get(field)
        if known is None:
            known = self._frequencies[field] = _read_frequencies(reader, field)
        return known

    def lengths(self, reader: Any, field: str) -> "array[int]":
        """Return how many words a field has in each document, 1 for none, read the first time."""
        known = self._lengths.get(field)
        if known is None:
            found = (reader.doc_field_length(number, field, 1) or 1 for number in range(self.size))
            known = self._lengths[field] = array("I", found)
        return known

    def known_postings(self, field: str, term: str) -> Postings | None:
        """Return the postings of a word in a field if they have been read, without reading them."""
        return self._postings.get((field, term))

    def read_postings(self, reader: Any, field: str, term: str) -> Postings:
        """Return the postings of a word in a field, read by a Whoosh reader of this segment."""
        postings = _read_postings(reader, field, term)
        return self._postings.put((field, term), postings, len(postings.documents))


def _read_rows(reader: Any) -> list[dict[str, Any]]:
    if not reader.has_column(VALUES):
        return [{} for _ in range(reader.doc_count_all())]
    column = reader.column_reader(VALUES, translate=False)
    return values.load_rows(bytes(column[number]) for number in range(reader.doc_count_all()))


def _read_frequencies(reader: Any, field: str) -> dict[str, int]:
    try:
        return {word.decode(): int(info.doc_frequency()) for word, info in reader.iter_field(field)}
    except TermNotFound:
        return {}


def _read_postings(reader: Any, field: str, term: str) -> Postings:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return _NO_POSTINGS
    documents, frequencies = array("I"), array("f")
    while matcher.is_active():
        documents.append(matcher.id())
        frequencies.append(matcher.weight())
        matcher.next()
    return Postings(documents, frequencies)
