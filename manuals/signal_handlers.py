"""What happens when a page is published."""

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published

from manuals import sections


def record_sections(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Keep the record of sections in step with the published page."""
    sections.record(instance)


def connect() -> None:
    """Connect the handlers; called once when the app is ready."""
    page_published.connect(record_sections, dispatch_uid="manuals.record_sections")
