"""Confirming where people were. A record is never altered: a mistake is corrected by a new one."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.people.models import User
from portal.training import permissions, renewing, signing
from portal.training.models import Attendance, Enrolment, Kind, Step, uncorrected
from portal.training.signals import attendance_confirmed

# Boxes that can be ticked on one page.
AT_ONCE = 200


class Group(NamedTuple):
    """Whom a supervisor may confirm on one page, who of them is confirmed already, and how many others there are."""

    people: list[User]
    there: list[User]
    others: int


class Confirmed(NamedTuple):
    """The records that were written, and who had one already."""

    records: list[Attendance]
    already: list[User]


def people_on(key: UUID) -> QuerySet[User]:
    """Return the people in service who are on a path with this step, by name."""
    steps = Step.objects.filter(key=key, kind=Kind.ATTEND)
    enrolments = Enrolment.objects.filter(left_at__isnull=True, edition__in=steps.values("edition"))
    return User.objects.filter(is_active=True, pk__in=enrolments.values("person"))


def who_attended(key: UUID) -> set[int]:
    """Return the keys of the people who attended what a step asks for, in time for a renewal where one has begun."""
    there = uncorrected(Attendance.objects.filter(key=key, attended=True))
    again = renewing.asked_again(key)
    return {person for person, day in there.values_list("person_id", "day") if day >= again.get(person, day)}


def group_for(supervisor: User, person: User, step: Step, *, everyone: bool = False) -> Group:
    """Return whom a supervisor may confirm for a step at once: a person and their own reports, or everyone on it."""
    on_it = people_on(step.key).exclude(pk=supervisor.pk)
    own = on_it if everyone else on_it.filter(Q(pk=person.pk) | Q(supervisor=supervisor))
    attended = who_attended(step.key)
    people = list(own.exclude(pk__in=attended)[:AT_ONCE])
    there = [one for one in own if one.pk in attended]
    others = on_it.exclude(pk__in=attended).count() - len(people)
    return Group(people, there, others)


@transaction.atomic
def confirm(
    people: Iterable[User], step: Step, supervisor: User, *, day: date, remarks: str, at: datetime | None = None
) -> Confirmed:
    """Write, now or `at`, that people were there on a day; who has attended already stays as they are.

    Raises `PermissionDenied`, and writes nothing then.
    """
    people = list(people)
    if not all(permissions.may_confirm_for(supervisor, person) for person in people):
        raise PermissionDenied
    list(User.objects.select_for_update().filter(pk__in=[person.pk for person in people]).order_by("pk"))
    there = who_attended(step.key)
    records = Attendance.objects.bulk_create(
        Attendance(
            person=person,
            person_name=str(person),
            supervisor=supervisor,
            supervisor_name=str(supervisor),
            key=step.key,
            title=step.title,
            day=day,
            remarks=remarks,
            at=at or timezone.now(),
        )
        for person in people
        if person.pk not in there
    )
    attendance_confirmed.send(Attendance, people=[record.person for record in records])
    return Confirmed(records, [person for person in people if person.pk in there])


@transaction.atomic
def correct(
    record: Attendance, supervisor: User, *, day: date, attended: bool, remarks: str, reason: str
) -> Attendance:
    """Write what takes the place of a record, and why.

    Raises `PermissionDenied` and `signing.CorrectedAlready`, and writes nothing then.
    """
    if not permissions.may_confirm_for(supervisor, record.person):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=record.person_id)
    signing.may_be_corrected(record)
    return Attendance.objects.create(
        person=record.person,
        person_name=str(record.person),
        supervisor=supervisor,
        supervisor_name=str(supervisor),
        key=record.key,
        title=record.title,
        day=day,
        attended=attended,
        remarks=remarks,
        corrects=record,
        correction_reason=reason,
    )
