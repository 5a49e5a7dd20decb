"""A person's certificates, each with its PDF, and withdrawing one and issuing it again."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.people.models import User
from portal.training import certificate_pdf, certifying, permissions
from portal.training.certificate_forms import WithdrawalForm
from portal.training.models import Certificate

FOLLOWED = "A newer certificate has taken the place of this one. This is the newer one."
WITHDRAWN_ALREADY = "This certificate has been withdrawn already. What you sent was not written."
NOT_PRINTED = "This certificate was withdrawn, so it is not printed."
STANDS = "This certificate has not been withdrawn, so there is nothing to issue again."
_SHOWN = ("person", "path", "edition", "withdrawal", "follower", "follows")


@never_cache
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """List the certificates of the signed-in person, the newest first."""
    context = {"certificates": certifying.of(cast(User, request.user))}
    return render(request, "training/certificates/mine.html", context)


@never_cache
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a certificate says, and how it stands today."""
    found = _found(pk)
    if not permissions.may_see_progress_of(request.user, found.person):
        raise PermissionDenied
    context = {
        "certificate": found,
        "is_own": found.person_id == request.user.pk,
        "may_certify": permissions.may_certify(request.user, found.person),
    }
    return render(request, "training/certificates/certificate.html", context)


@never_cache
@require_safe
def certificate_as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a certificate to be printed. One that was withdrawn is not."""
    found = _found(pk)
    if not permissions.may_see_progress_of(request.user, found.person):
        raise PermissionDenied
    if found.state == "withdrawn":
        messages.warning(request, NOT_PRINTED)
        return _to(found)
    response = HttpResponse(certificate_pdf.of(found), content_type="application/pdf")
    name = slugify(f"{found.path_title} {found.person_name}") or "certificate"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why a certificate is withdrawn; posted, show what that does, and once that is agreed to, withdraw it."""
    found = _found_to_certify(request, pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    does = request.POST.get("do") if form.is_bound and form.is_valid() else None
    if does == "withdraw":
        try:
            certifying.withdraw(found, cast(User, request.user), form.cleaned_data["reason"])
        except certifying.AlreadyWithdrawn:
            messages.warning(request, WITHDRAWN_ALREADY)
        except certifying.NotTheNewest:
            return _to_newest(request, found)
        else:
            messages.success(request, f"Withdrawn: {found.person_name}, “{found.path_title}”.")
        return _to(found)
    if not found.is_newest:
        return _to_newest(request, found)
    if found.state == "withdrawn":
        return _to(found)
    context = {"certificate": found, "form": form, "asks_again": does == "check"}
    return render(request, "training/certificates/withdraw.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whether a certificate that was withdrawn can be issued again; posted, issue it."""
    found = _found_to_certify(request, pk)
    if not found.is_newest:
        return _to_newest(request, found)
    if found.state != "withdrawn":
        messages.warning(request, STANDS)
        return _to(found)
    if request.method == "POST":
        try:
            written = certifying.issue_again(found, cast(User, request.user))
        except certifying.NotTheNewest:
            return _to_newest(request, found)
        except certifying.NotFinished:
            pass
        else:
            messages.success(request, f"Issued again: {written.person_name}, “{written.path_title}”.")
            return _to(written)
    context = {"certificate": found, "finished": certifying.finished(found)}
    return render(request, "training/certificates/issue_again.html", context)


def _found(pk: int) -> Certificate:
    return get_object_or_404(Certificate.objects.select_related(*_SHOWN), pk=pk)


def _found_to_certify(request: HttpRequest, pk: int) -> Certificate:
    found = _found(pk)
    if not permissions.may_certify(request.user, found.person):
        raise PermissionDenied
    return found


def _to(certificate: Certificate) -> HttpResponseRedirect:
    return redirect("training:certificate", certificate.pk)


def _to_newest(request: HttpRequest, certificate: Certificate) -> HttpResponseRedirect:
    messages.warning(request, FOLLOWED)
    return _to(Certificate.objects.newest().get(person=certificate.person_id, path=certificate.path_id))
