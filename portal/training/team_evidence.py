"""Everything that is on record of what a person did, of every kind, newest first.

What there is comes first as bare keys and times, one query for each kind; only what is on the page is then fetched.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page

from manuals.models import Acknowledgement, Edition, Exemption
from portal.people.models import User
from portal.training.models import Attendance, SectionRead, SignOff, Waiver, Way
from quizzes.models import Attempt


class Evidence(StrEnum):
    """A kind of evidence, with the words for it."""

    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    ATTEMPT = "attempt"
    SIGN_OFF = "sign_off"
    ATTENDANCE = "attendance"
    WAIVER = "waiver"
    EXEMPTION = "exemption"

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self]


LABELS = {
    Evidence.READ: "Reading",
    Evidence.ACKNOWLEDGED: "Acknowledgement",
    Evidence.ATTEMPT: "Quiz",
    Evidence.SIGN_OFF: "Sign-off",
    Evidence.ATTENDANCE: "Attendance",
    Evidence.WAIVER: "Waived step",
    Evidence.EXEMPTION: "Exemption",
}


class Found(NamedTuple):
    """That something is on record: its kind, when, and what finds it again."""

    kind: Evidence
    at: datetime
    key: Any
    sections: int = 0
    said: int = 0


@dataclass(frozen=True)
class Entry:
    """One line of the record. `by` is who vouches for it; empty where the portal saw it itself."""

    kind: Evidence
    at: datetime
    title: str
    words: str
    url: str = ""
    by: str = ""


def found_of(person: User, kind: str = "") -> list[Found]:
    """Return what is on record of a person, newest first, of one kind or all (seven queries at most).

    The sections of a chapter that were read on one day are one thing.
    """
    kinds = [one for one in Evidence if one == kind] or list(Evidence)
    found = [each for one in kinds for each in _FINDS[one](person)]
    return sorted(found, key=lambda one: (one.at, one.kind, str(one.key)), reverse=True)


def entries(found: Sequence[Found]) -> list[Entry]:
    """Return these as lines to be shown, in their order (nine queries at most)."""
    keys: dict[Evidence, list[Found]] = {}
    for one in found:
        keys.setdefault(one.kind, []).append(one)
    shown = {(kind, one.key): entry for kind, own in keys.items() for one, entry in _SHOWS[kind](own)}
    return [shown[one.kind, one.key] for one in found if (one.kind, one.key) in shown]


def _reads(person: User) -> Iterable[Found]:
    rows: Any = (
        SectionRead.objects.filter(person=person)
        .order_by()
        .values_list("edition_id", TruncDate("at"))
        .annotate(last=Max("at"), sections=Count("pk"), said=Count("pk", filter=Q(way=Way.SAID)))
    )
    for edition, day, at, sections, said in rows:
        yield Found(Evidence.READ, at, (edition, day), sections, said)


def _finder(kind: Evidence, model: Any, person_field: str, at: Any) -> Callable[[User], Iterable[Found]]:
    """Return the function that finds the rows of a model that are a person's."""

    def find(person: User) -> Iterable[Found]:
        own = model.objects.filter(**{person_field: person}).order_by()
        return [Found(kind, moment, key) for key, moment in own.values_list("pk", at)]

    return find


_FINDS: dict[Evidence, Callable[[User], Iterable[Found]]] = {
    Evidence.READ: _reads,
    Evidence.ACKNOWLEDGED: _finder(Evidence.ACKNOWLEDGED, Acknowledgement, "person", "at"),
    Evidence.ATTEMPT: _finder(Evidence.ATTEMPT, Attempt, "learner", Coalesce("handed_in_at", "started_at")),
    Evidence.SIGN_OFF: _finder(Evidence.SIGN_OFF, SignOff, "person", "at"),
    Evidence.ATTENDANCE: _finder(Evidence.ATTENDANCE, Attendance, "person", "at"),
    Evidence.WAIVER: _finder(Evidence.WAIVER, Waiver, "enrolment__person", "at"),
    Evidence.EXEMPTION: _finder(Evidence.EXEMPTION, Exemption, "person", "granted_at"),
}

Shown = Iterable[tuple[Found, Entry]]


def _show_reads(found: list[Found]) -> Shown:
    editions = Edition.objects.in_bulk({one.key[0] for one in found})
    pages = Page.objects.live().in_bulk({edition.page_id for edition in editions.values()})
    for one in found:
        edition = editions[one.key[0]]
        page = pages.get(edition.page_id)
        words = f"{_sections(one.sections)} of edition {edition.number}, {_how(one.sections, one.said)}"
        yield one, Entry(one.kind, one.at, edition.title, words, page.url if page else "")


