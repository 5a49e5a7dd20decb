"""Marking again after a key was wrong: who would go up and who down, then done, with what it was before and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.people.models import User
from quizzes import marking
from quizzes.models import Attempt, Question, Regrade, RegradedResponse, Response
from quizzes.models.version import QuestionVersion, freeze, unsaved
from quizzes.signals import attempt_marked


class NotTheSame(Exception):
    """The question has become another one; answers to it cannot be marked by its key. The message says why."""


@dataclass(frozen=True)
class Change:
    """What a regrade does to one answer and its attempt. Scores are None while the attempt waits for a marker."""

    response: Response
    attempt: Attempt
    credit: Decimal
    score: Decimal | None
    passed: bool | None

    @property
    def is_gain(self) -> bool:
        """Whether the learner earns more than before."""
        return self.credit > (self.response.credit or 0)


def preview(question: Question) -> list[Change]:
    """Return what marking again by the question's present key would change; nothing is written.

    Those who lose come first, then those who gain, each by name. Only attempts that are handed in are looked at: an
    open one is marked by the key it was asked with. Five queries, however many attempts there are. Raises `NotTheSame`.
    """
    _ensure_has_a_key(question)
    return _changes(question, unsaved(question))


@transaction.atomic
def apply(question: Question, reason: str, person: User) -> Regrade:
    """Mark again by the question's present key, keep what it was before and the reason, and return the regrade.

    What was asked stays as it was. Raises `NotTheSame`, and `ValueError` without a reason.
    """
    if not reason.strip():
        raise ValueError("A regrade needs a reason.")
    _ensure_has_a_key(question)
    list(Attempt.objects.select_for_update().filter(responses__version__question_uid=question.pk).values_list("pk"))
    version = freeze([question])[question.pk]
    changes = _changes(question, version)
    regrade = Regrade.objects.create(version=version, reason=reason.strip(), done_by=person)
    RegradedResponse.objects.bulk_create(
        RegradedResponse(
            regrade=regrade,
            response=change.response,
            attempt=change.attempt,
            credit_before=change.response.credit or Decimal(0),
            credit_after=change.credit,
            score_before=change.attempt.score,
            score_after=change.score,
            passed_before=change.attempt.passed,
            passed_after=change.passed,
        )
        for change in changes
    )
    for change in changes:
        change.response.credit = change.credit
        change.attempt.score, change.attempt.passed = change.score, change.passed
    Response.objects.bulk_update([change.response for change in changes], ["credit"], batch_size=500)
    attempts = list({change.attempt.pk: change.attempt for change in changes}.values())
    Attempt.objects.bulk_update(attempts, ["score", "passed"], batch_size=500)
    transaction.on_commit(lambda: _tell(attempts))
    return regrade


def mended_keys(attempt: Attempt) -> dict[UUID, QuestionVersion]:
    """Return the versions by whose keys questions of an attempt were marked again since it was handed in.

    They are by the questions' keys, and come with their sections (one query).
    """
    asked = attempt.responses.values("version__question_uid")
    regrades = Regrade.objects.filter(version__question_uid__in=asked, done_at__gte=attempt.handed_in_at)
    ordered = regrades.order_by("done_at").select_related("version__section__page")
    return {regrade.version.question_uid: regrade.version for regrade in ordered}


def _tell(attempts: Sequence[Attempt]) -> None:
    for attempt in attempts:
        if attempt.marked_at:
            attempt_marked.send(Attempt, attempt=attempt)


def _changes(question: Question, version: QuestionVersion) -> list[Change]:
    asked = Response.objects.filter(version__question_uid=question.pk, attempt__handed_in_at__isnull=False)
    asked = asked.exclude(credit__isnull=True).select_related("version", "attempt__learner")
    responses = list(asked)
    for response in {one.version_id: one for one in responses}.values():
        _ensure_same(response.version, version)
    others: dict[Any, list[Response]] = {}
    for one in Response.objects.filter(attempt__in={response.attempt_id for response in responses}):
        others.setdefault(one.attempt_id, []).append(one)
    changes = []
    for response in responses:
        share = version.kind.mark(version.item, response.answer).credit if response.is_answered else None
        credit = marking.as_credit(share) if share is not None else Decimal(0)
        if credit == response.credit:
            continue
        attempt = response.attempt
        together = others[attempt.pk]
        for one in together:
            if one.pk == response.pk:
                one.credit = credit
        score = marking.score(together)
        passed = None if score is None else score >= attempt.rules["pass_mark"]
        changes.append(Change(response, attempt, credit, score, passed))
    return sorted(changes, key=lambda change: (change.is_gain, str(change.attempt.learner), change.attempt.number))


def _ensure_has_a_key(question: Question) -> None:
    """Raise `NotTheSame` for a question that no published key marks."""
    if not question.live:
        raise NotTheSame("The question is not published. Publish it with the right key, then mark again.")
    if question.kind.is_marked_by_person:
        raise NotTheSame("A person marks this question. Mark each answer again from its result page.")


def _ensure_same(asked: QuestionVersion, now: QuestionVersion) -> None:
    """Raise `NotTheSame` unless answers to one version can be marked by the other's key."""
    if asked.type != now.type:
        raise NotTheSame(
            f"The question was of the type “{asked.kind.label}” when it was asked and is “{now.kind.label}” now. "
            "Bring the old type back with the right key, or leave the results as they are."
        )
    if _parts(asked.item) - _parts(now.item):
        raise NotTheSame(
            "Options or parts that learners were shown have been removed since. Bring them back, then mark again."
        )


def _parts(item: Any) -> set[str]:
    """Return the ids of the parts that answers name: options, pairs, items, blanks; not of accepted answers."""
    return {part["id"] for name in ("options", "pairs", "items", "blanks") for part in item.get(name, ())}
