"""Marking again after a key was wrong, with what it was before."""

from django.conf import settings
from django.db import models

from quizzes.models.attempt import Attempt, Response
from quizzes.models.version import QuestionVersion


class Regrade(models.Model):
    """A question marked again by a mended key: who did it, when and why."""

    version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="regrades", help_text="What was marked by."
    )
    reason = models.TextField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-done_at"]

    def __str__(self) -> str:
        return f"{self.version}: {self.reason}"


class RegradedResponse(models.Model):
    """What a regrade changed in one answer, and in the attempt it belongs to."""

    regrade = models.ForeignKey(Regrade, on_delete=models.PROTECT, related_name="changes")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="regrades")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="regrades")
    credit_before = models.DecimalField(max_digits=6, decimal_places=5)
    credit_after = models.DecimalField(max_digits=6, decimal_places=5)
    score_before = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_after = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    passed_before = models.BooleanField(null=True)
    passed_after = models.BooleanField(null=True)

    class Meta:
        ordering = ["regrade", "attempt"]
        constraints = [models.UniqueConstraint(fields=["regrade", "response"], name="regraded_once_by_a_regrade")]

    def __str__(self) -> str:
        return f"{self.response}: {self.credit_before} → {self.credit_after}"
