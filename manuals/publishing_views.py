"""Before a change is published: what it changes and sets off. Afterwards: how far that has got."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.dateformat import format as formatted
from wagtail.admin import messages
from wagtail.models import Page

from manuals import asked_again, comparing, consequences, intended, publishing
from manuals.editions import BackdatingRefused
from manuals.models import Edition, EditionedPage, EditionKind
from manuals.publishing_forms import PublishingForm
from portal.people.models import User
from portal.people.positions import Position

LISTED = 25


def may_see(user: object) -> bool:
    """Return whether this person sees what changes set off."""
    return isinstance(user, User) and user.writes_content


def before_publishing(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what publishing the draft changes and sets off; posted by a publisher, with statements: publish it."""
    page = _page(page_id)
    permissions = page.permissions_for_user(request.user)
    if not permissions.can_edit():
        raise PermissionDenied
    may_publish = permissions.can_publish()
    found = intended.of(page)
    if request.method == "POST" and not may_publish:
        raise PermissionDenied
    context: dict[str, Any] = {"page": page, "edit_url": _edit_url(page), "may_publish": may_publish}
    if found is None:
        return render(request, "manuals/admin/publishing_nothing.html", {**context, "edition": page.edition})
    form = _form(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = publishing.publish(page, form.cleaned_data["stamp"], form.statements(), cast(User, request.user))
        except (publishing.PublishingRefused, BackdatingRefused) as refused:
            messages.error(request, str(refused))
            found = intended.of(_page(page_id))
            if found is None:
                return redirect("publish_edition", page.pk)
            # What was typed stays, and is about the draft as it is now.
            typed = request.POST.copy()
            typed["stamp"] = found.stamp
            form = _form(found, typed)
        else:
            _say_published(request, page, edition)
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return render(
        request, "manuals/admin/publishing.html", {**context, **_what_it_does(found, form.people), "form": form}
    )


def list_editions(request: HttpRequest) -> HttpResponse:
    """List the editions that set something off, those published last at the front (three queries)."""
    if not may_see(request.user):
        raise PermissionDenied
    editions = Edition.objects.standing().exclude(kind=EditionKind.MINOR).filter(Q(sequence__gt=1) | ~Q(asks=[]))
    listed = Paginator(editions.order_by("-published_at", "-pk"), LISTED).get_page(request.GET.get("p"))
    return render(request, "manuals/admin/set_off_list.html", {"editions": listed})


def edition_set_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it has got with what an edition set off."""
    if not may_see(request.user):
        raise PermissionDenied
    edition = get_object_or_404(Edition.objects.select_related("withdrawal"), pk=pk)
    page = Page.objects.filter(pk=edition.page_id).first()
    is_withdrawn = hasattr(edition, "withdrawal")
    effects = consequences.of(page.specific, edition) if page and not is_withdrawn else []
    context = {"edition": edition, "page": page, "is_withdrawn": is_withdrawn, "effects": effects}
    return render(request, "manuals/admin/set_off.html", context)


def _page(page_id: int) -> EditionedPage:
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, EditionedPage):
        raise Http404("This page has no editions.")
    return page


def _edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _form(found: intended.Intended, data: Mapping[str, Any] | None) -> PublishingForm:
    draft = found.draft
    people = asked_again.by_position(found.page, found.requires)
    initial = {
        "kind": draft.change_kind,
        "summary": draft.change_summary,
        "concerns": found.edition(EditionKind.MAJOR).asks,
        "stamp": found.stamp,
    }
    numbers = {kind: found.edition(kind).number for kind in (EditionKind.MAJOR, EditionKind.MINOR)}
    return PublishingForm(data, initial=initial, numbers=numbers, required=found.requires, people=people)


def _what_it_does(found: intended.Intended, people: Counter[str]) -> dict[str, Any]:
    """Return what the screen shows of the edition that publishing makes, as a major and as a minor one."""
    major, minor = found.edition(EditionKind.MAJOR), found.edition(EditionKind.MINOR)
    effects = consequences.of(found.page, major)
    return {
        "page": found.page,
        "writer": found.revision.user,
        "base": found.base,
        "major": major,
        "minor": minor,
        "required_before": _labels(found.base.requires),
        "required_now": _labels(found.requires),
        "asked_by_major": sum(people[position] for position in major.asks),
        "asked_by_minor": sum(people[position] for position in minor.asks),
        "is_planned": found.is_planned,
        "button": _button(found, found.stated_edition),
        "major_button": _button(found, major),
        "minor_button": _button(found, minor),
        "planned": found.planned,
        "planned_already": found.planned_already,
        "comparison": comparing.compare(found.base, major, page=found.page),
        "effects": effects,
        "in_words": consequences.in_words(effects, major.minutes),
    }


def _button(found: intended.Intended, edition: Edition | None) -> str:
    """Return what the button says that publishes an edition: without its number where its kind is not said yet."""
    name = f"edition {edition.number}" if edition else "this edition"
    if found.is_planned:
        return f"Schedule {name} for {_day(found.effective_from)}"
    return f"Publish {name}"


def _labels(positions: list[str]) -> str:
    return ", ".join(position.label for position in Position if position.value in positions)


def _day(day: date) -> str:
    return formatted(day, "F j, Y")


def _say_published(request: HttpRequest, page: EditionedPage, edition: Edition) -> None:
    """Tell the person which edition they made, with links to it and to what it sets off."""
    does = f"is planned for {_day(edition.effective_from)}" if edition.is_future else "is published"
    buttons = [messages.button(page.url, "View the page", new_window=False)]
    if consequences.sets_off(edition):
        url = reverse("edition_set_off", args=[edition.pk])
        buttons.insert(0, messages.button(url, "What it sets off", new_window=False))
    messages.success(request, f"Edition {edition.number} of “{page.title}” {does}.", buttons=buttons)


urlpatterns = [
    path("pages/<int:page_id>/publish-edition/", before_publishing, name="publish_edition"),
    path("reports/set-off/", list_editions, name="editions_set_off"),
    path("reports/set-off/<int:pk>/", edition_set_off, name="edition_set_off"),
]
