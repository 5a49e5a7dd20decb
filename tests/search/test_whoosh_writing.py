"""Writing to the index: segments stay few, documents survive merging, readers are not disturbed."""

import multiprocessing
import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelsearch.index import SearchField
from modelsearch.query import MATCH_ALL
from wagtail.models import Page

from manuals.models import AnswerPage, JobFunction
from search.backends.whoosh import analysis, values, writing
from search.backends.whoosh.changes import Change
from search.backends.whoosh.folder import IndexBusy
from search.backends.whoosh.index import WhooshRebuilder
from search.backends.whoosh.mapping import Analysis, Catalogue, ModelMapping
from search.backends.whoosh.nodes import Word
from tests.factories import make_answer

NAME = "manuals_jobfunction__name"


def make_functions(count):
    JobFunction.objects.all().delete()
    return [
        JobFunction.objects.create(name=f"Duty number{place}", slug=f"duty-{place}", position="csr_1", order=place)
        for place in range(count)
    ]


def names(backend, query=MATCH_ALL):
    return [function.name for function in backend.search(query, JobFunction.objects.order_by("order"))]


def count_segments(backend):
    with backend.readers.reading() as snapshot:
        return len(snapshot.views)


@pytest.mark.django_db
def test_segments_stay_few_and_documents_survive_merging(backend):
    backend.reset_indexes()
    functions = make_functions(60)
    for function in functions:
        writing.write(backend.folder, [Change.of(function)])
        assert count_segments(backend) <= 6
    for function in functions[::3]:
        function.name += " revised"
        function.save()
        writing.write(backend.folder, [Change.of(function)])
    for function in functions[1::3]:
        writing.write(backend.folder, [Change.of(function, gone=True)])
    assert count_segments(backend) <= 6
    assert backend.search("revised", JobFunction).count() == 20
    assert backend.search("duty", JobFunction).count() == 40
    assert backend.search(MATCH_ALL, JobFunction.objects.filter(position="csr_1")).count() == 40
    for place, function in enumerate(functions):
        assert names(backend, f"number{place}") == ([] if place % 3 == 1 else [function.name])


def merged(*sizes):
    """Return the sizes of the segments that merging leaves alone."""
    writer = SimpleNamespace(storage=None, schema=None, add_reader=lambda reader: None)
    segments = [SimpleNamespace(doc_count=lambda size=size: size) for size in sizes]
    return sorted(segment.doc_count() for segment in writing.merge(writer, segments))


def test_merging_rewrites_small_segments_and_keeps_large_ones(monkeypatch):
    monkeypatch.setattr(writing, "SegmentReader", lambda *args: SimpleNamespace(close=lambda: None))
    assert merged() == []
    assert merged(10_000) == [10_000]
    assert merged(10_000, 1, 2, 5) == [10_000]
    assert merged(10_000, 8, 9, 40) == [40, 10_000]
    assert merged(10_000, 20, 8, 8, 8) == [10_000]
    assert merged(0, 10_000) == [10_000]
    # Not even then, unless there are too many.
    assert merged(501, 501, 501) == [501, 501, 501]
    assert len(merged(*range(2000, 2030))) == writing.MAX_SEGMENTS - 1


@pytest.mark.django_db
def test_threads_search_while_one_writes(backend):
    backend.reset_indexes()
    functions = make_functions(12)
    writing.write(backend.folder, [Change.of(function) for function in functions])
    stop, problems = threading.Event(), []

    def search():
        while not stop.is_set():
            try:
                with backend.readers.reading() as snapshot:
                    found = sum(len(Word(NAME, "duti").find(snapshot, n)) for n in range(len(snapshot.views)))
                    positions = [snapshot.positions(view, NAME, "duti", view.live) for view in snapshot.views]
                    assert found >= 12 and sum(map(len, positions)) == snapshot.size == 12
            except Exception as error:
                problems.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for function in functions * 3:
        writing.write(backend.folder, [Change.of(function)])
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []


def _size_in_child(backend, queue):
    with type(backend)({"PATH": backend.folder.path}).readers.reading() as snapshot:
        queue.put((snapshot.size, len(Word(NAME, "duti").find(snapshot, 0))))


@pytest.mark.django_db
def test_forked_process_searches_on_its_own(backend):
    backend.reset_indexes()
    writing.write(backend.folder, [Change.of(function) for function in make_functions(3)])
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    with backend.readers._lock:
        # A lock that a thread of the parent holds at that moment does not keep the child waiting.
        child = context.Process(target=_size_in_child, args=(backend, queue))
        child.start()
    assert queue.get(timeout=20) == (3, 3)
    child.join()


