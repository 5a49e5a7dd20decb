"""Reading ahead in a large index."""

import gc

import pytest

from search import warming
from search.fields import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(write, backend):
    write("Where do I take a mattress?", wordings=("old bed",))
    return backend


def start(backend):
    with backend.readers.reading() as snapshot:
        return warming.begin(backend.readers, snapshot, fields(backend.folder.catalogue))


@pytest.fixture
def many(monkeypatch):
    """One document is many."""
    monkeypatch.setattr(warming, "MANY_DOCUMENTS", 1)
    yield
    gc.unfreeze()


def test_words_and_beginnings_are_known_before_they_are_asked_for(library, many, ask, monkeypatch):
    thread = start(library)
    thread.join()
    monkeypatch.setattr("search.backends.whoosh.snapshot.Snapshot.postings", lambda *args: 1 / 0)
    for text in ("where mattress", "m", "ma"):
        assert [hit.heading for hit in ask(text, partial=True).hits] == ["Where do I take a mattress?"]


def test_it_begins_with_the_first_question_and_once(library, many, ask, monkeypatch):
    begun = []
    monkeypatch.setattr(warming, "_run", lambda *args: begun.append(args))
    ask("mattress")
    ask("mattress")
    assert len(begun) == 1


def test_small_library_needs_none(library, ask, monkeypatch):
    monkeypatch.setattr(warming, "_run", lambda *args: 1 / 0)
    assert ask("mattress").hits
    assert start(library) is None


def test_process_that_begins_to_serve_starts_it_and_questions_do_not_start_it_again(library, many, ask, monkeypatch):
    warming.start().join()
    assert warming.start() is None
    monkeypatch.setattr(warming, "_run", lambda *args: 1 / 0)
    assert ask("mattress").hits


def test_process_may_begin_without_an_index(backend, caplog):
    warming.start().join()
    assert "There is no search index" in caplog.text


def test_damaged_index_is_said_and_questions_go_on(library, many, ask, monkeypatch, caplog):
    monkeypatch.setattr(warming, "warm", lambda *args: 1 / 0)
    start(library).join()
    assert "Searches find nothing" in caplog.text
    assert ask("mattress").hits
