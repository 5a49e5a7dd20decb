"""Synonyms and typing errors in the answer search."""

import pytest

from search.models import SynonymGroup

pytestmark = pytest.mark.django_db


def headings(results):
    return [hit.heading for hit in results.hits]


def test_synonyms_count_from_the_next_search_and_no_index_is_touched(write, ask, index_path):
    write("When is trash picked up?")
    before = sorted((file.name, file.stat().st_mtime_ns) for file in index_path.rglob("*") if file.is_file())
    assert ask("basura").hits == []
    group = SynonymGroup.objects.create(terms="trash\nbasura")
    assert headings(ask("basura")) == ["When is trash picked up?"]
    group.terms = "trash\nrubbish"
    group.save()
    assert ask("basura").hits == []
    assert headings(ask("rubbish")) == ["When is trash picked up?"]
    group.delete()
    assert ask("rubbish").hits == []
    after = sorted((file.name, file.stat().st_mtime_ns) for file in index_path.rglob("*") if file.is_file())
    assert after == before


def test_phrase_is_a_synonym_as_a_whole(write, ask):
    write("Why was my service disconnected?")
    SynonymGroup.objects.create(terms="turned off\ndisconnected")
    assert headings(ask("y'all turned off my stuff"))[0] == "Why was my service disconnected?"
    assert ask("I turned left").hits == []


def test_word_itself_ranks_before_its_synonym(write, ask):
    write("When is trash picked up?")
    write("When is garbage picked up?")
    SynonymGroup.objects.create(terms="trash\ngarbage")
    assert headings(ask("garbage")) == ["When is garbage picked up?", "When is trash picked up?"]


def test_word_with_synonyms_is_not_taken_for_a_typing_error(write, ask):
    write("Can I rent the garage?")
    write("When is trash picked up?")
    SynonymGroup.objects.create(terms="trash\ngarbage")
    found = ask("garbage")
    assert found.corrections == {}
    assert headings(found) == ["When is trash picked up?"]


@pytest.mark.parametrize("typed", ["matress", "matttress", "mattrses", "mattresx", "MATRESS"])
def test_typing_error_is_corrected_said_and_finds_the_answer(write, ask, typed):
    write("Where do I take a mattress?", wordings=("old bed",))
    found = ask(f"old {typed}")
    assert headings(found) == ["Where do I take a mattress?"]
    assert found.corrections == {typed: "mattress"}


@pytest.mark.parametrize("where", ["title", "short_answer", "script_en", "question_es", "script_es"])
def test_correction_is_told_as_people_read_it(write, ask, where):
    write(**{"title": "Where to?", where: "The garbage goes to the landfill."})
    assert ask("garbge").corrections == {"garbge": "garbage"}


def test_correction_that_only_a_wording_has_is_told_as_people_read_it(write, ask):
    write("Where to?", wordings=("who takes the garbage",))
    assert ask("garbge").corrections == {"garbge": "garbage"}


def test_correction_is_told_in_spanish(write, ask):
    write("Where do I pay?", question_es="¿Dónde pago la factura?")
    found = ask("donde pago la facutra")
    assert found.corrections == {"facutra": "factura"}
    assert headings(found) == ["Where do I pay?"]


def test_word_that_somebody_wrote_is_not_corrected(write, ask):
    write("What is a metre?")
    write("What is a meter?")
    assert ask("metre").corrections == {}


def test_word_that_is_like_none_is_left_alone(write, ask):
    write("Where do I take a mattress?")
    found = ask("mattress xylophone")
    assert found.corrections == {}
    assert headings(found) == ["Where do I take a mattress?"]
