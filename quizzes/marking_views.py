"""Marking what a machine cannot: the queue, and one answer of it."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.people.models import User
from quizzes import attempts as life
from quizzes import marking, permissions, showing
from quizzes.forms import RubricForm
from quizzes.models import Response
from quizzes.querysets import waiting_for_a_marker

PER_PAGE = 30


@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the answers that wait to be marked, oldest first; a marker's own are not among them."""
    if not permissions.may_mark(request.user):
        raise PermissionDenied
    life.hand_in_overdue()
    waiting = waiting_for_a_marker(cast(User, request.user)).select_related("attempt__learner", "version")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "quizzes/marking_queue.html", {"page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one answer with its rubric; posted, write what it is given and go on to the next."""
    if not permissions.may_mark(request.user):
        raise PermissionDenied
    marker = cast(User, request.user)
    answers = Response.objects.select_related("attempt__learner", "version__section__page", "marked_by")
    response = get_object_or_404(answers, pk=pk, attempt__handed_in_at__isnull=False)
    if not response.version.kind.is_marked_by_person or not response.is_answered:
        messages.info(request, "This answer was marked by its key.")
        return redirect("quizzes:marking")
    if response.attempt.learner_id == marker.pk:
        raise PermissionDenied
    form = RubricForm(response, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_stale:
            marking.mark_by_hand(response, form.given, form.cleaned_data["remark"], marker, timezone.now())
            messages.success(request, f"Marked: {form.total} of {form.possible} points for {response.attempt.learner}.")
            following = waiting_for_a_marker(marker).first()
            return redirect("quizzes:mark", following.pk) if following else redirect("quizzes:marking")
        points = sum(response.points_given.values())
        messages.warning(
            request,
            f"{response.marked_by} has marked this answer meanwhile and gave {points} of {form.possible} points. "
            "Save again to put your mark in place of theirs.",
        )
        form = form.with_the_mark_seen()
    context: dict[str, Any] = {
        "form": form,
        "response": response,
        "stem": showing.expanded([response.version.content["stem"]])[0],
    }
    return render(request, "quizzes/mark.html", context)
