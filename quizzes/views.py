"""Taking a quiz: begin, answer, hand in, read the result."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manuals.permissions import may_read
from portal.people.models import User
from quizzes import attempts as life
from quizzes import permissions, regrading, showing
from quizzes.models import Attempt, QuizPage, Response
from quizzes.showing import ShownQuestion, Telling

CONFLICT = "You answered this differently in another window: “{other}”. Keep that, or save what stands here."
NOT_SAVED = 409
CLOSED = 410


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an attempt at a quiz, or go on with the one that is open."""
    quiz = get_object_or_404(QuizPage.objects.live(), pk=pk)
    if not may_read(quiz, request):
        raise Http404
    try:
        attempt = life.start(quiz, cast(User, request.user))
    except life.MayNotStart as refused:
        messages.warning(request, str(refused))
        return redirect(quiz.url)
    return redirect("quizzes:sitting", attempt.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an open attempt; posted, save every answer in the form and, if asked, hand in."""
    attempt = _own_attempt(request, pk)
    # What is on its way when the time is up is still taken.
    _hand_in_if_out_of_time(attempt, life.GRACE if request.method == "POST" else timedelta(0))
    if not attempt.is_open:
        if request.method == "POST":
            messages.info(request, "This attempt was handed in already. What was saved by then has been marked.")
        return redirect("quizzes:results", attempt.pk)
    responses = list(_responses(attempt))
    if request.method != "POST":
        return _sitting_page(request, attempt, responses, {}, {})
    # One commit for all of them: where fifty people hand in at once, waiting for the disk is what takes time.
    with transaction.atomic():
        given, notes = _save_all(request, responses)
        if not notes and "hand_in" in request.POST:
            life.hand_in(attempt)
    if _is_over(attempt):
        return redirect("quizzes:results", attempt.pk)
    if not notes:
        messages.success(request, "Saved. You can go on later.")
        return redirect("quizzes:sitting", attempt.pk)
    return _sitting_page(request, attempt, responses, given, notes)


@never_cache
@require_POST
def save_answer(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Save one answer as it is given, and return how that went, to be put under the question."""
    response = _own_response(request, pk, place)
    answer = response.version.kind.read(response.version.item, request.POST, response.name)
    seen = _seen(request, response)
    try:
        life.save(response, answer, seen)
    except life.Conflict as conflict:
        shown = _one(response, given=answer)
        shown.conflict = _conflict_sentence(conflict.response)
        return _part(request, "status", shown, status=NOT_SAVED)
    except life.Closed as closed:
        shown = _one(response)
        shown.message = str(closed)
        return _part(request, "status", shown, status=CLOSED)
    return _part(request, "status", _one(response))


@never_cache
@require_POST
def check_answer(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Save one answer, mark it and say how it did, where the quiz tells at once."""
    response = _own_response(request, pk, place)
    if not request.headers.get("HX-Request"):
        return _check_in_form(request, response)
    answer = response.version.kind.read(response.version.item, request.POST, response.name)
    try:
        life.save(response, answer, _seen(request, response))
        life.check(response)
    except life.Conflict as conflict:
        shown = _one(response, given=answer)
        shown.conflict = _conflict_sentence(conflict.response)
        return _part(request, "item", shown, status=NOT_SAVED)
    except life.Closed as closed:
        shown = _one(response)
        shown.message = str(closed)
        return _part(request, "item", shown)
    return _part(request, "item", _one(response))


@never_cache
@require_safe
def results(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what came of an attempt: each question, what was answered and, as far as allowed, what was right and why."""
    attempt = get_object_or_404(Attempt.objects.select_related("quiz", "learner"), pk=pk)
    person = cast(User, request.user)
    is_own = attempt.learner_id == person.pk
    if not is_own and not permissions.may_see_results(person):
        raise Http404
    _hand_in_if_out_of_time(attempt)
    if attempt.is_open:
        if is_own:
            return redirect("quizzes:sitting", attempt.pk)
        raise Http404
    same_quiz = Attempt.objects.filter(quiz=attempt.quiz_id, learner=attempt.learner_id, quiz__isnull=False)
    has_passed = bool(attempt.passed) or same_quiz.filter(passed=True).exists()
    tells = showing.telling(attempt, has_passed=has_passed) if is_own else Telling(marks=True, answers=True)
    keys = regrading.mended_keys(attempt)
    shown = showing.questions(attempt, _responses(attempt), tells, keys=keys)
    regrades = attempt.regrades.select_related("regrade", "response").order_by("regrade__done_at")
    context = {
        "attempt": attempt,
        "questions": shown,
        "tells": tells,
        "is_own": is_own,
        "regrades": list(regrades),
        "waiting": sum(one.response.credit is None for one in shown),
    }
    return render(request, "quizzes/results.html", context)


def _own_attempt(request: HttpRequest, pk: UUID) -> Attempt:
    """Return an attempt of this person; to everyone else there is none."""
    return get_object_or_404(Attempt.objects.select_related("quiz"), pk=pk, learner=cast(User, request.user))


def _own_response(request: HttpRequest, pk: UUID, place: int) -> Response:
    own = Response.objects.select_related("attempt", "version__section__page")
    return get_object_or_404(own, attempt=pk, attempt__learner=cast(User, request.user), place=place)


def _responses(attempt: Attempt) -> QuerySet[Response]:
    return attempt.responses.select_related("version__section__page", "marked_by").order_by("place")


def _hand_in_if_out_of_time(attempt: Attempt, grace: timedelta = timedelta(0)) -> None:
    if attempt.is_out_of_time(timezone.now() - grace):
        life.hand_in(attempt)
        attempt.refresh_from_db()


def _is_over(attempt: Attempt) -> bool:
    """Return whether the attempt takes no more answers, be it by another window or because the time is up."""
    attempt.refresh_from_db(fields=["handed_in_at"])
    _hand_in_if_out_of_time(attempt)
    return not attempt.is_open


def _check_in_form(request: HttpRequest, response: Response) -> HttpResponse:
    """Check one answer without JavaScript. The form holds all the others as well, and none of them may be lost."""
    attempt = response.attempt
    responses = list(_responses(attempt))
    given, notes = _save_all(request, responses)
    [asked] = [one for one in responses if one.place == response.place]
    if not _is_over(attempt) and not notes:
        try:
            life.check(asked)
        except life.Conflict as conflict:
            notes[asked.place] = _conflict_sentence(conflict.response)
        except life.Closed as closed:
            messages.warning(request, str(closed))
    if notes and attempt.is_open:
        return _sitting_page(request, attempt, responses, given, notes)
    return redirect(f"{attempt.get_absolute_url()}#question-{asked.place}")


def _save_all(request: HttpRequest, responses: list[Response]) -> tuple[dict[int, Any], dict[int, str]]:
    """Save the answers of a whole form; return those not saved, by place, and the sentences that say why."""
    given: dict[int, Any] = {}
    notes: dict[int, str] = {}
    for response in responses:
        if response.checked_at or f"seen-{response.place}" not in request.POST:
            continue
        answer = response.version.kind.read(response.version.item, request.POST, response.name)
        try:
            life.save(response, answer, _seen(request, response))
        except life.Conflict as conflict:
            given[response.place] = answer
            notes[response.place] = _conflict_sentence(conflict.response)
        except life.Closed as closed:
            notes[response.place] = str(closed)
    return given, notes


def _seen(request: HttpRequest, response: Response) -> int:
    """Return how often the answer had been saved when the form was loaded; what cannot be read was never loaded."""
    text = request.POST.get(f"seen-{response.place}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _conflict_sentence(response: Response) -> str:
    kind = response.version.kind
    other = kind.in_words(response.version.item, response.answer) or "no answer"
    return CONFLICT.format(other=other)


def _one(response: Response, **given: Any) -> ShownQuestion:
    """Return one question of an open attempt as the page shows it."""
    places = {response.place: given["given"]} if "given" in given else None
    [shown] = showing.questions(response.attempt, [response], Telling(), places)
    return shown


def _part(request: HttpRequest, part: str, shown: ShownQuestion, status: int = 200) -> HttpResponse:
    """Return one question, or what stands under it, to be put into the page of its attempt."""
    attempt = shown.response.attempt
    context = {"question": shown, "attempt": attempt, "is_saved": status == 200 and not shown.message}
    if part == "item":
        context["total"] = attempt.responses.count()
    return render(request, f"quizzes/{part}.html", context, status=status)


def _sitting_page(
    request: HttpRequest,
    attempt: Attempt,
    responses: list[Response],
    given: dict[int, Any],
    notes: dict[int, str],
) -> HttpResponse:
    shown = showing.questions(attempt, responses, Telling(), given)
    for question in shown:
        question.conflict = notes.get(question.response.place, "")
    seconds_left = None
    if attempt.due_at:
        seconds_left = max(0, int((attempt.due_at - timezone.now()).total_seconds()))
    context = {
        "attempt": attempt,
        "questions": shown,
        "answered": sum(response.is_answered for response in responses),
        "seconds_left": seconds_left,
        "conflicts": len(notes),
    }
    return render(request, "quizzes/sitting.html", context, status=NOT_SAVED if notes else 200)
