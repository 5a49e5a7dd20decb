"""Measuring search: reading a test collection, the figures, and the command that prints them."""

import json
from math import log2

import pytest
from django.core.management import CommandError, call_command

from search import beir, evaluation

DOCUMENTS = {
    "bed": ("Where do I take a mattress?", "Take it to the landfill."),
    "water": ("Why is there no water?", "A main may be shut."),
    "pay": ("Where do I pay?", "At the counter."),
    "sofa": ("Where do I take a sofa?", "Take it to the landfill too."),
}
QUESTIONS = {"q1": "old mattress", "q2": "dripping faucet", "q3": "pay at a counter", "q4": "couch removal"}
RELEVANT = {"q1": {"bed": 2, "sofa": 1}, "q2": {"water": 1}, "q3": {"pay": 1}, "q4": {"sofa": 1}}


@pytest.fixture
def folder(tmp_path):
    """A small collection in BEIR's layout."""
    rows = [{"_id": key, "title": title, "text": text} for key, (title, text) in DOCUMENTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    rows = [{"_id": key, "text": text} for key, text in QUESTIONS.items()]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    lines = [f"{key}\t{document}\t{score}" for key, found in RELEVANT.items() for document, score in found.items()]
    (tmp_path / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *lines]), "utf-8")
    return tmp_path


@pytest.fixture
def collection(folder):
    return beir.read(folder)


def test_collection_is_read(collection):
    assert collection.documents == DOCUMENTS
    assert collection.questions == QUESTIONS
    assert collection.relevance == RELEVANT


def test_relevance_may_lie_in_a_folder_of_its_own(folder):
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert beir.read(folder).relevance == RELEVANT


def test_relevance_may_have_the_four_columns_of_trec_and_no_heading(folder):
    (folder / "qrels.tsv").write_text("q1\t0\tbed\t2\nq2\t0\tbed\t0\nq9\t0\tbed\t1\n")
    collection = beir.read(folder)
    assert collection.relevance == {"q1": {"bed": 2}}
    assert collection.questions == {"q1": "old mattress"}


def test_text_may_hold_other_ends_of_lines_and_lines_may_be_empty(folder):
    row = json.dumps({"_id": "a", "text": "one\u2028two\x85three"}, ensure_ascii=False)
    (folder / "corpus.jsonl").write_text(f"{row}\n\n  \n" + '{"_id": "bed"}\r\n', "utf-8")
    assert beir.read(folder).documents == {"a": ("", "one\u2028two\x85three"), "bed": ("", "")}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("corpus.jsonl", '{"_id": "a"}\n{"_id": ', "corpus.jsonl, line 2: this is not JSON."),
        ("corpus.jsonl", '{"id": "a"}', "corpus.jsonl, line 1: an object with an “_id” is expected."),
        ("queries.jsonl", '\n["_id"]', "queries.jsonl, line 2: an object with an “_id” is expected."),
        ("qrels.tsv", "q1\tbed\t1\nq1 bed 1", "qrels.tsv, line 2: three columns are expected, the last a number."),
        ("qrels.tsv", "q1\tbed\tmuch", "qrels.tsv, line 1: three columns are expected, the last a number."),
        ("qrels.tsv", "q1\t1", "qrels.tsv, line 1: three columns are expected, the last a number."),
        ("qrels.tsv", "q9\tbed\t1", "qrels.tsv names no question and document of this collection."),
        ("qrels.tsv", "", "qrels.tsv names no question and document of this collection."),
    ],
)
def test_what_is_wrong_is_said_by_file_and_line(folder, name, content, sentence):
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(beir.CollectionError) as raised:
        beir.read(folder)
    assert str(raised.value) == f"{folder}/{sentence}"


