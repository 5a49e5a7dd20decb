"""One state of the index, as one commit left it: what every thread of a process searches until the next one."""

from array import array
from collections import Counter
from collections.abc import Container, Iterator
from threading import RLock
from typing import Any

from search.backends.whoosh import ranking
from search.backends.whoosh.mapping import Catalogue
from search.backends.whoosh.segments import MAX_POSTINGS, Postings, Segment


class View:
    """A segment as a snapshot sees it: with the documents that are still there."""

    def __init__(self, reader: Any, segment: Segment) -> None:
        self.reader = reader
        self.segment = segment
        self.live = frozenset(reader.all_doc_ids())


class Snapshot:
    """A state of the index, to be searched by several threads at once.

    A Whoosh reader must not be used by two threads, so all reading is done under one lock; what was read is kept, and
    most searches find all they need without the lock.
    """

    def __init__(self, reader: Any, catalogue: Catalogue, known: "Snapshot | None" = None) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._lock = RLock()
        self._scores: dict[tuple[int, str, str], array[float]] = {}
        self._similar: dict[tuple[int, str, str, int, int], list[str]] = {}
        self._lengths: dict[str, float] = {}
        self._words: dict[str, list[str]] = {}
        self._rarities: dict[str, float] = {}
        self._held = 0
        self._segments: dict[str, Segment] = {}
        self.views: list[View] = []
        known_segments = known._segments if known else {}
        for leaf in _leaves(reader):
            identifier = leaf.segment().segment_id()
            segment = known_segments.get(identifier) or Segment(leaf)
            self._segments[identifier] = segment
            self.views.append(View(leaf, segment))
        self._documents = Counter[str]()
        for view in self.views:
            self._documents.update({name: len(numbers) for name, numbers in view.segment.labels.items()})

    def close(self) -> None:
        """Close the files; nothing that was not read before can be searched afterwards."""
        with self._lock:
            self._reader.close()

    @property
    def size(self) -> int:
        """How many documents there are to find."""
        return sum(len(view.live) for view in self.views)

    def postings(self, view: View, field: str, term: str) -> Postings:
        """Return the postings of a word in a field of one segment; documents deleted since may still be among them."""
        known = view.segment.known_postings(field, term)
        if known is not None:
            return known
        with self._lock:
            return view.segment.known_postings(field, term) or view.segment.read_postings(view.reader, field, term)

    def document_frequency(self, field: str, term: str) -> int:
        """Return how many documents have a word in a field."""
        return sum(len(self.postings(view, field, term).documents) for view in self.views)

    def documents_with(self, field: str) -> int:
        """Return how many documents are of a model that has a field."""
        return sum(self._documents[label] for label in self._catalogue.owners.get(field, ()))

    def scored(self, number: int, field: str, term: str) -> Iterator[tuple[int, float]]:
        """Yield the documents of the segment of that number which have a word in a field, each with its score."""
        postings = self.postings(self.views[number], field, term)
        if not postings.documents:
            return iter(())
        return zip(postings.documents, self.scores(number, field, term), strict=True)

    def scores(self, number: int, field: str, term: str) -> "array[float]":
        """Return the scores of the documents that `postings` names, in the same order."""
        known = self._scores.get((number, field, term))
        if known is None:
            known = self._score(number, field, term, self.postings(self.views[number], field, term))
        return known

    def _score(self, number: int, field: str, term: str, postings: Postings) -> "array[float]":
        weight = ranking.rarity(self.document_frequency(field, term), self.documents_with(field))
        scored = ranking.scores(weight, postings.frequencies, postings.lengths, self._average_length(field))
        if self._held > MAX_POSTINGS:
            self._scores = {}
            self._held = 0
        self._held += len(scored)
        self._scores[number, field, term] = scored
        return scored

    def _average_length(self, field: str) -> float:
        if field not in self._lengths:
            with self._lock:
                self._lengths[field] = self._reader.field_length(field) / (self.documents_with(field) or 1)
        return self._lengths[field]

    def positions(self, view: View, field: str, term: str, among: Container[int]) -> dict[int, list[int]]:
        """Return where in a field of some documents of a segment a word stands, by the documents that have it."""
        if not self.postings(view, field, term).documents:
            return {}
        found = {}
        with self._lock:
            matcher = view.reader.postings(field, term)
            while matcher.is_active():
                document = matcher.id()
                if document in among:
                    found[document] = matcher.value_as("positions")
                matcher.next()
        return found

    def rarity(self, term: str) -> float:
        """Return how rare a word is, by the field that has it most often."""
        known = self._rarities.get(term)
        if known is None:
            most = max((self.document_frequency(field, term) for field in self._catalogue.owners), default=0)
            known = self._rarities[term] = ranking.rarity(most, self.size)
        return known

    def words(self, field: str) -> list[str]:
        """Return every word of a field, in order; some may be of documents deleted since."""
        known = self._words.get(field)
        if known is None:
            with self._lock:
                found = set[str]().union(*(view.segment.words(view.reader, field) for view in self.views))
            known = self._words[field] = sorted(found)
        return known

    def similar(self, number: int, field: str, term: str, distance: int, prefix: int) -> list[str]:
        """Return the words of a field in one segment that are at most so many edits from a word.

        The first `prefix` letters must be the same.
        """
        key = (number, field, term, distance, prefix)
        if key not in self._similar:
            with self._lock:
                found = self.views[number].reader.terms_within(field, term, distance, prefix=prefix)
                self._similar[key] = [word.decode() if isinstance(word, bytes) else word for word in found]
        return self._similar[key]


def _leaves(reader: Any) -> Iterator[Any]:
    """Yield the readers of the segments; an index without any has a reader that stands for none."""
    if reader.doc_count_all():
        for leaf, _ in reader.leaf_readers():
            yield leaf
