"""Keeping what was asked and chosen."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Count, Max
from django.utils import timezone
from wagtail.models import Page

from manuals.masking import masked
from manuals.models import AnswerPage
from portal.people.models import User
from search.models import SearchChoice, SearchQuery
from search.models.log import MAX_LENGTH

# Shorter than this, nobody has asked anything yet.
MIN_CHARACTERS = 3
SESSION_KEY = "search_query"
# Days that count for what is used most.
MOST_USED_DAYS = 30


def record(session: SessionBase, person: User, text: str, found: int) -> SearchQuery | None:
    """Keep a question that was asked to its end, and return it; None for what is too short to be one.

    Never called for what is still being typed: half an account number is not recognised as one, and would be kept. The
    same question again in this session is the same row.
    """
    if len(text.strip()) < MIN_CHARACTERS:
        return None
    text = masked(text)[:MAX_LENGTH]
    last = _last(session, person)
    if last and last.text == text:
        return last
    query = SearchQuery.objects.create(text=text, person=person, found=min(found, 1000))
    session[SESSION_KEY] = query.pk
    return query


def choose(query: SearchQuery | None, person: User, page: Page, place: int) -> None:
    """Keep which page was opened, for which question, and the place it had among its results (0 for none)."""
    SearchChoice.objects.create(query=query, page=page, person=person, place=max(0, min(place, 1000)))


def _last(session: SessionBase, person: User) -> SearchQuery | None:
    """Return the last question of this session."""
    return SearchQuery.objects.filter(pk=session.get(SESSION_KEY) or 0, person=person).first()


def recent(person: User, count: int) -> list[AnswerPage]:
    """Return the answers this person opened last, the last one first (two queries)."""
    chosen = SearchChoice.objects.filter(person=person, page__answerpage__isnull=False).values("page_id")
    keys = chosen.annotate(last=Max("chosen_at")).order_by("-last").values_list("page_id", flat=True)[:count]
    return _answers(list(keys))


def most_used(count: int) -> list[AnswerPage]:
    """Return the answers that everyone opened most in the last month (two queries)."""
    since = timezone.now() - timedelta(days=MOST_USED_DAYS)
    chosen = SearchChoice.objects.filter(chosen_at__gte=since, page__answerpage__isnull=False).values("page_id")
    keys = chosen.annotate(times=Count("pk")).order_by("-times", "page_id").values_list("page_id", flat=True)[:count]
    return _answers(list(keys))


def _answers(keys: list[Any]) -> list[AnswerPage]:
    found = AnswerPage.objects.live().defer_streamfields().in_bulk(keys)
    return [found[key] for key in keys if key in found]
