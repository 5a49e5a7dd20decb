"""What happens when a page is published or taken down."""

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from manuals import sections


def record_sections(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Keep the record of sections in step with the published page."""
    sections.record(instance)


def take_sections_out_of_search(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Let nobody find the sections of a page that was taken down."""
    sections.update_search(instance)


def connect() -> None:
    """Connect the handlers; called once when the app is ready."""
    page_published.connect(record_sections, dispatch_uid="manuals.record_sections")
    page_unpublished.connect(take_sections_out_of_search, dispatch_uid="manuals.take_sections_out_of_search")
