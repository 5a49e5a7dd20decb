"""A clock that tests set: everything that asks Django for the time sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.core.management import call_command
from django.utils import timezone


class Clock:
    """Stands at noon of a day in the city."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._seconds = 0

    def now(self) -> datetime:
        """Return the time: noon, and a second later each time it is asked for."""
        self._seconds += 1
        noon = datetime.combine(self.today, time(12), tzinfo=timezone.get_default_timezone())
        return noon + timedelta(seconds=self._seconds)

    def morning_of(self, day: date) -> datetime:
        """Return six in the morning of a day."""
        return datetime.combine(day, time(6), tzinfo=timezone.get_default_timezone())

    def wait(self, days: int) -> None:
        """Let days go by, with what a deployment runs every few minutes run once on each."""
        for _ in range(days):
            self.today += timedelta(days=1)
            self._seconds = 0
            call_command("publish_scheduled")


@contextmanager
def standing_at(today: date) -> Iterator[Clock]:
    """Set the clock for as long as the block lasts."""
    clock = Clock(today)
    with patch("django.utils.timezone.now", clock.now):
        yield clock
