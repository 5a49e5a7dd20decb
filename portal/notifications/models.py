"""What people are told, which kinds they turned off, and on which days they were written to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

KIND_LENGTH = 20
TEXT_LENGTH = 250
KEY_LENGTH = 150


class Notification(models.Model):
    """One thing that a person is told, in the list behind the bell. It says no result and no caller's particulars."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=KIND_LENGTH, help_text="See `portal.notifications.kinds`.")
    key = models.CharField(max_length=KEY_LENGTH, help_text="What it is about: a person is told it once.")
    text = models.CharField(max_length=TEXT_LENGTH)
    url = models.CharField(max_length=500, blank=True, help_text="Where to go, without the host.")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-at"], name="notifications_newest"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notifications_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"


class Muted(models.Model):
    """That a person does not want to be told a kind of thing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_kinds")
    kind = models.CharField(max_length=KIND_LENGTH)

    class Meta:
        ordering = ["person", "kind"]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="kind_muted_once")]

    def __str__(self) -> str:
        return f"{self.person}, not {self.kind}"


class Digest(models.Model):
    """That a person was written to on a day; there is one digest a day at most."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_email_a_day")]

    def __str__(self) -> str:
        return f"{self.person}, {self.day}"
