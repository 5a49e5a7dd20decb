"""What the results say about quizzes and their questions, in Wagtail's admin."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem

from quizzes import attempts as life
from quizzes import charts, item_analysis, permissions, showing, spreadsheets
from quizzes.advice import ENOUGH
from quizzes.models import Attempt, QuizPage

# The value of `only` in an address that leaves out the attempts that do not count.
COUNTING = "counting"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the quizzes, each with its attempts, mean score and pass rate."""
    _refuse_others(request)
    life.hand_in_overdue()
    context = {"rows": item_analysis.of_quizzes(), **_header("Quiz statistics")}
    return render(request, "quizzes/admin/statistics_index.html", context)


@require_safe
def quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the figures of one quiz, how its scores lie, and a row for each of its questions."""
    found = _quiz(request, pk)
    only = _only(request)
    attempts = item_analysis.marked(found, only_counting=only)
    figures, scores = item_analysis.of_quiz(attempts)
    waiting, still_open = item_analysis.not_marked(found)
    rows = item_analysis.of_items(attempts)
    context = {
        "quiz": found,
        "only": only,
        "query": _query(request),
        "figures": figures,
        "histogram": charts.histogram(scores, found.pass_mark),
        "waiting": waiting,
        "still_open": still_open,
        "rows": rows,
        "problems": [row for row in rows if row.problems],
        "enough": ENOUGH,
        **_header(found.title, _crumb()),
    }
    return render(request, "quizzes/admin/statistics_quiz.html", context)


@require_safe
def question(request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
    """Show the figures of one question in a quiz, what was answered, and what to look at."""
    found = _quiz(request, pk)
    only = _only(request)
    attempts = item_analysis.marked(found, only_counting=only)
    row = next((row for row in item_analysis.of_items(attempts) if row.uid == uid), None)
    if row is None:
        raise Http404("No counted attempt at this quiz asked that question.")
    version = row.version
    asked = version.question
    back = f"{reverse('quiz_statistics', args=[found.pk])}{_query(request)}"
    context = {
        "quiz": found,
        "only": only,
        "row": row,
        "stem": showing.expanded([version.content["stem"]])[0],
        "right": version.kind.right_in_words(version.item),
        "choices": item_analysis.choices(attempts, [row])[uid],
        "bank_url": AdminURLFinder(request.user).get_edit_url(asked) if asked else None,
        "is_deleted": asked is None,
        **_header(version.name, _crumb(), {"url": back, "label": found.title}),
    }
    return render(request, "quizzes/admin/statistics_question.html", context)


@require_safe
def questions_export(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """Return the questions of a quiz with their figures as a file."""
    found = _quiz(request, pk, format)
    rows = item_analysis.of_items(item_analysis.marked(found, only_counting=_only(request)))
    return spreadsheets.of_items(_filename(found, "questions"), rows, format)


@require_safe
def answers_export(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """Return what was answered to each question of a quiz, and how often, as a file."""
    found = _quiz(request, pk, format)
    attempts = item_analysis.marked(found, only_counting=_only(request))
    rows = item_analysis.of_items(attempts)
    return spreadsheets.of_choices(_filename(found, "answers"), rows, item_analysis.choices(attempts, rows), format)


@require_safe
def attempts_export(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """Return the attempts at a quiz as a file: all of them, open ones too, or only those that count."""
    found = _quiz(request, pk, format)
    every = Attempt.objects.filter(quiz=found)
    attempts = item_analysis.marked(found, only_counting=True) if _only(request) else every
    return spreadsheets.of_attempts(_filename(found, "attempts"), attempts, format)


class StatisticsMenuItem(MenuItem):
    """Shown to those who may see the results of others."""

    def __init__(self) -> None:
        super().__init__("Quiz statistics", reverse("quiz_statistics_index"), icon_name="table", order=920)

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return permissions.may_see_results(request.user)


def _refuse_others(request: HttpRequest) -> None:
    if not permissions.may_see_results(request.user):
        raise PermissionDenied


def _quiz(request: HttpRequest, pk: int, format: str = spreadsheets.FORMATS[0]) -> QuizPage:
    """Return a quiz whose attempts are as they should be now. Raises for people and formats there is nothing for."""
    _refuse_others(request)
    if format not in spreadsheets.FORMATS:
        raise Http404(f"There is no export as {format}.")
    found = get_object_or_404(QuizPage.objects.defer_streamfields(), pk=pk)
    life.hand_in_overdue(among=Q(quiz=found))
    return found


def _only(request: HttpRequest) -> bool:
    return request.GET.get("only") == COUNTING


def _query(request: HttpRequest) -> str:
    return f"?only={COUNTING}" if _only(request) else ""


def _filename(quiz: QuizPage, what: str) -> str:
    return f"{slugify(quiz.title) or 'quiz'}-{what}"


def _crumb() -> dict[str, str]:
    return {"url": reverse("quiz_statistics_index"), "label": "Quiz statistics"}


def _header(title: str, *above: dict[str, str]) -> dict[str, Any]:
    """Return what Wagtail's header shows: the title and the way back."""
    home = {"url": reverse("wagtailadmin_home"), "label": "Home"}
    return {
        "header_title": title,
        "header_icon": "table",
        "breadcrumbs_items": [home, *above, {"url": "", "label": title}],
    }


urlpatterns = [
    path("reports/quizzes/", index, name="quiz_statistics_index"),
    path("reports/quizzes/<int:pk>/", quiz, name="quiz_statistics"),
    path("reports/quizzes/<int:pk>/questions/<uuid:uid>/", question, name="quiz_question_statistics"),
    path("reports/quizzes/<int:pk>/questions.<str:format>", questions_export, name="quiz_statistics_questions_export"),
    path("reports/quizzes/<int:pk>/answers.<str:format>", answers_export, name="quiz_statistics_answers_export"),
    path("reports/quizzes/<int:pk>/attempts.<str:format>", attempts_export, name="quiz_statistics_attempts_export"),
]
