"""What a position must learn, in which order and by when."""

from django.db import models
from django.db.models import F, Q
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin
from wagtail.search import index

from portal.people.positions import Position
from portal.training.fields import ContentsField


class CountsFrom(models.TextChoices):
    """The day from which due dates count."""

    HIRE = "hire", "The day of hire"
    ENROLMENT = "enrolment", "The day of coming onto the path"


class OnChange(models.TextChoices):
    """What becomes of those who are on a path when it is published anew."""

    MOVE = "move", "Move everyone to what is published now; what they have done counts"
    KEEP = "keep", "Leave everyone on what they have; only those who come later get the new one"


class LearningPath(DraftStateMixin, LockableMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """A learning path: stages of steps, for a position.

    Publishing it writes what it consists of as a `PathEdition` with its `Step` rows (see `portal.training.recording`).
    """

    slug = models.SlugField(max_length=80, unique=True, help_text="Its name in addresses and files.")
    title = models.CharField(max_length=100)
    position = models.CharField(max_length=12, choices=Position, help_text="The position that it trains for.")
    introduction = models.TextField(
        blank=True, max_length=600, help_text="What a person can do at the end, in two or three sentences."
    )
    enrols_position = models.BooleanField(
        "everyone in the position",
        default=False,
        help_text="Whoever has the position, or comes to have it, is on this path without anyone putting them there.",
    )
    counts_from = models.CharField("due dates count from", max_length=10, choices=CountsFrom, default=CountsFrom.HIRE)
    contents = ContentsField(blank=True, verbose_name="stages")
    gives_certificate = models.BooleanField(
        "certificate", default=True, help_text="Whoever finishes the path gets a certificate."
    )
    valid_months = models.PositiveSmallIntegerField(
        "valid for", null=True, blank=True, help_text="Months. Empty: the certificate does not expire."
    )
    renewal_days = models.PositiveSmallIntegerField(
        "renewal begins",
        default=60,
        help_text="Days before the certificate expires: from then on the steps that renew it are due again.",
    )
    on_change = models.CharField("people on this path", max_length=6, choices=OnChange, default=OnChange.MOVE)

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("position"),
        index.FilterField("live"),
    ]

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(position__in=Position.values), name="path_position_is_known"),
            models.CheckConstraint(condition=Q(counts_from__in=CountsFrom.values), name="path_counts_from_is_known"),
            models.CheckConstraint(condition=Q(on_change__in=OnChange.values), name="path_on_change_is_known"),
            models.CheckConstraint(
                condition=Q(valid_months__isnull=True)
                | Q(valid_months__gte=1, renewal_days__lte=F("valid_months") * 28),
                name="certificate_is_valid_before_renewal",
                violation_error_message=(
                    "A certificate is valid for a month at least, and its renewal begins after it was issued."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def approved_schedule(self) -> bool:
        """Whether it is to be published at a set time. The list of paths asks for all of them at once."""
        if hasattr(self, "scheduled_revisions"):
            return bool(self.scheduled_revisions)
        return bool(super().approved_schedule)
