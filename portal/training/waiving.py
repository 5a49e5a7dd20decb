"""Waiving a step for a person, with a reason. A waiver is ended, never removed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.people.models import User
from portal.training import permissions
from portal.training.models import Enrolment, Step, Waiver


class AlreadyWaived(Exception):
    """The person need not do the step as it is."""


def may_end(user: object, person: User) -> bool:
    """Return whether someone may end a waiver of a person: a supervisor, and never their own."""
    return (
        permissions.may_waive_for(user, person) and isinstance(user, User) and user.has_perm("training.change_waiver")
    )


def waive(enrolment: Enrolment, step: Step, reason: str, by: User) -> Waiver:
    """Write that a person need not do a step. Raises `PermissionDenied` and `AlreadyWaived`."""
    if not permissions.may_waive_for(by, enrolment.person):
        raise PermissionDenied
    with transaction.atomic():
        waiver, is_new = Waiver.objects.get_or_create(
            enrolment=enrolment,
            key=step.key,
            ended_at=None,
            defaults={"title": step.title, "reason": reason, "by": by},
        )
    if not is_new:
        raise AlreadyWaived(f"{waiver.by} has waived this step already: {waiver.reason}")
    return waiver


def end(waiver: Waiver, by: User) -> bool:
    """End a waiver from now on, and return whether it still held. Raises `PermissionDenied`."""
    if not may_end(by, waiver.enrolment.person):
        raise PermissionDenied
    still_open = Waiver.objects.filter(pk=waiver.pk, ended_at__isnull=True)
    return bool(still_open.update(ended_at=timezone.now(), ended_by=by))
