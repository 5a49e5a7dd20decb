"""Granting and ending exemptions from acknowledging, in Wagtail's admin."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page

from manuals import exemptions
from manuals.acknowledgement_report_views import crumb, header
from manuals.exemptions import ExemptionForm
from manuals.models import Edition, Exemption
from portal.people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom a page asks; posted with a reason, exempt one of them from this edition of it and later ones."""
    edition = get_object_or_404(Edition, pk=pk)
    page = _page(request, edition.page_id)
    initial = {"person": request.GET.get("person", "")}
    form = ExemptionForm(edition, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        try:
            exemptions.grant(person, page, form.cleaned_data["reason"], cast(User, request.user))
        except exemptions.AlreadyExempt as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"{person} need not acknowledge “{page.title}”.")
        return redirect("acknowledgement_report", edition.pk)
    context = {"form": form, "page": page, "edition": edition, **header(f"Exempt from: {page.title}", crumb())}
    return render(request, "manuals/admin/acknowledgements_exempt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an exemption; posted, end it from now on."""
    exemption = get_object_or_404(Exemption.objects.select_related("person", "granted_by"), pk=pk)
    page = _page(request, exemption.page_id)
    if request.method == "POST":
        if exemptions.end(exemption, cast(User, request.user)):
            messages.success(request, f"{exemption.person} is asked to acknowledge “{page.title}” again.")
        else:
            messages.warning(request, "It had been ended already.")
        return redirect("acknowledgement_report_person", exemption.person_id)
    context = {"exemption": exemption, "page": page, **header(f"End the exemption of {exemption.person}", crumb())}
    return render(request, "manuals/admin/acknowledgements_end.html", context)


def _page(request: HttpRequest, page_id: int) -> Page:
    page = get_object_or_404(Page, pk=page_id)
    if not exemptions.may_exempt(request.user, page):
        raise PermissionDenied
    return page


urlpatterns = [
    path("reports/acknowledgements/<int:pk>/exempt/", grant, name="acknowledgement_exempt"),
    path("reports/acknowledgements/exemptions/<int:pk>/end/", end, name="acknowledgement_end_exemption"),
]
