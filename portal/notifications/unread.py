"""What a person was told and has not looked at yet: counted on every page, and mailed once."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from portal.notifications import choosing, kinds
from portal.notifications.models import Digest, Notification
from portal.notifications.sources import Line, Part, Round, Said
from portal.people.models import User

IN_A_PART = 10  # notifications of a kind in one email; the list behind the bell has the others


def count(person: User) -> int:
    """Return how many notifications a person has not read (one query)."""
    return Notification.objects.filter(person=person, read_at__isnull=True).count()


def mark_all_read(person: User) -> None:
    """Mark everything that a person was told as read."""
    Notification.objects.filter(person=person, read_at__isnull=True).update(read_at=timezone.now())


def mark_read(notification: Notification) -> None:
    """Mark one notification as read, unless it is: the first time stays."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=timezone.now())


def say(asked: Round) -> dict[int, Said]:
    """Return what was told since each person was written to last and is unread, under the names of its kinds.

    A source of the daily email. Kinds that a person turned off since are left out.
    Two queries, for any number of people.
    """
    mailed = Digest.objects.filter(person=OuterRef("person"), sent_at__gte=OuterRef("at"))
    new = Notification.objects.filter(~Exists(mailed), read_at__isnull=True, person__is_active=True)
    muted = choosing.muted()
    found: defaultdict[int, list[Notification]] = defaultdict(list)
    for one in new:
        if (one.person_id, one.kind) not in muted:
            found[one.person_id].append(one)
    people = {person.pk for person in asked.people}
    return {person: _said(told) for person, told in found.items() if person in people}


def _said(told: list[Notification]) -> Said:
    parts = [_part(label, [one for one in told if one.kind == key]) for key, label in _headings(told)]
    return Said(f"{len(told)} new notification{'' if len(told) == 1 else 's'}", parts)


def _headings(told: list[Notification]) -> list[tuple[str, str]]:
    """Return the kinds there are among them, as registered, with their labels; one that is not any more has its key."""
    labels = {kind.key: kind.label for kind in kinds.registered()}
    there = {one.kind for one in told}
    return [(key, labels.get(key, key)) for key in [*labels, *sorted(there - set(labels))] if key in there]


def _part(heading: str, told: list[Notification]) -> Part:
    lines = [_line(one) for one in told[:IN_A_PART]]
    if len(told) > IN_A_PART:
        lines.append(Line(f"{len(told) - IN_A_PART} more on the portal", reverse("notifications:list")))
    return Part(heading, lines)


def _line(one: Notification) -> Line:
    return Line(
        one.text, reverse("notifications:open", args=[one.pk]), format_date(timezone.localdate(one.at), "l, F j")
    )
