"""The front page."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.home import composing
from portal.people.models import User


def front_page(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's front page."""
    front = composing.front_page_of(cast(User, request.user))
    return render(request, "home/front_page.html", {"front": front})
