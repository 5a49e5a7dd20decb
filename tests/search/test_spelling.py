"""Words that nobody wrote, and the words they look like."""

import pytest

from search.fields import fields
from search.spelling import MAX_CANDIDATES, beginning_with, corrected

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(backend, write):
    write("water meter deposit disconnection")
    write("water later factura")
    write("sat, mat and bat; cattle, battle, rattle, settle, kettle")
    return backend


@pytest.fixture
def names(library):
    """A function that returns what stands in for a word, best first."""

    def names_for(word):
        with library.readers.reading() as snapshot:
            return corrected(word, snapshot, fields(library.folder.catalogue)).names

    return names_for


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("watr", "water"),
        ("wateer", "water"),
        ("watre", "water"),
        ("wazer", "water"),
        ("depositt", "deposit"),
        ("DEPSOIT", "deposit"),
        ("fakturas", "factura"),
        ("disconnecktion", "disconnect"),
        ("disconnectoin", "disconnect"),
        ("discconnecton", "disconnect"),
        ("disconnectment", "disconnect"),
    ],
)
def test_word_with_an_error_is_taken_for_the_nearest(names, typed, meant):
    assert names(typed)[0] == meant


def test_more_frequent_of_two_near_words_comes_first(names):
    assert names("xater")[:2] == ["water", "later"]


@pytest.mark.parametrize("word", ["wat", "xat", "w4ter", "2026", "cs101", "xylophone", "wxyter", "dxpoxit"])
def test_short_words_numbers_and_words_with_two_errors_are_left_alone(names, word):
    assert names(word) == []


@pytest.mark.parametrize("word", ["disconnectpark", "waterman"])
def test_only_an_ending_may_be_wrong_as_a_whole(names, word):
    assert names(word) == []


def test_candidates_are_few_and_equally_near(names):
    assert 1 < len(names("xattle")) <= MAX_CANDIDATES


def test_english_word_that_a_spanish_field_has_in_full_is_looked_for_by_its_stem_too(library, write):
    write("payment", wordings=("reconnection fee",))
    with library.readers.reading() as snapshot:
        found = corrected("reconnectoin", snapshot, fields(library.folder.catalogue))
    assert found.names == ["reconnection"]
    assert set(found.terms["manuals_answerpage__asked_as_en"]) == {"reconnect"}
    assert set(found.terms["manuals_answerpage__asked_as_es"]) == {"reconnection"}


def test_beginnings_are_the_words_that_go_on_from_it(library):
    with library.readers.reading() as snapshot:
        title = next(field for field in fields(library.folder.catalogue) if field.name == "wagtailcore_page__title")
        assert beginning_with("wat", snapshot, title) == ["water"]
        assert beginning_with("WAT", snapshot, title) == ["water"]
        assert beginning_with("ma", snapshot, title) == ["mat"]
        assert beginning_with("xyz", snapshot, title) == []


def test_beginning_that_is_longer_than_the_stem_finds_the_stem(library):
    with library.readers.reading() as snapshot:
        title = next(field for field in fields(library.folder.catalogue) if field.name == "wagtailcore_page__title")
        assert beginning_with("disconnecti", snapshot, title) == ["disconnect"]
