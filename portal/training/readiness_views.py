"""How far a person is with each function, and the same of a team."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from manuals.spreadsheets import FORMATS
from portal.people.models import User
from portal.training import permissions, readiness, readiness_charts, readiness_missing, readiness_sheet
from portal.training.enrolment_forms import PeopleFilterForm
from portal.training.models import Level, ReadinessRule
from portal.training.readiness_rules import Measure, Rules, in_words

PER_PAGE = 50
READY = [("", "Anyone"), ("ready", "Ready for the next position"), ("not", "Not ready yet")]


class ReadinessFilterForm(PeopleFilterForm):
    """Which people, and whether only those who are ready to move up."""

    ready = forms.ChoiceField(
        required=False, label="Moving up", choices=READY, widget=forms.Select(attrs={"class": "usa-select"})
    )

    field_order = ["whose", "name", "position", "ready"]


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show how far the signed-in person is."""
    return _of_person(request, cast(User, request.user))


@never_cache
@require_safe
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a person is."""
    person = get_object_or_404(User.objects.select_related("supervisor"), pk=pk)
    if not permissions.may_see_progress_of(request.user, person):
        raise PermissionDenied
    return _of_person(request, person)


@never_cache
@require_safe
def team(request: HttpRequest) -> HttpResponseBase:
    """Show how far people are with each function, fifty at a time, narrowed as asked; with `export`, as a file."""
    if not request.user.has_perm("training.view_enrolment"):
        raise PermissionDenied
    form = ReadinessFilterForm(cast(User, request.user), request.GET)
    people = form.people().select_related("supervisor")
    wanted = form.chosen("ready")
    if request.GET.get("export") in FORMATS:
        return readiness_sheet.file(_moving_up(readiness.of(people).values(), wanted), request.GET["export"])
    if wanted:
        # Who is ready is kept nowhere, so all of them are looked at.
        every = _moving_up(readiness.of(people).values(), wanted)
        page: Page[Any] = Paginator(every, PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
    else:
        page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
        rows = list(readiness.of(page).values())
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "bars": readiness_charts.bars(rows),
        "levels": list(Level)[::-1],
        "formats": FORMATS,
        **_explained(request, rows),
    }
    return render(request, "training/readiness/team.html", context)


def _of_person(request: HttpRequest, person: User) -> HttpResponse:
    found = readiness.of([person])[person.pk]
    is_own = cast(User, request.user).pk == person.pk
    may_sign = permissions.may_sign_for(request.user, person)
    lines = readiness_missing.lines(found, found.abilities, is_own=is_own, may_sign=may_sign)
    own, to_come = lines[: len(found.own)], lines[len(found.own) :]
    context = {
        "person": found.person,
        "is_own": is_own,
        "readiness": found,
        "own": {"lines": own, "picture": readiness_charts.columns(found.own)},
        "next": {"lines": to_come, "picture": readiness_charts.columns(found.next)},
        "measures": list(Measure),
        "levels": list(Level)[::-1],
        "may_see_team": request.user.has_perm("training.view_enrolment"),
        **_explained(request, [found]),
    }
    return render(request, "training/readiness/person.html", context)


def _explained(request: HttpRequest, people: list[readiness.Readiness]) -> dict[str, Any]:
    """Return how readiness is decided, for the functions that these people have."""
    rules = Rules()
    functions = {one.function.pk: one.function for found in people for one in found.abilities}
    own = rules.exceptions_among(functions.values())
    may_set = request.user.has_perm("training.change_readinessrule")
    return {
        "general": _said(rules.general),
        "exceptions": [_said(rule) for rule in own],
        "rules_url": reverse(cast(Any, ReadinessRule).snippet_viewset.get_url_name("list")) if may_set else "",
    }


def _said(rule: ReadinessRule) -> dict[str, Any]:
    return {
        "rule": rule,
        "help": in_words(rule, Level.WITH_HELP),
        "alone": in_words(rule, Level.ALONE),
        "asks_for_a_task": rule.alone_signed > 0,
    }


def _moving_up(found: Any, wanted: str) -> list[readiness.Readiness]:
    if not wanted:
        return list(found)
    return [one for one in found if one.above and one.is_ready == (wanted == "ready")]
