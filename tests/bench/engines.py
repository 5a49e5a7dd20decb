"""The searches that are compared: each puts any word of a question to the same answers, and returns ten keys."""

import re
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

import tantivy

from manuals.models import AnswerPage
from portal.people.models import User
from search import answers

DEPTH = 10
# What a match counts in a title, in another wording and in the rest: the same for FTS5 and Tantivy as for ours.
WEIGHTS = {"title": 3.0, "asked_as": 3.0, "body": 1.0}

_WORD = re.compile(r"\w+")


class Document(NamedTuple):
    """An answer as plain engines know it."""

    key: str
    title: str
    asked_as: str
    body: str


class Engine(Protocol):
    """A search. `suggest` takes what was typed so far, its last word perhaps not to the end."""

    name: str

    def search(self, text: str) -> list[str]:
        """Return the keys of the best ten for a question."""

    def suggest(self, text: str) -> list[str]:
        """Return the keys of the best ten for the beginning of a question."""


class Ours:
    """The portal's answer search, as a page of it runs: with corrections, synonyms, extracts, and the pages read."""

    name = "our search, find()"

    def __init__(self, reader: User) -> None:
        self._reader = reader

    def search(self, text: str) -> list[str]:
        """Return the answers among what is found; sections of policies are left out, as others know none."""
        hits = answers.find(text, self._reader, limit=DEPTH * 2).hits
        return [str(hit.page.pk) for hit in hits if hit.is_answer][:DEPTH]

    def suggest(self, text: str) -> list[str]:
        """Return what is shown while typing."""
        return [str(hit.page.pk) for hit in answers.find(text, self._reader, limit=DEPTH, partial=True).hits]


class Database:
    """Wagtail's database backend, on SQLite."""

    name = "Wagtail, database backend"

    def search(self, text: str) -> list[str]:
        """Return what `.search()` finds for any of the words."""
        pages = AnswerPage.objects.live()
        return [str(page.pk) for page in pages.search(text, operator="or", backend="database")[:DEPTH]]

    def suggest(self, text: str) -> list[str]:
        """Return what `.autocomplete()` finds for any of the words."""
        pages = AnswerPage.objects.live()
        return [str(page.pk) for page in pages.autocomplete(text, operator="or", backend="database")[:DEPTH]]


class Fts5:
    """SQLite's full-text search: BM25, Porter stemming, in memory."""

    name = "SQLite FTS5"

    def __init__(self, documents: Iterable[Document]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE answers USING fts5(key UNINDEXED, title, asked_as, body, tokenize='porter unicode61')"
        )
        self._connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?)", documents)
        self._connection.execute("INSERT INTO answers(answers) VALUES ('optimize')")

    def search(self, text: str) -> list[str]:
        """Return what any of the words finds."""
        return self._found([f'"{word}"' for word in _WORD.findall(text)])

    def suggest(self, text: str) -> list[str]:
        """Return what any of the words finds, the last as a prefix."""
        words = [f'"{word}"' for word in _WORD.findall(text)]
        return self._found([*words[:-1], f"{words[-1]}*"] if words else [])

    def _found(self, words: list[str]) -> list[str]:
        if not words:
            return []
        weights = ", ".join(str(weight) for weight in (0.0, *WEIGHTS.values()))
        rows = self._connection.execute(
            f"SELECT key FROM answers WHERE answers MATCH ? ORDER BY bm25(answers, {weights}) LIMIT {DEPTH}",  # noqa: S608
            [" OR ".join(words)],
        )
        return [key for (key,) in rows]


class Tantivy:
    """Tantivy, a search library in Rust: BM25, English stemming, in memory."""

    name = "Tantivy"

    def __init__(self, documents: Iterable[Document]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        for name in WEIGHTS:
            builder.add_text_field(name, tokenizer_name="words")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        analyzer = analyzer.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer("english"))
        self._analyzer = analyzer.build()
        self._index.register_tokenizer("words", self._analyzer)
        writer = self._index.writer(num_threads=1)
        for document in documents:
            writer.add_document(tantivy.Document(**document._asdict()))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, text: str) -> list[str]:
        """Return what any of the words finds."""
        return self._found([self._word(term) for term in self._analyzer.analyze(text)])

    def suggest(self, text: str) -> list[str]:
        """Return what any of the words finds, the last as a prefix."""
        terms = self._analyzer.analyze(text)
        return self._found([*map(self._word, terms[:-1]), *map(self._beginning, terms[-1:])])

    def _word(self, term: str) -> list[Any]:
        return [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term), weight)
            for name, weight in WEIGHTS.items()
        ]

    def _beginning(self, term: str) -> list[Any]:
        return [
            tantivy.Query.boost_query(tantivy.Query.regex_query(self._schema, name, f"{re.escape(term)}.*"), weight)
            for name, weight in WEIGHTS.items()
        ]

    def _found(self, words: list[list[Any]]) -> list[str]:
        queries = [(tantivy.Occur.Should, query) for word in words for query in word]
        if not queries:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(queries), DEPTH).hits
        return [self._searcher.doc(address)["key"][0] for _, address in hits]
