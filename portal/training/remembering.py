"""How well a question is known after so many reviews, and when it is worth asking again: the scheduler of `fsrs`.

It reckons in days of the city's calendar, so that the hour of a review and daylight saving do not come into it. The
same reviews lead to the same memory whenever they are gone through.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from fsrs import Card, Rating, Scheduler, State

# Steps of minutes make no sense here: without any, the shortest interval is a day. What is known well is still asked
# twice a year, since rules of the desk are seldom used rather than never.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=180, enable_fuzzing=False)


class Review(NamedTuple):
    """How a question was answered (an `fsrs.Rating`), and when."""

    rating: int
    at: datetime


class Memory(NamedTuple):
    """What a card keeps. `stability` is in days, `difficulty` from 1 to 10, `due` the first moment of a day."""

    state: int
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime
    last_right: bool


def rating_of(credit: Decimal) -> int:
    """Return how well an answer of this credit, from 0 to 1, was known: everything is good, a part of it hard."""
    if credit >= 1:
        return int(Rating.Good)
    return int(Rating.Hard if credit > 0 else Rating.Again)


def credit_of(rating: int) -> Decimal:
    """Return a credit that has this rating."""
    return Decimal(1) if is_right(rating) else Decimal("0.5") if rating == Rating.Hard else Decimal(0)


def is_right(rating: int) -> bool:
    """Return whether an answer with this rating was right."""
    return rating >= Rating.Good


def after(reviews: Iterable[Review]) -> Memory:
    """Return what is remembered after reviews, oldest first. Raises `ValueError` if there is none."""
    # Without an id of its own, a card would wait for the clock to give it one.
    card = Card(card_id=0, due=datetime.min.replace(tzinfo=UTC))
    last = None
    for last in reviews:
        card, _ = _SCHEDULER.review_card(card, Rating(last.rating), _noon(timezone.localdate(last.at)))
    if last is None or card.stability is None or card.difficulty is None:
        raise ValueError("Nothing is remembered of a question that was never answered.")
    due = timezone.make_aware(datetime.combine(card.due.date(), time.min))
    return Memory(card.state, card.step, card.stability, card.difficulty, due, last.at, is_right(last.rating))


def chance(stability: float, last_review: datetime, today: date) -> float:
    """Return how likely it is, from 0 to 1, that something is still known on a day."""
    card = Card(card_id=0, state=State.Review, stability=stability, last_review=_noon(timezone.localdate(last_review)))
    return _SCHEDULER.get_card_retrievability(card, _noon(today))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
