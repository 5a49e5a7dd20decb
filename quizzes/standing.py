"""How a person stands in quizzes: what they did, which attempt counts, whether they may try again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from portal.people.models import User
from quizzes import attempts as life
from quizzes.models import Allowance, Attempt, Counting, QuizPage


@dataclass(frozen=True)
class Standing:
    """One person in one quiz. `refusal` says why they may not begin another attempt now; empty if they may."""

    quiz: QuizPage
    attempts: list[Attempt] = field(default_factory=list)
    allowance: Allowance | None = None
    refusal: str = ""

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt to go on with."""
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def is_waiting(self) -> bool:
        """Whether an attempt waits to be marked."""
        return any(attempt.is_waiting for attempt in self.attempts)

    @property
    def counting(self) -> Attempt | None:
        """The attempt that counts, None before any is marked."""
        return counting(self.quiz.counts, self.attempts)

    @property
    def passed(self) -> bool:
        """Whether the attempt that counts is a pass."""
        return bool(self.counting and self.counting.passed)

    @property
    def attempts_left(self) -> int | None:
        """How many attempts may still begin; None for any number."""
        if not self.quiz.attempts_allowed:
            return None
        extra = self.allowance.extra_attempts if self.allowance else 0
        return max(0, self.quiz.attempts_allowed + extra - len(self.attempts))

    @property
    def minutes(self) -> int:
        """The time limit in minutes for this person, 0 for none."""
        extra = self.allowance.extra_minutes if self.allowance else 0
        return self.quiz.time_limit_minutes + extra if self.quiz.time_limit_minutes else 0


def counting(rule: str, attempts: Sequence[Attempt]) -> Attempt | None:
    """Return which of a person's attempts at one quiz counts, None before any is marked."""
    marked = [attempt for attempt in attempts if attempt.score is not None]
    if not marked:
        return None
    if rule == Counting.FIRST:
        return min(marked, key=lambda attempt: attempt.number)
    if rule == Counting.LAST:
        return max(marked, key=lambda attempt: attempt.number)
    return max(marked, key=lambda attempt: (attempt.score, -attempt.number))


def of(quizzes: Sequence[QuizPage], user: Any, now: datetime | None = None) -> list[Standing]:
    """Return how a person stands in each of these quizzes; attempts are in the order of their numbers.

    Three queries, and some for each attempt whose time has run out since anyone looked.
    """
    now = now or timezone.now()
    if not isinstance(user, User):
        return [Standing(quiz) for quiz in quizzes]
    life.hand_in_overdue(now, Q(learner=user, quiz__in=quizzes))
    own: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(learner=user, quiz__in=quizzes).order_by("number"):
        own.setdefault(attempt.quiz_id or 0, []).append(attempt)
    allowances = {one.quiz_id: one for one in Allowance.objects.filter(learner=user, quiz__in=quizzes)}
    found = []
    for quiz in quizzes:
        attempts, allowance = own.get(quiz.pk, []), allowances.get(quiz.pk)
        found.append(Standing(quiz, attempts, allowance, life.refusal(quiz, attempts, allowance, now)))
    return found
