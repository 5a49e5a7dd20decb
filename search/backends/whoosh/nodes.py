"""What a search is turned into, and which documents it finds: words in fields, combined."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from search.backends.whoosh.snapshot import Snapshot

# Documents of one segment with their scores.
Scores = dict[int, float]


@dataclass(frozen=True)
class Everything:
    """Every document, with one and the same score."""

    score: float = 1.0

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number."""
        return dict.fromkeys(snapshot.views[number].live, self.score)


@dataclass(frozen=True)
class Word:
    """Documents that have a word in a field."""

    field: str
    term: str
    boost: float = 1.0

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number."""
        return {document: score * self.boost for document, score in snapshot.scored(number, self.field, self.term)}


@dataclass(frozen=True)
class SimilarWord:
    """Documents that have, in a field, a word at most so many edits away."""

    field: str
    term: str
    distance: int
    prefix: int = 1
    boost: float = 1.0

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number; the word itself counts for twice as much."""
        found: Scores = {}
        for term in snapshot.similar(number, self.field, self.term, self.distance, self.prefix):
            boost = self.boost if term == self.term else self.boost / 2
            for document, score in Word(self.field, term, boost).find(snapshot, number).items():
                found[document] = max(score, found.get(document, 0.0))
        return found


@dataclass(frozen=True)
class Phrase:
    """Documents that have words next to each other in a field, in this order."""

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number."""
        scored = AllOf([Word(self.field, term, self.boost) for term in self.terms]).find(snapshot, number)
        view = snapshot.views[number]
        # Where the phrase would begin in each document, going by the words looked at so far.
        starts: dict[int, set[int]] = {}
        for place, term in enumerate(self.terms):
            among = starts if place else scored
            if not among:
                return {}
            here = snapshot.positions(view, self.field, term, among)
            possible = {document: {position - place for position in found} for document, found in here.items()}
            if place:
                possible = {document: starts[document] & found for document, found in possible.items()}
            starts = {document: found for document, found in possible.items() if found}
        return {document: scored[document] for document in starts}


@dataclass(frozen=True)
class AnyOf:
    """Documents that one or more of several nodes find; what they score is added up."""

    nodes: Sequence["Node"]

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number."""
        # A list by document number adds faster than a dictionary, and every score is above 0.
        totals = [0.0] * snapshot.views[number].segment.size
        for node in self.nodes:
            if isinstance(node, Word):
                boost = node.boost
                for document, score in snapshot.scored(number, node.field, node.term):
                    totals[document] += score * boost
            else:
                for document, score in node.find(snapshot, number).items():
                    totals[document] += score
        return {document: score for document, score in enumerate(totals) if score}


@dataclass(frozen=True)
class AllOf:
    """Documents that all of several nodes find; what they score is added up."""

    nodes: Sequence["Node"]

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number."""
        found: list[Scores] = []
        for node in self.nodes:
            found.append(node.find(snapshot, number))
            if not found[-1]:
                return {}
        if not found:
            return {}
        common: Iterable[int] = reduce(lambda left, right: left & right.keys(), found[1:], found[0].keys())
        return {document: sum(scores[document] for scores in found) for document in common}


@dataclass(frozen=True)
class Without:
    """Documents that a node does not find, all with the same score."""

    node: "Node"

    def find(self, snapshot: Snapshot, number: int) -> Scores:
        """Return the documents of the snapshot's segment of that number."""
        return dict.fromkeys(snapshot.views[number].live - self.node.find(snapshot, number).keys(), 1.0)


Node = Everything | Word | SimilarWord | Phrase | AnyOf | AllOf | Without

NOTHING = AnyOf(())
