"""A certificate that expires is renewed by doing again what the path says, and nothing else of it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.people.positions import Position
from portal.training import attending, certifying, progress, renewing, waiting
from portal.training.lines import Line
from portal.training.models import Certificate, Enrolment, SignOff
from quizzes.models import Attempt
from tests.factories import UserFactory, make_chapter, make_manual
from tests.manuals.clock import standing_at
from tests.quizzes.factories import chosen, make_quiz, single_choice, take
from tests.training import factories as make
from tests.training.test_path_editor import publish

FIRST = date(2026, 1, 30)
# A Saturday, so that the last day to renew is the Friday before it.
EXPIRES = date(2028, 1, 29)
BEGINS = EXPIRES - timedelta(days=60)


@pytest.fixture
def supervisor(db):
    return UserFactory(position=Position.SUPERVISOR)


class Renewing:
    """Somebody who finished a path of every kind of step two years ago, and what they can do again."""

    def __init__(self, supervisor):
        self.supervisor = supervisor
        self.fee = single_choice("Fee", "$25", "$30")
        self.quiz, self.task = make_quiz(self.fee, attempts_allowed=3), make.make_task(times=2)
        self.chapter = make_chapter(make_manual())
        self.attend = make.attend(renews=True)
        steps = [
            make.read(self.chapter),
            make.pass_quiz(self.quiz, renews=True),
            make.have_signed(self.task, renews=True, due_days=3),
            self.attend,
            make.attend("The council meeting"),
        ]
        # Each kind of step that can be renewed, and one that cannot, in a stage of its own.
        path = make.make_path(*(make.stage(f"Week {n}", one) for n, one in enumerate(steps, 1)), valid_months=24)
        self.enrolment = make.enrol(UserFactory(supervisor=supervisor), path, starts_on=FIRST)
        self.person = self.enrolment.person
        make.read_all(self.person, self.chapter)
        make.confirm(self.person, steps[4], supervisor, FIRST)
        self.does("quiz", FIRST)
        self.does("task", FIRST)
        self.does("task", FIRST)
        self.does("attend", FIRST)
        (self.certificate,) = certifying.issue([self.person], FIRST - timedelta(days=1))

    def does(self, what, day):
        at = timezone.make_aware(datetime.combine(day, time(0, 0, 1)))
        if what == "quiz":
            attempt = take(self.quiz, self.person, {self.fee: chosen(self.fee, "$25")})
            Attempt.objects.filter(pk=attempt.pk).update(handed_in_at=at)
        elif what == "task":
            make.sign(self.person, self.task, self.supervisor, at=at)
        else:
            make.confirm(self.person, self.attend, self.supervisor, day)

    def stands(self, today):
        return make.progress_of(self.enrolment, today)


@pytest.fixture
def renewing_one(supervisor):
    return Renewing(supervisor)


def test_what_renews_it_is_due_again_before_it_expires_and_a_new_one_follows(renewing_one):
    one = renewing_one
    assert (one.certificate.renews_from, one.certificate.expires_on) == (BEGINS, EXPIRES)
    assert one.stands(BEGINS - timedelta(days=1)).is_finished
    begun = one.stands(BEGINS)
    assert [step.state for step in begun.steps] == ["done", "back", "back", "back", "done"]
    assert {step.due for step in begun.steps if step.state == "back"} == {date(2028, 1, 28)}
    assert begun.overdue == []
    assert [Line(one.enrolment, step).kind for step in begun.steps][1:4] == [
        "Pass a quiz",
        "Have a task signed off",
        "Attend",
    ]
    assert 0 < begun.percent < 100
    assert len(one.stands(date(2028, 1, 31)).overdue) == 3
    # What was done too early does not count, and half of a task is half of it.
    one.does("task", BEGINS - timedelta(days=1))
    one.does("quiz", BEGINS - timedelta(days=1))
    one.does("task", BEGINS)
    assert [step.count for step in one.stands(BEGINS).steps][2] == (1, 2)
    assert [step.state for step in one.stands(BEGINS).steps][1:4] == ["back", "back", "back"]
    for what in ("quiz", "task", "attend"):
        assert certifying.issue([one.person], BEGINS) == []
        one.does(what, BEGINS)
    (second,) = certifying.issue([one.person], BEGINS)
    # Who renews early loses nothing.
    assert (second.follows, second.issued_on, second.expires_on) == (one.certificate, BEGINS, date(2030, 1, 29))
    assert one.stands(BEGINS).is_finished
    assert certifying.issue_all(BEGINS) == []
    # The former is withdrawn with it, or its code would still be told to be valid.
    with standing_at(BEGINS):
        certifying.withdraw(second, one.supervisor, "It was somebody else.")
        assert {certificate.state for certificate in certifying.of(one.person)} == {"withdrawn"}


def test_who_renews_too_late_has_a_new_one_from_that_day(renewing_one):
    late = EXPIRES + timedelta(days=40)
    for what in ("quiz", "task", "task", "attend"):
        renewing_one.does(what, late)
    (second,) = certifying.issue_all(late)
    assert second.expires_on == renewing.months_after(late, 24)
    assert renewing_one.stands(second.renews_from - timedelta(days=1)).is_finished
    assert not renewing_one.stands(second.renews_from).is_finished


def test_a_correction_of_an_old_sign_off_renews_nothing_and_a_path_that_asks_nothing_again_neither(renewing_one):
    one = renewing_one
    old = SignOff.objects.filter(person=one.person).first()
    make.sign(one.person, one.task, one.supervisor, corrects=old, correction_reason="A word.", at=timezone.now())
    assert one.stands(BEGINS).steps[2].count == (0, 2)
    one.enrolment.edition.steps.update(renews=False)
    assert one.stands(EXPIRES).is_finished
    assert certifying.issue_all(EXPIRES) == []


def test_a_supervisor_finds_it_waiting_confirms_it_again_and_the_learner_reads_how(renewing_one, client):
    with standing_at(BEGINS):
        one = renewing_one
        (waits,) = waiting.of([one.person])
        assert [each.step.kind for each in waits.now] == ["task", "attend"]
        assert renewing.times_met(one.person, one.task, BEGINS - timedelta(days=1)) == 2
        assert renewing.times_met(one.person, one.task) == 0
        step = one.enrolment.edition.steps.get(key=one.attend["id"])
        client.force_login(one.supervisor)
        asks = reverse("training:attend", args=[one.enrolment.pk, step.key])
        early = client.post(asks, {"people": one.person.pk, "day": FIRST, "remarks": "In the old year."})
        assert "only November 30, 2027 or later counts" in early.content.decode()
        assert "In the old year." in early.content.decode()
        for wanted in (1, 0):
            done = attending.confirm([one.person], step, one.supervisor, day=BEGINS, remarks="")
            assert len(done.records) == wanted
        client.force_login(one.person)
        page = client.get(reverse("training:path", args=[one.enrolment.pk])).content.decode()
        assert page.count("To be renewed") >= 2
        assert "This quiz allows 3 attempts in all" in page
        assert "is valid until January 29, 2028" in page


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["quiz", "task", "attend"])), min_size=4, max_size=8))
def test_progress_never_falls_but_on_the_day_a_renewal_begins(renewing_one, deeds):
    one = renewing_one
    one.quiz.attempts_allowed = 0
    with transaction.atomic():
        day, before = FIRST, one.stands(FIRST)
        assert before.is_finished
        for days, what in deeds:
            (standing,) = certifying.standing([one.person]).values()
            begins = day < standing.renews_from <= day + timedelta(days=days)
            day += timedelta(days=days)
            now = one.stands(day)
            assert (now.percent < before.percent) == begins
            one.does(what, day)
            issued = certifying.issue([one.person], day)
            before = one.stands(day)
            assert before.percent >= now.percent
            assert bool(issued) == (before.is_finished and not now.is_finished)
        transaction.set_rollback(True)


def test_renewals_cost_four_queries_for_any_number_of_people(renewing_one, django_assert_num_queries):
    one = renewing_one
    others = [make.enrol(UserFactory(), one.enrolment.path) for _ in range(4)]
    for other in others[:3]:
        make.certify(other, issued_on=FIRST, renews_from=BEGINS, expires_on=EXPIRES)
    enrolments = list(Enrolment.objects.select_related("person", "path"))
    with django_assert_num_queries(12):
        progress.of(enrolments, BEGINS - timedelta(days=1))
    for some in ([each for each in enrolments if each.person == one.person], enrolments):
        with django_assert_num_queries(15):
            progress.of(some, BEGINS)


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)), st.integers(1, 120))
def test_so_many_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = renewing.months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert later.day <= day.day


@pytest.mark.django_db
def test_a_path_whose_certificate_nobody_could_keep_is_not_published(client, supervisor):
    client.force_login(supervisor)
    task = make.make_task()
    refused = publish(client, ("Week 1", [make.have_signed(task)]), valid_months="24")
    assert "No required step renews the certificate" in refused.content.decode()
    refused = publish(client, ("Week 1", [make.have_signed(task, renews=True)]))
    assert "the certificate does not expire" in refused.content.decode()
    assert not Enrolment.objects.exists()
    publish(client, ("Week 1", [make.have_signed(task, renews=True)]), valid_months="24")
    assert task.steps.get().renews
    assert Certificate.objects.count() == 0
