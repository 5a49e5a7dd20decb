"""A quiz as a learner meets it, for its authors: everything works, and nothing is recorded."""

from random import Random
from secrets import randbelow
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from quizzes import attempts, drawing, marking, permissions, showing
from quizzes.models import Attempt, QuizPage, Response
from quizzes.models.version import unsaved
from quizzes.showing import Telling

_SIGNER = Signer(salt="quizzes.preview")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a quiz in its latest draft, drawn anew; posted, show what its answers would earn."""
    if not permissions.may_preview(request.user):
        raise PermissionDenied
    quiz = get_object_or_404(QuizPage, pk=pk).get_latest_revision_as_object()
    attempt = Attempt(id=UUID(int=0), quiz_title=quiz.title, number=1, rules=attempts.rules_of(quiz))
    if request.method != "POST":
        seed = randbelow(2**31)
        asked = _responses(quiz, attempt, seed)
        return _page(request, quiz, attempt, asked, Telling(), seed=_SIGNER.sign(str(seed)))
    try:
        seed = int(_SIGNER.unsign(request.POST.get("seed", "")))
    except (BadSignature, ValueError):
        return redirect("quizzes:preview", quiz.pk)
    asked = _responses(quiz, attempt, seed)
    for response in asked:
        response.answer = response.version.kind.read(response.version.item, request.POST, response.name)
        response.credit = marking.credit_of(response)
    attempt.handed_in_at = timezone.now()
    return _page(request, quiz, attempt, asked, Telling(marks=True, answers=True), score=marking.score(asked))


def _responses(quiz: QuizPage, attempt: Attempt, seed: int) -> list[Response]:
    """Return the unsaved responses of a draw, the same for the same seed."""
    rng = Random(seed)
    return [
        Response(
            place=place,
            version=unsaved(one.question),
            points=one.points,
            order=one.question.kind.order(one.question.item, rng, shuffle=quiz.shuffle_options),
        )
        for place, one in enumerate(drawing.draw(quiz, rng), start=1)
    ]


def _page(
    request: HttpRequest, quiz: QuizPage, attempt: Attempt, asked: list[Response], tells: Telling, **more: Any
) -> HttpResponse:
    context = {"quiz": quiz, "attempt": attempt, "questions": showing.questions(attempt, asked, tells), "tells": tells}
    return render(request, "quizzes/preview.html", context | more)
