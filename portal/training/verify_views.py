"""Checking a certificate by its code, signed in or not. It says how the certificate stands and nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.training import certificate_codes
from portal.training.certificate_forms import CodeForm
from portal.training.models import Certificate


@login_not_required
@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and lead to what it says."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify:check", certificate_codes.grouped(form.cleaned_data["code"]))
    return _unlisted(render(request, "training/certificates/ask.html", {"form": form}))


@login_not_required
@never_cache
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the certificate with a code is valid, expired or withdrawn, or that none has it (404)."""
    found = Certificate.objects.filter(code=certificate_codes.read(code)).select_related("withdrawal").first()
    context = {
        "state": found.state if found else None,
        "code": certificate_codes.grouped(found.code) if found else code,
        "form": CodeForm(initial={"code": code}),
    }
    status = 200 if found else 404
    return _unlisted(render(request, "training/certificates/check.html", context, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
