"""The numbered published versions of a page, and the withdrawals of those that never came into force."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.search import index

from manuals import reading_time
from manuals.querysets import DatedTextQuerySet, EditionQuerySet
from portal.people.positions import Position


class EditionKind(models.TextChoices):
    """How much an edition changes for those who go by it."""

    MAJOR = "major", "Major: people must read it again"
    MINOR = "minor", "Minor: nothing anyone does changes"
    REPEAL = "repeal", "Taken down"


def _with_key(value: dict[str, Any]) -> dict[str, Any]:
    """Give an item of a list its id back, empty: Wagtail takes an item that has none for the item's own value."""
    return {"id": None, **value} if value.keys() == {"type", "value"} and value["type"] == "item" else value


class Edition(models.Model):
    """What a page said from a day on. Written at publishing by `manuals.editions`; never altered, never removed.

    It stands without its page and its revision, which may be deleted: `content` holds what it says in the canonical
    form of `manuals.canonical`. `hash` seals it and every edition of the page before it.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.DO_NOTHING, db_constraint=False, related_name="editions"
    )
    page_type = models.CharField(max_length=100, help_text="The label of the page's model.")
    sequence = models.PositiveIntegerField(help_text="Counts the editions of the page in the order of their writing.")
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=EditionKind)
    summary = models.TextField(blank=True, help_text="What changed, in the author's words.")
    changed = models.JSONField(default=list, blank=True, help_text="Addresses of the sections that say something else.")
    added = models.JSONField(default=list, blank=True, help_text="Addresses of the sections that are new.")
    removed = models.JSONField(default=list, blank=True, help_text="Addresses of the sections that are gone.")
    fields_changed = models.JSONField(default=list, blank=True, help_text="Names of the other fields that changed.")
    words = models.PositiveIntegerField(default=0, help_text="Words of what is new or changed.")
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="editions",
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="editions_written"
    )
    writer_name = models.CharField(max_length=350, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="editions_approved"
    )
    approver_name = models.CharField(max_length=350, blank=True)
    requires = models.JSONField(
        default=list, blank=True, help_text="The positions that must acknowledge the page while this is in force."
    )
    asks = models.JSONField(default=list, blank=True, help_text="The positions that must acknowledge this edition.")
    within_days = models.PositiveSmallIntegerField(default=0, help_text="Working days to acknowledge it in.")
    content = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["page", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["page", "sequence"], name="edition_place_taken_once"),
            models.UniqueConstraint(fields=["page", "major", "minor"], name="edition_number_given_once"),
            models.CheckConstraint(condition=models.Q(kind__in=EditionKind.values), name="edition_kind_is_known"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1, major__gte=1), name="edition_counts_from_one"),
        ]
        indexes = [models.Index(fields=["effective_from", "page"], name="edition_by_day")]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"

    @property
    def number(self) -> str:
        """The number as people write it: 1, 2, 2.1."""
        return f"{self.major}.{self.minor}" if self.minor else str(self.major)

    @property
    def values(self) -> dict[str, Any]:
        """What the edition says, by the names of the page's fields. Empty for one that took the page down."""
        values: dict[str, Any] = json.loads(self.content, object_hook=_with_key) if self.content else {}
        return values

    @property
    def title(self) -> str:
        """The title that the page had."""
        return str(self.values.get("title", "")) or "A page that was taken down"

    @property
    def is_repeal(self) -> bool:
        """Whether the page was taken down with it."""
        return self.kind == EditionKind.REPEAL

    @property
    def is_future(self) -> bool:
        """Whether the day from which it is in force is still to come."""
        return self.effective_from > timezone.localdate()

    @property
    def touched(self) -> set[str]:
        """The addresses of the sections that say something else than before, or are gone."""
        return {*self.changed, *self.removed}

    @property
    def minutes(self) -> int:
        """Minutes to read what is new or changed."""
        return reading_time.minutes(self.words)

    def concerns(self, position: str) -> bool:
        """Return whether people in a position must acknowledge this edition."""
        return position in self.asks

    @property
    def asks_labels(self) -> list[str]:
        """The positions that must acknowledge it, as people name them."""
        return [position.label for position in Position if position.value in self.asks]