@pytest.mark.django_db
def test_only_one_process_rebuilds(settings, tmp_path):
    from modelsearch.backends import get_search_backend

    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "search.backends.whoosh", "PATH": tmp_path, "LOCK_TIMEOUT": 0.1}
    }
    index = get_search_backend().get_index_for_model(Page)
    first = WhooshRebuilder(index)
    first.start()
    with pytest.raises(IndexBusy, match="locked for"):
        WhooshRebuilder(index).start()
    first.finish()
    WhooshRebuilder(index).start()


@pytest.mark.django_db
def test_object_met_twice_while_rebuilding_is_found_once(backend):
    function = make_functions(1)[0]
    rebuild = writing.Rebuild(backend.folder)
    rebuild.start()
    rebuild.add(JobFunction, [function])
    rebuild.add(JobFunction, [function])
    rebuild.finish()
    assert names(backend) == ["Duty number0"]
    with backend.readers.reading() as snapshot:
        assert snapshot.size == 1


@pytest.mark.django_db
def test_object_its_model_does_not_count_in_is_removed(backend, monkeypatch):
    function = make_functions(1)[0]
    writing.write(backend.folder, [Change.of(function)])
    monkeypatch.setattr(JobFunction, "get_indexed_objects", classmethod(lambda cls: cls.objects.none()))
    writing.write(backend.folder, [Change.of(function)])
    assert backend.search(MATCH_ALL, JobFunction).count() == 0


@pytest.mark.django_db
def test_scores_do_not_depend_on_objects_of_other_models(backend, in_index):
    backend.reset_indexes()
    with in_index():
        make_answer("Where do I pay?")

    def score():
        return Page.objects.search("pay").annotate_score("score")[0].score

    before = score()
    writing.write(backend.folder, [Change.of(function) for function in make_functions(30)])
    assert score() == pytest.approx(before)


def test_field_can_name_its_language(monkeypatch):
    fields = [*AnswerPage.search_fields, SearchField("script_es", language="es")]
    monkeypatch.setattr(AnswerPage, "search_fields", fields)
    mapping = ModelMapping(AnswerPage, Analysis())
    languages = {entry.search_field.field_name: mapping.language(entry) for entry in mapping.texts}
    assert (languages["script_es"], languages["script_en"]) == ("es", "en")
    assert Catalogue(Analysis()).signatures["manuals_answerpage__script_es"] == "text es standard"


def whole_words(language):
    return analysis.text_analyzer(None)


def test_analyzer_can_be_replaced():
    mapping = ModelMapping(AnswerPage, Analysis("en", "tests.search.test_whoosh_writing.whole_words"))
    assert analysis.terms(mapping.analyzer(mapping.texts[0]), "Meters") == ["meters"]


_VALUES = {
    "DateField": st.dates(),
    "DateTimeField": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    "TimeField": st.times(),
    "DurationField": st.timedeltas(timedelta(days=-1000), timedelta(days=1000)),
    "BooleanField": st.booleans(),
    "UUIDField": st.uuids(),
    "IntegerField": st.integers(-(2**63), 2**63 - 1),
    "CharField": st.text(),
}


@given(data=st.data(), field_type=st.sampled_from(sorted(_VALUES)))
def test_values_come_back_as_they_were_and_in_their_order(data, field_type):
    first, second = data.draw(_VALUES[field_type]), data.draw(_VALUES[field_type])
    stored = [values.to_stored(value, field_type) for value in (first, second)]
    assert [values.from_stored(value, field_type) for value in stored] == [first, second]
    assert values.load_rows([values.dump_row({"value": value}) for value in stored]) == [
        {"value": value} for value in stored
    ]
    if field_type != "UUIDField":
        assert (first < second) == (stored[0] < stored[1])


@pytest.mark.django_db
def test_values_of_other_kinds():
    function = make_functions(1)[0]
    assert values.to_stored(None, "CharField") is None
    assert values.to_stored(Decimal("1.50"), "DecimalField") == 1.5
    assert values.from_stored(1.5, "DecimalField") == Decimal("1.5")
    assert values.to_stored(function, "BigAutoField") == function.pk
    assert values.to_stored(JobFunction.objects.all(), "BigAutoField") == [function.pk]
    assert values.to_stored({UUID(int=1)}, "UUIDField") == [str(UUID(int=1))]
    assert values.to_stored(date(2026, 1, 1), "DateTimeField") == "2026-01-01T06:00:00.000000"
    assert values.to_stored(time(8), "TimeField") == "08:00:00.000000"
