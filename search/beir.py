"""Test collections in the layout of BEIR: documents, questions, and which document answers which question.

N. Thakur et al., "BEIR: A Heterogenous Benchmark for Zero-shot Evaluation of Information Retrieval Models", 2021.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class CollectionError(Exception):
    """The folder is no test collection. The message says which file and line, and what is wrong."""


@dataclass
class Collection:
    """Documents as (title, text), questions, and the relevance of documents to questions, all by their ids."""

    documents: dict[str, tuple[str, str]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    relevance: dict[str, dict[str, float]] = field(default_factory=dict)


def read(folder: Path) -> Collection:
    """Return the collection in a folder: corpus.jsonl, queries.jsonl, and qrels.tsv or qrels/test.tsv.

    Questions without a relevant document are left out. Raises `CollectionError`.
    """
    collection = Collection()
    for row in _rows(folder / "corpus.jsonl"):
        collection.documents[str(row["_id"])] = (str(row.get("title") or ""), str(row.get("text") or ""))
    for row in _rows(folder / "queries.jsonl"):
        collection.questions[str(row["_id"])] = str(row.get("text") or "")
    file = folder / "qrels.tsv"
    _read_relevance(file if file.exists() else folder / "qrels" / "test.tsv", collection)
    return collection


def _lines(file: Path) -> list[str]:
    try:
        # Not splitlines(): JSON may hold other ends of lines (U+2028) inside a text.
        return file.read_text("utf-8").split("\n")
    except FileNotFoundError:
        raise CollectionError(f"There is no {file}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"{file} cannot be read: {error}.") from None


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise CollectionError(f"{file}, line {number}: this is not JSON.") from None
        if not isinstance(row, dict) or "_id" not in row:
            raise CollectionError(f"{file}, line {number}: an object with an “_id” is expected.")
        yield row


def _read_relevance(file: Path, collection: Collection) -> None:
    for number, line in enumerate(_lines(file), start=1):
        parts = line.split("\t")
        if not line.strip() or (number == 1 and parts[-1].strip() == "score"):
            continue
        try:
            question, *_, document, number_of = parts
            score = float(number_of)
        except ValueError:
            raise CollectionError(f"{file}, line {number}: three columns are expected, the last a number.") from None
        if question in collection.questions and document in collection.documents and score > 0:
            collection.relevance.setdefault(question, {})[document] = score
    if not collection.relevance:
        raise CollectionError(f"{file} names no question and document of this collection.")
    collection.questions = {key: collection.questions[key] for key in collection.relevance}