class Withdrawal(models.Model):
    """That an edition planned for a day was called off before it. Never altered, never removed."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=250)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawals"
    )
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.edition}, withdrawn"


class DatedText(index.Indexed, models.Model):
    """What a section or an answer says on other days than today: until a day, or from a day to come.

    Written by `manuals.dated_texts` for the search as of a day; it can be made anew from the editions.

    In the index it has fields of its own, each of which counts as the field that the section or answer has today: so
    what is found for today does not depend on what there was before, and what was before ranks as it did.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.DO_NOTHING, db_constraint=False, related_name="dated_texts"
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="dated_texts", help_text="The last edition that says so."
    )
    anchor = models.CharField(max_length=64, blank=True, help_text="The section's address; empty for an answer.")
    title = models.CharField(max_length=255, help_text="The title of the page.")
    heading = models.CharField(max_length=255, help_text="The heading of the section, or the question.")
    heading_es = models.CharField(max_length=255, blank=True)
    short = models.TextField(blank=True, help_text="The short answer.")
    short_es = models.TextField(blank=True)
    text = models.TextField(blank=True, help_text="The section, or the script and steps, in plain words.")
    text_es = models.TextField(blank=True)
    questions = models.JSONField(default=list, blank=True, help_text="The question in every wording.")
    since = models.DateField(help_text="The first day it is in force.")
    until = models.DateField(null=True, blank=True, help_text="The day from which something else is in force.")

    objects = DatedTextQuerySet.as_manager()

    search_fields = [
        index.SearchField("question", boost=2, like="manuals.AnswerPage.title"),
        index.SearchField("asked_as_en", boost=3, like="manuals.AnswerPage.asked_as_en"),
        index.SearchField("asked_as_es", boost=3, language="es", like="manuals.AnswerPage.asked_as_es"),
        index.SearchField("heading_es", boost=2, language="es", like="manuals.AnswerPage.question_es"),
        index.SearchField("short", like="manuals.AnswerPage.short_answer"),
        index.SearchField("short_es", language="es", like="manuals.AnswerPage.short_answer_es"),
        index.SearchField("script", like="manuals.AnswerPage.script_en"),
        index.SearchField("text_es", language="es", like="manuals.AnswerPage.script_es"),
        index.SearchField("steps", boost=0.5, like="manuals.AnswerPage.steps"),
        index.SearchField("section_heading", boost=2, like="manuals.Section.heading"),
        index.SearchField("section_page", like="manuals.Section.page_title"),
        index.SearchField("section_text", like="manuals.Section.text"),
        index.FilterField("page_id"),
        index.FilterField("anchor"),
        index.FilterField("questions"),
        index.FilterField("since"),
        index.FilterField("until"),
    ]

    class Meta:
        ordering = ["page", "since", "pk"]
        indexes = [models.Index(fields=["page", "anchor", "since"], name="dated_text_by_address")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="dated_text_lasts_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading}, {date.isoformat(self.since)}"

    @property
    def is_answer(self) -> bool:
        """Whether it is what an answer says, and not a section."""
        return not self.anchor

    def question(self) -> str:
        """Return an answer's question."""
        return self.heading if self.is_answer else ""

    def asked_as_en(self) -> list[str]:
        """Return the other wordings of the question, as search analyses them in English."""
        return list(self.questions[2 if self.heading_es else 1 :])

    def asked_as_es(self) -> list[str]:
        """Return the other wordings, as search analyses them in Spanish."""
        return self.asked_as_en()

    def script(self) -> str:
        """Return an answer's script in English."""
        return str(self._said.get("script_en", ""))

    def steps(self) -> list[str]:
        """Return an answer's steps."""
        return [step["value"] for step in self._said.get("steps", ())]

    def section_heading(self) -> str:
        """Return a section's heading."""
        return "" if self.is_answer else self.heading

    def section_page(self) -> str:
        """Return the title of a section's page."""
        return "" if self.is_answer else self.title

    def section_text(self) -> str:
        """Return what a section says."""
        return "" if self.is_answer else self.text

    @cached_property
    def _said(self) -> dict[str, Any]:
        """What an answer's edition says, by the names of fields."""
        if not self.is_answer:
            return {}
        content = self.__dict__.get("answer_content")
        values: dict[str, Any] = self.edition.values if content is None else json.loads(content)
        return values

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet["DatedText"]:
        """Return all of them, answers with what their editions say (a chapter's is long, and not needed)."""
        said = models.Case(
            models.When(anchor="", then="edition__content"), default=models.Value(""), output_field=models.TextField()
        )
        return cls.objects.annotate(answer_content=said)
