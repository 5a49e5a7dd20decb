"""Saying in one click that a page is still correct."""

from datetime import date, timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from manuals import verifications
from manuals.models.library_page import LibraryPage
from manuals.permissions import may_read
from portal.people.models import User

LONGEST = timedelta(days=5 * 366)


class VerificationForm(forms.Form):
    """Asks by when somebody should look again."""

    review_by = forms.DateField(
        label="Next look by",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "usa-input"}),
        error_messages={"invalid": "Write the day as year, month and day: 2027-03-31."},
    )

    def clean_review_by(self) -> date | None:
        """Refuse a day that has come already, or that nobody will remember."""
        day: date | None = self.cleaned_data["review_by"]
        today = timezone.localdate()
        if day and day <= today:
            raise forms.ValidationError("This day has come already. Give one after today.")
        if day and day > today + LONGEST:
            raise forms.ValidationError("That is more than five years from now. Give an earlier day.")
        return day


@require_http_methods(["GET", "HEAD", "POST"])
def still_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a page is still correct, or write that this person says so."""
    person = cast(User, request.user)
    page = get_object_or_404(Page.objects.live(), pk=pk).specific
    if not isinstance(page, LibraryPage) or not may_read(page, request):
        raise Http404
    if not verifications.may_verify(page, person):
        raise PermissionDenied
    last = verifications.latest([page]).get(page.pk)
    if request.method == "POST":
        form = VerificationForm(request.POST)
        if form.is_valid():
            verification = verifications.verify(page, person, form.cleaned_data["review_by"])
            messages.success(request, _thanks(verification.page.specific))
            return redirect(page.get_url(request) or "/")
    else:
        form = VerificationForm(initial={"review_by": verifications.next_look(page, last)})
    context = {"page": page, "form": form, "last": last, "title": f"Is “{page.title}” still correct?"}
    return render(request, "manuals/still_correct.html", context)


def _thanks(page: LibraryPage) -> str:
    if page.review_by is None:
        return "Marked as still correct today. Thank you."
    return f"Marked as still correct today. Next look by {date_format(page.review_by, 'F j, Y')}. Thank you."
