"""Removing notifications that nobody needs any more."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from portal.notifications.models import Notification

READ_DAYS = 90  # days after it was read
UNREAD_DAYS = 365  # days after it was told


def forget(today: date) -> None:
    """Remove what was read long ago, and what nobody read for a year (one query).

    What is told again under the key of one that was removed is news again.
    """
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    read = Q(read_at__lt=midnight - timedelta(days=READ_DAYS))
    unread = Q(read_at__isnull=True, at__lt=midnight - timedelta(days=UNREAD_DAYS))
    Notification.objects.filter(read | unread).delete()
