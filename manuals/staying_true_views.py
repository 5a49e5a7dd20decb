"""The report on what may no longer be true, in Wagtail's admin."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from manuals import spreadsheets, staying_true
from manuals.staying_true import BY_KEY, CONCERNS, Concern, Finding, Library
from portal.people.models import User

PER_PAGE = 50
TITLE = "Staying true"
# The value of `owner` in an address that asks for the pages that nobody keeps.
NOBODY = "nobody"


@require_safe
def report(request: HttpRequest, key: str = CONCERNS[0].key) -> HttpResponse:
    """Show the findings of one kind, and how many there are of each; those of one owner's pages with `owner`."""
    concern = _concern(request, key)
    library = Library()
    owner = request.GET.get("owner", "")
    found = {one.key: _of_owner(list(one.find(library)), owner) for one in CONCERNS}
    query = f"?{urlencode({'owner': owner})}" if owner else ""
    context = {
        "concern": concern,
        "tabs": [_tab(one, found[one.key], query, current=one is concern) for one in CONCERNS],
        "is_well": not any(finding.wants_looking_at for finding in found[key]),
        "found": Paginator(found[key], PER_PAGE).get_page(request.GET.get("p")),
        "owner": owner,
        "owners": _owners(library),
        "nobody": NOBODY,
        "query": query,
        "formats": [
            (format.upper(), reverse("staying_true_export", args=[key, format]) + query)
            for format in spreadsheets.FORMATS
        ],
        "is_sample": key == "sample-values" and staying_true.is_sample_city(),
        "is_real": key == "sample-values" and not staying_true.is_sample_city(),
        **_header(),
    }
    return render(request, "manuals/admin/staying_true.html", context)


@require_safe
def export(request: HttpRequest, key: str, format: str) -> HttpResponseBase:
    """Return the findings of one kind as a file."""
    concern = _concern(request, key)
    if format not in spreadsheets.FORMATS:
        raise Http404(f"There is no export as {format}.")
    columns = ["Page", "Kind", "Owner", "Address", *concern.columns, *([concern.details] if concern.details else [])]
    found = _of_owner(list(concern.find(Library())), request.GET.get("owner", ""))
    rows = (
        {
            "Page": finding.page.title,
            "Kind": finding.kind,
            "Owner": finding.owner,
            "Address": request.build_absolute_uri(finding.url),
            concern.details: "\n".join(finding.details),
            **finding.values,
        }
        for finding in found
    )
    return spreadsheets.Spreadsheet(f"staying-true-{key}", columns).file(rows, format)


def may_see(user: object) -> bool:
    """Return whether this person keeps content."""
    return isinstance(user, User) and user.writes_content


class StayingTrueMenuItem(MenuItem):
    """Shown to those who write."""

    def __init__(self) -> None:
        super().__init__(TITLE, reverse("staying_true"), icon_name="circle-check", order=880)

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return may_see(request.user)


def _concern(request: HttpRequest, key: str) -> Concern:
    if not may_see(request.user):
        raise PermissionDenied
    if key not in BY_KEY:
        raise Http404(f"There is no part {key} of this report.")
    return BY_KEY[key]


def _of_owner(found: list[Finding], owner: str) -> list[Finding]:
    """Return the findings on the pages of one owner, given by key, or of nobody; all without one."""
    if not owner:
        return found
    return [finding for finding in found if owner == str(finding.page.owner_id or NOBODY)]


def _owners(library: Library) -> list[tuple[str, str]]:
    """Return the keys and names of those who keep a page, by name."""
    owners = {page.owner.pk: page.owner for page in library.pages if page.owner}
    names = ((str(key), staying_true.owner_in_words(owner)) for key, owner in owners.items())
    return sorted(names, key=lambda one: one[1].lower())


def _tab(concern: Concern, found: list[Finding], query: str, *, current: bool) -> dict[str, Any]:
    count = sum(finding.wants_looking_at for finding in found)
    url = reverse("staying_true_part", args=[concern.key]) + query
    return {"label": concern.label, "count": count, "url": url, "current": current}


def _header() -> dict[str, Any]:
    """Return what Wagtail's header shows: the title and the way back."""
    home = {"url": reverse("wagtailadmin_home"), "label": "Home"}
    return {
        "header_title": TITLE,
        "header_icon": "circle-check",
        "breadcrumbs_items": [home, {"url": "", "label": TITLE}],
    }


urlpatterns = [
    path("reports/staying-true/", report, name="staying_true"),
    path("reports/staying-true/<slug:key>/", report, name="staying_true_part"),
    path("reports/staying-true/<slug:key>.<str:format>", export, name="staying_true_export"),
]
