"""What a word counts for each document that has it: BM25F over the fields, added up once and kept."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import add
from typing import NamedTuple

from search.backends.whoosh.snapshot import Snapshot
from search.fields import Field
from search.question import Word

# A term that counts less than this for any document, being in nearly all of them, is not looked up.
NEGLIGIBLE = 0.05

# What a word is looked up by: for each text, the fields and terms it may be there by, each with its weight.
Sources = tuple[tuple[tuple[str, str, float], ...], ...]


class Counts(NamedTuple):
    """What a word counts for the documents of a segment, and how many have it.

    `documents` are those that have it, in order; None where `scores` has a place for every document of the segment,
    which takes less room and time for a word that half of them have.
    """

    documents: "array[int] | None"
    scores: "array[float]"
    having: int

    def of(self, document: int) -> float:
        """Return what the word counts for one document."""
        if self.documents is None:
            return self.scores[document]
        place = bisect_left(self.documents, document)
        found = place < self.having and self.documents[place] == document
        return self.scores[place] if found else 0.0

    def added_to(self, scores: list[float]) -> list[float]:
        """Return the scores of all documents of the segment with what the word counts added; may change the list."""
        if self.documents is None:
            return list(map(add, scores, self.scores))
        for document, score in zip(self.documents, self.scores, strict=True):
            scores[document] += score
        return scores


def sources(word: Word, snapshot: Snapshot, fields: Sequence[Field]) -> Sources:
    """Return what to look a word up by; without terms that nobody wrote, or that are everywhere."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    for field in fields:
        for term, weight in word.terms.get(field.name, {}).items():
            weight *= field.boost
            if weight * snapshot.highest(field.name, term) >= NEGLIGIBLE:
                found.setdefault(field.text, []).append((field.name, term, weight))
    return tuple(map(tuple, found.values()))


def counts(looked_up_by: Sources, snapshot: Snapshot, number: int) -> Counts:
    """Return what a word counts for the documents of a segment; within a text the best of its terms counts.

    Callers use the same words, and adding up their fields takes most of the time. So it is kept with the snapshot.
    """
    key = (number, looked_up_by)
    known: Counts | None = snapshot.counts.get(key)
    if known is not None:
        return known
    total: dict[int, float] = {}
    get = total.get
    for terms in looked_up_by:
        for document, score in _best_of(terms, snapshot, number):
            total[document] = get(document, 0.0) + score
    size = snapshot.views[number].segment.size
    if 2 * len(total) > size:
        found = Counts(None, array("f", [get(document, 0.0) for document in range(size)]), len(total))
    else:
        documents = array("I", sorted(total))
        found = Counts(documents, array("f", map(total.__getitem__, documents)), len(total))
    snapshot.counts.put(key, found, len(found.scores) + len(looked_up_by))
    return found


def _best_of(terms: Sequence[tuple[str, str, float]], snapshot: Snapshot, number: int) -> Iterable[tuple[int, float]]:
    """Return the documents that have one of some terms in their fields, each with the most that one of them counts."""
    if len(terms) == 1:
        ((name, term, weight),) = terms
        return ((document, weight * score) for document, score in snapshot.scored(number, name, term))
    best: dict[int, float] = {}
    get = best.get
    for name, term, weight in terms:
        for document, score in snapshot.scored(number, name, term):
            if weight * score > get(document, 0.0):
                best[document] = weight * score
    return best.items()
