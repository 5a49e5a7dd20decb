"""The front page."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.home import front
from portal.people.models import User


def front_page(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's front page."""
    person = cast(User, request.user)
    dues = front.dues_of(person)
    context = {
        "notice": front.notice(),
        "dues": dues[: front.WAITING],
        "more_dues": len(dues[front.WAITING :]),
        "changed": front.recently_changed(),
        "manuals": front.manuals_for(person),
        "marked": front.marked_lately(person),
        "settled_remarks": front.settled_lately(person),
        "desk": front.desk_of(person) if person.writes_content else [],
    }
    return render(request, "home/front_page.html", context)
