"""The private address of a person's calendar: made on request, replaced, and stopped."""

import secrets
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal.people.models import User
from portal.training.models import CalendarAddress

# Bytes of chance in an address: nobody guesses it.
BYTES = 32


def of(person: User) -> CalendarAddress | None:
    """Return a person's address, or None (one query)."""
    return CalendarAddress.objects.filter(person=person).first()


def renew(person: User) -> CalendarAddress:
    """Give a person a new address; one that they had stops working."""
    values = {"secret": secrets.token_urlsafe(BYTES), "made_at": timezone.now()}
    return CalendarAddress.objects.update_or_create(person=person, defaults=values)[0]


def stop(person: User) -> None:
    """Let a person's address not work any more."""
    CalendarAddress.objects.filter(person=person).delete()


def in_full(address: CalendarAddress) -> str:
    """Return an address as it is copied into a calendar program, with the host."""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, reverse("training:calendar_feed", args=[address.secret]))
