"""Working days are counted over weekends and holidays, whatever the calendar holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people import working_days
from portal.people.models import Holiday

FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 8, 28) + timedelta(days=number) for number in range(5))
NONE: frozenset[date] = frozenset()

DAYS = st.dates(date(2023, 12, 1), date(2029, 1, 31))
COUNTS = st.integers(0, 60)


@st.composite
def starts_and_holidays(draw):
    """Return a day, and holidays of which many are near it, as those that matter are."""
    start = draw(DAYS)
    near = draw(st.frozensets(st.integers(-3, 40), max_size=25))
    return start, frozenset(start + timedelta(days=number) for number in near)


@given(starts_and_holidays(), COUNTS)
def test_what_is_due_is_due_on_a_day_the_office_works(calendar, days):
    start, closed = calendar
    due = working_days.add(start, days, closed)
    assert due.weekday() < 5
    assert due not in closed
    assert due >= start


@given(starts_and_holidays(), st.integers(1, 60))
def test_as_many_working_days_lie_between_as_were_added(calendar, days):
    start, closed = calendar
    assert working_days.between(start, working_days.add(start, days, closed), closed) == days


@given(starts_and_holidays(), COUNTS)
def test_a_day_more_is_due_on_the_next_working_day(calendar, days):
    start, closed = calendar
    first = working_days.add(start, days, closed)
    second = working_days.add(start, days + 1, closed)
    skipped = [first + timedelta(days=number) for number in range(1, (second - first).days)]
    assert not any(working_days.is_working_day(day, closed) for day in skipped)
    # From a day off, "today" and "in one day" are the same next day of work.
    assert second > first or (days == 0 and not working_days.is_working_day(start, closed))


@given(starts_and_holidays(), COUNTS, st.integers(0, 30))
def test_who_begins_later_is_never_due_earlier(calendar, days, later):
    start, closed = calendar
    assert working_days.add(start, days, closed) <= working_days.add(start + timedelta(days=later), days, closed)


@given(starts_and_holidays(), COUNTS)
def test_a_holiday_more_never_brings_a_deadline_forward(calendar, days):
    start, closed = calendar
    assert working_days.add(start, days, NONE) <= working_days.add(start, days, closed)


@given(DAYS, st.integers(0, 80), st.integers(0, 80), st.frozensets(DAYS, max_size=20))
def test_working_days_of_two_spans_that_meet_add_up(start, first, second, closed):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    both = working_days.between(start, middle, closed) + working_days.between(middle, end, closed)
    assert working_days.between(start, end, closed) == both


@given(starts_and_holidays(), COUNTS)
def test_adding_agrees_with_a_list_of_every_working_day(calendar, days):
    start, closed = calendar
    calendar_days = [start + timedelta(days=number) for number in range(150)]
    open_days = [day for day in calendar_days if day.isoweekday() <= 5 and day not in closed]
    counted = [day for day in open_days if day > start] if days else open_days
    assert working_days.add(start, days, closed) == counted[days - 1 if days else 0]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (FRIDAY, 2, TUESDAY),
        (SATURDAY, 0, MONDAY),
        (SATURDAY, 1, MONDAY),
        (SUNDAY, 1, MONDAY),
        (SUNDAY, 2, TUESDAY),
        (MONDAY, 5, MONDAY + timedelta(days=7)),
    ],
)
def test_weekends_are_passed_over(start, days, due):
    assert working_days.add(start, days, NONE) == due


def test_a_holiday_on_a_monday_moves_what_is_due_to_the_tuesday():
    labor_day = date(2026, 9, 7)
    assert working_days.add(date(2026, 9, 4), 1, {labor_day}) == date(2026, 9, 8)
    assert working_days.add(labor_day, 0, {labor_day}) == date(2026, 9, 8)


def test_a_holiday_on_a_weekend_takes_no_working_day_away():
    assert working_days.add(FRIDAY, 1, {SATURDAY}) == MONDAY
    assert working_days.between(FRIDAY, MONDAY, {SATURDAY}) == 1


def test_a_leap_day_is_a_day_like_any_other():
    assert working_days.add(date(2024, 2, 28), 1, NONE) == date(2024, 2, 29)
    assert working_days.between(date(2024, 2, 28), date(2024, 3, 1), NONE) == 2
    assert working_days.add(date(2028, 2, 28), 2, {date(2028, 2, 29)}) == date(2028, 3, 2)


def test_nothing_lies_between_a_day_and_an_earlier_one():
    assert working_days.between(MONDAY, FRIDAY, NONE) == 0
    assert working_days.between(MONDAY, MONDAY, NONE) == 0


@pytest.mark.django_db
def test_the_holidays_on_the_portal_are_asked_for_once(django_assert_num_queries):
    Holiday.objects.create(day=date(2026, 9, 7), name="Labor Day")
    Holiday.objects.create(day=date(2026, 12, 25), name="Christmas Day")
    with django_assert_num_queries(1):
        assert working_days.holidays() == {date(2026, 9, 7), date(2026, 12, 25)}
