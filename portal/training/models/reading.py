"""What a person has read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from manuals.models import Edition


class Way(models.TextChoices):
    """How the portal knows that a section was read."""

    SEEN = "seen", "On screen long enough"
    SAID = "said", "The reader said so"


class SectionRead(models.Model):
    """That a person read a section as an edition of its page has it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="section_reads")
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.DO_NOTHING, db_constraint=False, related_name="section_reads"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="section_reads")
    anchor = models.CharField(max_length=64, help_text="The section's address.")
    way = models.CharField(max_length=4, choices=Way)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["page", "person"], name="section_read_on_page")]
        constraints = [
            models.UniqueConstraint(fields=["person", "edition", "anchor"], name="section_read_once_an_edition"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="section_read_way_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.page_id}#{self.anchor}"
