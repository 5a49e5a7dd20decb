"""Demonstration accounts: people with a published password, for trying the portal out.

They exist only where the starter library was loaded, and a portal in production refuses to start with one present.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

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


@transaction.atomic
def remove() -> list[str]:
    """Delete the demonstration accounts and return their usernames. Content they own stays, without an owner."""
    usernames = present()
    User.objects.filter(username__in=usernames).delete()
    return usernames
