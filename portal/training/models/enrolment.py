"""Who is on which path, since when, and what was arranged for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.training.models.path import LearningPath
from portal.training.models.step import PathEdition

REASON_LENGTH = 250


class How(models.TextChoices):
    """How a person came to be on a path."""

    RULE = "rule", "By position"
    HAND = "hand", "By hand"
    FILE = "file", "From a file"


class Enrolment(models.Model):
    """That a person is on a path. It ends when they leave it, and is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    path = models.ForeignKey(LearningPath, on_delete=models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(
        PathEdition, on_delete=models.PROTECT, related_name="enrolments", help_text="The edition they go by."
    )
    starts_on = models.DateField(help_text="The day from which due dates count.")
    how = models.CharField(max_length=8, choices=How)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    enrolled_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_because = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "path"], condition=Q(left_at__isnull=True), name="on_a_path_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(how__in=How.values), name="enrolment_how_is_known"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | ~Q(left_because=""), name="leaving_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether the person is on the path still."""
        return self.left_at is None


class Pause(models.Model):
    """A leave of absence. Due dates move by its working days."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pauses")
    since = models.DateField(help_text="The first day away.")
    until = models.DateField(null=True, blank=True, help_text="The first day back; empty while nobody knows.")
    reason = models.CharField(max_length=REASON_LENGTH, help_text="No medical particulars.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="pause_lasts_a_day",
                violation_error_message="The first day back must come after the first day away.",
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(until__isnull=True),
                name="one_open_pause",
                violation_error_message="This person is away already: enter the day they came back first.",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}, away since {self.since.isoformat()}"


class Waiver(models.Model):
    """That a person need not do a step, and why. It is ended, not removed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="waivers")
    key = models.UUIDField(help_text="The key of the step.")
    title = models.CharField(max_length=255, help_text="What the step was called.")
    reason = models.CharField(max_length=REASON_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "key"], condition=Q(ended_at__isnull=True), name="waived_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.reason}"
