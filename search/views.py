"""The screen for a call: from the caller's words to the words to say."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from manuals import listing
from manuals.models import AnswerPage
from portal.people.models import User
from search import answers, log

# How many are offered before anything is typed.
OFFERED = 6
# How many are found while a question is typed; a list that changes with each key wants to be taken in at a glance.
SUGGESTED = 10
# Digits of a number that a database takes.
MAX_DIGITS = 18


@require_safe
@never_cache
def call_mode(request: HttpRequest) -> HttpResponse:
    """Show the search field, what was found for `q`, and beside it the answer that is open (`open`)."""
    person = cast(User, request.user)
    query = request.GET.get("q", "").strip()
    context = _results(request, query, partial=False)
    if not query:
        context["groups"] = listing.answers_by_policy()
    opened = _number(request, "open")
    if opened:
        answer = AnswerPage.objects.live().filter(pk=opened).first()
        if answer and answers.may_see(answer, person):
            context |= _panel(request, answer)
    return render(request, "search/call_mode.html", context)


@require_safe
@never_cache
def suggest(request: HttpRequest) -> HttpResponse:
    """Return what is found while a question is being typed, to be put into the page."""
    query = request.GET.get("q", "")
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('search:answers')}?{urlencode({'q': query})}")
    return render(request, "search/results.html", _results(request, query, partial=True))


@require_safe
@never_cache
def open_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that a result was chosen, and go to it; for the screen of a call return the answer to be put into it."""
    person = cast(User, request.user)
    page = get_object_or_404(Page.objects.live(), pk=pk).specific
    if not answers.may_see(page, person):
        raise Http404
    query = log.record(request.session, person, request.GET.get("q", ""), _number(request, "found"))
    log.choose(query, person, page, _number(request, "place"))
    if request.headers.get("HX-Request") and isinstance(page, AnswerPage):
        return render(request, "search/panel.html", _panel(request, page))
    anchor = request.GET.get("section", "")
    script = request.GET.get("script", "")
    address = page.get_url(request) or "/"
    parameters = f"?{urlencode({'script': script})}" if script else ""
    return redirect(address + parameters + (f"#{anchor}" if anchor else ""))


@require_safe
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """Keep a question of which nothing was opened; the screen of a call says so when it is cleared or left."""
    log.record(request.session, cast(User, request.user), request.GET.get("q", ""), _number(request, "found"))
    return HttpResponse(status=204)


def _number(request: HttpRequest, name: str) -> int:
    """Return a whole number of the address, 0 for anything else."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0


def _results(request: HttpRequest, query: str, partial: bool) -> dict[str, Any]:
    """Return what was found, or with nothing asked what is likely to be opened."""
    person = cast(User, request.user)
    if not query.strip():
        return {"query": "", "recent": log.recent(person, OFFERED), "most_used": log.most_used(OFFERED)}
    results = answers.find(query, person, partial=partial, limit=SUGGESTED if partial else answers.LIMIT)
    if not partial:
        log.record(request.session, person, query, len(results.hits))
    return {"query": query, "results": results}


def _panel(request: HttpRequest, answer: AnswerPage) -> dict[str, Any]:
    """Return what the panel of an answer shows."""
    return {"answer": answer, **answer.spoken(request)}
