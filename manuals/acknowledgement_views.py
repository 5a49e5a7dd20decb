"""Reading what changed and agreeing to it."""

from dataclasses import dataclass
from typing import cast

from django.core.paginator import Paginator
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from manuals import acknowledging, comparing, editions
from manuals.acknowledgement_forms import AcknowledgementForm
from manuals.acknowledging import Due
from manuals.comparing import Comparison, FieldChange, SectionChange
from manuals.models import Acknowledgement, AcknowledgementSettings, Edition, EditionedPage, Exemption, ReadAs
from portal.people.models import User

PER_PAGE = 25
TOO_MANY = 429
STATES = {"changed": "Changed", "added": "New", "removed": "No longer there"}
TO_THE_END = "Read it to the end and tick this."
EACH_CHANGE = "Open “{heading}”, read what changed, and tick this."


@dataclass
class Part:
    """Something to be read: what says so, and of a difference its heading, what became of it, and how it reads."""

    name: str
    says: str
    missing: str
    heading: str = ""
    state: str = ""
    fields: list[FieldChange] | None = None
    section: SectionChange | None = None
    field: BoundField | None = None


@never_cache
def acknowledge(request: HttpRequest, page: EditionedPage) -> HttpResponse:
    """Show what a person has to read of a page; posted, record that they agree, once."""
    person = cast(User, request.user)
    due = acknowledging.due_on(person, page)
    if due is None:
        return _settled(request, page, person)
    # What is planned is read ahead where it is what asks; else what is in force, which may be newer than what asks.
    edition = due.edition if due.edition.is_future else page.edition or due.edition
    comparison = comparing.compare(due.since, edition, page) if due.since else None
    parts = _parts(comparison)
    sentence = AcknowledgementSettings.load(request).sentence
    is_same = request.POST.get("shown") == edition.hash
    form = AcknowledgementForm(
        request.POST if request.method == "POST" and is_same else None,
        request=request,
        person=person,
        parts={part.name: part.missing for part in parts},
        sentence=sentence,
    )
    if form.is_bound and form.is_valid():
        read_as = ReadAs.DIFFERENCE if due.since else ReadAs.WHOLE
        acknowledging.record(person, edition, method=form.method, read_as=read_as, since=due.since)
        return redirect(request.path)
    for part in parts:
        part.field = form[part.name]
    shown = editions.as_page(edition, page)
    context = {
        **(shown.spoken(request) if hasattr(shown, "spoken") else {}),
        "page": page,
        "trail": page.get_ancestors().filter(depth__gt=2),
        "due": due,
        "edition": edition,
        "shown": shown,
        "answer": shown,
        "comparison": comparison,
        "parts": parts,
        "before": acknowledging.last_acknowledgement(person, page) if due.since else None,
        "summaries": _summaries(due, edition) if due.since else [],
        "form": form,
        "sentence": sentence,
        "is_newer": request.method == "POST" and not is_same,
    }
    status = TOO_MANY if form.is_locked_out else 200
    return render(request, "manuals/acknowledgements/acknowledge.html", context, status=status)


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """List what the signed-in person owes, soonest first, and what they acknowledged, newest first."""
    person = cast(User, request.user)
    given = Acknowledgement.objects.filter(person=person).select_related("edition", "since_edition")
    record = Paginator(given.defer("since_edition__content"), PER_PAGE).get_page(request.GET.get("page"))
    pages = Page.objects.live().in_bulk({one.edition.page_id for one in record})
    context = {
        "dues": acknowledging.due_for([person])[person.pk],
        "record": record,
        "rows": [(one, pages.get(one.edition.page_id)) for one in record],
    }
    return render(request, "manuals/acknowledgements/mine.html", context)


def _settled(request: HttpRequest, page: EditionedPage, person: User) -> HttpResponse:
    """Show what a person who owes nothing of a page has acknowledged of it, or that nobody asks them to."""
    open_exemption = Exemption.objects.filter(person=person, page_id=page.pk, ended_at__isnull=True)
    context = {
        "page": page,
        "trail": page.get_ancestors().filter(depth__gt=2),
        "acknowledgement": acknowledging.last_acknowledgement(person, page),
        "exemption": open_exemption.first(),
        "is_repeated": request.method == "POST",
        "next_due": next(iter(acknowledging.due_for([person])[person.pk]), None),
    }
    return render(request, "manuals/acknowledgements/settled.html", context)


def _parts(comparison: Comparison | None) -> list[Part]:
    """Return what must be read: the whole to its end, or each thing that changed."""
    if comparison is None:
        return [Part("read-end", "I have read it to the end.", TO_THE_END)]
    parts = []
    if comparison.fields:
        heading = ", ".join(field.label for field in comparison.fields)
        missing = EACH_CHANGE.format(heading=heading)
        parts.append(
            Part("read-fields", "I have read this.", missing, heading, STATES["changed"], fields=comparison.fields)
        )
    for section in comparison.changed_sections:
        missing = EACH_CHANGE.format(heading=section.heading)
        name, says = f"read-{section.anchor}", "I have read this section."
        parts.append(Part(name, says, missing, section.heading, STATES[section.state], section=section))
    return parts


def _summaries(due: Due, edition: Edition) -> list[str]:
    """Return what the authors say has changed since a person last acknowledged the page, oldest first."""
    between = (
        Edition.objects.of(due.page.pk)
        .standing()
        .filter(sequence__gt=due.since.sequence if due.since else 0, sequence__lte=edition.sequence)
    )
    return list(between.exclude(summary="").values_list("summary", flat=True))
