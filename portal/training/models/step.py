"""What a published path consisted of: its editions, and their steps as rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from portal.training.models.path import LearningPath
from portal.training.models.task import Task
from quizzes.models import QuizPage


class Kind(models.TextChoices):
    """What a step asks of a person."""

    CHAPTER = "chapter", "Read a chapter"
    MANUAL = "manual", "Read a manual"
    POLICY = "policy", "Acknowledge a policy"
    QUIZ = "quiz", "Pass a quiz"
    TASK = "task", "Have a task signed off"
    ATTEND = "attend", "Attend"


class Opens(models.TextChoices):
    """When it is a step's turn. What is done before its turn counts all the same."""

    AT_ONCE = "at_once", "From the start"
    AFTER_STEP = "after_step", "After the step before it"
    AFTER_STAGE = "after_stage", "After all stages before its own"


class PathEdition(models.Model):
    """What a path consisted of from one publishing to the next. Written by `portal.training.recording`."""

    path = models.ForeignKey(LearningPath, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["path", "number"]
        constraints = [models.UniqueConstraint(fields=["path", "number"], name="path_edition_number_given_once")]

    def __str__(self) -> str:
        return f"{self.path}, edition {self.number}"


class Step(models.Model):
    """One thing to do on an edition of a path.

    `key` is the id of its block in the path's editor: the same step has it in every edition, and waivers and
    attendances hang on it. What it asks for may be gone (a page that was deleted): then it asks for nothing.
    """

    edition = models.ForeignKey(PathEdition, on_delete=models.CASCADE, related_name="steps")
    key = models.UUIDField()
    stage = models.PositiveSmallIntegerField(help_text="From 1.")
    stage_title = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(help_text="From 1, through all stages.")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=255, help_text="Of an attendance; of others, as it was at publishing.")
    note = models.TextField(blank=True, help_text="What the author has to say about it.")
    page = models.ForeignKey(Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    quiz = models.ForeignKey(QuizPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    mark = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Percent to reach in the quiz; empty for the quiz's own pass mark."
    )
    optional = models.BooleanField(default=False)
    renews = models.BooleanField(default=False, help_text="Whether it is to be done again to renew the certificate.")
    opens = models.CharField(max_length=12, choices=Opens, default=Opens.AT_ONCE)
    due_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Working days after the start.")
    minutes = models.PositiveSmallIntegerField(default=0, help_text="0 where it follows from the words to read.")

    class Meta:
        ordering = ["edition", "order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="step_once_in_an_edition"),
            models.UniqueConstraint(fields=["edition", "order"], name="step_place_taken_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="step_kind_is_known"),
            models.CheckConstraint(condition=Q(opens__in=Opens.values), name="step_opens_is_known"),
            models.CheckConstraint(condition=Q(mark__isnull=True) | Q(mark__lte=100), name="step_mark_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.title
