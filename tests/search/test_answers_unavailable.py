"""Without an index, or with a damaged one, the answer search says so and raises nothing."""

import pytest

from search.scoring import rank
from tests.factories import make_policy
from tests.search.test_whoosh_unavailable import DAMAGE

pytestmark = pytest.mark.django_db


def test_missing_index_is_said(backend, ask, caplog):
    results = ask("where do I pay")
    assert (results.hits, results.corrections, results.is_available) == ([], {}, False)
    assert "There is no search index" in caplog.text


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_index_is_said(write, ask, index_path, backend, caplog, damage):
    write("Where do I pay?")
    damage(index_path)
    backend.readers.forget()
    results = ask("where do I pay")
    assert (results.hits, results.is_available) == ([], False)
    assert "Searches find nothing" in caplog.text


def test_index_damaged_while_it_is_open_is_said(write, ask, monkeypatch, caplog):
    write("Where do I pay the bill?")
    assert ask("pay").is_available
    monkeypatch.setattr("search.backends.whoosh.snapshot.Snapshot.postings", lambda *args: 1 / 0)
    # What "pay" finds is known and needs no file.
    assert ask("pay").is_available
    results = ask("bill")
    assert (results.hits, results.is_available) == ([], False)
    assert "Searches find nothing" in caplog.text


def test_policy_is_found_by_its_code_without_an_index(backend, ask):
    make_policy("Customer deposits", "CS-101")
    results = ask("cs 101")
    assert [hit.page.title for hit in results.hits] == ["Customer deposits"]
    assert not results.is_available


def test_next_search_finds_again_once_the_index_is_back(write, ask, monkeypatch):
    write("Where do I pay?")
    monkeypatch.setattr("search.answers.rank", lambda *args: 1 / 0)
    assert not ask("pay").is_available
    monkeypatch.setattr("search.answers.rank", rank)
    assert [hit.heading for hit in ask("pay").hits] == ["Where do I pay?"]
