"""The life of an attempt: begun, answered, handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timeuntil

from portal.people.models import User
from quizzes import drawing, marking
from quizzes.models import Allowance, Attempt, Feedback, QuizPage, Response
from quizzes.models.version import freeze

# An answer given in the last second is still on its way.
GRACE = timedelta(seconds=10)
# Whoever leaves a question open over lunch has not thought about it for an hour.
LONGEST_THOUGHT = timedelta(minutes=15)


class MayNotStart(Exception):
    """The attempt may not begin; the message says why, in a sentence for the learner."""


class Closed(Exception):
    """The attempt, or the question, takes no more answers; the message says why."""


@dataclass
class Conflict(Exception):
    """The answer was saved from another window since this one was loaded. `response` is what stands."""

    response: Response


def refusal(quiz: QuizPage, attempts: Sequence[Attempt], allowance: Allowance | None, now: datetime) -> str:
    """Return in a sentence why a person with these attempts may not begin another now; empty if they may."""
    if quiz.opens_at and now < quiz.opens_at:
        return f"This quiz opens on {_moment(quiz.opens_at)}."
    if quiz.closes_at and now >= quiz.closes_at:
        return f"This quiz closed on {_moment(quiz.closes_at)}."
    allowed = quiz.attempts_allowed + (allowance.extra_attempts if allowance else 0)
    if quiz.attempts_allowed and len(attempts) >= allowed:
        return f"You have used all {allowed} attempts." if allowed > 1 else "You have used your one attempt."
    handed_in = [attempt.handed_in_at for attempt in attempts if attempt.handed_in_at]
    if quiz.wait_minutes and handed_in:
        again = max(handed_in) + timedelta(minutes=quiz.wait_minutes)
        if now < again:
            # Rounded up: "in 0 minutes" would send the learner to a refusal.
            return f"You may begin the next attempt in {timeuntil(again + timedelta(seconds=59), now)}."
    return ""


def start(quiz: QuizPage, learner: User, now: datetime | None = None, rng: Random | None = None) -> Attempt:
    """Return the learner's open attempt at a quiz, begun now if there is none.

    Beginning freezes the questions, the draw and the order. Raises `MayNotStart`.
    """
    now = now or timezone.now()
    hand_in_overdue(now, Q(quiz=quiz, learner=learner))
    for _ in range(2):
        own = list(Attempt.objects.filter(quiz=quiz, learner=learner))
        for attempt in own:
            if attempt.is_open:
                return attempt
        allowance = Allowance.objects.filter(quiz=quiz, learner=learner).first()
        if sentence := refusal(quiz, own, allowance, now):
            raise MayNotStart(sentence)
        try:
            return _begin(quiz, learner, len(own) + 1, allowance, now, rng or Random())
        except IntegrityError:
            # Two clicks, two windows: the other one has begun it.
            continue
    raise MayNotStart("The quiz could not be started just now. Try again.")


@transaction.atomic
def _begin(
    quiz: QuizPage, learner: User, number: int, allowance: Allowance | None, now: datetime, rng: Random
) -> Attempt:
    due_at = None
    if quiz.time_limit_minutes:
        minutes = quiz.time_limit_minutes + (allowance.extra_minutes if allowance else 0)
        due_at = now + timedelta(minutes=minutes)
    drawn = drawing.draw(quiz, rng)
    if not drawn:
        raise MayNotStart("This quiz has no questions yet. Tell its owner.")
    versions = freeze([one.question for one in drawn])
    attempt = Attempt.objects.create(
        quiz=quiz,
        quiz_title=quiz.title,
        learner=learner,
        number=number,
        rules=rules_of(quiz),
        started_at=now,
        active_at=now,
        due_at=due_at,
    )
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            place=place,
            version=versions[one.question.pk],
            points=one.points,
            order=one.question.kind.order(one.question.item, rng, shuffle=quiz.shuffle_options),
        )
        for place, one in enumerate(drawn, start=1)
    )
    return attempt


def rules_of(quiz: QuizPage) -> dict[str, Any]:
    """Return the rules that an attempt keeps, as they are now."""
    return {"pass_mark": quiz.pass_mark, "feedback": quiz.feedback, "show_answers": quiz.show_answers}


def save(response: Response, answer: Any, seen: int, now: datetime | None = None) -> Response:
    """Save an answer, and return the response as it then stands.

    `seen` is how often it had been saved when the window that sends this was loaded. Raises `Closed`, and `Conflict`
    where another window has saved a different answer since.
    """
    now = now or timezone.now()
    attempt = response.attempt
    if not attempt.is_open:
        raise Closed("This attempt has been handed in.")
    if attempt.due_at and now > attempt.due_at + GRACE:
        raise Closed("The time is up. What was saved before has been handed in.")
    if response.checked_at:
        raise Closed("You have checked this answer, so it stays as it is.")
    if response.answer == answer:
        return response
    if response.saves != seen:
        raise Conflict(response)
    thought = min(max(now - attempt.active_at, timedelta(0)), LONGEST_THOUGHT)
    with transaction.atomic():
        # The attempt first: whoever hands in locks it first, too.
        open_attempt = Attempt.objects.filter(pk=attempt.pk, handed_in_at__isnull=True)
        if not open_attempt.update(active_at=now):
            raise Closed("This attempt has been handed in.")
        saved = Response.objects.filter(pk=response.pk, saves=seen, checked_at__isnull=True).update(
            answer=answer, saves=F("saves") + 1, seconds=F("seconds") + round(thought.total_seconds())
        )
    # A form that saves many answers has thought about all of them only once.
    attempt.active_at = now
    response.refresh_from_db(fields=["answer", "saves", "seconds", "checked_at"])
    # Of a double click the second finds its own answer there, saved by the first.
    if not saved and response.answer != answer:
        raise Conflict(response)
    return response


def check(response: Response, now: datetime | None = None) -> None:
    """Close an answer and mark it, where the quiz tells at once.

    Raises `Closed` where it does not, or all is over, and `Conflict` where another window has saved a different answer.
    """
    now = now or timezone.now()
    attempt = response.attempt
    if not attempt.is_open or attempt.is_out_of_time(now):
        raise Closed("This attempt has been handed in.")
    if attempt.rules["feedback"] != Feedback.AT_ONCE or response.version.kind.is_marked_by_person:
        raise Closed("This question is marked when you hand in.")
    if not response.is_answered:
        raise Closed("Answer the question first.")
    # Only the answer that was looked at: another window may have saved a new one meanwhile.
    Response.objects.filter(pk=response.pk, saves=response.saves, checked_at__isnull=True).update(
        checked_at=now, credit=marking.credit_of(response)
    )
    response.refresh_from_db(fields=["answer", "saves", "checked_at", "credit"])
    if not response.checked_at:
        raise Conflict(response)


def hand_in(attempt: Attempt, now: datetime | None = None) -> bool:
    """Hand an attempt in and mark it, and return True; False if that had been done. A second time changes nothing."""
    now = now or timezone.now()
    if attempt.due_at:
        now = min(now, attempt.due_at)
    with transaction.atomic():
        if not Attempt.objects.filter(pk=attempt.pk, handed_in_at__isnull=True).update(handed_in_at=now):
            return False
        attempt.handed_in_at = now
        marking.mark(attempt, now)
    return True


def hand_in_overdue(now: datetime | None = None, among: Q | None = None) -> int:
    """Hand in what was saved of every attempt whose time is up, and return how many there were.

    `among` narrows it down. Pages that show attempts call it first, so that nothing hangs on a clock that must run.
    """
    now = now or timezone.now()
    overdue = Attempt.objects.filter(among or Q(), handed_in_at__isnull=True, due_at__lte=now - GRACE)
    return sum(hand_in(attempt, now) for attempt in overdue)


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "F j, Y, g:i a")
