"""A person's private calendar address, and the calendar behind it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.people.models import User
from portal.training import calendar_address, calendar_feed
from portal.training.models import CalendarAddress


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's address; posted, make a new one or stop it, as `do` says."""
    person = cast(User, request.user)
    if request.method == "POST":
        do = request.POST.get("do")
        if do == "make":
            calendar_address.renew(person)
            messages.success(request, "Your new address is ready. Copy it into your calendar program.")
        elif do == "stop":
            calendar_address.stop(person)
            messages.success(request, "The address does not work any more.")
        return redirect("training:calendar")
    address = calendar_address.of(person)
    in_full = calendar_address.in_full(address) if address else ""
    return render(request, "training/calendar.html", {"address": address, "in_full": in_full})


@login_not_required
@cache_control(private=True, no_cache=True)
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the calendar of whoever has this address, signed in or not."""
    found = CalendarAddress.objects.select_related("person")
    address = get_object_or_404(found, secret=secret, person__is_active=True)
    headers = {"Content-Disposition": 'inline; filename="training.ics"', "X-Robots-Tag": "noindex"}
    return HttpResponse(calendar_feed.of(address.person), content_type="text/calendar; charset=utf-8", headers=headers)
