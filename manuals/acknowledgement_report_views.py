"""The reports of acknowledgements, in Wagtail's admin."""

from collections.abc import Sequence
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator

from manuals import acknowledgement_pdf as pdf
from manuals import acknowledgement_reports as reports
from manuals import acknowledgement_sheets as sheets
from manuals import exemptions, permissions
from manuals.acknowledgement_report_forms import AskedForm, EditionForm, PeopleForm
from manuals.acknowledging import State
from manuals.models import Edition
from manuals.spreadsheets import FORMATS
from portal.people.models import User

PER_PAGE = 50
_INDEX = "acknowledgement_report_index"
_PEOPLE = "acknowledgement_report_people"
# What somebody has to see to comes before what is done.
_ORDER: list[State] = ["overdue", "due", "exempt", "acknowledged"]


@require_safe
def index(request: HttpRequest, format: str = "") -> HttpResponseBase:
    """List the editions that are asked of somebody, with how many have acknowledged them; or return them as a file."""
    _refuse_others(request)
    form = AskedForm(request.GET)
    rows = form.narrow(reports.asked())
    if format:
        return sheets.of_asked("acknowledgements", rows, _known(format))
    context = {"form": form, **_paginated(request, rows), **header("Acknowledgements")}
    return render(request, "manuals/admin/acknowledgements_index.html", context)


@require_safe
def edition(request: HttpRequest, pk: int, format: str = "") -> HttpResponseBase:
    """Show who acknowledged an edition and who has not; or return it as a file."""
    _refuse_others(request)
    found = get_object_or_404(Edition, pk=pk)
    form = EditionForm(request.GET)
    chosen = form.chosen()
    report = reports.of_edition(found).narrowed(chosen["position"] or "", chosen["supervisor"])
    filename = f"{slugify(found.title) or 'page'}-edition-{found.number}"
    if format == "pdf":
        content = pdf.of_edition(report, cast(User, request.user), timezone.now(), form.in_words())
        return _pdf(filename, content)
    if format:
        return sheets.of_edition(filename, report, _known(format))
    context = {
        "form": form,
        "only": form.in_words(),
        "query": _query(request),
        "edition": found,
        "report": report,
        "page": report.page,
        "changes": reports.changes(found),
        "sentences": report.sentences,
        "sections": [(state, reports.STATES[state], report.of(state)) for state in _ORDER],
        "others": [one for one in reports.of_page(found.page_id) if one.pk != found.pk],
        "may_exempt": report.page is not None and exemptions.may_exempt(request.user, report.page),
        **header(f"{found.title}, edition {found.number}", crumb()),
    }
    return render(request, "manuals/admin/acknowledgements_edition.html", context)


@require_safe
def people(request: HttpRequest, format: str = "") -> HttpResponseBase:
    """List the people, with how much they acknowledged and owe; or return them as a file."""
    _refuse_others(request)
    form = PeopleForm(request.GET)
    lines = form.narrow(reports.of_people(form.people()))
    if format:
        return sheets.of_people("acknowledgements-by-person", lines, _known(format))
    context = {"form": form, **_paginated(request, lines), **header("Acknowledgements by person", crumb())}
    return render(request, "manuals/admin/acknowledgements_people.html", context)


@require_safe
def person(request: HttpRequest, pk: int, format: str = "") -> HttpResponseBase:
    """Show everything a person acknowledged, owes and is exempt from; or return it as a file."""
    _refuse_others(request)
    found = get_object_or_404(User.objects.select_related("supervisor"), pk=pk)
    report = reports.of_person(found)
    filename = f"{slugify(str(found)) or 'person'}-acknowledgements"
    if format == "pdf":
        return _pdf(filename, pdf.of_person(report, cast(User, request.user), timezone.now()))
    if format:
        return sheets.of_person(filename, report, _known(format))
    above = (crumb(), crumb(_PEOPLE, "By person"))
    context = {"report": report, **header(str(found), *above)}
    return render(request, "manuals/admin/acknowledgements_person.html", context)


class AcknowledgementsMenuItem(MenuItem):
    """Shown to those who may see who acknowledged what."""

    def __init__(self) -> None:
        super().__init__("Acknowledgements", reverse(_INDEX), icon_name="tick", order=700)

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return permissions.may_see_acknowledgements(request.user)


def _refuse_others(request: HttpRequest) -> None:
    if not permissions.may_see_acknowledgements(request.user):
        raise PermissionDenied


def _known(format: str) -> str:
    if format not in FORMATS:
        raise Http404(f"There is no export as {format}.")
    return format


def _pdf(filename: str, content: bytes) -> HttpResponse:
    disposition = f'attachment; filename="{filename}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _paginated(request: HttpRequest, rows: Sequence[Any]) -> dict[str, Any]:
    paginator = WagtailPaginator(rows, PER_PAGE)
    shown = paginator.get_page(request.GET.get("p"))
    pages = paginator.get_elided_page_range(shown.number)
    return {"rows": shown, "elided_page_range": pages, "query": _query(request)}


def _query(request: HttpRequest) -> str:
    """Return the choices of an address, for the files to be narrowed down the same way."""
    given = request.GET.copy()
    given.pop("p", None)
    return f"?{given.urlencode()}" if given else ""


def crumb(name: str = _INDEX, label: str = "Acknowledgements") -> dict[str, str]:
    """Return a step of the way back."""
    return {"url": reverse(name), "label": label}


def header(title: str, *above: dict[str, str]) -> dict[str, Any]:
    """Return what Wagtail's header shows: the title and the way back."""
    home = {"url": reverse("wagtailadmin_home"), "label": "Home"}
    return {
        "header_title": title,
        "header_icon": "tick",
        "breadcrumbs_items": [home, *above, {"url": "", "label": title}],
    }


_AT = "reports/acknowledgements"
urlpatterns = [
    path(f"{_AT}/", index, name=_INDEX),
    path(f"{_AT}/editions.<str:format>", index, name="acknowledgement_report_index_file"),
    path(f"{_AT}/people/", people, name=_PEOPLE),
    path(f"{_AT}/people.<str:format>", people, name="acknowledgement_report_people_file"),
    path(f"{_AT}/people/<int:pk>/", person, name="acknowledgement_report_person"),
    path(f"{_AT}/people/<int:pk>.<str:format>", person, name="acknowledgement_report_person_file"),
    path(f"{_AT}/<int:pk>/", edition, name="acknowledgement_report"),
    path(f"{_AT}/<int:pk>.<str:format>", edition, name="acknowledgement_report_file"),
]
