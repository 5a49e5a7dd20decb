"""What is due soon and what is overdue is told once each, in one sentence a person, on days on which people work."""

from datetime import date, timedelta

import pytest

from portal.notifications.models import Notification
from portal.people.models import Holiday
from portal.training import due_news, enrolling
from portal.training.models import Pause, Waiver
from tests.factories import UserFactory
from tests.training import factories as make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)


def path_due(*days, title="First 90 days"):
    """Return a path with a step due so many working days after the start for each."""
    steps = [make.attend(f"Morning {place}", due_days=after) for place, after in enumerate(days, start=1)]
    return make.make_path(make.stage("Week 1", *steps), title=title)


def run(day):
    """Do the day's run, and return what is told anew by kind."""
    known = set(Notification.objects.values_list("pk", flat=True))
    due_news.tell_all(day)
    return [(one.kind, one.text) for one in Notification.objects.exclude(pk__in=known).order_by("pk")]


def test_a_step_is_told_two_working_days_before_and_again_once_it_is_overdue():
    person = UserFactory()
    enrolment = make.enrol(person, path_due(4), starts_on=MONDAY)
    assert run(MONDAY + timedelta(days=1)) == []
    assert run(MONDAY + timedelta(days=2)) == [("due_soon", "“Morning 1” is due on Friday, March 6.")]
    step = enrolment.edition.steps.get()
    assert Notification.objects.get(kind="due_soon").url == f"/training/path/{enrolment.pk}/#step-{step.key}"
    assert run(MONDAY + timedelta(days=2)) == run(FRIDAY) == []
    # Nobody is at work on the weekend; and three days without a run lose nothing.
    assert run(FRIDAY + timedelta(days=1)) == []
    assert run(FRIDAY + timedelta(days=6)) == [("overdue", "“Morning 1” was due on Friday, March 6.")]
    assert run(FRIDAY + timedelta(days=7)) == []


def test_many_steps_are_one_sentence_what_two_paths_ask_for_is_one_step_and_only_what_is_new_is_told():
    person = UserFactory()
    make.enrol(person, path_due(0, 1, 2, 3, 4, 5, 6, 30), starts_on=date(2026, 2, 23))
    assert run(MONDAY) == [
        ("due_soon", "2 steps of “First 90 days” are due by Tuesday, March 3, the first on Monday, March 2: "
                     "“Morning 6”, “Morning 7”."),
        ("overdue", "5 steps of “First 90 days” are overdue, the first since Monday, February 23."),
    ]  # fmt: skip
    assert run(date(2026, 3, 4)) == [
        (
            "overdue",
            "2 steps of “First 90 days” are overdue, the first since Monday, March 2: “Morning 6”, “Morning 7”.",
        )
    ]

    task, other = make.make_task("Closes a drawer"), UserFactory()
    for title in ("First 90 days", "Cash"):
        stage = make.stage("Week 1", make.have_signed(task, due_days=1), make.attend(title, due_days=1))
        make.enrol(other, make.make_path(stage, title=title), starts_on=date(2026, 3, 4))
    Holiday.objects.create(day=date(2026, 3, 5), name="Founders’ Day")
    assert run(date(2026, 3, 5)) == []
    [(_, text)] = run(FRIDAY)
    assert text.split(":")[0] == "3 steps of your paths are due on Friday, March 6"


def test_a_due_date_that_moved_is_told_anew_and_what_is_done_waived_or_left_is_not():
    supervisor = UserFactory()
    moved, done, waived, left, gone, away = (UserFactory() for _ in range(6))
    asked = make.attend(due_days=4)
    path = make.make_path(make.stage("Week 1", asked))
    enrolments = {
        person: make.enrol(person, path, starts_on=MONDAY) for person in (moved, done, waived, left, gone, away)
    }
    make.confirm(done, asked, supervisor, MONDAY)
    Waiver.objects.create(enrolment=enrolments[waived], key=asked["id"], title="It", reason="Did it.", by=supervisor)
    enrolling.leave(enrolments[left], "Works elsewhere.", supervisor)
    gone.is_active = False
    gone.save()
    Pause.objects.create(enrolment=enrolments[away], since=FRIDAY, reason="Leave", by=supervisor)

    assert len(run(FRIDAY)) == 1
    assert Notification.objects.get(kind="due_soon").person == moved
    Pause.objects.create(
        enrolment=enrolments[moved], since=date(2026, 3, 5), until=date(2026, 3, 9), reason="Leave", by=supervisor
    )
    assert run(date(2026, 3, 9)) == [("due_soon", "“A morning with the meter crew” is due on Tuesday, March 10.")]


def test_queries_do_not_grow_with_people(django_assert_num_queries, django_assert_max_num_queries):
    path = path_due(1, 2, 3)
    make.enrol(UserFactory(), path, starts_on=MONDAY)
    with django_assert_max_num_queries(30) as one:
        assert len(run(MONDAY)) == 1
    for _ in range(6):
        make.enrol(UserFactory(), path, starts_on=MONDAY)
    with django_assert_num_queries(len(one)):
        assert len(run(MONDAY)) == 6
