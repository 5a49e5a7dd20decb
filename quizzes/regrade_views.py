"""Marking again, in Wagtail's admin: first what it would change, then doing it."""

from typing import cast
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from wagtail.admin import messages

from portal.people.models import User
from quizzes import attempts, permissions, regrading
from quizzes.models import Question, Regrade

SHOWN = 200


class ReasonForm(forms.Form):
    """Why results change."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Learners read it with their result: “The key named the old deposit.”",
        error_messages={"required": "Say why. The learners whose result changes read it."},
    )


def regrade(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what marking again by the question's present key would change; posted with a reason, do it."""
    if not permissions.may_regrade(request.user):
        raise PermissionDenied
    question = get_object_or_404(Question.objects.select_related("section"), pk=pk)
    # Else they would come in later, marked by the old key.
    attempts.hand_in_overdue(among=Q(responses__version__question_uid=question.pk))
    problem = ""
    changes: list[regrading.Change] = []
    form = ReasonForm(request.POST or None)
    try:
        if request.method == "POST" and form.is_valid():
            done = regrading.apply(question, form.cleaned_data["reason"], cast(User, request.user))
            count = done.changes.count()
            messages.success(request, f"{count} answer{'s' if count != 1 else ''} marked again.")
            return redirect("quiz_regrade", question.pk)
        changes = regrading.preview(question)
    except regrading.NotTheSame as error:
        problem = str(error)
    past = Regrade.objects.filter(version__question_uid=question.pk).select_related("done_by")
    context = {
        "question": question,
        "edit_url": reverse(question.snippet_viewset.get_url_name("edit"), args=[question.pk]),
        "changes": changes[:SHOWN],
        "not_shown": max(0, len(changes) - SHOWN),
        "gains": sum(change.is_gain for change in changes),
        "losses": sum(not change.is_gain for change in changes),
        "newly_passed": sum(bool(change.passed) and not change.attempt.passed for change in changes),
        "newly_failed": sum(change.passed is False and bool(change.attempt.passed) for change in changes),
        "problem": problem,
        "form": form,
        "past": past,
    }
    return render(request, "quizzes/admin/regrade.html", context)