def _show_acknowledgements(found: list[Found]) -> Shown:
    rows = Acknowledgement.objects.select_related("edition", "since_edition").in_bulk([one.key for one in found])
    pages = Page.objects.live().in_bulk({row.edition.page_id for row in rows.values()})
    for one, row in _paired(found, rows):
        page = pages.get(row.edition.page_id)
        url = f"{page.url}editions/{row.edition.number}/" if page else ""
        since = f" since edition {row.since_edition.number}" if row.since_edition else ""
        words = f"Edition {row.edition.number}; read {row.get_read_as_display().lower()}{since}"
        yield one, Entry(one.kind, one.at, row.edition.title, words, url)


def _show_attempts(found: list[Found]) -> Shown:
    for one, row in _paired(found, Attempt.objects.in_bulk([one.key for one in found])):
        url = "" if row.is_open else reverse("quizzes:results", args=[row.pk])
        yield one, Entry(one.kind, one.at, row.quiz_title, f"Attempt {row.number}: {_result(row)}", url)


def _show_sign_offs(found: list[Found]) -> Shown:
    rows = SignOff.objects.select_related("correction").in_bulk([one.key for one in found])
    for one, row in _paired(found, rows):
        url = reverse("training:sign_off", args=[row.pk])
        words = f"{'Met' if row.met else 'Not yet'}{_corrected(row)}"
        yield one, Entry(one.kind, one.at, row.task_title, words, url, row.supervisor_name)


def _show_attendances(found: list[Found]) -> Shown:
    rows = Attendance.objects.select_related("correction").in_bulk([one.key for one in found])
    for one, row in _paired(found, rows):
        url = reverse("training:attendance", args=[row.pk])
        words = f"{'Attended' if row.attended else 'Did not attend'} on {_day(row.day)}{_corrected(row)}"
        yield one, Entry(one.kind, one.at, row.title, words, url, row.supervisor_name)


def _show_waivers(found: list[Found]) -> Shown:
    for one, row in _paired(found, Waiver.objects.select_related("by").in_bulk([one.key for one in found])):
        yield one, Entry(one.kind, one.at, row.title, f"{row.reason}{_ended(row.ended_at)}", by=str(row.by))


def _show_exemptions(found: list[Found]) -> Shown:
    rows = Exemption.objects.select_related("granted_by").in_bulk([one.key for one in found])
    pages = Page.objects.in_bulk({row.page_id for row in rows.values()})
    for one, row in _paired(found, rows):
        page = pages.get(row.page_id)
        title = page.title if page else "A page that is gone"
        url = page.url if page and page.live else ""
        words = f"Need not acknowledge it: {row.reason}{_ended(row.ended_at)}"
        yield one, Entry(one.kind, one.at, title, words, url, str(row.granted_by))


_SHOWS: dict[Evidence, Callable[[list[Found]], Shown]] = {
    Evidence.READ: _show_reads,
    Evidence.ACKNOWLEDGED: _show_acknowledgements,
    Evidence.ATTEMPT: _show_attempts,
    Evidence.SIGN_OFF: _show_sign_offs,
    Evidence.ATTENDANCE: _show_attendances,
    Evidence.WAIVER: _show_waivers,
    Evidence.EXEMPTION: _show_exemptions,
}


def _paired(found: list[Found], rows: dict[Any, Any]) -> Iterable[tuple[Found, Any]]:
    """Pair what was found with its row; what went meanwhile is left out."""
    return [(one, rows[one.key]) for one in found if one.key in rows]


def _sections(count: int) -> str:
    return "1 section" if count == 1 else f"{count} sections"


def _how(sections: int, said: int) -> str:
    if said == sections:
        return "marked as read"
    return f"on screen long enough, {said} marked as read" if said else "on screen long enough"


def _result(attempt: Attempt) -> str:
    if attempt.is_open:
        return "begun, not handed in"
    if attempt.score is None:
        return "handed in, waits to be marked"
    return f"{float(attempt.score):g} percent, {'passed' if attempt.passed else 'not passed'}"


def _corrected(row: Any) -> str:
    """Return what to say of a record that corrects another, or that another has taken the place of."""
    if hasattr(row, "correction"):
        return "; does not count: corrected by a later record"
    return f"; corrects an earlier record: {row.correction_reason}" if row.corrects_id else ""


def _ended(moment: datetime | None) -> str:
    return f" (ended on {_day(timezone.localdate(moment))})" if moment else ""


def _day(day: date) -> str:
    return date_format(day, "F j, Y", use_l10n=False)
