"""Importing and exporting questions in the admin: look first, then write."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from manuals import waiting_uploads
from portal.people.models import User
from quizzes import exporting, formats, importing, types
from quizzes.import_forms import QuestionExportForm, QuestionImportForm
from quizzes.models import Question

SALT = "quizzes.import_questions"
# Questions and errors that the preview shows by name.
SHOWN = 200


def may_export(user: object) -> bool:
    """Return whether this person may take the bank with its keys out of the portal."""
    return isinstance(user, User) and user.has_perm("quizzes.view_question")


def import_questions(request: HttpRequest) -> HttpResponse:
    """Show the form; then what the file would make, and its errors by line and question; then make it."""
    if not importing.may_import(request.user):
        raise PermissionDenied
    if request.method == "POST" and "confirm" in request.POST:
        return _write(request)
    form = QuestionImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "shown": SHOWN}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        slug, category = form.cleaned_data["format"], form.cleaned_data["category"]
        try:
            summary = importing.import_questions(file.read(), slug, category=category, dry_run=True, skip_invalid=True)
        except importing.ImportRefused as refused:
            context["errors"] = refused.errors
        else:
            context.update(summary=summary, errors=summary.left_out, name=file.name, format=formats.of(slug).label)
            context["rows"] = [
                (state, types.of(record.type).label, record)
                for state, records in (("New", summary.created), ("Changed", summary.changed))
                for record in records[:SHOWN]
            ][:SHOWN]
            if summary.created or summary.changed:
                # What was agreed to travels signed, so that nothing else can be slipped in.
                said = {
                    "token": waiting_uploads.keep(file),
                    "format": slug,
                    "category": category,
                    "skip": bool(summary.left_out),
                }
                context["confirm"] = signing.dumps(said, salt=SALT)
    return render(request, "quizzes/admin/import_questions.html", context)


def _write(request: HttpRequest) -> HttpResponse:
    """Import the file that was looked at, as it was looked at."""
    user = request.user if isinstance(request.user, User) else None
    try:
        said = signing.loads(request.POST["confirm"], salt=SALT, max_age=waiting_uploads.MAX_AGE)
        with waiting_uploads.opened(said["token"]) as file:
            content = file.read()
        summary = importing.import_questions(
            content, said["format"], category=said["category"], user=user, skip_invalid=said["skip"]
        )
    except (signing.BadSignature, waiting_uploads.Gone):
        messages.error(request, "The file was looked at too long ago. Choose it again.")
        return redirect("import_questions")
    except importing.ImportRefused as refused:
        context = {"form": QuestionImportForm(), "errors": refused.errors, "shown": SHOWN}
        return render(request, "quizzes/admin/import_questions.html", context)
    waiting_uploads.forget(said["token"])
    messages.success(request, str(summary))
    return redirect(reverse(Question.snippet_viewset.get_url_name("list")))


@require_safe
def export_questions(request: HttpRequest) -> HttpResponse:
    """Show the form; then what the format cannot hold, if there is anything; then the file."""
    if not may_export(request.user):
        raise PermissionDenied
    form = QuestionExportForm(request.GET or None)
    context: dict[str, object] = {"form": form, "shown": SHOWN}
    if request.GET and form.is_valid():
        chosen, category = formats.of(form.cleaned_data["format"]), form.cleaned_data["category"]
        export = exporting.export(chosen.slug, category)
        if not export.notes or "anyway" in request.GET:
            name = slugify(category.name.replace("/", " ")) if category else "bank"
            return HttpResponse(
                export.text,
                content_type=chosen.content_type,
                headers={"Content-Disposition": f'attachment; filename="questions-{name}{chosen.suffix}"'},
            )
        context.update(notes=export.notes, format=chosen.label, query=request.GET.urlencode())
    return render(request, "quizzes/admin/export_questions.html", context)
