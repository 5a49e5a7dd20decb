"""The bell on every page."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from portal.notifications import unread


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return how many notifications the signed-in person has not read; asked of the database where a page shows it."""
    if getattr(request, "user", None) is None or not request.user.is_authenticated:
        return {}
    person = request.user
    return {"unread_notifications": cache(lambda: unread.count(person))}
