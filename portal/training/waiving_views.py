"""Waiving a step for a person, and ending a waiver."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.people.models import User
from portal.training import permissions, progress, waiving
from portal.training.models import Enrolment, Kind, Step, Waiver
from portal.training.signing_forms import WaiverForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waive(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Show whether a step is waived for a person; posted with a reason, waive it; posted with `end`, end the waiver."""
    enrolment = get_object_or_404(Enrolment.objects.select_related("person", "path"), pk=pk)
    by = cast(User, request.user)
    if not permissions.may_waive_for(by, enrolment.person):
        raise PermissionDenied
    waivers = list(Waiver.objects.filter(enrolment=enrolment, key=key).select_related("by", "ended_by"))
    step = get_object_or_404(Step.objects.select_related("page"), edition=enrolment.edition_id, key=key)
    standing = next((one for one in waivers if one.ended_at is None), None)
    if "end" in request.POST and standing:
        standing.enrolment = enrolment
        waiving.end(standing, by)
        messages.success(request, f"{enrolment.person} is asked to do “{standing.title}” again.")
        return redirect(request.path)
    sent = request.POST if request.method == "POST" and "end" not in request.POST else None
    form = WaiverForm(sent, may_exempt=waiving.may_exempt(by, step))
    if form.is_bound and form.is_valid() and enrolment.is_open:
        try:
            waiving.waive(enrolment, step, form.cleaned_data["reason"], by, exempt=form.is_exempt)
        except waiving.AlreadyWaived as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"{enrolment.person} need not do “{step.title}”.")
        return redirect(request.path)
    found = next(one for one in progress.of([enrolment])[enrolment.pk].steps if one.step.key == step.key)
    context = {
        "enrolment": enrolment,
        "person": enrolment.person,
        "step": found.step,
        "found": found,
        "is_policy": step.kind == Kind.POLICY,
        "is_exempt": waiving.is_exempt(enrolment.person, step),
        "standing": standing,
        "earlier": [one for one in waivers if one.ended_at],
        "form": form,
    }
    return render(request, "training/signing/waive.html", context)
