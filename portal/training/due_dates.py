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
