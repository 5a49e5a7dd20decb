"""What is shown of what was found as of a day: in the words of that day, with a note where today differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page

from manuals import editions
from manuals.models import AnswerPage, DatedText, Edition, Section
from search import extracts
from search.as_of import Day
from search.fields import ANSWER, DATED
from search.hits import Hit, Showing, address_of
from search.question import Question
from search.scoring import Found

DIFFERS = "Says something else today"
SECTION_GONE = "Taken out since"
PAGE_GONE = "Taken down since"

# What places a page in the tree, and so gives it its address.
_PLACE = ("path", "depth", "url_path", "live", "locale_id", "content_type_id")


class ShowingAsOf(Showing):
    """Makes hits of what was found as of a day."""

    def __init__(self, question: Question, language: str, hidden: Sequence[str], day: Day) -> None:
        super().__init__(question, language, hidden)
        self._day = day

    def hits(self, found: Sequence[Found], pinned: Sequence[int], limit: int) -> list[Hit]:
        """Return the hits that may be shown, so many at most, pinned pages first. Seven queries at most."""
        rows = DatedText.objects.in_bulk([one.pk for one in found if one.kind == DATED])
        pages = Page.objects.in_bulk({*pinned, *(row.page_id for row in rows.values())})
        first = self._pinned(pinned, pages)
        shown = {hit.page.pk for hit in first}
        today = _sections_today(rows.values())
        standing = [one for one in found if one.kind != DATED and not (one.kind == ANSWER and one.pk in shown)]
        hits = [replace(hit, on=self._day.on) for hit in super().hits(standing, (), len(standing))]
        for one in found:
            row = rows.get(one.pk) if one.kind == DATED else None
            if row and not (row.is_answer and row.page_id in shown):
                page = pages.get(row.page_id)
                if self._may_be_found(page):
                    hits.append(self._dated(row, page, today, one.score))
        hits.sort(key=lambda hit: -hit.score)
        return [*first, *hits][:limit]

    def _may_be_found(self, page: Page | None) -> bool:
        """Return whether a page may be shown that perhaps is published no longer, or deleted."""
        if page is None or not page.live:
            return self._day.sees_gone and (page is None or self._may_be_shown(page))
        return self._may_be_shown(page)

    def _pinned(self, pinned: Sequence[int], pages: Mapping[int, Page]) -> list[Hit]:
        """Return the pinned pages as they were; those that did not stand that day are left out."""
        if not pinned:
            return []
        own = Edition.objects.filter(page_id__in=pinned)
        then = {edition.page_id: edition for edition in own.in_force(self._day.on) if not edition.is_repeal}
        now = set(own.in_force(timezone.localdate()).values_list("pk", flat=True))
        hits = []
        for key in dict.fromkeys(pinned):
            page, edition = pages.get(key), then.get(key)
            if page and edition and self._may_be_found(page):
                hit = self._page(editions.as_page(edition, page), 0.0, is_promoted=True)
                differs = DIFFERS if edition.pk not in now else ""
                hits.append(self._as_of(hit, page, _planned_note(edition.effective_from) or differs))
        return hits

    def _dated(self, row: DatedText, page: Page | None, today: Mapping[tuple[int, str], Section], score: float) -> Hit:
        was = _as_it_was(row, page)
        if row.is_answer:
            hit, note = self._page(was, score), DIFFERS
        else:
            extract = extracts.extract(row.text, self._is_match)
            hit = Hit(was, row.anchor, row.heading, extract, score)
            note = _section_note(row, today.get((row.page_id, row.anchor)), page)
        hit = replace(hit, words=f"{row.short} {row.text} {row.text_es}")
        return self._as_of(hit, page, ("" if row.until else _planned_note(row.since)) or note)

    def _as_of(self, hit: Hit, page: Page | None, note: str) -> Hit:
        if page and page.live:
            return replace(hit, on=self._day.on, note=note)
        return replace(hit, on=self._day.on, note=PAGE_GONE, address=reverse("editions:history", args=[hit.page.pk]))


def policy_links(sections: Collection[Section], on: date) -> list[dict[str, Any]]:
    """Return the policy sections behind an answer as they were called on a day, with the addresses they had (a query).

    Each has `url`, `heading` and `page`, as a section has.
    """
    pages = {section.page_id for section in sections}
    rows = DatedText.objects.on(on).filter(page_id__in=pages, anchor__in={section.anchor for section in sections})
    then = {(row.page_id, row.anchor): row for row in rows}
    links = []
    for section in sections:
        row = then.get((section.page_id, section.anchor))
        link = {"url": address_of(section.page.url or "", on=on, section=section.anchor), "page": section.page}
        links.append({**link, "heading": row.heading if row else section.heading})
    return links


def _sections_today(rows: Collection[DatedText]) -> dict[tuple[int, str], Section]:
    """Return what stands today at the addresses of some rows."""
    anchors = {row.anchor for row in rows if row.anchor}
    if not anchors:
        return {}
    found = Section.objects.current().filter(page_id__in={row.page_id for row in rows}, anchor__in=anchors)
    return {(section.page_id, section.anchor): section for section in found}


def _as_it_was(row: DatedText, page: Page | None) -> Any:
    """Return the page as a row has it, at the address it has today; not to be saved."""
    if row.is_answer:
        was: Page = AnswerPage(
            pk=row.page_id,
            title=row.heading,
            question_es=row.heading_es,
            short_answer=row.short,
            short_answer_es=row.short_es,
            script_es=row.text_es,
        )
    else:
        was = Page(pk=row.page_id, title=row.title)
    for name in _PLACE if page else ():
        setattr(was, name, getattr(page, name))
    return was


def _section_note(row: DatedText, today: Section | None, page: Page | None) -> str:
    """Return how what stands today at the address of a section differs from what stood there."""
    if today is None:
        return SECTION_GONE
    if (today.heading, today.text) != (row.heading, row.text):
        return DIFFERS
    return f"Stands in “{page.title}” today" if page and page.title != row.title else ""


def _planned_note(since: date) -> str:
    """Return from when something is in force that is not yet."""
    return f"From {date_format(since, 'F j, Y')}, as planned" if since > timezone.localdate() else ""
