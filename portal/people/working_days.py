"""Counting days on which the office works: no Saturday, no Sunday, no holiday."""

from collections.abc import Collection
from datetime import date, timedelta

from portal.people.models import Holiday

_SATURDAY = 5
# Days of a week without holidays on which the office works.
WEEK = 5


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
    while days >= WEEK:
        # Whole weeks at once; each holiday on the way is made up for.
        first, day = day, day + timedelta(weeks=days // WEEK)
        days = days % WEEK + sum(first < one <= day and one.weekday() < _SATURDAY for one in set(closed))
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, closed)
    return day


def between(start: date, end: date, closed: Collection[date]) -> int:
    """Return how many working days lie after a day up to and with another; 0 where that is not later."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    days = WEEK * weeks + sum((end - timedelta(days=number)).weekday() < _SATURDAY for number in range(rest))
    return days - sum(start < one <= end and one.weekday() < _SATURDAY for one in set(closed))
