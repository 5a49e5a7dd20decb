"""Publishing a draft with what its author states about the edition: its kind, what changed, whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.locks import ScheduledForPublishLock
from wagtail.models import Page

from manuals import intended
from manuals.models import Edition, EditionedPage
from portal.people.models import User


class PublishingRefused(Exception):
    """The draft cannot be published as it is. The message says why and what to do."""


@dataclass(frozen=True)
class Statements:
    """What an author states about an edition. Without groups it concerns all who must acknowledge the page."""

    kind: str
    summary: str
    concerns: Sequence[Group] = ()


@transaction.atomic
def publish(page: EditionedPage, stamp: str, statements: Statements, by: User) -> Edition:
    """Publish or schedule the latest draft of a page with these statements, and return the edition it makes.

    `stamp` names the draft that was looked at. The draft stays the work of whoever wrote it. Raises
    `PublishingRefused` where that is not the latest draft any more, or the page is locked, and
    `editions.BackdatingRefused`.
    """
    Page.objects.select_for_update().get(pk=page.pk)
    page = type(page).objects.get(pk=page.pk)
    found = intended.of(page)
    if found is None or found.stamp != stamp:
        raise PublishingRefused(
            "Nothing was published: somebody has saved this page since you looked at it. This is what it says now."
        )
    if found.planned_already:
        raise PublishingRefused(f"Nothing was published: this draft is planned as {found.planned_already} already.")
    lock = page.get_lock()
    if lock and not isinstance(lock, ScheduledForPublishLock) and lock.for_user(by):
        raise PublishingRefused("Nothing was published: the page is locked by somebody else. Have it unlocked first.")
    draft = found.draft
    draft.change_kind = statements.kind
    draft.change_summary = statements.summary
    draft.change_concerns = list(statements.concerns)
    revision = draft.save_revision(user=found.revision.user, overwrite_revision=found.revision, clean=False)
    revision.publish(user=by)
    return Edition.objects.of(page.pk).defer("content").get(revision=revision)


def look_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Go to the screen before publishing where that would change an edition; for Wagtail's `before_publish_page`.

    The draft has been saved by then.
    """
    if intended.of(page) is None:
        return None
    return redirect("publish_edition", page.pk)


def refuse_many(request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any) -> HttpResponse | None:
    """Publish no change in bulk that nobody has said the kind of; for Wagtail's `before_bulk_action`."""
    if action_type != "publish" or not issubclass(action.model, Page):
        return None
    unstated = []
    for page in objects:
        found = intended.of(page.specific)
        if found and not found.revision.content.get("change_kind"):
            unstated.append(page)
    for page in unstated:
        messages.error(
            request, f"{page.get_admin_display_title()}: say what changed before it is published. Publish it by itself."
        )
    return redirect("wagtailadmin_explore", unstated[0].get_parent().pk) if unstated else None


def url_of(page: Page) -> str:
    """Return the address of the screen before publishing."""
    return reverse("publish_edition", args=[page.pk])
