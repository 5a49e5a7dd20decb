"""Importing staff from the admin: look first, then write."""

import base64

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.people import invitations, staff_import
from portal.people.forms import StaffImportForm
from portal.people.models import User

SALT = "portal.people.staff_import"
MAX_AGE = 3600  # seconds between looking and writing


def may_import(user: object) -> bool:
    """Return whether this person may bring in staff."""
    return isinstance(user, User) and user.has_perms(["people.add_user", "people.change_user"])


def import_staff(request: HttpRequest) -> HttpResponse:
    """Show the form; then what the file would do, with its errors by line; then do it."""
    if not may_import(request.user):
        raise PermissionDenied
    if request.method == "POST" and "confirm" in request.POST:
        return _write(request)
    form = StaffImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {
        "form": form,
        "columns": staff_import.COLUMNS,
        "required": staff_import.REQUIRED,
    }
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        plan = staff_import.plan(content)
        context["plan"] = plan
        context["invite"] = form.cleaned_data["invite"]
        if not plan.errors:
            context["token"] = signing.dumps(base64.b85encode(content).decode(), salt=SALT, compress=True)
    return render(request, "people/admin/import_staff.html", context)


def _write(request: HttpRequest) -> HttpResponse:
    """Write the file that was looked at; it travels signed in the form, so that nothing else can be slipped in."""
    try:
        content = base64.b85decode(signing.loads(request.POST["confirm"], salt=SALT, max_age=MAX_AGE))
        plan = staff_import.apply(content)
    except signing.BadSignature:
        messages.error(request, "The file was looked at too long ago, or was changed on the way. Choose it again.")
        return redirect("import_staff")
    except staff_import.StaffImportError as error:
        messages.error(request, f"Nothing was imported, because the portal has changed since. {error.errors[0]}")
        return redirect("import_staff")
    if request.POST.get("invite"):
        invitations.send(User.objects.filter(username__in=plan.created), request)
    messages.success(request, f"{len(plan.created)} people added, {len(plan.changed)} changed.")
    return redirect(reverse("wagtailusers_users:index"))
