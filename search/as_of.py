"""The best documents as of a day: what is said today and was said then already, and what was said on that day only.

The two are looked up apart, each in its own fields. So what they share with the search of today is found where that
has kept it, and the words of other days count for nothing but other days.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from manuals import dated_texts
from manuals.models import DatedText, Edition, Section
from search.backends.whoosh.mapping import PK
from search.backends.whoosh.snapshot import Snapshot
from search.fields import (
    DATED,
    DATED_PAGE,
    DATED_SINCE,
    DATED_UNTIL,
    KINDS,
    PAGE,
    SECTION,
    SECTION_PAGE,
    SINCE,
    Field,
)
from search.question import Question
from search.scoring import Found, candidates, closest, standing_today

# A day for which nothing is planned.
FAR = date.max.isoformat()


@dataclass(frozen=True)
class Day:
    """A day to search as of. `sees_gone` says whether what stands on no published page of today is found too."""

    on: date
    sees_gone: bool = False


@dataclass(frozen=True)
class Coming:
    """The keys of the pages, and of single sections, that say on a day to come what they do not say today."""

    pages: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()


def rank(
    question: Question,
    snapshot: Snapshot,
    fields: Sequence[Field],
    dated_fields: Sequence[Field],
    day: Day,
    limit: int,
    hidden: Collection[int] = (),
) -> list[Found]:
    """Return the best of what was in force on a day, best first; nothing of the pages with the hidden keys.

    Two queries for a day to come, none for another.
    """
    numbers = range(len(snapshot.views))
    changes = _coming(snapshot, day)
    now = [_said_already(snapshot, number, day, hidden, changes) for number in numbers]
    then = [_said_then(snapshot, number, day, hidden) for number in numbers]
    best = [
        *candidates(question, snapshot, fields, limit, now, few=True),
        *candidates(question, snapshot, dated_fields, limit, then, few=True),
    ]
    best.sort(key=lambda one: (-one[0], one[1], one[2]))
    return closest(best, question, snapshot, limit)


def _said_already(
    snapshot: Snapshot, number: int, day: Day, hidden: Collection[int], changes: Coming
) -> Collection[int]:
    """Return the answers and sections of a segment that say today what they said on a day."""
    segment = snapshot.views[number].segment
    key = ("said already", number, day.on)
    shown: frozenset[int] | None = snapshot.known.get(key)
    if shown is None:
        until_then = [segment.column(SINCE[kind]).between(None, day.on.isoformat()) for kind in KINDS]
        shown = frozenset().union(*until_then).intersection(standing_today(snapshot, number))
        snapshot.known.put(key, shown, 8 * len(shown))
    if hidden or changes.pages or changes.sections:
        gone = [segment.column(name).equal({*hidden, *changes.pages}) for name in (PAGE, SECTION_PAGE)]
        sections = segment.column(PK).equal(changes.sections).intersection(segment.labels.get(SECTION, ()))
        return shown.difference(*gone, sections)
    return shown


def _said_then(snapshot: Snapshot, number: int, day: Day, hidden: Collection[int]) -> Collection[int]:
    """Return the documents of a segment that hold what was said on a day, and is not said today."""
    view = snapshot.views[number]
    segment = view.segment
    key = ("said then", number, day)
    shown: frozenset[int] | None = snapshot.known.get(key)
    if shown is None:
        on = day.on.isoformat()
        found = segment.column(DATED_SINCE).between(None, on) & view.live
        found -= segment.column(DATED_UNTIL).between(None, on)
        if not day.sees_gone:
            published = _published(snapshot)
            pages = segment.column(DATED_PAGE).documents
            found = found.difference(*(own for page, own in pages.items() if page not in published))
        shown = snapshot.known.put(key, frozenset(found), 8 * len(found))
    return shown.difference(segment.column(DATED_PAGE).equal(hidden)) if hidden else shown


def _published(snapshot: Snapshot) -> frozenset[object]:
    """Return the keys of the pages that are published today: every one has an answer, or a section, to be found."""
    known: frozenset[object] | None = snapshot.known.get("published")
    if known is None:
        found: set[object] = set()
        for number, view in enumerate(snapshot.views):
            rows = [view.segment.rows[document] for document in standing_today(snapshot, number)]
            found.update(row.get(SECTION_PAGE) or row.get(PAGE) for row in rows)
        known = snapshot.known.put("published", frozenset(found), 8 * len(found))
    return known


def _first_planned(snapshot: Snapshot, number: int) -> str:
    """Return the first day for which a segment has something planned; a day far off if there is nothing."""
    known: str | None = snapshot.known.get(("first planned", number))
    if known is None:
        view = snapshot.views[number]
        planned = view.live.intersection(view.segment.labels.get(DATED, ())) - view.segment.column(DATED_UNTIL).present
        days = [str(view.segment.rows[document][DATED_SINCE]) for document in planned]
        known = snapshot.known.put(("first planned", number), min(days, default=FAR), 0)
    return known


def _coming(snapshot: Snapshot, day: Day) -> Coming:
    """Return what is said today and no longer on a day; without a query for a day before anything planned."""
    first = min((_first_planned(snapshot, number) for number in range(len(snapshot.views))), default=FAR)
    return Coming() if day.on <= timezone.localdate() and first > day.on.isoformat() else coming(day)


def coming(day: Day) -> Coming:
    """Return what is said today and, as is planned, no longer on a day (two queries).

    What was planned for a day gone by and has not come, because nothing published it, counts as if it had.
    """
    planned = DatedText.objects.planned().values("edition")
    editions = Edition.objects.standing().filter(effective_from__lte=day.on)
    is_planned = Q(effective_from__gt=timezone.localdate()) | Q(pk__in=planned)
    pages: set[int] = set()
    touched = Q(pk__in=())
    for edition in editions.filter(is_planned).defer("content"):
        if not dated_texts.says_anew(edition):
            continue
        if edition.page_type == dated_texts.ANSWER or "title" in edition.fields_changed:
            pages.add(edition.page_id)
        else:
            touched |= Q(page_id=edition.page_id, anchor__in=edition.touched)
    sections = Section.objects.filter(touched).values_list("pk", flat=True)
    return Coming(frozenset(pages), frozenset(sections))
