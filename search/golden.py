"""The portal's own golden questions, put to the live search."""

from django.db import transaction

from portal.people.models import User
from search import answers, evaluation
from search.models import GoldenQuestion


class NoQuestions(Exception):
    """There is no golden question."""


def evaluate() -> evaluation.Report:
    """Return how well the live search answers the golden questions: by the places of answers, sections left out.

    Raises `NoQuestions`.
    """
    questions = GoldenQuestion.objects.filter(answer__live=True).values_list("question", "answer_id")
    if not questions:
        raise NoQuestions("There are no golden questions yet. Seniors write them under Search → Golden questions.")
    # Someone who may see everything: what counts is the ranking.
    reader = User(is_superuser=True)

    def search(text: str) -> list[str]:
        hits = answers.find(text, reader, limit=evaluation.DEPTH * 2).hits
        return [str(hit.page.pk) for hit in hits if hit.is_answer]

    with transaction.atomic():
        return evaluation.measure([(text, {str(key): 1.0}) for text, key in questions], search)
