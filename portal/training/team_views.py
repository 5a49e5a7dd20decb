"""The team at a glance, and the whole evidence of one person."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from manuals.spreadsheets import FORMATS
from portal.people.models import User
from portal.training import certifying, permissions, progress, team, team_evidence, team_sheet
from portal.training.enrolment_forms import TeamFilterForm
from portal.training.models import Enrolment
from portal.training.team import Row, Standing
from portal.training.team_evidence import Evidence

PER_PAGE = 50


@never_cache
@require_safe
def team_grid(request: HttpRequest) -> HttpResponseBase:
    """Show who is how far, fifty at a time, narrowed as asked; with `export`, all of it as a file."""
    if not request.user.has_perm("training.view_enrolment"):
        raise PermissionDenied
    form = TeamFilterForm(cast(User, request.user), request.GET)
    found = team.enrolments(**form.enrolments_asked())
    if request.GET.get("export") in FORMATS:
        return team_sheet.file(_standing(team.rows(found), form.chosen("standing")), request.GET["export"])
    if form.chosen("standing"):
        # How someone stands is kept nowhere, so all of them are looked at.
        every = _standing(team.rows(found), form.chosen("standing"))
        page: Page[Any] = Paginator(every, PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
    else:
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        rows = team.rows(page)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "standings": list(Standing),
        "formats": FORMATS,
        "may_enrol": permissions.may_enrol(request.user),
        "may_sign": request.user.has_perm("training.add_signoff"),
    }
    return render(request, "training/team/grid.html", context)


@never_cache
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a person is on each of their paths, and everything on record of them, narrowed by `kind`."""
    found = get_object_or_404(User.objects.select_related("supervisor"), pk=pk)
    if not permissions.may_see_progress_of(request.user, found):
        raise PermissionDenied
    own = (
        Enrolment.objects.filter(person=found)
        .select_related("person", "path", "edition", "left_by")
        .defer("path__contents")
    )
    known = progress.of(own.order_by("left_at", "-starts_on", "-pk"))
    enrolments = team.of(known.values())
    kind = request.GET.get("kind", "")
    page = Paginator(team_evidence.found_of(found, kind), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": found,
        "present": [one for one in enrolments if one.enrolment.is_open],
        "past": [one for one in enrolments if not one.enrolment.is_open],
        "page": page,
        "entries": team_evidence.entries(list(page.object_list)),
        "certificates": certifying.of(found),
        "kinds": list(Evidence),
        "kind": kind,
        "may_enrol": permissions.may_enrol(request.user),
        "may_see_team": request.user.has_perm("training.view_enrolment"),
    }
    return render(request, "training/team/person.html", context)


def _standing(rows: list[Row], standing: str) -> list[Row]:
    return [row for row in rows if not standing or row.standing == standing]
