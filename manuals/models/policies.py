"""Policies and ordinances, explained."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as formatted
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from manuals import sample_values
from manuals.blocks import BodyBlock
from manuals.models.answers import AnswerPage
from manuals.models.edition_panels import EditionedPageForm, editioned_tabs
from manuals.models.editioned_page import EditionedPage

RULE_WORDS = 120


class PolicyTag(TaggedItemBase):
    """A tag of a policy."""

    content_object = ParentalKey("manuals.PolicyPage", on_delete=models.CASCADE, related_name="tagged_items")


class PolicyIndexPage(Page):
    """The list of policies."""

    parent_page_types = ["manuals.HomePage"]
    subpage_types = ["manuals.PolicyPage"]
    max_count = 1
    promote_panels: list[FieldPanel] = []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `policies`: the published policies by code."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["policies"] = PolicyPage.objects.child_of(self).live().order_by("code").defer_streamfields()
        return context


class PolicyForm(EditionedPageForm):
    """Says what a missing field is for."""

    required_messages = {
        "code": "Give the policy its code, such as CS-101. Staff and letters refer to it.",
        "rule": f"State the rule in plain words, {RULE_WORDS} at most. It is what an agent reads out.",
        "source": "Cite the ordinance, resolution or directive this policy rests on, with its section.",
        "effective_date": "Give the day this policy takes effect. A disputed bill is judged by it.",
        "who_decides": "Name the position that may make an exception, or say that nobody may.",
    }

    def clean(self) -> dict[str, Any]:
        """Refuse to publish a policy before the day on which it says it takes effect."""
        cleaned: dict[str, Any] = super().clean()
        takes_effect, go_live_at = cleaned.get("effective_date"), cleaned.get("go_live_at")
        is_scheduled = go_live_at is not None and go_live_at > timezone.now()
        published = timezone.localdate(go_live_at) if is_scheduled else timezone.localdate()
        if self.is_being_published and takes_effect and takes_effect > published:
            day = formatted(takes_effect, "F j, Y")
            self.add_error(
                "effective_date",
                f"This says it takes effect on {day}. Set that day under Status → Set schedule, or correct the date.",
            )
        return cleaned


class PolicyPage(EditionedPage):
    """A policy in plain words: the rule, its source, when it took effect, who decides, and the details in sections."""

    code = models.CharField(
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,4}-\d{2,4}$", "Write the code as letters, a hyphen and digits: CS-101.")],
        error_messages={"unique": "Another policy has this code already."},
    )
    rule = models.TextField(help_text=f"The rule in plain words, {RULE_WORDS} at most, as it would be said aloud.")
    source = models.CharField(max_length=250, help_text="The ordinance, resolution or directive, with its section.")
    source_url = models.URLField(blank=True, verbose_name="source address", help_text="Where the source is published.")
    effective_date = models.DateField()
    who_decides = models.CharField(max_length=250, help_text="Who may make an exception.")
    body = StreamField(BodyBlock())
    tags = ClusterTaggableManager(through=PolicyTag, blank=True)

    content_panels = [
        TitleFieldPanel("title", help_text="The name staff know it by.", placeholder="Name of the policy"),
        FieldPanel("rule"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("code"), FieldPanel("effective_date")]),
                FieldPanel("source"),
                FieldPanel("source_url"),
                FieldPanel("who_decides"),
            ],
            heading="Authority",
        ),
        FieldPanel("body"),
    ]
    edit_handler = editioned_tabs(content_panels)
    search_fields = [
        *EditionedPage.search_fields,
        index.SearchField("code", boost=4),
        index.SearchField("rule", boost=2),
        index.SearchField("source"),
        index.SearchField("body"),
        index.AutocompleteField("code"),
        index.FilterField("code"),
        index.FilterField("effective_date"),
    ]
    parent_page_types = ["manuals.PolicyIndexPage"]
    subpage_types: list[str] = []
    base_form_class = PolicyForm

    class Meta:
        verbose_name = "policy"
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=""), name="policy_has_a_source"),
        ]

    def clean(self) -> None:
        """Refuse a rule too long to be read out."""
        super().clean()
        words = sample_values.count_words(self.rule or "")
        if words > RULE_WORDS:
            raise ValidationError(
                {"rule": f"The rule has {words} words. Keep it to {RULE_WORDS}, and put details in a section below."}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `answers`: the published answers that rest on this policy, by title."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["answers"] = (
            AnswerPage.objects.live().filter(policy_sections__section__page=self).distinct().order_by("title")
        )
        return context
