"""Saying that a section is read, and reading what changed."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from manuals.models import ChapterPage
from manuals.permissions import may_read
from portal.people.models import User
from portal.training import changes, chapter_reading, progress, reading
from portal.training.changes import ChapterChanges
from portal.training.models import Enrolment, Kind, Way
from portal.training.reading import NotThere

CHANGED_MEANWHILE = "This chapter was changed while you read it, so nothing was recorded. Here it is as it stands now."


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the person read a section of a chapter as it was shown to them, and lead back to where they were."""
    page = get_object_or_404(ChapterPage.objects.live(), pk=pk)
    person = cast(User, request.user)
    if not may_read(page, request) or chapter_reading.asking(person, page) is None:
        raise PermissionDenied
    is_partial = bool(request.headers.get("HX-Request"))
    if page.edition and request.POST.get("edition") != str(page.edition.sequence):
        messages.warning(request, CHANGED_MEANWHILE)
        return HttpResponse(headers={"HX-Redirect": page.url}) if is_partial else redirect(page.url)
    anchor = request.POST.get("anchor", "")
    way = Way.SEEN if request.POST.get("way") == Way.SEEN else Way.SAID
    try:
        reading.record(person, page, [anchor], way)
    except NotThere as error:
        raise Http404 from error
    if not is_partial:
        return redirect(f"{page.url}#section-read-{anchor}")
    found = chapter_reading.of(person, page)
    context = {"reading": found, "section": found.sections.get(anchor) if found else None}
    return render(request, "training/reading/recorded.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def to_read_again(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Show what changed in what a step of the person's own path had them read; posted, record that it was read."""
    enrolment = get_object_or_404(Enrolment.objects.select_related("person", "path"), pk=pk)
    if enrolment.person_id != request.user.pk:
        raise PermissionDenied
    stands = progress.of([enrolment])[enrolment.pk]
    stand = next((one for one in stands.steps if one.step.key == key), None)
    if stand is None:
        raise Http404
    if stand.step.kind == Kind.POLICY and stand.url:
        return redirect(stand.url)
    if stand.step.kind not in (Kind.CHAPTER, Kind.MANUAL):
        raise Http404
    chapters = _readable(request, changes.of(enrolment.person, stand.step))
    is_newer = False
    if request.method == "POST" and chapters:
        is_newer = request.POST.getlist("shown") != [one.shown for one in chapters] or not _record(
            enrolment.person, chapters
        )
        if not is_newer:
            messages.success(request, "It is recorded that you have read what changed.")
            return redirect(request.path)
    context = {
        "enrolment": enrolment,
        "stand": stand,
        "chapters": chapters,
        "minutes": sum(one.minutes for one in chapters),
        "section_count": sum(len(one.anchors) for one in chapters),
        "is_newer": is_newer,
    }
    return render(request, "training/reading/changes.html", context)


def _record(person: User, chapters: list[ChapterChanges]) -> bool:
    """Record all that changed as read, or, where a section has gone meanwhile, nothing; return whether it was."""
    try:
        with transaction.atomic():
            for chapter in chapters:
                reading.record(person, chapter.page, chapter.anchors, Way.SAID)
    except NotThere:
        return False
    return True


def _readable(request: HttpRequest, chapters: list[ChapterChanges]) -> list[ChapterChanges]:
    """Return the chapters that the person may read: one query, and more only for private ones."""
    private = ChapterPage.objects.filter(pk__in=[one.page.pk for one in chapters]).private()
    refused = {page.pk for page in private if not may_read(page, request)}
    return [one for one in chapters if one.page.pk not in refused]
