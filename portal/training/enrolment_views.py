"""Putting people on paths, taking them off, and entering leaves of absence."""

import base64
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.people.models import User
from portal.training import absences, enrolling, enrolment_file, permissions, progress, team
from portal.training.enrolment_forms import (
    OFFERED,
    AbsenceForm,
    BackForm,
    EnrolFileForm,
    EnrolForm,
    LeaveForm,
    PeopleFilterForm,
)
from portal.training.models import Enrolment, Pause

SALT = "portal.training.enrolment_file"
MAX_AGE = 3600  # seconds between looking and writing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Show whom to put on which path, narrowed as asked; posted, do it."""
    _refuse_unless_may_enrol(request)
    narrowed = PeopleFilterForm(cast(User, request.user), request.GET)
    people = list(narrowed.people()[: OFFERED + 1])
    offered = people[:OFFERED]
    form = EnrolForm(
        offered, request.POST if request.method == "POST" else None, initial={"people": request.GET.getlist("person")}
    )
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["people"])
        path = form.cleaned_data["path"]
        new = enrolling.enrol(chosen, path, by=cast(User, request.user), starts_on=form.cleaned_data["starts_on"])
        messages.success(request, _told(len(new), len(chosen) - len(new), str(path)))
        return redirect(f"{reverse('training:team')}?whose=all&path={path.pk}")
    context = {"form": form, "narrowed": narrowed, "has_more": len(people) > OFFERED, "most": OFFERED}
    return render(request, "training/team/enrol.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_file(request: HttpRequest) -> HttpResponse:
    """Show the form; then what the file would do, with its errors by line; then do it."""
    _refuse_unless_may_enrol(request)
    if request.method == "POST" and "confirm" in request.POST:
        return _write(request)
    form = EnrolFileForm(request.POST, request.FILES) if request.method == "POST" else EnrolFileForm()
    context: dict[str, Any] = {"form": form, "columns": enrolment_file.COLUMNS}
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        context["plan"] = plan = enrolment_file.plan(content)
        if plan.new and not plan.errors:
            context["token"] = signing.dumps(base64.b85encode(content).decode(), salt=SALT, compress=True)
    return render(request, "training/team/enrol_file.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one enrolment; posted, take the person off the path, or enter that they are away or back, as `do` says."""
    _refuse_unless_may_enrol(request)
    found = get_object_or_404(Enrolment.objects.select_related("person", "path", "edition", "left_by"), pk=pk)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do and not found.is_open:
        messages.error(request, f"{found.person} has left this path already. Nothing was changed.")
        return redirect("training:enrolment", pk)
    forms = {
        "leave": LeaveForm(request.POST if do == "leave" else None),
        "absence": AbsenceForm(request.POST if do == "absence" else None),
        "back": BackForm(request.POST if do == "back" else None),
    }
    if do in forms and forms[do].is_valid():
        said = _DOES[do](found, forms[do], cast(User, request.user))
        if said:
            messages.success(request, said)
            return redirect("training:enrolment", pk)
    pauses = list(found.pauses.select_related("by").order_by("-since"))
    context = {
        "enrolment": found,
        "row": team.of([progress.of([found])[pk]])[0],
        "forms": forms,
        "pauses": pauses,
        "is_paused": any(pause.until is None for pause in pauses),
        "others": len([one for one in absences.open_of(found.person) if one.pk != pk]),
    }
    return render(request, "training/team/enrolment.html", context)


def _leave(found: Enrolment, form: Any, by: User) -> str:
    enrolling.leave(found, form.cleaned_data["reason"], by)
    return f"{found.person} is off the path “{found.path}”. What they did is kept."


def _be_away(found: Enrolment, form: Any, by: User) -> str:
    """Enter a leave and return what to say, or nothing where the form says now what is wrong."""
    values = form.cleaned_data
    try:
        absences.begin(_meant(found, form), values["since"], values["until"], values["reason"], by)
    except absences.Overlaps as error:
        form.add_error("since", f"{found.person} is away {_span(error.pause)} already. Leave these days out.")
        return ""
    return f"The leave is entered. What is due to {found.person} moves by its working days."


def _be_back(found: Enrolment, form: Any, by: User) -> str:
    """Enter the first day back and return what to say, or nothing where the form says now what is wrong."""
    try:
        absences.end(_meant(found, form), form.cleaned_data["until"])
    except absences.BackTooEarly as error:
        form.add_error("until", f"They are away since {_day(error.pause.since)}. The first day back comes after that.")
        return ""
    return f"{found.person} is back on {_day(form.cleaned_data['until'])}."


_DOES = {"leave": _leave, "absence": _be_away, "back": _be_back}


def _meant(found: Enrolment, form: Any) -> list[Enrolment]:
    """Return the enrolments that a form is meant for: this one, or all that the person has."""
    return absences.open_of(found.person) if form.cleaned_data["everywhere"] else [found]


def _write(request: HttpRequest) -> HttpResponseRedirect:
    """Write the file that was looked at; it travels signed in the form, so that nothing else can be slipped in."""
    try:
        content = base64.b85decode(signing.loads(request.POST["confirm"], salt=SALT, max_age=MAX_AGE))
        new = enrolment_file.apply(content, cast(User, request.user))
    except signing.BadSignature:
        messages.error(request, "The file was looked at too long ago, or was changed on the way. Choose it again.")
        return redirect("training:enrol_file")
    except enrolment_file.EnrolmentFileError as error:
        messages.error(request, f"Nobody was enrolled, because the portal has changed since. {error.errors[0]}")
        return redirect("training:enrol_file")
    messages.success(request, f"{len(new)} {'enrolment' if len(new) == 1 else 'enrolments'} made.")
    return redirect(f"{reverse('training:team')}?whose=all")


def _told(new: int, present: int, path: str) -> str:
    """Return what putting people on a path has done."""
    said = f"{new} {'person is' if new == 1 else 'people are'} now on “{path}”."
    return f"{said} {present} {'was' if present == 1 else 'were'} on it already." if present else said


def _span(pause: Pause) -> str:
    return f"from {_day(pause.since)}" + (f" until {_day(pause.until)}" if pause.until else "")


def _day(day: date) -> str:
    return date_format(day, "F j, Y", use_l10n=False)


def _refuse_unless_may_enrol(request: HttpRequest) -> None:
    if not permissions.may_enrol(request.user):
        raise PermissionDenied
