"""Which days make sense for an enrolment or a leave."""

from datetime import date, timedelta

# A year that was mistyped would make every due date nonsense, and counting to it long.
FARTHEST = timedelta(days=5 * 366)


def day_fault(day: date, today: date) -> str:
    """Return what is wrong with a day, or nothing: it lies within five years of today."""
    if abs(day - today) <= FARTHEST:
        return ""
    return f"{day.isoformat()} is more than five years away. Check the year."
