"""The numbered published versions of a page, and the withdrawals of those that never came into force."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from manuals import reading_time
from manuals.querysets import EditionQuerySet
from portal.people.positions import Position


class EditionKind(models.TextChoices):
    """How much an edition changes for those who go by it."""

    MAJOR = "major", "Major: people must read it again"
    MINOR = "minor", "Minor: nothing anyone does changes"
    REPEAL = "repeal", "Taken down"


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
        values: dict[str, Any] = json.loads(self.content) if self.content else {}
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


class DatedText(models.Model):
    """What a section or an answer says on other days than today: until a day, or from a day to come.

    Written by `manuals.dated_texts` for the search as of a day; it can be made anew from the editions.
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
