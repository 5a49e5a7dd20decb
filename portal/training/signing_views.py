"""Signing a task off at the desk, what waits to be signed, and the records."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.people.models import User
from portal.training import permissions, renewing, signing, team, waiting, witnessed
from portal.training.models import SignOff, Task
from portal.training.signing_forms import SignOffCorrectionForm, SignOffForm, ToSignForm

PEOPLE_PER_PAGE = 20
RECORDS_PER_PAGE = 30
CORRECTED_ALREADY = "This record has been corrected already. What you sent was not written; this is what counts now."


@never_cache
@require_safe
def to_sign(request: HttpRequest) -> HttpResponse:
    """List what waits for a supervisor: of their reports, or where they have none or ask for it, of everyone."""
    supervisor = cast(User, request.user)
    if not supervisor.has_perm("training.add_signoff"):
        raise PermissionDenied
    has_reports = supervisor.reports.filter(is_active=True).exists()
    form = ToSignForm(request.GET if has_reports or "whose" in request.GET else {**request.GET.dict(), "whose": "all"})
    form.is_valid()
    people = waiting.people_for(supervisor)
    if form.cleaned_data.get("whose") != "all":
        people = people.filter(supervisor=supervisor)
    people = people.filter(team.named(form.cleaned_data.get("name", "")))
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "found": waiting.of(page.object_list),
        "is_narrowed": bool(form.cleaned_data.get("name")),
        "is_everyone": form.cleaned_data.get("whose") == "all",
    }
    return render(request, "training/signing/to_sign.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, person_pk: int, task_pk: int) -> HttpResponse:
    """Show a task's checklist; posted, show what would be written, and once that is agreed to, write it."""
    person = get_object_or_404(User, pk=person_pk, is_active=True)
    if not permissions.may_sign_for(request.user, person):
        raise PermissionDenied
    task = get_object_or_404(Task, pk=task_pk)
    texts = list(task.checklist.values_list("text", flat=True))
    form = SignOffForm(texts, signing.newest(person, task), request.POST if request.method == "POST" else None)
    context = {"person": person, "task": task, "title": task.title, "times_met": renewing.times_met(person, task)}
    if form.is_bound and form.is_valid() and request.POST.get("do") == "sign":
        try:
            record = signing.sign(
                person,
                task,
                cast(User, request.user),
                checklist=form.checklist,
                met=form.met,
                remarks=form.cleaned_data["remarks"],
                after=form.cleaned_data["after"],
            )
        except signing.SignedMeanwhile:
            form = SignOffForm(texts, signing.newest(person, task), request.POST)
        else:
            outcome = "met" if record.met else "not yet"
            messages.success(request, f"Signed: {person}, “{task.title}”, {outcome}.")
            return redirect("training:sign_off", record.pk)
    return _sheet(request, form, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record to be corrected; posted, show what would take its place, and once that is agreed to, write it."""
    record = get_object_or_404(SignOff.objects.select_related("person", "task"), pk=pk)
    if not permissions.may_sign_for(request.user, record.person):
        raise PermissionDenied
    form = SignOffCorrectionForm(record, request.POST if request.method == "POST" else None)
    try:
        signing.may_be_corrected(record)
        if form.is_bound and form.is_valid() and request.POST.get("do") == "sign":
            correction = signing.correct(
                record,
                cast(User, request.user),
                checklist=form.checklist,
                met=form.met,
                remarks=form.cleaned_data["remarks"],
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "Corrected. Both records are kept, and this one counts.")
            return redirect("training:sign_off", correction.pk)
    except signing.CorrectedAlready:
        messages.warning(request, CORRECTED_ALREADY)
        return redirect("training:sign_off", signing.chain_of(record)[-1].pk)
    return _sheet(
        request,
        form,
        {"person": record.person, "task": record.task, "title": record.task_title, "record": record},
    )


@never_cache
@require_safe
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record of a task: who, what was seen, when, and what corrected it."""
    record = get_object_or_404(SignOff.objects.select_related("person"), pk=pk)
    if not permissions.may_see_progress_of(request.user, record.person):
        raise PermissionDenied
    context = {
        "record": record,
        "chain": signing.chain_of(record),
        "may_correct": permissions.may_sign_for(request.user, record.person),
    }
    return render(request, "training/signing/sign_off.html", context)


@never_cache
@require_safe
def records(request: HttpRequest, person_pk: int) -> HttpResponse:
    """List what supervisors saw a person do and where they were, newest first."""
    person = get_object_or_404(User, pk=person_pk)
    if not permissions.may_see_progress_of(request.user, person):
        raise PermissionDenied
    page = Paginator(witnessed.of(person), RECORDS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"person": person, "page": page, "records": witnessed.fetched(page.object_list)}
    return render(request, "training/signing/records.html", context)


def _sheet(request: HttpRequest, form: SignOffForm, context: dict[str, Any]) -> HttpResponse:
    """Show the form, or what it says once more before it is written."""
    asks_again = form.is_bound and form.is_valid() and request.POST.get("do") == "check"
    template = "confirm.html" if asks_again else "sign.html"
    return render(request, f"training/signing/{template}", {"form": form, "now": timezone.now(), **context})
