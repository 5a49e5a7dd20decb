"""Demonstration accounts: people with a published password, for trying the portal out.

They exist only where the starter library was loaded, and a portal in production refuses to start with one present.
"""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from portal.people import keeping
from portal.people.models import User

PASSWORD = "sample-city"  # noqa: S105 - published on purpose


def present() -> list[str]:
    """Return the usernames of the demonstration accounts that are there; none where nothing is migrated yet."""
    if User._meta.db_table not in connection.introspection.table_names():
        return []
    return list(User.objects.filter(is_demonstration=True).order_by("username").values_list("username", flat=True))


def objection() -> str:
    """Return the sentence that says why this portal may not start, or nothing where it may."""
    if not settings.REFUSE_DEMONSTRATION_ACCOUNTS:
        return ""
    usernames = present()
    if not usernames:
        return ""
    return (
        f"The demonstration accounts {', '.join(usernames)} have a published password and may not be on a portal in "
        "production: remove them with “manage.py remove_demonstration”."
    )


def refuse() -> None:
    """Raise `ImproperlyConfigured` where settings refuse demonstration accounts and one is present.

    Called as a server starts. Closes the connection, which no process forked later may share.
    """
    try:
        sentence = objection()
    finally:
        connection.close()
    if sentence:
        raise ImproperlyConfigured(sentence)


class Removed(NamedTuple):
    """The usernames of the accounts that were deleted, and of those that were closed because records need them."""

    deleted: list[str]
    closed: list[str]


@transaction.atomic
def remove() -> Removed:
    """Delete the demonstration accounts. Content they own stays, without an owner.

    One that stands in records that are kept, such as acknowledgements or sign-offs, is closed instead: inactive,
    without a password, and no demonstration account any more.
    """
    people = list(User.objects.filter(is_demonstration=True).order_by("username"))
    kept = keeping.kept_by(people)
    closed = [person for person in people if person.pk in kept]
    for person in closed:
        person.is_active = person.is_demonstration = False
        person.set_unusable_password()
        person.save()
    deleted = [person for person in people if person.pk not in kept]
    User.objects.filter(pk__in=[person.pk for person in deleted]).delete()
    return Removed([person.username for person in deleted], [person.username for person in closed])
