"""The editions of a page: history, one edition, two compared, and the page as it stood on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from manuals import comparing, edition_history, editions, permissions
from manuals.edition_history import Row
from manuals.models import AnswerPage, Edition, EditionedPage, EditionKind
from portal.people.models import User

PER_PAGE = 50
LAYOUT, WORDS = "layout", "words"
TEMPLATES = {
    "manuals.chapterpage": "manuals/chapter_page.html",
    "manuals.policypage": "manuals/policy_page.html",
    "manuals.answerpage": "manuals/answer_page.html",
}


@dataclass(frozen=True)
class Place:
    """Where the editions of a page are: at the page, or where those of pages that are gone are kept."""

    page_id: int
    page: EditionedPage | None
    title: str
    url: str

    @property
    def today_url(self) -> str:
        """The address of the page as it is today, empty where there is none."""
        return (self.page.url or "") if self.page else ""


def _at(page: EditionedPage) -> Place:
    return Place(page.pk, page, page.title, f"{page.url}editions/")


# ---- Pages that are there


def history(request: HttpRequest, page: EditionedPage) -> HttpResponse:
    """List the editions of a page, the last written first, with forms to compare two and to choose a day."""
    return _history(request, _at(page))


def compare(request: HttpRequest, page: EditionedPage) -> HttpResponse:
    """Show two editions of a page compared: `from` and `to`, or the last two; `view` is layout or words."""
    return _compare(request, _at(page))


def edition(request: HttpRequest, page: EditionedPage, number: str) -> HttpResponse:
    """Show a page as one of its editions has it."""
    return _edition(request, _at(page), number)


def as_of(request: HttpRequest, page: EditionedPage) -> HttpResponse:
    """Show a page as it stood on the day `on`."""
    return _as_of(request, _at(page))


# ---- Pages that were taken down or deleted: for those who write


def gone(request: HttpRequest) -> HttpResponse:
    """List the pages that were taken down or deleted."""
    _only_for_writers(request)
    said = Edition.objects.filter(page_id=OuterRef("page_id")).exclude(kind=EditionKind.REPEAL).order_by("-sequence")
    later = Edition.objects.filter(page_id=OuterRef("page_id"), sequence__gt=OuterRef("sequence"))
    repeals = Edition.objects.filter(~Exists(later), kind=EditionKind.REPEAL).exclude(
        page_id__in=Page.objects.live().values("pk")
    )
    repeals = repeals.annotate(said=Subquery(said.values("content")[:1])).order_by("-published_at")
    found = Paginator(repeals, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, Edition(content=one.said).title) for one in found]  # type: ignore[attr-defined]
    context = {"found": found, "rows": rows}
    return render(request, "manuals/editions/gone.html", context)


def gone_history(request: HttpRequest, page_id: int) -> HttpResponse:
    """List the editions of a page that is gone; with `on`, show it as it stood that day."""
    place = _place(request, page_id)
    if place.page and place.page.live:
        on = _day(request)
        return redirect(place.page.url_on(on) if on else f"{place.page.url}editions/")
    return _as_of(request, place) if request.GET.get("on") else _history(request, place)


def gone_compare(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show two editions of a page that is gone compared."""
    return _compare(request, _place(request, page_id))


def gone_edition(request: HttpRequest, page_id: int, number: str) -> HttpResponse:
    """Show a page that is gone as one of its editions has it."""
    return _edition(request, _place(request, page_id), number)


def _only_for_writers(request: HttpRequest) -> None:
    if not cast(User, request.user).writes_content:
        raise Http404


def _place(request: HttpRequest, page_id: int) -> Place:
    _only_for_writers(request)
    last = Edition.objects.of(page_id).exclude(kind=EditionKind.REPEAL).last()
    if last is None:
        raise Http404
    page = editions.MODELS[last.page_type].objects.filter(pk=page_id).first()
    if page and not permissions.may_read(page, request):
        raise Http404
    return Place(page_id, page, last.title, f"/editions/{page_id}/")


# ---- The screens


def _history(request: HttpRequest, place: Place) -> HttpResponse:
    rows = edition_history.of_page(place.page_id)
    context = {
        "place": place,
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "numbers": [row.edition.number for row in rows if not row.edition.is_repeal],
        "is_malformed": "on" in request.GET,
        "on": request.GET.get("on", ""),
    }
    return render(request, "manuals/editions/history.html", context, status=400 if "on" in request.GET else 200)


@never_cache
def _as_of(request: HttpRequest, place: Place) -> HttpResponse:
    on = _day(request)
    if on is None:
        return _history(request, place)
    rows = edition_history.of_page(place.page_id)
    row = next((row for row in rows if row.edition == _in_force(rows, on)), None)
    if row is None:
        first = min((row.edition.effective_from for row in rows if not row.withdrawal), default=None)
        context = {"place": place, "on": on, "first": first}
        return render(request, "manuals/editions/none.html", context, status=404)
    return _shown(request, place, row, on)


def _edition(request: HttpRequest, place: Place, number: str) -> HttpResponse:
    row = next((row for row in edition_history.of_page(place.page_id) if row.edition.number == number), None)
    if row is None:
        return render(request, "manuals/editions/none.html", {"place": place, "number": number}, status=404)
    return _shown(request, place, row, None)


def _shown(request: HttpRequest, place: Place, row: Row, on: date | None) -> HttpResponse:
    """Show an edition in the layout of its page, under a band that says which it is."""
    context: dict[str, Any] = {"place": place, "row": row, "on": on}
    if row.edition.is_repeal:
        return render(request, "manuals/editions/taken_down.html", context)
    shown = editions.as_page(row.edition, place.page)
    context["layout"] = TEMPLATES[row.edition.page_type]
    context["edition_address"] = f"{place.url}{row.edition.number}/"
    if place.page:
        context |= shown.get_context(request)
    else:
        context |= {"page": shown, "trail": Page.objects.none()}
        if isinstance(shown, AnswerPage):
            context |= {"answer": shown, **shown.spoken(request)}
    return render(request, "manuals/editions/edition.html", context)


def _compare(request: HttpRequest, place: Place) -> HttpResponse:
    numbers = [row.edition for row in edition_history.of_page(place.page_id) if not row.edition.is_repeal]
    by_number = {one.number: one for one in numbers}
    after = by_number.get(request.GET.get("to", ""), numbers[0] if numbers else None)
    before = by_number.get(request.GET.get("from", ""), numbers[1] if len(numbers) > 1 else None)
    if before and after and before.sequence > after.sequence:
        before, after = after, before
    view = WORDS if request.GET.get("view") == WORDS else LAYOUT
    context: dict[str, Any] = {
        "place": place, "numbers": list(by_number), "before": before, "after": after, "view": view,
        "unknown": [name for name in ("from", "to") if request.GET.get(name, "") not in {"", *by_number}],
    }  # fmt: skip
    if before and after and before != after:
        context["comparison"] = comparing.compare(before, after, place.page)
    return render(request, "manuals/editions/compare.html", context)


def _in_force(rows: list[Row], on: date) -> Edition | None:
    standing = [row.edition for row in rows if not row.withdrawal and row.edition.effective_from <= on]
    return max(standing, key=lambda one: (one.effective_from, one.sequence), default=None)


def _day(request: HttpRequest) -> date | None:
    """Return the day of the address, or None where there is none or it is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
