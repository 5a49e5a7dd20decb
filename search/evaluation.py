"""Measuring the answer search: does the right answer come first, and how soon."""

import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from math import log2
from pathlib import Path

from manuals.models import AnswerPage, Wording
from search.backends.whoosh.folder import IndexFolder
from search.backends.whoosh.mapping import Analysis, catalogue
from search.backends.whoosh.readers import Readers
from search.backends.whoosh.writing import Rebuild
from search.beir import Collection
from search.fields import fields
from search.question import parse
from search.scoring import rank

DEPTH = 10
SEED = 2026

# Returns the ids of what is found for a question, best first.
Search = Callable[[str], Sequence[str]]
# The relevant documents of a question, with how relevant each is.
Relevance = dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """One question, what should have come first, and the place where the best of it came (0 for nowhere)."""

    question: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    place: int


@dataclass
class Report:
    """Shares are from 0 to 1, times in milliseconds.

    success_at_k: the share of questions with a relevant document among the first k. mrr_at_10: the mean of 1/place of
    the first relevant document, 0 beyond ten (E. Voorhees, TREC-8, 1999). ndcg_at_10: K. Järvelin and J. Kekäläinen,
    2002, with gains as they are and the discount log2(place + 1).
    """

    queries: int
    success_at_1: float
    success_at_3: float
    mrr_at_10: float
    ndcg_at_10: float
    zero_result_rate: float
    p50_ms: float
    p95_ms: float
    outcomes: list[Outcome] = field(default_factory=list, repr=False)

    def figures(self) -> dict[str, float | int]:
        """Return the figures alone, rounded."""
        named = asdict(self)
        named.pop("outcomes")
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in named.items()}

    def __str__(self) -> str:
        rows = [
            ("Questions", f"{self.queries:,}"),
            ("Success@1", f"{self.success_at_1:.3f}"),
            ("Success@3", f"{self.success_at_3:.3f}"),
            ("MRR@10", f"{self.mrr_at_10:.3f}"),
            ("nDCG@10", f"{self.ndcg_at_10:.3f}"),
            ("Found nothing", f"{self.zero_result_rate:.3f}"),
            ("p50", f"{self.p50_ms:.1f} ms"),
            ("p95", f"{self.p95_ms:.1f} ms"),
        ]
        return "\n".join(f"{name:<14}{value:>10}" for name, value in rows)


def measure(questions: Iterable[tuple[str, Relevance]], search: Search) -> Report:
    """Put each question to a search and return how well it did. Raises `ValueError` where there is no question."""
    outcomes: list[Outcome] = []
    times: list[float] = []
    gain = 0.0
    for question, relevance in questions:
        start = time.perf_counter()
        found = tuple(search(question))[:DEPTH]
        times.append(1000 * (time.perf_counter() - start))
        place = next((number for number, key in enumerate(found, start=1) if key in relevance), 0)
        outcomes.append(Outcome(question, tuple(relevance), found, place))
        gain += ndcg(found, relevance)
    if not outcomes:
        raise ValueError("There is no question to measure by.")
    count = len(outcomes)
    times.sort()
    return Report(
        queries=count,
        success_at_1=sum(outcome.place == 1 for outcome in outcomes) / count,
        success_at_3=sum(1 <= outcome.place <= 3 for outcome in outcomes) / count,
        mrr_at_10=sum(1 / outcome.place for outcome in outcomes if outcome.place) / count,
        ndcg_at_10=gain / count,
        zero_result_rate=sum(not outcome.found for outcome in outcomes) / count,
        p50_ms=times[count // 2],
        p95_ms=times[min(int(count * 0.95), count - 1)],
        outcomes=outcomes,
    )


def ndcg(found: Sequence[str], relevance: Relevance) -> float:
    """Return the normalised discounted cumulative gain of the first ten, from 0 to 1."""
    gained = sum(relevance.get(key, 0.0) / log2(place + 1) for place, key in enumerate(found[:DEPTH], start=1))
    best = sorted(relevance.values(), reverse=True)[:DEPTH]
    possible = sum(score / log2(place + 1) for place, score in enumerate(best, start=1))
    return gained / possible if possible else 0.0


def evaluate(collection: Collection, asked_as: float = 0.0) -> Report:
    """Index a collection as answers in an index of its own, and measure by its questions.

    A document's title becomes the question of an answer, its text the script. `asked_as` is the share of the questions
    (drawn with a fixed seed) that are indexed as other wordings of their answers; the rest are asked.
    """
    keys = sorted(collection.questions)
    indexed = set(random.Random(SEED).sample(keys, round(asked_as * len(keys))))
    wordings: dict[str, list[str]] = {}
    for key in indexed:
        for document in collection.relevance[key]:
            wordings.setdefault(document, []).append(collection.questions[key])
    documents = list(collection.documents)
    pages = (
        answer_page(number, *collection.documents[key], wordings.get(key, ()))
        for number, key in enumerate(documents, start=1)
    )
    asked = [(collection.questions[key], collection.relevance[key]) for key in keys if key not in indexed]
    with searching(pages) as search:
        return measure(asked, lambda text: [documents[number - 1] for number in search(text)])


def answer_page(number: int, title: str, text: str, wordings: Iterable[str] = ()) -> AnswerPage:
    """Return an answer that is in no database, to be indexed."""
    page = AnswerPage(pk=number, id=number, title=title, script_en=text, live=True)
    page.also_asked_as = [Wording(text=wording) for wording in wordings]
    return page


@contextmanager
def searching(pages: Iterable[AnswerPage]) -> Iterator[Callable[[str], list[int]]]:
    """Index answers in a throw-away index, through the analysers and the ranking of the live search.

    Yields the search: from a text to the primary keys of the first ten.
    """
    with tempfile.TemporaryDirectory(prefix="portal-evaluation-") as path:
        folder = IndexFolder(Path(path), catalogue(Analysis()), 5.0)
        rebuild = Rebuild(folder)
        rebuild.start()
        rebuild.add(AnswerPage, pages)
        rebuild.finish()
        readers = Readers(folder)
        own = fields(folder.catalogue)

        def search(text: str) -> list[int]:
            with readers.reading() as snapshot:
                question = parse(text, snapshot, own)
                return [found.pk for found in rank(question, snapshot, own, DEPTH)]

        yield search
        readers.forget()
