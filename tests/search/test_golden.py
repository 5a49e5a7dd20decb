"""The portal's golden questions: what callers say, and whether the right answer comes first."""

import json

import pytest
from django.core.management import CommandError, call_command

from portal.starter import loading
from search import golden
from search.models import GoldenQuestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_answers(write):
    """Two answers with three golden questions, of which search answers two."""
    bed = write("Where do I take a mattress?")
    water = write("Why is there no water?")
    for text, answer in (("old mattress", bed), ("no water", water), ("dripping faucet", water)):
        GoldenQuestion.objects.create(question=text, answer=answer)
    return bed, water


def test_golden_questions_are_put_to_the_live_search(two_answers):
    report = golden.evaluate()
    assert {outcome.question: outcome.place for outcome in report.outcomes} == {
        "old mattress": 1,
        "no water": 1,
        "dripping faucet": 0,
    }
    assert report.success_at_1 == pytest.approx(2 / 3)


def test_question_whose_answer_was_taken_down_does_not_count(two_answers, in_index):
    with in_index():
        two_answers[0].unpublish()
    assert {outcome.question for outcome in golden.evaluate().outcomes} == {"no water", "dripping faucet"}


def test_command_prints_what_fails(two_answers, capsys):
    call_command("evaluate_search", golden=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["Success@1", "0.667"]
    assert lines[-1].split(maxsplit=1) == ["–", "dripping faucet"]
    assert len(lines) == 9


def test_command_prints_golden_figures_as_one_json_object(two_answers, capsys):
    call_command("evaluate_search", golden=True, json=True)
    figures = json.loads(capsys.readouterr().out)
    assert (figures["queries"], figures["success_at_1"]) == (3, 0.6667)


def test_command_says_that_there_are_no_golden_questions(backend):
    with pytest.raises(CommandError, match="There are no golden questions yet"):
        call_command("evaluate_search", golden=True)


def test_starter_library_answers_what_callers_say(backend, in_index):
    with in_index():
        loading.load()
    report = golden.evaluate()
    assert report.queries == GoldenQuestion.objects.count() >= 120
    # A floor, so that it cannot rot; the targets are measured by `make bench`.
    assert report.success_at_1 >= 0.90
    assert report.success_at_3 >= 0.98
    assert report.zero_result_rate == 0
