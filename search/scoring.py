"""Which documents answer a question best: BM25F over the fields, with the rare words first.

Scores of a word in a field are those of `search.backends.whoosh.ranking`, times the field's boost, added up over fields
and words. A long question has words that are in half of all documents and hardly tell any apart, and adding them up
takes most of the time. So words are taken from the rarest on until enough postings are read; what is left only
ranks the best documents found by then. That is the idea of MaxScore (H. Turtle and J. Flood, "Query evaluation:
strategies and optimizations", 1995) without its guarantee, which the low weight of those words makes up for.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

from search.backends.whoosh import values
from search.backends.whoosh.mapping import MODEL, PK
from search.backends.whoosh.segments import Segment
from search.backends.whoosh.snapshot import Snapshot, View
from search.closeness import DEPTH, gain
from search.fields import KINDS, LIVE, PAGE, QUESTIONS, SECTION, SECTION_PAGE, SECTION_SHARE, Field
from search.question import Question, Word

# Postings added up for one question; some 100 nanoseconds each.
MAX_POSTINGS = 60_000
# How many of the best the remaining words rank.
CANDIDATES = 300

# Scores by segment and document.
Scores = dict[int, dict[int, float]]


@dataclass(frozen=True)
class Found:
    """A document that answers: what it is (`fields.KINDS`), its primary key, and its score."""

    kind: str
    pk: int
    score: float


def rank(
    question: Question, snapshot: Snapshot, fields: Sequence[Field], limit: int, hidden: Collection[int] = ()
) -> list[Found]:
    """Return the best answers and sections, best first: no drafts, and nothing of the pages with the hidden keys."""
    scores: Scores = {number: {} for number in range(len(snapshot.views))}
    read = 0
    left: list[Word] = []
    costs = [(_cost(word, snapshot, fields), word) for word in question.words]
    for cost, word in sorted(costs, key=lambda pair: pair[0]):
        if read and read + cost > MAX_POSTINGS:
            left.append(word)
            continue
        read += cost
        for number in scores:
            _add(word, snapshot, number, fields, scores[number])
    best = _best(scores, max(limit, CANDIDATES), snapshot, hidden)
    for number, documents in _by_segment(best).items() if left else ():
        for word in left:
            _add_to(documents, word, snapshot, number, fields, scores[number])
    if left:
        again = [(scores[number][document], number, document) for _, number, document in best]
        best = sorted(again, key=lambda one: (-one[0], one[1], one[2]))
    found = [_found(score, snapshot.views[number], document) for score, number, document in best]
    found = _closest_first(question.text, found[: max(limit, DEPTH)], snapshot)
    return [one for one, _ in found[:limit]]


def _closest_first(
    asked: str, found: Sequence[tuple[Found, Sequence[str]]], snapshot: Snapshot
) -> list[tuple[Found, Sequence[str]]]:
    """Rank the best again, by how close the question is to one that is known."""
    ranked = []
    for one, questions in found:
        factor = SECTION_SHARE if one.kind == SECTION else gain(asked, questions, snapshot.rarity)
        ranked.append((replace(one, score=one.score * factor), questions))
    return sorted(ranked, key=lambda pair: -pair[0].score)


def _cost(word: Word, snapshot: Snapshot, fields: Sequence[Field]) -> int:
    return sum(
        snapshot.document_frequency(field.name, term) for field in fields for term in word.terms.get(field.name, ())
    )


def _sources(word: Word, fields: Sequence[Field]) -> Iterable[list[tuple[str, str, float]]]:
    """Return, for each text that may have a word, the fields and terms it may have it by, each with its weight."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    for field in fields:
        for term, weight in word.terms.get(field.name, {}).items():
            found.setdefault(field.text, []).append((field.name, term, weight * field.boost))
    return found.values()


def _add(word: Word, snapshot: Snapshot, number: int, fields: Sequence[Field], scores: dict[int, float]) -> None:
    """Add what a word counts to every document of a segment that has it; within a text the best term counts."""
    get = scores.get
    for sources in _sources(word, fields):
        if len(sources) == 1:
            ((name, term, weight),) = sources
            for document, score in snapshot.scored(number, name, term):
                scores[document] = get(document, 0.0) + weight * score
            continue
        best: dict[int, float] = {}
        for name, term, weight in sources:
            for document, score in snapshot.scored(number, name, term):
                if weight * score > best.get(document, 0.0):
                    best[document] = weight * score
        for document, score in best.items():
            scores[document] = get(document, 0.0) + score


def _add_to(
    documents: Sequence[int],
    word: Word,
    snapshot: Snapshot,
    number: int,
    fields: Sequence[Field],
    scores: dict[int, float],
) -> None:
    """Add what a word counts to these documents of a segment only."""
    view = snapshot.views[number]
    for sources in _sources(word, fields):
        best: dict[int, float] = {}
        for name, term, weight in sources:
            having = snapshot.postings(view, name, term).documents
            values = snapshot.scores(number, name, term) if having else ()
            for document in documents:
                place = bisect_left(having, document)
                if place < len(having) and having[place] == document:
                    best[document] = max(best.get(document, 0.0), weight * values[place])
        for document, score in best.items():
            scores[document] += score


def _best(scores: Scores, limit: int, snapshot: Snapshot, hidden: Collection[int]) -> list[tuple[float, int, int]]:
    """Return score, segment and document of the best answers and sections; of equals the one written first."""
    found: list[tuple[float, int, int]] = []
    for number, own in scores.items():
        view = snapshot.views[number]
        rows, live, not_shown = view.segment.rows, view.live, _not_shown(view.segment, hidden)
        found += (
            (score, -number, -document)
            for document, score in own.items()
            if document in live and document not in not_shown and rows[document].get(MODEL) in KINDS
        )
    return [(score, -number, -document) for score, number, document in nlargest(limit, found)]


def _not_shown(segment: Segment, hidden: Collection[int]) -> set[int]:
    """Return the documents of a segment that are drafts, or stand on a hidden page."""
    drafts = segment.column(LIVE).equal([0])
    return drafts.union(*(segment.column(name).equal(hidden) for name in (PAGE, SECTION_PAGE) if hidden))


def _by_segment(best: Sequence[tuple[float, int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for _, number, document in best:
        found.setdefault(number, []).append(document)
    return found


def _found(score: float, view: View, document: int) -> tuple[Found, Sequence[str]]:
    """Return a document that was found, and the questions it is known to settle."""
    row = view.segment.rows[document]
    return Found(row[MODEL], row[PK], score), [str(question) for question in values.as_list(row.get(QUESTIONS))]
