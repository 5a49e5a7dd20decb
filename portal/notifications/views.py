"""What a person was told, and what they want to be told."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.notifications import choosing, kinds, unread
from portal.notifications.forms import ChoosingForm
from portal.notifications.models import Notification
from portal.people.models import User

PER_PAGE = 30


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what the signed-in person was told, newest first."""
    told = Notification.objects.filter(person=cast(User, request.user))
    page = Paginator(told, PER_PAGE).get_page(request.GET.get("page"))
    labels = {kind.key: kind.label for kind in kinds.registered()}
    rows = [(one, labels.get(one.kind, "")) for one in page]
    return render(request, "notifications/list.html", {"page": page, "rows": rows})


@never_cache
@require_safe
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of the signed-in person's notifications as read, and go where it leads."""
    notification = get_object_or_404(Notification, pk=pk, person=cast(User, request.user))
    unread.mark_read(notification)
    return redirect(notification.url or "notifications:list")


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark everything that the signed-in person was told as read."""
    unread.mark_all_read(cast(User, request.user))
    messages.success(request, "Everything is marked as read.")
    return redirect("notifications:list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show which kinds of things the signed-in person is told; posted, save what they chose."""
    person = cast(User, request.user)
    posted = request.POST if request.method == "POST" else None
    form = ChoosingForm(posted, initial={"wanted": choosing.wanted_by(person)})
    if form.is_valid():
        choosing.want(person, form.cleaned_data["wanted"])
        messages.success(request, "Saved.")
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form})
