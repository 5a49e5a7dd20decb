"""Waiving a step for a person, with a reason. A waiver is ended, never removed."""

from contextlib import suppress
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from manuals import acknowledging, exemptions
from portal.people.models import User
from portal.training import permissions
from portal.training.models import Enrolment, Kind, Step, Waiver


class AlreadyWaived(Exception):
    """The person need not do the step as it is."""


def may_end(user: object, person: User) -> bool:
    """Return whether someone may end a waiver of a person: a supervisor, and never their own."""
    return (
        permissions.may_waive_for(user, person) and isinstance(user, User) and user.has_perm("training.change_waiver")
    )


def may_exempt(by: User, step: Step) -> bool:
    """Return whether someone may exempt from the acknowledgement that a step asks for, too."""
    return step.kind == Kind.POLICY and step.page is not None and exemptions.may_exempt(by, step.page)


def is_exempt(person: User, step: Step) -> bool:
    """Return whether a person is exempt from the acknowledgement that a step asks for (one query at most)."""
    return step.page_id is not None and acknowledging.open_exemptions([person.pk], [step.page_id]).exists()


@transaction.atomic
def waive(enrolment: Enrolment, step: Step, reason: str, by: User, *, exempt: bool = False) -> Waiver:
    """Write that a person need not do a step; with `exempt` that they need not acknowledge its policy at all.

    A waiver is of the path alone: without `exempt` the acknowledgement stays due. Raises `PermissionDenied` and
    `AlreadyWaived`, and writes nothing then.
    """
    if not permissions.may_waive_for(by, enrolment.person) or (exempt and not may_exempt(by, step)):
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
    if exempt:
        with suppress(exemptions.AlreadyExempt):
            exemptions.grant(enrolment.person, cast(Page, step.page), reason, by)
    return waiver


def end(waiver: Waiver, by: User) -> bool:
    """End a waiver from now on, and return whether it still held. Raises `PermissionDenied`."""
    if not may_end(by, waiver.enrolment.person):
        raise PermissionDenied
    still_open = Waiver.objects.filter(pk=waiver.pk, ended_at__isnull=True)
    return bool(still_open.update(ended_at=timezone.now(), ended_by=by))
