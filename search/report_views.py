"""Which golden questions the search fails today, and what was asked that found nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from manuals.models import AnswerPage
from portal.people.models import User
from search import evaluation, golden
from search.models import SearchQuery

NOTHING_FOUND = 30


def may_see(user: object) -> bool:
    """Return whether this person keeps golden questions."""
    return isinstance(user, User) and user.has_perm("search.view_goldenquestion")


def search_report(request: HttpRequest) -> HttpResponse:
    """Show what found nothing; measured on request, since every golden question is asked: which of them fail."""
    if not may_see(request.user):
        raise PermissionDenied
    context: dict[str, Any] = {"unanswered": _unanswered()}
    if request.method == "POST":
        try:
            report = golden.evaluate()
            context |= {"report": report, "failures": _failures(report)}
        except golden.NoQuestions as error:
            context["problem"] = str(error)
    return render(request, "search/admin/report.html", context)


def _failures(report: evaluation.Report) -> list[dict[str, Any]]:
    """Return the questions whose answer did not come first, with the answers by name (one query)."""
    failed = [outcome for outcome in report.outcomes if outcome.place != 1]
    keys = {int(key) for outcome in failed for key in (*outcome.expected, *outcome.found[:1])}
    answers = AnswerPage.objects.defer_streamfields().in_bulk(keys)
    return [
        {
            "question": outcome.question,
            "expected": answers.get(int(outcome.expected[0])),
            "first": answers.get(int(outcome.found[0])) if outcome.found else None,
            "place": outcome.place,
        }
        for outcome in failed
    ]


def _unanswered() -> list[dict[str, Any]]:
    """Return what was asked and found nothing, the most frequent first."""
    asked = SearchQuery.objects.filter(found=0).values("text").annotate(times=Count("pk"), last=Max("asked_at"))
    return [dict(row) for row in asked.order_by("-times", "-last")[:NOTHING_FOUND]]