def test_file_that_is_missing_or_no_text_is_named(folder):
    (folder / "corpus.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(beir.CollectionError, match=r"corpus\.jsonl cannot be read"):
        beir.read(folder)
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(beir.CollectionError, match=r"There is no .*corpus\.jsonl"):
        beir.read(folder)


def test_ndcg_has_gains_as_they_are_and_a_logarithmic_discount():
    relevance = {"a": 3.0, "b": 2.0, "c": 1.0}
    assert evaluation.ndcg(["a", "b", "c"], relevance) == pytest.approx(1)
    assert evaluation.ndcg(["c", "x", "a"], relevance) == pytest.approx(
        (1 + 3 / log2(4)) / (3 + 2 / log2(3) + 1 / log2(4))
    )
    assert evaluation.ndcg(["x"], relevance) == 0
    assert evaluation.ndcg([], {}) == 0


def test_ndcg_looks_at_ten():
    relevance = {str(number): 1.0 for number in range(20)}
    assert evaluation.ndcg([str(number) for number in range(10)], relevance) == pytest.approx(1)
    assert evaluation.ndcg([*"abcdefghij", "1"], relevance) == 0


def test_figures_are_those_worked_out_by_hand(monkeypatch):
    found = {
        "first": ["a", "x", "y"],
        "third": ["x", "y", "a"],
        "tenth": [*"bcdefghij", "a"],
        "eleventh": [*"bcdefghijk", "a"],
        "nothing": [],
    }
    # Milliseconds that the five searches take.
    ticks = iter([0, 0.004, 1, 1.001, 2, 2.005, 3, 3.002, 4, 4.003])
    monkeypatch.setattr(evaluation.time, "perf_counter", lambda: next(ticks))
    report = evaluation.measure([(text, {"a": 1.0}) for text in found], found.__getitem__)
    assert report.queries == 5
    assert report.success_at_1 == pytest.approx(1 / 5)
    assert report.success_at_3 == pytest.approx(2 / 5)
    assert report.mrr_at_10 == pytest.approx((1 + 1 / 3 + 1 / 10) / 5)
    assert report.ndcg_at_10 == pytest.approx((1 + 1 / log2(4) + 1 / log2(11)) / 5)
    assert report.zero_result_rate == pytest.approx(1 / 5)
    assert report.p50_ms == pytest.approx(3)
    assert report.p95_ms == pytest.approx(5)
    assert [outcome.place for outcome in report.outcomes] == [1, 3, 10, 0, 0]


def test_percentiles_are_times_that_were_measured(monkeypatch):
    ticks = iter([tick for number in range(1, 102) for tick in (0, number / 1000)])
    monkeypatch.setattr(evaluation.time, "perf_counter", lambda: next(ticks))
    report = evaluation.measure([("q", {"a": 1.0})] * 101, lambda text: ["a"])
    assert (report.p50_ms, report.p95_ms) == (pytest.approx(51), pytest.approx(96))


def test_nothing_cannot_be_measured():
    with pytest.raises(ValueError, match="There is no question"):
        evaluation.measure([], lambda text: [])


def test_collection_is_searched_as_answers_in_an_index_of_its_own(collection, settings, tmp_path):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends.whoosh", "PATH": tmp_path / "live"}}
    report = evaluation.evaluate(collection)
    places = {outcome.question: outcome.place for outcome in report.outcomes}
    assert places == {"old mattress": 1, "dripping faucet": 0, "pay at a counter": 1, "couch removal": 0}
    assert (report.success_at_1, report.zero_result_rate) == (0.5, 0.5)
    assert not (tmp_path / "live").exists()


def test_asked_as_indexes_a_share_drawn_with_a_fixed_seed_and_asks_the_rest(collection):
    asked = {outcome.question for outcome in evaluation.evaluate(collection, asked_as=0.5).outcomes}
    assert len(asked) == 2
    assert asked == {outcome.question for outcome in evaluation.evaluate(collection, asked_as=0.5).outcomes}


def test_wording_that_was_indexed_finds_its_answer():
    pages = [evaluation.answer_page(7, "Where do I take a sofa?", "", ["couch removal"])]
    with evaluation.searching(pages) as search:
        assert search("remove my couch") == [7]


def test_command_prints_a_table(folder, capsys):
    call_command("evaluate_search", folder)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [["Questions", "4"], ["Success@1", "0.500"]]
    assert [line[0] for line in lines[2:]] == ["Success@3", "MRR@10", "nDCG@10", "Found", "p50", "p95"]


def test_command_prints_one_json_object(folder, capsys):
    call_command("evaluate_search", folder, json=True, asked_as=0.5)
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == [
        "queries",
        "success_at_1",
        "success_at_3",
        "mrr_at_10",
        "ndcg_at_10",
        "zero_result_rate",
        "p50_ms",
        "p95_ms",
    ]
    assert figures["queries"] == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name the folder of a test collection, or --golden."),
        (["somewhere", "--golden"], "Name the folder of a test collection, or --golden."),
        (["somewhere", "--asked-as", "1"], "--asked-as is a share from 0 to below 1."),
        (["somewhere", "--asked-as", "-0.1"], "--asked-as is a share from 0 to below 1."),
        (["somewhere", "--asked-as", "nan"], "--asked-as is a share from 0 to below 1."),
        (["somewhere"], "There is no somewhere/corpus.jsonl."),
    ],
)
def test_command_refuses_with_a_sentence(arguments, sentence):
    with pytest.raises(CommandError) as raised:
        call_command("evaluate_search", *arguments)
    assert str(raised.value) == sentence


def test_command_refuses_a_share_that_leaves_nothing_to_ask(folder):
    with pytest.raises(CommandError, match="There is no question to measure by"):
        call_command("evaluate_search", folder, asked_as=0.99)
