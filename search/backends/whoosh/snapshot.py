"""One state of the index, as one commit left it: what every thread of a process searches until the next one."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterator
from functools import cached_property
from heapq import nlargest
from threading import RLock
from typing import Any

from search.backends.whoosh import ranking
from search.backends.whoosh.keeping import Kept
from search.backends.whoosh.mapping import Catalogue
from search.backends.whoosh.segments import Postings, Segment

# Scores held per state of the index, at 4 bytes each, and what searches keep of their own, in units of some 8 bytes.
MAX_SCORES = 4_000_000
MAX_COUNTS = 10_000_000
MAX_KNOWN = 1_000_000
# Behind every word that goes on.
LAST_LETTER = "\U0010ffff"


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
        self._scores: Kept[tuple[int, str, str], array[float]] = Kept(MAX_SCORES)
        self._similar: dict[tuple[int, str, str, int, int], list[str]] = {}
        self._lengths: dict[str, float] = {}
        self._frequencies: dict[str, list[dict[str, int]]] = {}
        self._words: dict[str, list[str]] = {}
        self._rarities: dict[str, float] = {}
        # What those who search work out of this state of the index and want to find again, under keys of their own:
        # what goes by documents and takes room, and what is small.
        self.counts = Kept[Any, Any](MAX_COUNTS)
        self.known = Kept[Any, Any](MAX_KNOWN)
        self._segments: dict[str, Segment] = {}
        self.views: list[View] = []
        known_segments = known._segments if known else {}
        for leaf in _leaves(reader):
            identifier = leaf.segment().segment_id()
            segment = known_segments.get(identifier) or Segment(leaf)
            self._segments[identifier] = segment
            self.views.append(View(leaf, segment))
        self._documents_with: dict[str, int] = {}
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
        """Return how many documents have a word in a field; documents deleted since may still be among them."""
        known = self._frequencies.get(field)
        if known is None:
            with self._lock:
                known = [view.segment.frequencies(view.reader, field) for view in self.views]
            self._frequencies[field] = known
        return sum([frequencies.get(term, 0) for frequencies in known])

    def documents_with(self, field: str) -> int:
        """Return how many documents are of a model that has a field."""
        known = self._documents_with.get(field)
        if known is None:
            owners = self._catalogue.owners.get(field, ())
            known = self._documents_with[field] = sum(self._documents[label] for label in owners)
        return known

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
        view = self.views[number]
        with self._lock:
            lengths = view.segment.lengths(view.reader, field)
        counting = self._catalogue.like.get(field, field)
        weight = ranking.rarity(self.document_frequency(counting, term), self.documents_with(counting))
        own = [lengths[document] for document in postings.documents]
        average = self._average_length(counting) or self._average_length(field)
        scored = ranking.scores(weight, postings.frequencies, own, average)
        return self._scores.put((number, field, term), scored, len(scored))

    def highest(self, field: str, term: str) -> float:
        """Return what no document scores above for a word in a field, 0 for a word that none has."""
        if not self.document_frequency(field, term):
            return 0.0
        counting = self._catalogue.like.get(field, field)
        return ranking.highest(self.document_frequency(counting, term), self.documents_with(counting))

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
            most = max((self.document_frequency(field, term) for field in self._own_fields), default=0)
            known = self._rarities[term] = ranking.rarity(most, self._counted)
        return known

    @cached_property
    def _own_fields(self) -> list[str]:
        """The fields that count for themselves."""
        return [field for field in self._catalogue.owners if field not in self._catalogue.like]

    @cached_property
    def _counted(self) -> int:
        """How many documents there are to find, without those that are kept apart."""
        apart = sum(
            len(view.live.intersection(view.segment.labels.get(label, ())))
            for view in self.views
            for label in self._catalogue.apart
        )
        return self.size - apart

    def words(self, field: str) -> list[str]:
        """Return every word of a field, in order; some may be of documents deleted since."""
        known = self._words.get(field)
        if known is None:
            with self._lock:
                found = set[str]().union(*(view.segment.frequencies(view.reader, field) for view in self.views))
            known = self._words[field] = sorted(found)
        return known

    def beginning(self, field: str, letters: str, limit: int, besides: Container[str] = ()) -> list[str]:
        """Return the words of a field that begin with some letters, without some, the most frequent first."""
        words = self.words(field)
        start = bisect_left(words, letters)
        end = bisect_left(words, letters + LAST_LETTER, start)
        among = [word for word in words[start:end] if word not in besides]
        return nlargest(limit, among, key=lambda word: self.document_frequency(field, word))

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
