"""From answers to a result."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db import transaction

from portal.people.models import User
from quizzes.models import Attempt, Response
from quizzes.signals import attempt_marked
from quizzes.types.base import NOTHING

_CREDIT = Decimal("0.00001")
_SCORE = Decimal("0.01")


def as_credit(share: Fraction) -> Decimal:
    """Return a share of 0 to 1 as it is kept, to five places."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_CREDIT, ROUND_HALF_UP)


def credit_of(response: Response) -> Decimal | None:
    """Return what an answer earns by the key it was asked with, None where a person must mark it."""
    if not response.is_answered:
        return as_credit(NOTHING)
    share = response.version.kind.mark(response.version.item, response.answer).credit
    return None if share is None else as_credit(share)


def score(responses: Iterable[Response]) -> Decimal | None:
    """Return the score in percent, the points earned over all points; None while an answer is not marked.

    An attempt in which nothing could be asked scores 0.
    """
    responses = list(responses)
    possible = sum(response.points for response in responses)
    earned = [response.earned for response in responses]
    if any(points is None for points in earned):
        return None
    total = sum((points for points in earned if points is not None), Decimal(0))
    return (100 * total / possible).quantize(_SCORE, ROUND_HALF_UP) if possible else Decimal(0)


def mark(attempt: Attempt, now: datetime) -> None:
    """Mark an attempt that has just been handed in, as far as no person is needed. Call it inside a transaction."""
    responses = list(attempt.responses.select_related("version"))
    for response in responses:
        response.credit = credit_of(response)
    Response.objects.bulk_update(responses, ["credit"])
    settle(attempt, responses, now)


def settle(attempt: Attempt, responses: Iterable[Response], now: datetime) -> None:
    """Write the score of an attempt once every answer has its credit, and tell of it after the commit."""
    attempt.score = score(responses)
    if attempt.score is None:
        return
    attempt.passed = attempt.score >= attempt.rules["pass_mark"]
    attempt.marked_at = attempt.marked_at or now
    attempt.save(update_fields=["score", "passed", "marked_at"])
    transaction.on_commit(lambda: attempt_marked.send(Attempt, attempt=attempt))


@transaction.atomic
def mark_by_hand(response: Response, given: dict[str, int], remark: str, marker: User, now: datetime) -> None:
    """Write what a person gives a free response: points for each criterion, and a remark.

    Settles the attempt if it was the last that waited. Raises `ValueError` for a criterion there is not, or points it
    does not have.
    """
    criteria = {criterion["id"]: criterion["points"] for criterion in response.version.item["rubric"]}
    if given.keys() != criteria.keys() or any(not 0 <= given[key] <= most for key, most in criteria.items()):
        raise ValueError("Each criterion takes from 0 to its own points.")
    attempt = Attempt.objects.select_for_update().get(pk=response.attempt_id)
    response.points_given = given
    response.credit = as_credit(Fraction(sum(given.values()), sum(criteria.values())))
    response.remark = remark
    response.marked_by = marker
    response.marked_at = now
    response.save(update_fields=["points_given", "credit", "remark", "marked_by", "marked_at"])
    settle(attempt, list(attempt.responses.all()), now)
