"""Telling people something, once each."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from portal.notifications import kinds
from portal.notifications.models import KEY_LENGTH, TEXT_LENGTH, Muted, Notification


class News(NamedTuple):
    """Something to tell a person: `key` is what it is about, `url` where to go, without the host."""

    person: int
    key: str
    text: str
    url: str = ""


def tell(kind: str, news: Iterable[News]) -> None:
    """Tell people something, in the list behind their bell and in their next email.

    Whoever was told the same thing before, or turned the kind off, is not told. Two queries, however many people.
    Raises `KeyError` for a kind that nobody registered.
    """
    one = {own.key: own for own in kinds.registered()}[kind]
    wanted = list(news)
    if not wanted:
        return
    muted: set[int] = set()
    if not one.is_mandatory:
        people = {own.person for own in wanted}
        muted = set(Muted.objects.filter(kind=kind, person__in=people).values_list("person_id", flat=True))
    now = timezone.now()
    Notification.objects.bulk_create(
        (
            Notification(
                person_id=own.person,
                kind=kind,
                key=own.key[:KEY_LENGTH],
                text=_short(own.text),
                url=own.url,
                at=now,
            )
            for own in wanted
            if own.person not in muted
        ),
        ignore_conflicts=True,
    )


def _short(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 2]} …"
