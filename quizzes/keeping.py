"""Keeping the people that results stand on: who took an attempt, marked it, or marked again."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.people.models import User
from quizzes.models import Attempt, Regrade, Response


def with_results(people: Iterable[User]) -> list[User]:
    """Return those of these people whom results need (three queries)."""
    people = list(people)
    found = {
        *Attempt.objects.filter(learner__in=people).values_list("learner", flat=True),
        *Response.objects.filter(marked_by__in=people).values_list("marked_by", flat=True),
        *Regrade.objects.filter(done_by__in=people).values_list("done_by", flat=True),
    }
    return [person for person in people if person.pk in found]


def refuse_to_delete(request: HttpRequest, person: User) -> HttpResponse | None:
    """Return to the account instead of deleting it, where results need it; for Wagtail's `before_delete_user`."""
    if not _refused(request, [person]):
        return None
    return redirect("wagtailusers_users:edit", person.pk)


def refuse_to_delete_many(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Delete nobody where results need one of them; for Wagtail's `before_bulk_action`."""
    if action.model is not User or action_type != "delete" or not _refused(request, objects):
        return None
    return redirect("wagtailusers_users:index")


def _refused(request: HttpRequest, people: Iterable[User]) -> bool:
    kept = with_results(people)
    for person in kept:
        messages.error(request, f"{person} has quiz results; make the account inactive instead.")
    return bool(kept)
