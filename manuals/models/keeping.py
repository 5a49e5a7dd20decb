"""What keeps a page true: that somebody looked, and what agents remark."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Verification(models.Model):
    """That a person looked at a page and found it still correct."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="verifications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verifications")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["page", "-at"], name="verification_latest")]

    def __str__(self) -> str:
        return f"{self.page}, {timezone.localtime(self.at):%Y-%m-%d}"


class Remark(models.Model):
    """What someone who works with a page says is wrong with a section of it, and what came of that."""

    class State(models.TextChoices):
        """What came of it."""

        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="remarks")
    anchor = models.CharField(max_length=64, blank=True, help_text="The section's address; empty for the whole page.")
    heading = models.CharField(max_length=255, blank=True, help_text="The section's heading as it was.")
    edition_number = models.CharField(max_length=20, blank=True, help_text="The edition it was made on.")
    text = models.TextField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="remarks")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reply = models.TextField(blank=True, max_length=1000, help_text="The answer, or why it was closed.")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_says_something"),
            models.CheckConstraint(
                condition=models.Q(state="open") | ~models.Q(reply=""), name="settled_remark_has_a_reply"
            ),
        ]
        indexes = [models.Index(fields=["state", "page"], name="remark_by_state")]

    def __str__(self) -> str:
        return self.text[:80]
