"""Confirming who attended something, and the records of it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.people.models import User
from portal.training import attending, permissions, renewing, signing
from portal.training.models import Attendance, Enrolment, Kind, Step
from portal.training.signing_forms import AttendanceCorrectionForm, AttendanceForm
from portal.training.signing_views import CORRECTED_ALREADY


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Show who should attend something; posted, write that those who are ticked were there."""
    enrolment = get_object_or_404(Enrolment.objects.select_related("person"), pk=pk)
    if not permissions.may_confirm_for(request.user, enrolment.person):
        raise PermissionDenied
    step = get_object_or_404(Step, edition=enrolment.edition_id, key=key, kind=Kind.ATTEND)
    supervisor = cast(User, request.user)
    is_everyone = request.GET.get("whose") == "all"
    group = attending.group_for(supervisor, enrolment.person, step, everyone=is_everyone)
    form = AttendanceForm(
        attending.people_on(step.key).exclude(pk=supervisor.pk),
        request.POST if request.method == "POST" else None,
        again=renewing.asked_again(step.key),
        initial={"people": [enrolment.person_id], "day": timezone.localdate()},
    )
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        found = attending.confirm(cleaned["people"], step, supervisor, day=cleaned["day"], remarks=cleaned["remarks"])
        if found.records:
            messages.success(request, f"Confirmed for {', '.join(one.person_name for one in found.records)}.")
        if found.already:
            names = ", ".join(map(str, found.already))
            messages.info(request, f"Confirmed before, and left as it is: {names}.")
        return redirect("training:to_sign")
    context = {
        "step": step,
        "form": form,
        "group": group,
        "ticked": form.ticked,
        "is_everyone": is_everyone,
        "now": timezone.now(),
    }
    return render(request, "training/signing/attend.html", context)


@never_cache
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record of an attendance, and what corrected it."""
    record = get_object_or_404(Attendance.objects.select_related("person"), pk=pk)
    if not permissions.may_see_progress_of(request.user, record.person):
        raise PermissionDenied
    context = {
        "record": record,
        "chain": signing.chain_of(record),
        "may_correct": permissions.may_confirm_for(request.user, record.person),
    }
    return render(request, "training/signing/attendance.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record to be corrected; posted, write what takes its place."""
    record = get_object_or_404(Attendance.objects.select_related("person"), pk=pk)
    if not permissions.may_confirm_for(request.user, record.person):
        raise PermissionDenied
    form = AttendanceCorrectionForm(record, request.POST if request.method == "POST" else None)
    try:
        signing.may_be_corrected(record)
        if form.is_bound and form.is_valid():
            correction = attending.correct(
                record,
                cast(User, request.user),
                day=form.cleaned_data["day"],
                attended=form.cleaned_data["attended"] == "yes",
                remarks=form.cleaned_data["remarks"],
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "Corrected. Both records are kept, and this one counts.")
            return redirect("training:attendance", correction.pk)
    except signing.CorrectedAlready:
        messages.warning(request, CORRECTED_ALREADY)
        return redirect("training:attendance", signing.chain_of(record)[-1].pk)
    context = {"record": record, "form": form, "now": timezone.now()}
    return render(request, "training/signing/correct_attendance.html", context)
