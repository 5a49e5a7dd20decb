"""The page of the daily refresher: a question, how it was answered, the next one."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.people.models import User
from portal.training import refresher_showing, refreshing
from portal.training.models import RefresherCard
from quizzes import showing

NOT_DUE = "That question is not asked any more today, so nothing was recorded."
CHANGED = "That question was changed while you answered it, so nothing was recorded."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refresher(request: HttpRequest) -> HttpResponse:
    """Ask the next question of the signed-in person's refresher; posted, tell how it was answered."""
    person = cast(User, request.user)
    if request.method != "POST":
        return _ask(request, person)
    key = request.POST.get("card", "")
    own = RefresherCard.objects.filter(person=person).select_related("question__section__page")
    card = own.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    return _tell(request, person, card) if card else _stale(request, NOT_DUE)


def _ask(request: HttpRequest, person: User, unanswered: RefresherCard | None = None) -> HttpResponse:
    today = refreshing.today(person)
    context = {
        "today": today,
        "card": today.card,
        "number": today.done + 1,
        "question": showing.alone(refresher_showing.asked(today.card)) if today.card else None,
        "is_unanswered": today.card is not None and today.card == unanswered,
    }
    return render(request, "training/refresher/refresher.html", context)


def _tell(request: HttpRequest, person: User, card: RefresherCard) -> HttpResponse:
    response = refresher_showing.asked(card)
    if request.POST.get("version") != response.version.digest:
        return _stale(request, CHANGED)
    if "give_up" not in request.POST:
        response.answer = refresher_showing.read(response, request.POST)
        if not response.is_answered:
            return _ask(request, person, unanswered=card)
    told = refresher_showing.told(card, response)
    if told is None:
        return _stale(request, NOT_DUE)
    today = refreshing.today(person)
    context = {
        "today": today,
        "number": today.done,
        "card": card,
        "question": told.question,
        "first_counts": told.first_counts,
    }
    return render(request, "training/refresher/refresher.html", context)


def _stale(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect("training:refresher")
