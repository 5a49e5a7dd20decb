"""Does the right answer come first? Each engine is asked the same questions about the same answers."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from manuals.models import AnswerPage, Wording
from search import beir, evaluation
from tests.bench import mistyping, portal, storing
from tests.bench.engines import Database, Document, Fts5, Ours, Tantivy

# The share of a collection's questions that are indexed as other wordings, in the second of its tables.
ASKED_AS = 0.5

Searches = Mapping[str, evaluation.Search]
Questions = Sequence[tuple[str, evaluation.Relevance]]
# By table and by engine, the figures of `evaluation.Report`.
Tables = dict[str, dict[str, dict[str, float | int]]]


def of_golden_questions() -> Tables:
    """Measure on the starter library and its golden questions; ours is the live search."""
    documents = list(portal.documents())
    engines = [Ours(portal.reader()), Database(), Fts5(documents), Tantivy(documents)]
    searches = {engine.name: engine.search for engine in engines}
    asked: Questions = [(text, {key: 1.0}) for text, key in portal.questions()]
    return {
        "Golden questions of the starter library": _measured(searches, asked),
        "Golden questions, one typing error in each": _measured(searches, _mistyped(asked)),
    }


def of_collection(folder: Path) -> Tables:
    """Measure on a collection in BEIR's layout, in a portal that holds nothing else; ours is as in `evaluate_search`.

    Raises `beir.CollectionError`.
    """
    collection = beir.read(folder)
    keys = sorted(collection.questions)
    indexed = random.Random(evaluation.SEED).sample(keys, round(ASKED_AS * len(keys)))
    asked = {key: (collection.questions[key], collection.relevance[key]) for key in keys}
    rest = [asked[key] for key in keys if key not in set(indexed)]
    stored = _Stored(collection)
    with stored.searches({}) as searches:
        tables = {
            f"{folder.name}: title and body": _measured(searches, list(asked.values())),
            f"{folder.name}: title and body, one typing error in each question": _measured(
                searches, _mistyped(list(asked.values()))
            ),
        }
    wordings: dict[str, list[str]] = {}
    for key in indexed:
        for document in collection.relevance[key]:
            wordings.setdefault(document, []).append(collection.questions[key])
    with stored.searches(wordings) as searches:
        tables[f"{folder.name}: half of the questions indexed as asked-as"] = _measured(searches, rest)
    return tables


def _measured(searches: Searches, asked: Questions) -> dict[str, dict[str, float | int]]:
    return {name: evaluation.measure(asked, search).figures() for name, search in searches.items()}


def _mistyped(asked: Questions) -> Questions:
    texts = mistyping.with_errors(text for text, _ in asked)
    return [(text, relevance) for text, (_, relevance) in zip(texts, asked, strict=True)]


class _Stored:
    """A collection in the database of the bench: titles as questions, texts as scripts."""

    def __init__(self, collection: beir.Collection) -> None:
        self._documents = collection.documents
        pages = (
            AnswerPage(title=title, slug=f"answer-{number}", script_en=text)
            for number, (title, text) in enumerate(self._documents.values())
        )
        self._pks = storing.store((page, []) for page in pages)

    @contextmanager
    def searches(self, wordings: Mapping[str, Sequence[str]]) -> Iterator[Searches]:
        """Give the searches, with other wordings of the documents indexed too."""
        keys = {str(pk): key for pk, key in zip(self._pks, self._documents, strict=True)}
        documents = [
            Document(key, title, "\n".join(wordings.get(key, ())), text)
            for key, (title, text) in self._documents.items()
        ]
        Wording.objects.bulk_create(
            Wording(answer_id=int(pk), text=text) for pk, key in keys.items() for text in set(wordings.get(key, ()))
        )
        storing.update_indexes()
        pages = (
            evaluation.answer_page(int(pk), *self._documents[key], wordings.get(key, ())) for pk, key in keys.items()
        )

        def by_key(search: Callable[[str], Sequence[object]]) -> evaluation.Search:
            return lambda text: [keys[str(pk)] for pk in search(text)]

        with evaluation.searching(pages) as search:
            yield {
                "our search": by_key(search),
                Database.name: by_key(Database().search),
                Fts5.name: Fts5(documents).search,
                Tantivy.name: Tantivy(documents).search,
            }
