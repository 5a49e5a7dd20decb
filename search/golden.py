"""The portal's own golden questions, put to the live search."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from portal.people.models import User
from search import answers, evaluation
from search.models import GoldenQuestion


class NoQuestions(Exception):
    """There is no golden question."""


def evaluate() -> evaluation.Report:
    """Return how well the live search answers the golden questions: by the places of answers, sections left out.

    Keeps with each the place where its answer came. Raises `NoQuestions`.
    """
    questions = list(GoldenQuestion.objects.filter(answer__live=True))
    if not questions:
        raise NoQuestions("There are no golden questions yet. Seniors write them under Search → Golden questions.")
    asked = [(question.question, {str(question.answer_id): 1.0}) for question in questions]
    search = LiveSearch()
    with transaction.atomic():
        report = evaluation.measure(asked, search)
        if search.is_available:
            _keep(questions, [outcome.place for outcome in report.outcomes])
    return report


def run(questions: Iterable[GoldenQuestion]) -> None:
    """Put golden questions to the live search, and keep with each the place where its answer came.

    Keeps nothing where there is no index to search: that says nothing about an answer.
    """
    questions, search = list(questions), LiveSearch()
    places = [_place(str(question.answer_id), search(question.question)) for question in questions]
    if search.is_available:
        _keep(questions, places)


class LiveSearch:
    """The live search, called with a text: the keys of the answers that it finds, best first."""

    def __init__(self) -> None:
        # Someone who may see everything: what counts is the ranking.
        self._reader = User(is_superuser=True)
        self.is_available = True

    def __call__(self, text: str) -> list[str]:
        """Return the keys as text, and note where there was no index to search."""
        results = answers.find(text, self._reader, limit=evaluation.DEPTH * 2)
        self.is_available = self.is_available and results.is_available
        return [str(hit.page.pk) for hit in results.hits if hit.is_answer]


def _place(answer: str, found: Sequence[str]) -> int:
    """Return the place of an answer among the first that were found, from 1, or 0 where it is not there."""
    first = list(found[: evaluation.DEPTH])
    return first.index(answer) + 1 if answer in first else 0


def _keep(questions: Sequence[GoldenQuestion], places: Sequence[int]) -> None:
    now = timezone.now()
    for question, place in zip(questions, places, strict=True):
        question.last_place, question.last_run_at = place, now
    GoldenQuestion.objects.bulk_update(questions, ["last_place", "last_run_at"])
