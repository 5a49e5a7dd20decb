"""Which documents answer a question best: the words' counts added up, the rare words first.

A long question has words that are in half of all documents and hardly tell any apart, and adding them up takes most of
the time. So words are taken from the rarest on until enough are added up; what is left only ranks the best documents
found by then. That is the idea of MaxScore (H. Turtle and J. Flood, "Query evaluation: strategies and optimizations",
1995) without its guarantee, which the low weight of those words makes up for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, compress

from search.backends.whoosh import values
from search.backends.whoosh.mapping import MODEL, PK
from search.backends.whoosh.snapshot import Snapshot
from search.closeness import DEPTH, Asked
from search.counting import Counts, counts, sources
from search.fields import (
    DATED,
    DATED_ANCHOR,
    DATED_QUESTIONS,
    KINDS,
    LIVE,
    PAGE,
    QUESTIONS,
    SECTION,
    SECTION_PAGE,
    SECTION_SHARE,
    Field,
)
from search.question import Question

# Counts of documents added up for one question; some 40 nanoseconds each.
MAX_COUNTS = 20_000
# How many of the best the remaining words rank.
CANDIDATES = 150

# What each document of a segment scores, by its number; one list for each segment.
Scores = list[list[float]]
# A document that may be shown: its score, the number of its segment, and its own there.
Candidate = tuple[float, int, int]


@dataclass(frozen=True)
class Found:
    """A document that answers: what it is (`fields.KINDS`, or `fields.DATED`), its key, its score, its questions."""

    kind: str
    pk: int
    score: float
    questions: tuple[str, ...] = ()


def rank(
    question: Question, snapshot: Snapshot, fields: Sequence[Field], limit: int, hidden: Collection[int] = ()
) -> list[Found]:
    """Return the best answers and sections, best first: no drafts, and nothing of the pages with the hidden keys."""
    shown = [standing_today(snapshot, number, hidden) for number in range(len(snapshot.views))]
    return closest(candidates(question, snapshot, fields, limit, shown), question, snapshot, limit)


def candidates(
    question: Question,
    snapshot: Snapshot,
    fields: Sequence[Field],
    limit: int,
    shown: Sequence[Collection[int]],
    *,
    few: bool = False,
) -> list[Candidate]:
    """Return the documents that score best in some fields, best first: so many as asked for, and no fewer than some.

    Only those that are shown, given by segment; `few` says that this is a small part of those that have the words.
    """
    numbers = range(len(snapshot.views))
    looked_up_by = [sources(word, snapshot, fields) for word in question.words]
    words = [[counts(terms, snapshot, number) for number in numbers] for terms in looked_up_by]
    words.sort(key=_cost)
    scores: Scores = [[0.0] * view.segment.size for view in snapshot.views]
    left = []
    added = 0
    for word in words:
        added += _cost(word)
        if added > MAX_COUNTS and word is not words[0]:
            left.append(word)
            continue
        for number in numbers:
            scores[number] = word[number].added_to(scores[number])
    best = _best(scores, max(limit, CANDIDATES), shown, few)
    if left:
        best = sorted(
            (-score - sum([word[number].of(document) for word in left]), number, document)
            for score, number, document in best
        )
        best = [(-score, number, document) for score, number, document in best]
    return best


def closest(best: Sequence[Candidate], question: Question, snapshot: Snapshot, limit: int) -> list[Found]:
    """Return the best of some candidates, ranked again by how close the question is to those they settle."""
    asked = Asked(question.text, snapshot.rarity)
    depth = limit if question.is_partial else max(limit, DEPTH)
    found = [_closer(candidate, asked, snapshot) for candidate in best[:depth]]
    return sorted(found, key=lambda one: -one.score)[:limit]


def _cost(word: Sequence[Counts]) -> int:
    return sum(one.having for one in word)


def _best(scores: Scores, limit: int, shown: Sequence[Collection[int]], few: bool) -> list[Candidate]:
    """Return the best that may be shown, best first; of equals the one written first."""
    found: list[Candidate] = []
    for number, own in enumerate(scores):
        if few:
            scored = filter(shown[number].__contains__, compress(range(len(own)), own))
            best = nlargest(limit, scored, key=own.__getitem__)
            found += [(own[document], number, document) for document in best]
            continue
        enough = limit
        # Documents that score nothing are passed over at little cost, those of other days among them.
        while True:
            best = nlargest(enough, compress(range(len(own)), own), key=own.__getitem__)
            fit = [(own[document], number, document) for document in best if document in shown[number]]
            if len(fit) >= limit or len(best) < enough:
                break
            # Documents that may not be shown stood in the way of others.
            enough *= 8
        found += fit
    return sorted(found, key=lambda one: (-one[0], one[1], one[2]))[:limit]


def standing_today(snapshot: Snapshot, number: int, hidden: Collection[int] = ()) -> Collection[int]:
    """Return the answers and sections of a segment, without drafts and what stands on a hidden page."""
    view = snapshot.views[number]
    segment = view.segment
    shown: frozenset[int] | None = snapshot.known.get(("shown", number))
    if shown is None:
        kinds = chain.from_iterable(segment.labels.get(kind, ()) for kind in KINDS)
        shown = view.live.intersection(kinds) - segment.column(LIVE).equal([0])
        snapshot.known.put(("shown", number), shown, 8 * len(shown))
    if hidden:
        return shown.difference(*(segment.column(name).equal(hidden) for name in (PAGE, SECTION_PAGE)))
    return shown


def _closer(candidate: Candidate, asked: Asked, snapshot: Snapshot) -> Found:
    """Return what was found, scored again by how close the question is to one that it is known to settle."""
    score, number, document = candidate
    row = snapshot.views[number].segment.rows[document]
    kind = row[MODEL]
    if kind == SECTION or row.get(DATED_ANCHOR):
        return Found(kind, row[PK], score * SECTION_SHARE)
    questions = tuple(map(str, values.as_list(row.get(DATED_QUESTIONS if kind == DATED else QUESTIONS))))
    return Found(kind, row[PK], score * asked.gain(questions), questions)
