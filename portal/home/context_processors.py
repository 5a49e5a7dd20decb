"""What every page of the portal shows around its content."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from manuals import tree


class MenuItem(NamedTuple):
    """An entry of the main menu. `current` is the value of its aria-current, or empty."""

    label: str
    url: str
    current: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the names of the portal and the city, and for people who are signed in the main menu (one query)."""
    context: dict[str, Any] = {"portal_name": settings.WAGTAIL_SITE_NAME, "city_name": settings.CITY_NAME}
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        context["main_menu"] = [_item(page.title, page.get_url(request), request.path) for page in tree.menu_pages()]
        if request.user.writes_content:
            context["main_menu"].append(_item("Team", reverse("training:team"), request.path))
        context["answers_url"] = "/answers/"
    return context


def _item(label: str, url: str, path: str) -> MenuItem:
    return MenuItem(label, url, "page" if path == url else "true" if path.startswith(url) else "")
