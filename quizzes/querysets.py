"""Queries that have names."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from portal.people.models import User
    from quizzes.models import Question, Response  # noqa: F401


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions of the bank."""

    def askable(self) -> "QuestionQuerySet":
        """Return the questions that may be asked: published and not retired."""
        return self.filter(live=True, retired=False)


def waiting_for_a_marker(marker: "User") -> "models.QuerySet[Response]":
    """Return the answers that this person may mark and nobody has, those handed in first at the front."""
    from quizzes.models import Question, Response  # noqa: F401

    # An attempt is marked once every answer is; the index has those that are not.
    waiting = Response.objects.filter(
        credit__isnull=True, attempt__handed_in_at__isnull=False, attempt__marked_at__isnull=True
    )
    return waiting.exclude(attempt__learner=marker).order_by("attempt__handed_in_at", "place")
