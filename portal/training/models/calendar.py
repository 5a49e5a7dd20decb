"""The private address at which a calendar program fetches a person's due dates."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class CalendarAddress(models.Model):
    """The secret part of the address. A new one takes its place, so that the old address stops working."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address")
    secret = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["person"]

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
