"""What a supervisor saw a person do, and where they saw them. Both are append-only (see `manuals.append_only`)."""

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.training.models.enrolment import REASON_LENGTH
from portal.training.models.task import Task

NAME_LENGTH = 350


_Record = TypeVar("_Record", bound="Witnessed")


class Witnessed(models.Model):
    """Something a supervisor vouches for. A mistake is corrected by a new record that says why, and takes its place."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss")
    person_name = models.CharField(max_length=NAME_LENGTH)
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss_given")
    supervisor_name = models.CharField(max_length=NAME_LENGTH)
    remarks = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    corrects = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction")
    correction_reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("supervisor")),
                name="%(class)s_not_by_oneself",
                violation_error_message="Nobody signs for themselves.",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""), name="%(class)s_correction_says_why"
            ),
        ]


def uncorrected(records: "models.QuerySet[_Record]") -> "models.QuerySet[_Record]":
    """Return those of some records whose place no correction has taken."""
    # Corrections are few: looked up by themselves, nothing is joined for all the records that have none.
    corrections = records.model._default_manager.filter(corrects__isnull=False)
    return records.exclude(pk__in=corrections.order_by().values("corrects"))


class SignOff(Witnessed):
    """That a supervisor watched a person do a task, what was seen, and whether it was met."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="sign_offs")
    task_title = models.CharField(max_length=150)
    checklist = models.JSONField(help_text="What was to be seen, word for word: [{text, seen}].")
    met = models.BooleanField(help_text="Whether it was met; if not, not yet.")

    class Meta(Witnessed.Meta):
        indexes = [models.Index(fields=["person", "task"], name="sign_off_of_task")]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.task_title}, {'met' if self.met else 'not yet'}"


class Attendance(Witnessed):
    """That a person attended something, or did not."""

    key = models.UUIDField(help_text="The key of the step.")
    title = models.CharField(max_length=255)
    day = models.DateField()
    attended = models.BooleanField(default=True)

    class Meta(Witnessed.Meta):
        indexes = [models.Index(fields=["person", "key"], name="attendance_of_step")]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.title}, {self.day.isoformat()}"
