"""Writing to people by email what there is to tell them: one message a day at most, on working days only."""

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone

from portal.notifications import choosing, sources
from portal.notifications.models import Digest
from portal.notifications.sources import Part, Round, Said
from portal.people import working_days
from portal.people.models import User

logger = logging.getLogger("portal")


@dataclass(frozen=True)
class Letter:
    """What one person is told, by each source that has something to say to them."""

    person: User
    said: list[Said] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The subject of the message, on one line."""
        return " ".join("; ".join(said.subject for said in self.said).split())

    @property
    def parts(self) -> list[Part]:
        """Everything in it, under headings."""
        return [part for said in self.said for part in said.parts]


@dataclass
class Outcome:
    """How many messages were sent, how many people have no address, and to how many sending failed."""

    sent: int = 0
    without_email: int = 0
    failed: int = 0


def send(today: date | None = None) -> Outcome:
    """Email everyone to whom there is something new to say and who has not been emailed that day.

    On a day on which the office is closed nothing is sent. Safe to run twice, and at once. Who could not be reached
    is tried again by the next run.
    """
    today = today or timezone.localdate()
    # What comes up while the letters are written is news for the next ones.
    began = timezone.now()
    outcome = Outcome()
    connection = get_connection()
    try:
        for letter in letters(today):
            if not letter.person.email.strip():
                outcome.without_email += 1
            else:
                _send(letter, today, began, connection, outcome)
    finally:
        with suppress(OSError):
            connection.close()
    return outcome


def letters(today: date) -> list[Letter]:
    """Return what there is to say on a day, whether it was mailed before or not.

    Four queries and those of the sources, for however many people.
    """
    closed = working_days.holidays()
    if not working_days.is_working_day(today, closed):
        return []
    people = list(User.objects.filter(is_active=True))
    last = dict(Digest.objects.order_by().values_list("person").annotate(Max("sent_at")))
    muted = choosing.muted()
    found = {person.pk: Letter(person) for person in people}
    for source, kind in sources.registered():
        asked = Round(_wanting(people, kind, muted), today, closed, last)
        for person, said in source(asked).items():
            found[person].said.append(said)
    return [letter for letter in found.values() if letter.said]


def _wanting(people: list[User], kind: str, muted: Collection[tuple[int, str]]) -> list[User]:
    return [person for person in people if (person.pk, kind) not in muted]


def _send(letter: Letter, today: date, began: datetime, connection: BaseEmailBackend, outcome: Outcome) -> None:
    """Send a letter unless the person was sent one that day; count what became of it."""
    # Written first: of two runs at once one finds the other's row.
    digest, is_new = Digest.objects.get_or_create(person=letter.person, day=today, defaults={"sent_at": began})
    if not is_new:
        return
    try:
        _message(letter, connection).send()
    except (OSError, ValueError) as error:
        digest.delete()
        outcome.failed += 1
        # Not the message of the error: it names the address.
        logger.error("A message to person %s could not be sent: %s.", letter.person.pk, type(error).__name__)
        with suppress(OSError):
            connection.close()
    else:
        outcome.sent += 1


def _message(letter: Letter, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    context: dict[str, Any] = {
        "letter": letter,
        "base": settings.WAGTAILADMIN_BASE_URL,
        "city": settings.CITY_NAME,
        "portal": settings.WAGTAIL_SITE_NAME,
    }
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("notifications/email/digest.txt", context),
        to=[letter.person.email.strip()],
        connection=connection,
        # Out-of-office replies stay away (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("notifications/email/digest.html", context), "text/html")
    return message
