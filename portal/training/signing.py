"""Signing what a supervisor watched a person do. A record is never altered: a mistake is corrected by a new one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.people.models import User
from portal.training import permissions
from portal.training.models import Attendance, SignOff, Task

NOT_ALL_SEEN = "“Met” needs every box ticked. Tick what you saw, or choose “Not yet”."
NOTHING_MISSING = "Every box is ticked. Choose “Met”, or say in the remarks what was not met."


class Item(TypedDict):
    """One thing of the checklist, word for word, and whether it was seen."""

    text: str
    seen: bool


class SignedMeanwhile(Exception):
    """Somebody has signed this task since the supervisor opened it, or it is the same form sent twice."""


class CorrectedAlready(Exception):
    """The record has a correction. The correction is what can be corrected now."""


def check(checklist: Sequence[Item], remarks: str, *, met: bool) -> None:
    """Raise `ValidationError` for a task that is met with something unseen, or not met without anything missing."""
    all_seen = all(item["seen"] for item in checklist)
    if met and not all_seen:
        raise ValidationError(NOT_ALL_SEEN)
    if not met and all_seen and not remarks.strip():
        raise ValidationError(NOTHING_MISSING)


def newest(person: User, task: Task) -> SignOff | None:
    """Return the last record of a person's doing a task."""
    return SignOff.objects.filter(person=person, task=task).order_by("-pk").first()


@transaction.atomic
def sign(
    person: User,
    task: Task,
    supervisor: User,
    *,
    checklist: Sequence[Item],
    met: bool,
    remarks: str,
    after: int,
    at: datetime | None = None,
) -> SignOff:
    """Write what a supervisor saw, now or `at`. `after` is the key of the newest record they knew of, 0 for none.

    Raises `PermissionDenied`, `ValidationError` (see `check`) and `SignedMeanwhile`, and writes nothing then.
    """
    _allow(supervisor, person)
    check(checklist, remarks, met=met)
    User.objects.select_for_update().get(pk=person.pk)
    last = newest(person, task)
    if (last.pk if last else 0) != after:
        raise SignedMeanwhile
    at = at or timezone.now()
    return _write(person, task, supervisor, checklist=checklist, met=met, remarks=remarks, at=at)


@transaction.atomic
def correct(
    record: SignOff, supervisor: User, *, checklist: Sequence[Item], met: bool, remarks: str, reason: str
) -> SignOff:
    """Write what takes the place of a record, and why.

    Raises `PermissionDenied`, `ValidationError` (see `check`) and `CorrectedAlready`, and writes nothing then.
    """
    _allow(supervisor, record.person)
    check(checklist, remarks, met=met)
    User.objects.select_for_update().get(pk=record.person_id)
    may_be_corrected(record)
    return _write(
        record.person,
        record.task,
        supervisor,
        checklist=checklist,
        met=met,
        remarks=remarks,
        corrects=record,
        correction_reason=reason,
    )


def may_be_corrected(record: SignOff | Attendance) -> None:
    """Raise `CorrectedAlready` for a record that another one has taken the place of."""
    if type(record).objects.filter(corrects=record.pk).exists():
        raise CorrectedAlready


def chain_of(record: SignOff | Attendance) -> list[Any]:
    """Return the first record, what corrected it, and so on to what counts now (one query)."""
    others: QuerySet[Any]
    if isinstance(record, SignOff):
        others = SignOff.objects.filter(person=record.person_id, task=record.task_id)
    else:
        others = Attendance.objects.filter(person=record.person_id, key=record.key)
    by_key = {one.pk: one for one in others}
    corrected_by = {one.corrects_id: one for one in by_key.values() if one.corrects_id}
    first: Any = record
    while first.corrects_id:
        first = by_key[first.corrects_id]
    chain = [first]
    while chain[-1].pk in corrected_by:
        chain.append(corrected_by[chain[-1].pk])
    return chain


def _allow(supervisor: User, person: User) -> None:
    if not permissions.may_sign_for(supervisor, person):
        raise PermissionDenied


def _write(
    person: User,
    task: Task,
    supervisor: User,
    *,
    corrects: SignOff | None = None,
    correction_reason: str = "",
    **seen: object,
) -> SignOff:
    return SignOff.objects.create(
        person=person,
        person_name=str(person),
        supervisor=supervisor,
        supervisor_name=str(supervisor),
        task=task,
        task_title=task.title,
        corrects=corrects,
        correction_reason=correction_reason,
        **seen,
    )
