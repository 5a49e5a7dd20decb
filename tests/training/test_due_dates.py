"""When a step is due: working days after the start, whatever the calendar holds, and a leave moves it by what it took."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.people import working_days
from portal.people.models import Holiday
from portal.training import due_dates
from portal.training.models import Pause
from tests.factories import UserFactory
from tests.training import factories as make

# Over two leap days, and over many first and last days of daylight saving.
STARTS = st.dates(date(2023, 12, 1), date(2029, 1, 31))
LONG_AFTER = date(2035, 1, 1)


@st.composite
def calendars(draw, leaves=2):
    """Return a start, holidays around it, and leaves after it that do not overlap, in any order."""
    start = draw(STARTS)
    closed = frozenset(
        start + timedelta(days=number) for number in draw(st.frozensets(st.integers(-3, 60), max_size=9))
    )
    days = iter(sorted(draw(st.sets(st.integers(1, 60), min_size=2 * leaves, max_size=2 * leaves))))
    pauses = [Pause(since=start + timedelta(days=first), until=start + timedelta(days=next(days))) for first in days]
    return start, closed, draw(st.permutations(pauses))


@given(calendars(), st.integers(1, 40), st.lists(st.tuples(st.integers(1, 60), st.integers(1, 20)), max_size=2))
def test_a_step_is_due_on_the_last_of_so_many_working_days_that_the_person_was_there(calendar, days, others):
    start, closed, pauses = calendar
    # Leaves entered twice, or one inside another, take their days once.
    pauses += [
        Pause(since=start + timedelta(days=first), until=start + timedelta(days=first + length))
        for first, length in others
    ]
    due = due_dates.due(start, days, pauses, closed, LONG_AFTER)
    after = (start + timedelta(days=number) for number in range(1, 250))
    there = (
        day
        for day in after
        if day.isoweekday() <= 5 and day not in closed and not any(one.since <= day < one.until for one in pauses)
    )
    assert due == [next(there) for _ in range(days)][-1]


@given(calendars(leaves=1), st.integers(0, 40), st.integers(0, 20))
def test_a_longer_leave_never_brings_a_day_forward_and_one_after_it_changes_nothing(calendar, days, longer):
    start, closed, [pause] = calendar
    without = due_dates.due(start, days, [], closed, LONG_AFTER)
    moved = due_dates.due(start, days, [pause], closed, LONG_AFTER)
    assert without == working_days.add(start, days, closed)
    assert moved >= without
    assert pause.since <= without or moved == without
    more = Pause(since=pause.since, until=pause.until + timedelta(days=longer))
    assert due_dates.due(start, days, [more], closed, LONG_AFTER) >= moved


@given(calendars(leaves=1), st.integers(0, 40), st.integers(1, 90))
def test_while_nobody_knows_when_a_person_comes_back_what_is_due_moves_with_each_working_day(calendar, days, gone):
    start, closed, [pause] = calendar
    away = Pause(since=pause.since, until=None)
    today = pause.since + timedelta(days=gone)
    back_today = Pause(since=pause.since, until=today)
    due = due_dates.due(start, days, [away], closed, today)
    assert due == due_dates.due(start, days, [back_today], closed, today)
    assert due_dates.is_away([away], today)
    assert not due_dates.is_away([back_today], today)
    tomorrow = due_dates.due(start, days, [away], closed, today + timedelta(days=1))
    assert tomorrow > due if _moves(away, start, days, closed) and _is_open(today, closed) else tomorrow == due


def _moves(pause, start, days, closed):
    return pause.since <= working_days.add(start, days, closed)


def _is_open(day, closed):
    return day.isoweekday() <= 5 and day not in closed


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Over a weekend, over a leap day, and over one that is no leap day.
        (date(2026, 8, 28), 1, date(2026, 8, 31)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2026, 2, 27), 1, date(2026, 3, 2)),
        # Over Labor Day, the one holiday here.
        (date(2026, 9, 4), 1, date(2026, 9, 8)),
        # Over the nights in which clocks change.
        (date(2026, 3, 6), 2, date(2026, 3, 10)),
        (date(2026, 10, 30), 2, date(2026, 11, 3)),
    ],
)
def test_days_are_counted_as_a_calendar_on_the_wall_counts_them(start, days, due):
    assert due_dates.due(start, days, [], {date(2026, 9, 7)}, LONG_AFTER) == due


def test_without_a_limit_nothing_is_due():
    assert due_dates.due(date(2026, 3, 2), None, [], (), LONG_AFTER) is None


@pytest.mark.django_db
# The Mondays after the clocks went forward and back.
@pytest.mark.parametrize("due", [date(2026, 3, 9), date(2026, 11, 2)])
def test_a_day_ends_at_midnight_in_the_city_also_after_the_clocks_changed(due):
    starts_on = due - timedelta(days=3)
    enrolment = make.enrol(
        UserFactory(), make.make_path(make.stage("Week 1", make.attend(due_days=1))), starts_on=starts_on
    )

    def late_at(day: date, hour: int, minute: int) -> tuple[bool, int]:
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_default_timezone())
        # Django's clock goes by UTC.
        with patch("django.utils.timezone.now", lambda: local.astimezone(UTC)):
            found = make.progress_of(enrolment).steps[0]
        assert found.due == due
        return found.is_overdue, found.days_late

    assert late_at(due, 23, 45) == (False, 0)
    assert late_at(due + timedelta(days=1), 0, 15) == (True, 1)


@pytest.mark.django_db
def test_a_holiday_that_is_entered_later_moves_what_is_due():
    enrolment = make.enrol(
        UserFactory(), make.make_path(make.stage("Week 1", make.attend(due_days=1))), starts_on=date(2026, 9, 4)
    )
    assert make.progress_of(enrolment, date(2026, 9, 8)).overdue
    Holiday.objects.create(day=date(2026, 9, 7), name="Labor Day")
    assert not make.progress_of(enrolment, date(2026, 9, 8)).overdue
