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
from search.backends.whoosh.mapping import MODEL, VALUES

# Postings held per segment, at 12 bytes each; beyond that the segment forgets them and starts again.
MAX_POSTINGS = 4_000_000


@dataclass(frozen=True)
class Postings:
    """The documents of a segment that have a word in a field, how often, and how many words the field has there."""

    documents: "array[int]"
    frequencies: "array[float]"
    lengths: "array[int]"


_NO_POSTINGS = Postings(array("I"), array("f"), array("I"))


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
        self._words: dict[str, frozenset[str]] = {}
        self._postings: dict[tuple[str, str], Postings] = {}
        self._held = 0

    def column(self, name: str) -> Column:
        """Return the values of a filter field."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = Column(self.rows, name)
        return column

    def words(self, reader: Any, field: str) -> frozenset[str]:
        """Return the words of a field, read by a Whoosh reader of this segment the first time."""
        known = self._words.get(field)
        if known is None:
            known = self._words[field] = frozenset(word.decode() for word in reader.lexicon(field))
        return known

    def known_postings(self, field: str, term: str) -> Postings | None:
        """Return the postings of a word in a field if they have been read, without reading them."""
        return self._postings.get((field, term))

    def read_postings(self, reader: Any, field: str, term: str) -> Postings:
        """Return the postings of a word in a field, read by a Whoosh reader of this segment."""
        postings = _read_postings(reader, field, term)
        if self._held > MAX_POSTINGS:
            self._postings = {}
            self._held = 0
        self._held += len(postings.documents)
        self._postings[field, term] = postings
        return postings


def _read_rows(reader: Any) -> list[dict[str, Any]]:
    if not reader.has_column(VALUES):
        return [{} for _ in range(reader.doc_count_all())]
    column = reader.column_reader(VALUES, translate=False)
    return values.load_rows(bytes(column[number]) for number in range(reader.doc_count_all()))


def _read_postings(reader: Any, field: str, term: str) -> Postings:
    try:
        matcher = reader.postings(field, term)
    except TermNotFound:
        return _NO_POSTINGS
    documents, frequencies, lengths = array("I"), array("f"), array("I")
    while matcher.is_active():
        number = matcher.id()
        documents.append(number)
        frequencies.append(matcher.weight())
        lengths.append(reader.doc_field_length(number, field, 1) or 1)
        matcher.next()
    return Postings(documents, frequencies, lengths)
