"""Leaves of absence: entering one, and the day a person came back."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from portal.people.models import User
from portal.training.models import Enrolment, Pause


class Overlaps(Exception):
    """The person is away on some of these days already. `pause` says when."""

    def __init__(self, pause: Pause) -> None:
        self.pause = pause
        super().__init__(str(pause))


class BackTooEarly(Exception):
    """The first day back is not after the first day away. `pause` says which that was."""

    def __init__(self, pause: Pause) -> None:
        self.pause = pause
        super().__init__(str(pause))


def open_of(person: User) -> list[Enrolment]:
    """Return the paths that a person is on, as enrolments (one query)."""
    return list(Enrolment.objects.filter(person=person, left_at__isnull=True).select_related("path", "person"))


@transaction.atomic
def begin(enrolments: Collection[Enrolment], since: date, until: date | None, reason: str, by: User) -> list[Pause]:
    """Enter a leave on each of these paths, and return them; `until` is the first day back, None while nobody knows.

    Raises `Overlaps`, with nothing written, where the person is away on one of these days already. Three queries.
    """
    keys = [enrolment.pk for enrolment in enrolments]
    # Two people who enter the same leave at once do so one after the other.
    list(Enrolment.objects.select_for_update().filter(pk__in=keys).values_list("pk", flat=True))
    for pause in Pause.objects.filter(enrolment__in=keys).order_by("since"):
        if (until is None or pause.since < until) and (pause.until is None or since < pause.until):
            raise Overlaps(pause)
    return Pause.objects.bulk_create(
        Pause(enrolment=enrolment, since=since, until=until, reason=reason, by=by) for enrolment in enrolments
    )


@transaction.atomic
def end(enrolments: Collection[Enrolment], until: date) -> int:
    """Enter the first day back for the leaves that go on, on these paths; return how many there were.

    Raises `BackTooEarly`, with nothing written. Two queries.
    """
    going_on = Pause.objects.filter(enrolment__in=[one.pk for one in enrolments], until__isnull=True)
    for pause in going_on.select_for_update():
        if until <= pause.since:
            raise BackTooEarly(pause)
    return going_on.update(until=until)
