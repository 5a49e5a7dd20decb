"""An index that is missing, damaged or out of date: searches find nothing, saves go on, and the system check says so."""

import json
import logging
import shutil

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from search.backends.whoosh.changes import Change
from search.backends.whoosh.writing import write
from search.checks import check_search_indexes
from tests.factories import make_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(backend, in_index):
    """An answer in a complete index."""
    call_command("update_index", verbosity=0)
    with in_index():
        answer = make_answer("Where do I pay?")
    return answer


def ids(messages):
    return [message.id for message in messages]


def segment_files(index_path):
    return sorted(index_path.glob("index-*/*.seg"))


def test_complete_index_gives_no_warning(answer):
    assert check_search_indexes() == []


def test_missing_index_finds_nothing_says_so_in_the_log_and_in_the_check(backend, caplog):
    results = Page.objects.search("home")
    assert (list(results), results.count(), dict(results.facet("live"))) == ([], 0, {})
    assert list(Page.objects.autocomplete("ho")) == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "There is no search index" in caplog.text
    assert ids(check_search_indexes()) == ["search.W001"]


def test_check_is_silent_before_there_is_a_database(backend, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert check_search_indexes() == []


def test_check_leaves_a_database_that_cannot_be_reached_to_others(backend, monkeypatch):
    def unreachable():
        raise OperationalError

    monkeypatch.setattr(connection.introspection, "table_names", unreachable)
    assert check_search_indexes() == []


def test_save_without_an_index_begins_one_that_the_check_calls_incomplete(backend, in_index):
    with in_index():
        make_answer("Where do I pay?")
    assert Page.objects.search("pay").count() == 1
    assert ids(check_search_indexes()) == ["search.W003"]
    call_command("update_index", verbosity=0)
    assert check_search_indexes() == []


def damage_pointer(path):
    (path / "current").write_text("{")


def damage_table(path):
    [table] = path.glob("index-*/*.toc")
    table.write_bytes(table.read_bytes()[: table.stat().st_size // 2])


def damage_segment(path):
    for file in segment_files(path):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def remove_segment(path):
    for file in segment_files(path):
        file.unlink()


def remove_table(path):
    [table] = path.glob("index-*/*.toc")
    table.unlink()


def remove_folder(path):
    [folder] = path.glob("index-*")
    shutil.rmtree(folder)


DAMAGE = [damage_pointer, damage_table, damage_segment, remove_segment, remove_table, remove_folder]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_index_finds_nothing_is_reported_and_is_built_anew(
    backend, answer, in_index, index_path, caplog, damage
):
    damage(index_path)
    backend.readers.forget()
    assert list(Page.objects.search("pay")) == []
    assert "Searches find nothing" in caplog.text
    assert ids(check_search_indexes()) == ["search.W002"]
    # A save goes on, whether or not the index can take it.
    with in_index():
        make_answer("How do I stop service?", short_answer="Call us.", script_en="Call us.")
    call_command("update_index", verbosity=0)
    assert Page.objects.search("pay").count() == 1
    assert Page.objects.search("stop").count() == 1
    assert check_search_indexes() == []


def test_postings_damaged_while_the_index_is_open_find_nothing(backend, answer, monkeypatch, caplog):
    monkeypatch.setattr("search.backends.whoosh.snapshot.Snapshot.scored", lambda *args: 1 / 0)
    assert list(Page.objects.search("pay")) == []
    assert "Searches find nothing" in caplog.text


def test_log_is_not_flooded(backend, caplog):
    for _ in range(20):
        list(Page.objects.search("home"))
    assert len(caplog.records) == 1


def test_index_made_for_other_fields_is_reported(backend, answer, index_path):
    state = json.loads((index_path / "current").read_text())
    state["signatures"]["wagtailcore_page__title"] = "text nl standard"
    (index_path / "current").write_text(json.dumps(state))
    assert ids(check_search_indexes()) == ["search.W004"]


def test_changes_that_could_not_be_written_are_kept_reported_and_written_later(backend, answer, monkeypatch, caplog):
    answer.title = "Where can I pay?"
    answer.save()
    with monkeypatch.context() as patched:
        patched.setattr("whoosh.writing.SegmentWriter.commit", lambda *args, **kwargs: 1 / 0)
        write(backend.folder, [Change.of(answer)])
    assert "1 changes could not be written" in caplog.text
    assert ids(check_search_indexes()) == ["search.W005"]
    write(backend.folder, [])
    assert Page.objects.search("can").count() == 1
    assert check_search_indexes() == []


def test_damaged_batch_of_changes_is_passed_over(backend, answer, index_path, caplog):
    (index_path / "waiting").mkdir(exist_ok=True)
    (index_path / "waiting" / "0001.json").write_text("[{")
    write(backend.folder, [Change.of(answer), Change("manuals.gone", "1")])
    assert "run update_index" in caplog.text
    assert "There is no model manuals.gone" in caplog.text
    assert Page.objects.search("pay").count() == 1


def test_folder_that_cannot_be_written_does_not_keep_a_page_from_being_saved(settings, tmp_path, in_index, caplog):
    (tmp_path / "file").write_text("")
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "search.backends.whoosh", "PATH": tmp_path / "file" / "index"}
    }
    with in_index():
        page = make_answer("Where do I pay?")
    assert Page.objects.filter(pk=page.pk).exists()
    assert "are lost; run update_index" in caplog.text


def test_document_that_cannot_be_made_does_not_keep_the_others_out(backend, in_index, monkeypatch, caplog):
    with in_index():
        bad, good = make_answer("Bad luck?"), make_answer("Good luck?")
    from search.backends.whoosh.mapping import ModelMapping

    document = ModelMapping.document
    monkeypatch.setattr(ModelMapping, "document", lambda self, obj: 1 / 0 if obj.pk == bad.pk else document(self, obj))
    write(backend.folder, [Change.of(bad), Change.of(good)])
    assert "No search document could be made of manuals.AnswerPage" in caplog.text
    assert {page.title for page in Page.objects.search("luck")} == {"Bad luck?", "Good luck?"}
    call_command("update_index", verbosity=0)
    assert {page.title for page in Page.objects.search("luck")} == {"Good luck?"}


def test_settings_that_cannot_work_are_refused(settings):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends.whoosh"}}
    with pytest.raises(ImproperlyConfigured, match="PATH"):
        get_search_backend()


def test_language_without_a_stemmer_is_refused(settings, tmp_path):
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "search.backends.whoosh", "PATH": tmp_path, "LANGUAGE": "xx"}
    }
    with pytest.raises(ImproperlyConfigured, match="xx"):
        list(get_search_backend().search("home", Page))
