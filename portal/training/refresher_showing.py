"""What a refresher shows of a question, and what it tells once it is answered: never more than its quizzes do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from portal.training import refreshing, remembering
from portal.training.models import RefresherCard
from quizzes import marking, showing
from quizzes.models import Response
from quizzes.showing import ShownQuestion, Telling

# The share of a minute that a question takes.
_MINUTES = 0.4


@dataclass(frozen=True)
class Told:
    """A question with how it was answered. `first_counts`: another answer to it had been given before on the day."""

    question: ShownQuestion
    first_counts: bool


def in_words(count: int) -> str:
    """Return how much a refresher of so many questions is."""
    questions = "1 question" if count == 1 else f"{count} questions"
    return f"{questions}, {'one minute' if count * _MINUTES < 1 else 'two minutes'}"


def asked(card: RefresherCard, today: date | None = None) -> Response:
    """Return an unsaved response to a card's question as it is asked on a day: in the same order each time."""
    return showing.by_itself(card.question, Random(f"{card.pk} {today or timezone.localdate()}"))


def read(response: Response, posted: QueryDict) -> Any:
    """Return the answer to a question in a posted form, None where nothing was answered."""
    return response.version.kind.read(response.version.item, posted, response.name)


def telling(card: RefresherCard) -> Telling:
    """Return what may be told: not what is right, if a quiz in which the person met it never shows that (one query)."""
    met = Response.objects.filter(attempt__learner=card.person_id, version__question_uid=card.question_id)
    return Telling(marks=True, answers=not met.filter(attempt__rules__show_answers=False).exists())


def told(card: RefresherCard, response: Response) -> Told | None:
    """Record an answer and return what is told of it; None where the question is not to be asked today."""
    credit = marking.credit_of(response) or Decimal(0)
    recorded = refreshing.record(card, remembering.rating_of(credit))
    if recorded is None:
        return None
    tells = telling(card)
    question = showing.alone(response, tells)
    if recorded.is_new:
        return Told(question, first_counts=False)
    # Where answers are not shown, trying again must not find out what is right.
    response.credit = remembering.credit_of(recorded.review.rating)
    if not tells.answers:
        question.mark = None
    return Told(question, first_counts=recorded.review.rating != remembering.rating_of(credit))
