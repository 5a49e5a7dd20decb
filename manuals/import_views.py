"""Importing content from the admin: look first, then write."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from wagtail.models import Page

from manuals import permissions, waiting_uploads
from manuals.exchange import archive, importing
from manuals.exchange.errors import FileError, ImportRefused
from portal.people.models import User

MAX_UPLOAD = 100_000_000  # bytes


class ContentImportForm(forms.Form):
    """The zip file of an import."""

    file = forms.FileField(
        label="Zip file", help_text="A zip of a content folder: policies, answers, manuals, media, job-functions.md."
    )

    def clean_file(self) -> object:
        """Refuse a file that is too large to be looked at."""
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise forms.ValidationError(f"The file is larger than {MAX_UPLOAD // 1_000_000} MB. Split it into two.")
        return file


def import_content(request: HttpRequest) -> HttpResponse:
    """Show the form; then what the file would do, or its errors by file and line; then do it."""
    if not permissions.may_publish_content(request.user):
        raise PermissionDenied
    if request.method == "POST" and "confirm" in request.POST:
        return _write(request)
    form = ContentImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        token = waiting_uploads.keep(file)
        try:
            context["summary"] = _run(request, token, file.name, dry_run=True)
            context["token"] = token
            context["name"] = file.name
        except ImportRefused as refused:
            waiting_uploads.forget(token)
            context["errors"] = refused.errors
    return render(request, "manuals/admin/import_content.html", context)


def _write(request: HttpRequest) -> HttpResponse:
    """Write the file that was looked at."""
    token = request.POST["confirm"]
    try:
        summary = _run(request, token, "the file", dry_run=False)
    except waiting_uploads.Gone:
        messages.error(request, "The file was looked at too long ago. Choose it again.")
        return redirect("import_content")
    except ImportRefused as refused:
        context = {"form": ContentImportForm(), "errors": refused.errors}
        return render(request, "manuals/admin/import_content.html", context)
    waiting_uploads.forget(token)
    messages.success(request, str(summary))
    return redirect("wagtailadmin_explore", Page.objects.get(depth=2).pk)


def _run(request: HttpRequest, token: str, name: str, dry_run: bool) -> importing.Summary:
    """Import a kept file. Raises `ImportRefused` and `waiting_uploads.Gone`."""
    user = request.user if isinstance(request.user, User) else None
    with waiting_uploads.opened(token) as file, archive.unpacked(file, name) as folder:
        try:
            return importing.import_folder(folder, user=user, dry_run=dry_run)
        except ImportRefused as refused:
            # The temporary folder's own name means nothing to anyone.
            named = [FileError(e.path.replace(str(folder), name), e.line, e.message) for e in refused.errors]
            raise ImportRefused(named) from None
