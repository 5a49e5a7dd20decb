"""What happens when a page is published, scheduled, taken down or deleted."""

from typing import Any

from django.db.models.signals import post_save, pre_delete
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from manuals import dated_texts, editions, sections
from manuals.models import EditionedPage
from portal.people.models import User


def record_sections(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Keep the record of sections in step with the published page."""
    sections.record(instance)


def record_edition(sender: type[Page], instance: Page, revision: Revision, **kwargs: Any) -> None:
    """Record the edition that publishing makes; a page that is only scheduled is told by its revision."""
    if issubclass(sender, EditionedPage) and instance.live:
        editions.record(revision)


def follow_wordings(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Have what an answer said before be found by the wordings it has now."""
    dated_texts.follow_wordings(instance)


def record_schedule(
    sender: type[Revision], instance: Revision, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Record the edition that scheduling makes; withdraw it where the schedule is taken away."""
    if not update_fields or "approved_go_live_at" not in update_fields:
        return
    if not issubclass(instance.content_type.model_class() or object, EditionedPage):
        return
    if instance.approved_go_live_at:
        editions.record(instance)
    else:
        editions.withdraw_planned(int(instance.object_id), _person_at_work())


def take_sections_out_of_search(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Let nobody find the sections of a page that was taken down."""
    sections.update_search(instance)


def record_repeal(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Record that a page was taken down, or is about to be deleted."""
    if issubclass(sender, EditionedPage):
        editions.record_repeal(instance, _person_at_work())


def _person_at_work() -> User | None:
    person: User | None = get_active_log_context().user
    return person


def connect() -> None:
    """Connect the handlers; called once when the app is ready."""
    page_published.connect(record_sections, dispatch_uid="manuals.record_sections")
    page_published.connect(record_edition, dispatch_uid="manuals.record_edition")
    page_published.connect(follow_wordings, dispatch_uid="manuals.follow_wordings")
    post_save.connect(record_schedule, sender=Revision, dispatch_uid="manuals.record_schedule")
    page_unpublished.connect(take_sections_out_of_search, dispatch_uid="manuals.take_sections_out_of_search")
    page_unpublished.connect(record_repeal, dispatch_uid="manuals.record_repeal")
    pre_delete.connect(record_repeal, dispatch_uid="manuals.record_repeal_of_deleted")
