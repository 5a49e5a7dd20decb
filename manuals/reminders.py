"""Reminding people by email of what they have to acknowledge: one digest a day at most, on working days only."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from manuals import acknowledging
from manuals.acknowledging import Due
from manuals.models import Reminder
from portal.people import working_days
from portal.people.models import User

logger = logging.getLogger("portal")

SOON = 2  # working days before something is due in which it is worth a reminder every day


@dataclass(frozen=True)
class Item:
    """A page in a digest: its title, where to acknowledge it, and until when, in words."""

    title: str
    url: str
    when: str
    is_overdue: bool


@dataclass(frozen=True)
class Digest:
    """What one person is told: what they owe, and of how many people of theirs something is overdue."""

    person: User
    items: list[Item]
    late_people: int = 0
    report_url: str = ""

    @property
    def overdue(self) -> int:
        """How many of the pages are overdue."""
        return sum(item.is_overdue for item in self.items)


@dataclass
class Outcome:
    """How many digests were sent, how many people have no address, and to how many sending failed."""

    sent: int = 0
    without_email: int = 0
    failed: int = 0


@dataclass
class _Office:
    """What is the same for everyone on a day."""

    today: date
    closed: Collection[date]
    dues: dict[int, list[Due]]
    reminded: dict[int, datetime]
    reports: dict[int, list[User]] = field(default_factory=lambda: defaultdict(list))


def send(today: date | None = None) -> Outcome:
    """Email everyone to whom there is something new to say and who has not been emailed that day.

    On a day on which the office is closed nothing is sent. Safe to run twice, and at once. Who could not be reached
    is tried again by the next run.
    """
    today = today or timezone.localdate()
    outcome = Outcome()
    connection = get_connection()
    try:
        for digest in digests(today):
            if not digest.person.email.strip():
                outcome.without_email += 1
            else:
                _send(digest, today, connection, outcome)
    finally:
        with suppress(OSError):
            connection.close()
    return outcome


def digests(today: date) -> Iterable[Digest]:
    """Return what there is to say on a day, whether it was said before or not. Ten queries, for however many people."""
    closed = working_days.holidays()
    if not working_days.is_working_day(today, closed):
        return []
    people = list(User.objects.filter(is_active=True))
    last = Reminder.objects.order_by().values_list("person").annotate(Max("sent_at"))
    office = _Office(today, closed, acknowledging.due_for(people, today), dict(last))
    for person in people:
        if person.supervisor_id:
            office.reports[person.supervisor_id].append(person)
    return [digest for person in people if (digest := _digest(person, office))]


def when(due: date, today: date, closed: Collection[date]) -> str:
    """Return in words when something is due, seen from a day."""
    if due == today:
        return "due today"
    if due < today:
        late = working_days.between(due, today, closed)
        by = f", {late} working day{'' if late == 1 else 's'} ago" if late else ""
        return f"was due on {_day(due)}{by}"
    return f"due on {_day(due)}"


def _digest(person: User, office: _Office) -> Digest | None:
    """Return what there is to say to a person, or None if it is nothing new."""
    dues = office.dues[person.pk]
    late = _late_people(person, office)
    if not any(_is_news(due, office) for due in dues) and not any(_became_late(person, one, office) for one in late):
        return None
    items = [
        Item(due.page.title, _url(due), when(due.due, office.today, office.closed), due.is_overdue) for due in dues
    ]
    choice = urlencode({"supervisor": person.pk, "state": "overdue"})
    report = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('acknowledgement_report_people')}?{choice}"
    return Digest(person, items, len(late), report if late else "")


def _is_news(due: Due, office: _Office) -> bool:
    """Return whether something owed is due soon or late, or was published since the person was last reminded."""
    last = office.reminded.get(due.person.pk)
    is_soon = due.due <= office.today or working_days.between(office.today, due.due, office.closed) <= SOON
    return is_soon or last is None or due.edition.published_at > last


def _late_people(person: User, office: _Office) -> list[User]:
    """Return who of a supervisor's people is overdue; nobody for those who may not see the report."""
    if not person.writes_content:
        return []
    return [one for one in office.reports.get(person.pk, []) if any(due.is_overdue for due in office.dues[one.pk])]


def _became_late(supervisor: User, person: User, office: _Office) -> bool:
    """Return whether a person became overdue since their supervisor was last written to."""
    last = office.reminded.get(supervisor.pk)
    overdue = [due.due for due in office.dues[person.pk] if due.is_overdue]
    return any(last is None or day >= timezone.localdate(last) for day in overdue)


def _send(digest: Digest, today: date, connection: BaseEmailBackend, outcome: Outcome) -> None:
    """Send a digest unless the person was sent one that day; count what became of it."""
    # Written first: of two runs at once one finds the other's row.
    reminder, is_new = Reminder.objects.get_or_create(
        person=digest.person, day=today, defaults={"sent_at": timezone.now()}
    )
    if not is_new:
        return
    try:
        _message(digest, connection).send()
    except (OSError, ValueError) as error:
        reminder.delete()
        outcome.failed += 1
        # Not the message of the error: it names the address.
        logger.error("A reminder to person %s could not be sent: %s.", digest.person.pk, type(error).__name__)
        with suppress(OSError):
            connection.close()
    else:
        outcome.sent += 1


def _message(digest: Digest, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    context = {"digest": digest, "city": settings.CITY_NAME, "portal": settings.WAGTAIL_SITE_NAME}
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string("manuals/email/reminder_subject.txt", context).split()),
        body=render_to_string("manuals/email/reminder.txt", context),
        to=[digest.person.email.strip()],
        connection=connection,
        # Out-of-office replies stay away (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("manuals/email/reminder.html", context), "text/html")
    return message


def _url(due: Due) -> str:
    """Return where a page is acknowledged, for a reader who is not on the portal."""
    parts = due.page.get_url_parts()
    path = parts[2] if parts else "/"
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}acknowledge/"


def _day(day: date) -> str:
    return format_date(day, "l, F j")
