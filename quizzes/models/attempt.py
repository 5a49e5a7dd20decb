"""One sitting of one person, and what they answered."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from quizzes.models.quiz import QuizPage
from quizzes.models.version import QuestionVersion


class Attempt(models.Model):
    """One sitting: what it asked is frozen in its responses, by which rules in `rules`.

    It is open until it is handed in, waits while an answer needs a person to mark it, and is marked then. Deleting the
    quiz leaves it as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    quiz = models.ForeignKey(QuizPage, null=True, on_delete=models.SET_NULL, related_name="attempts")
    quiz_title = models.CharField(max_length=255)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(help_text="The learner's first, second, third attempt at this quiz.")
    rules = models.JSONField(help_text="Pass mark, feedback, whether answers are shown, as they were at the start.")
    started_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the time is up; empty for no limit.")
    active_at = models.DateTimeField(default=timezone.now, help_text="When something was last saved.")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="Percent, 0 to 100.")
    passed = models.BooleanField(null=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["quiz", "learner"], name="attempt_of_learner"),
            models.Index(fields=["due_at"], condition=Q(handed_in_at__isnull=True), name="attempt_open_until"),
            models.Index(
                fields=["handed_in_at"],
                condition=Q(handed_in_at__isnull=False, marked_at__isnull=True),
                name="attempt_to_mark",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "learner", "number"], name="attempts_are_numbered"),
            models.UniqueConstraint(
                fields=["quiz", "learner"], condition=Q(handed_in_at__isnull=True), name="one_open_attempt"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="score_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, passed__isnull=True, marked_at__isnull=True)
                | Q(score__isnull=False, passed__isnull=False, marked_at__isnull=False, handed_in_at__isnull=False),
                name="marked_attempt_has_a_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_title}, {self.learner}, attempt {self.number}"

    def get_absolute_url(self) -> str:
        """Return where the learner goes on, or sees the result."""
        return reverse("quizzes:sitting" if self.is_open else "quizzes:results", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it has not been handed in."""
        return self.handed_in_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a person to mark an answer."""
        return self.handed_in_at is not None and self.marked_at is None

    def is_out_of_time(self, now: datetime) -> bool:
        """Return whether its time is up though nobody has handed it in."""
        return self.is_open and self.due_at is not None and now >= self.due_at


class Response(models.Model):
    """One question of an attempt, and what was answered.

    `saves` counts how often the answer was saved, so that a second window cannot write over it unseen.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    place = models.PositiveSmallIntegerField(help_text="From 1, in the order asked.")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="responses")
    points = models.PositiveSmallIntegerField(default=1)
    order = models.JSONField(default=list, help_text="The ids of the parts, in the order shown.")
    answer = models.JSONField(null=True, blank=True)
    saves = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0, help_text="Time spent on it, as told by what was saved when.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When the learner was told; it is closed then.")
    credit = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True, help_text="From 0 to 1.")
    points_given = models.JSONField(default=dict, blank=True, help_text="By hand, for each criterion of the rubric.")
    remark = models.TextField(blank=True, help_text="What the marker has to say to the learner.")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["attempt", "place"]
        indexes = [
            models.Index(fields=["attempt"], condition=Q(credit__isnull=True), name="response_not_marked"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "place"], name="one_response_at_a_place"),
            models.CheckConstraint(
                condition=Q(credit__isnull=True) | Q(credit__gte=0, credit__lte=1), name="credit_is_a_share"
            ),
            models.CheckConstraint(condition=Q(points__gte=1), name="response_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.version}"

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"answer-{self.place}"

    @property
    def is_answered(self) -> bool:
        """Whether anything was answered."""
        return self.answer is not None

    @property
    def earned(self) -> Decimal | None:
        """The points it earned, None while it is not marked."""
        return None if self.credit is None else self.credit * self.points

    def parts_of_rubric(self) -> list[dict[str, Any]]:
        """Return the criteria of a free response, each with the points given."""
        rubric = self.version.item.get("rubric", ())
        return [{**criterion, "given": self.points_given.get(criterion["id"])} for criterion in rubric]
