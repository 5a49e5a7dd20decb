"""By when a step is due. Days are the city's own, in its time zone; hours and daylight saving do not come into it."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from portal.people import working_days
from portal.training.models import Pause


def due(
    starts_on: date, days: int | None, pauses: Iterable[Pause], closed: Collection[date], today: date
) -> date | None:
    """Return the last day to do a step: so many working days after the start, and those away on top. None for no limit.

    A leave that began before the step was due moves it by the working days it took, up to today where it goes on.
    """
    if days is None:
        return None
    last = working_days.add(starts_on, days, closed)
    counted = starts_on
    for pause in sorted(pauses, key=lambda one: one.since):
        if pause.since > last:
            break
        # Days of two leaves that overlap are taken once.
        first, back = max(pause.since, starts_on, counted), pause.until or max(today, pause.since)
        counted = max(counted, back)
        away = working_days.between(first - timedelta(days=1), back - timedelta(days=1), closed)
        last = working_days.add(last, away, closed)
    return last


def is_away(pauses: Iterable[Pause], today: date) -> bool:
    """Return whether a person is on leave today."""
    return any(pause.since <= today and (pause.until is None or pause.until > today) for pause in pauses)


class DueDates:
    """What is due when, and how late it is, on one day: worked out once for those who began on the same day."""

    def __init__(self, closed: Collection[date], today: date) -> None:
        self.closed, self.today = closed, today
        self._due: dict[tuple[date, int | None], date | None] = {}
        self._late: dict[date, int] = {}

    def of(self, starts_on: date, days: int | None, pauses: Collection[Pause]) -> date | None:
        """Return the last day to do a step, as `due` does."""
        if pauses:
            return due(starts_on, days, pauses, self.closed, self.today)
        key = (starts_on, days)
        if key not in self._due:
            self._due[key] = due(starts_on, days, (), self.closed, self.today)
        return self._due[key]

    def days_late(self, day: date) -> int:
        """Return by how many working days something is late that was due on a day."""
        if day not in self._late:
            self._late[day] = working_days.between(day, self.today, self.closed)
        return self._late[day]
