"""What manuals, chapters, policies and answers have in common."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.models import Page
from wagtail.search import index

from portal.people.positions import Position


class LibraryPageForm(WagtailAdminPageForm):
    """The editor's form. It says in a sentence what a missing field is for."""

    required_messages: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in self.required_messages.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = message

    @property
    def is_being_published(self) -> bool:
        """Whether the page is on its way to readers (published or submitted), not just saved as a draft."""
        if self.data.get("workflow-action-name") == "reject":
            return False
        on_its_way = ("action-publish", "action-submit", "action-restart-workflow", "action-workflow-action")
        return any(action in self.data for action in on_its_way)


KEEPING_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("job_functions", widget=CheckboxSelectMultiple),
            FieldPanel("audience", widget=CheckboxSelectMultiple),
            FieldPanel("tags"),
        ],
        heading="What it is for, and for whom",
    ),
    MultiFieldPanel([FieldPanel("owner"), FieldPanel("review_by")], heading="Who keeps it true"),
    MultiFieldPanel([FieldPanel("slug")], heading="Address"),
]


def editor_tabs(
    content_panels: list[Panel], keeping: Sequence[Panel] = (), publishing: Sequence[Panel] = ()
) -> TabbedInterface:
    """Return the editor of a library page: what it says, then what is kept about it, then when it is published.

    A kind of page that keeps more, or asks more at its publishing, gives the panels.
    """
    return TabbedInterface(
        [
            ObjectList(content_panels, heading="Content"),
            ObjectList([*KEEPING_PANELS[:-1], *keeping, KEEPING_PANELS[-1]], heading="Keeping"),
            ObjectList([*publishing, PublishingPanel(), CommentPanel()], heading="Publishing"),
        ]
    )


class LibraryPage(Page):
    """A page of the library: for whom it is, who keeps it true, and until when it may stand unreviewed."""

    job_functions = ParentalManyToManyField(
        "manuals.JobFunction", blank=True, help_text="The functions of a position that this page serves."
    )
    audience = ParentalManyToManyField(
        "auth.Group",
        blank=True,
        limit_choices_to={"name__in": Position.labels},
        help_text="The positions this is written for. None ticked means everyone.",
    )
    review_by = models.DateField(
        null=True,
        blank=True,
        help_text="The day by which someone must have looked whether this is still true.",
    )

    search_fields = [*Page.search_fields, index.FilterField("review_by")]
    base_form_class = LibraryPageForm

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `trail`: the pages above this one, Home left out (one query)."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["trail"] = self.get_ancestors().filter(depth__gt=2)
        return context

    @property
    def is_past_review(self) -> bool:
        """Whether the day of its review has gone by."""
        return self.review_by is not None and self.review_by < timezone.localdate()
