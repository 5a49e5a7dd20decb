"""Counting days on which the office works: no Saturday, no Sunday, no holiday."""

from collections.abc import Collection
from datetime import date, timedelta

from portal.people.models import Holiday

_SATURDAY = 5


def holidays() -> frozenset[date]:
    """Return every day on which the office is closed besides weekends (one query)."""
    return frozenset(Holiday.objects.values_list("day", flat=True))


def is_working_day(day: date, closed: Collection[date]) -> bool:
    """Return whether the office works on a day, given its holidays."""
    return day.weekday() < _SATURDAY and day not in closed


def add(start: date, days: int, closed: Collection[date]) -> date:
    """Return the working day that is so many working days after a day; with 0, the day itself or the next to work on.

    The start itself is not counted: one working day after a Friday is the Monday.
    """
    day = start
    while not is_working_day(day, closed):
        day += timedelta(days=1)
    if day != start and days:
        # The first day to work on after a weekend is already one day after it.
        days -= 1
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, closed)
    return day


def between(start: date, end: date, closed: Collection[date]) -> int:
    """Return how many working days lie after a day up to and with another; 0 where that is not later."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, closed) for day in days)
