"""The screen for a call: from the caller's words to the words to say."""

from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from manuals import editions, listing
from manuals.models import AnswerPage, Edition
from portal.people.models import User
from search import answers, dated_hits, log
from search.hits import address_of
from search.models import SearchQuery

# How many are offered before anything is typed.
OFFERED = 6
# How many are found while a question is typed; a list that changes with each key wants to be taken in at a glance.
SUGGESTED = 10
# Digits of a number that a database takes.
MAX_DIGITS = 18


@require_safe
@never_cache
def call_mode(request: HttpRequest) -> HttpResponse:
    """Show the search field, what was found for `q`, and beside it the answer that is open (`open`).

    With `on`, all of that as of a day.
    """
    person = cast(User, request.user)
    query = request.GET.get("q", "").strip()
    context = _results(request, query, partial=False)
    if not query and not context["on"]:
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
        asked = {"q": query, **({"on": request.GET["on"]} if request.GET.get("on") else {})}
        return redirect(f"{reverse('search:answers')}?{urlencode(asked)}")
    return render(request, "search/results.html", _results(request, query, partial=True))


@require_safe
@never_cache
def open_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that a result was chosen, and go to it; for the screen of a call return the answer to be put into it."""
    person = cast(User, request.user)
    page = get_object_or_404(Page.objects.live(), pk=pk).specific
    if not answers.may_see(page, person):
        raise Http404
    query = _keep(request, request.GET.get("q", ""), _number(request, "found"))
    log.choose(query, person, page, _number(request, "place"))
    if request.headers.get("HX-Request") and isinstance(page, AnswerPage):
        return render(request, "search/panel.html", _panel(request, page))
    parts = request.GET.get("script", ""), _day(request), request.GET.get("section", "")
    return redirect(address_of(page.get_url(request) or "/", *parts))


@require_safe
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """Keep a question of which nothing was opened; the screen of a call says so when it is cleared or left."""
    _keep(request, request.GET.get("q", ""), _number(request, "found"))
    return HttpResponse(status=204)


def _number(request: HttpRequest, name: str) -> int:
    """Return a whole number of the address, 0 for anything else."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0


def _day(request: HttpRequest) -> date | None:
    """Return the day of the address (`on`) if it is another than today; None for what is no day, too."""
    try:
        day = parse_date(request.GET.get("on", ""))
    except ValueError:
        return None
    return None if day == timezone.localdate() else day


def _keep(request: HttpRequest, query: str, found: int) -> SearchQuery | None:
    """Keep what was asked. What another day had nothing for is no gap in the library, and is not kept."""
    if _day(request) and not found:
        return None
    return log.record(request.session, cast(User, request.user), query, found)


def _results(request: HttpRequest, query: str, partial: bool) -> dict[str, Any]:
    """Return what was found, or with nothing asked what is likely to be opened."""
    person = cast(User, request.user)
    day, typed = _day(request), request.GET.get("on", "")
    context = {
        "query": query.strip() and query,
        "on": day,
        "on_typed": typed,
        "is_no_day": bool(typed) and day is None and typed != timezone.localdate().isoformat(),
        "is_to_come": bool(day and day > timezone.localdate()),
    }
    if not query.strip():
        return {**context, "recent": log.recent(person, OFFERED), "most_used": log.most_used(OFFERED)}
    results = answers.find(query, person, partial=partial, limit=SUGGESTED if partial else answers.LIMIT, on=day)
    if not partial:
        _keep(request, query, len(results.hits))
    return {**context, "results": results}


def _panel(request: HttpRequest, answer: AnswerPage) -> dict[str, Any]:
    """Return what the panel of an answer shows; as of a day, the answer as it was, if it was there."""
    day = _day(request)
    if day is None:
        return {"answer": answer, **answer.spoken(request)}
    edition = Edition.objects.of(answer.pk).in_force(day).first()
    if edition is None or edition.is_repeal:
        return {"answer": answer, "on": day, "was_not_there": True}
    was = cast(AnswerPage, editions.as_page(edition, answer))
    spoken = was.spoken(request)
    links = dated_hits.policy_links(spoken["policy_links"], day)
    return {"answer": was, "on": day, **spoken, "policy_links": links}
