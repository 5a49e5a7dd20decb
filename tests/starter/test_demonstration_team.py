"""The demonstration comes with a team at different points of their paths, made the way everyone's evidence is."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from manuals.models import Acknowledgement, AcknowledgementSettings
from portal.people import demonstration
from portal.people.models import Language, User
from portal.people.positions import Position
from portal.starter import demonstration_team, loading
from portal.starter.demonstration_people import MEMBERS
from portal.training import certifying, progress, readiness
from portal.training.models import Attendance, Certificate, Enrolment, Level, SectionRead, SignOff
from quizzes.models import Attempt, Response

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The library with the team, loaded once for this module and taken back after it."""
    from django.conf import settings

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        settings.DEMONSTRATION_TEAM = True
        try:
            loading.load()
        finally:
            settings.DEMONSTRATION_TEAM = False
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def team(_loaded, db):
    return {person.username: person for person in User.objects.filter(is_demonstration=True)}


@pytest.fixture
def stands(team):
    """How far each of the team is on the path they are on, by username."""
    enrolments = Enrolment.objects.filter(person__in=team.values(), left_at__isnull=True)
    found = progress.of(enrolments.select_related("person", "path"))
    return {one.enrolment.person.username: one for one in found.values()}


def states(known, state: str) -> list[str]:
    return [one.step.title for one in known.steps if one.state == state]


def rows() -> list[int]:
    kept = (User, Enrolment, SectionRead, Acknowledgement, Attempt, Response, SignOff, Attendance, Certificate)
    return [model.objects.count() for model in kept]


def test_twelve_people_of_three_positions_report_to_the_supervisor(team):
    own = [team[member.username] for member in MEMBERS]
    count = {position: sum(one.position == position for one in own) for position in Position}
    assert count == {Position.CSR_1: 7, Position.CSR_2: 3, Position.SENIOR: 2, Position.SUPERVISOR: 0}
    assert {one.supervisor for one in own} == {team["supervisor"]}
    assert all(one.check_password(demonstration.PASSWORD) for one in own[:1])
    assert any(one.preferred_language == Language.SPANISH for one in own)


def test_the_team_shows_each_state_that_a_supervisor_must_tell_apart(stands):
    assert (stands["anwosu"].percent, stands["anwosu"].overdue) == (0, [])
    assert stands["dcoleman"].overdue == []
    assert 0 < stands["dcoleman"].percent < 25
    assert states(stands["dcoleman"], "in_hand")
    assert states(stands["gibarra"], "waiting") == ["Answering inquiries"]
    assert len(stands["tbrandt"].overdue) > 3
    assert stands["lpham"].is_away
    assert stands["lpham"].overdue == []
    tasks = {one.step.task.slug: one for one in stands["praghunathan"].steps if one.step.task}
    assert tasks["takes-each-kind-of-payment"].state == "open"
    assert tasks["closes-a-drawer"].state == "later"
    assert stands["praghunathan"].overdue == []
    assert 90 <= stands["okowalczyk"].percent < 100
    assert len(states(stands["rachterberg"], "back")) == 1
    assert stands["csr1"].overdue == []
    assert stands["csr1"].percent > 0


def test_what_was_not_met_at_first_was_met_later(team):
    seen = SignOff.objects.filter(person=team["okowalczyk"], task__slug="works-a-morning-alone").order_by("at")
    assert [one.met for one in seen] == [False, True]


def test_certificates_are_valid_carried_over_and_in_renewal(team, stands):
    today = timezone.localdate()
    found = {(team_key(one), one.path.slug): one for one in Certificate.objects.select_related("path", "person")}
    assert set(found) == {
        ("mreyes", "csr-i-first-90-days"),
        *((name, "csr-i-first-90-days") for name in ("sabebe", "hlindqvist", "rachterberg", "kwatanabe")),
        *((name, "csr-ii-journey") for name in ("sabebe", "hlindqvist", "rachterberg", "kwatanabe")),
        ("kwatanabe", "senior-csr-lead"),
    }
    assert all(one.issued_on < today for one in found.values())
    renewed = found["hlindqvist", "csr-ii-journey"]
    assert renewed.renews_from <= today <= renewed.expires_on
    assert states(stands["hlindqvist"], "back")
    assert states(stands["mreyes"], "done")
    assert certifying.issue(team.values()) == []


def team_key(certificate: Certificate) -> str:
    return str(certificate.person.username)


def test_one_is_ready_to_move_up(team):
    ready = readiness.of(team.values())
    assert [one.person.username for one in ready.values() if one.is_ready] == ["sabebe"]


def test_whoever_moved_up_has_the_evidence_of_where_they_came_from(team):
    moved_up = [person for person in team.values() if person.position in (Position.CSR_2, Position.SENIOR)]
    assert {team["csr2"], team["senior"], team["hlindqvist"], team["kwatanabe"]} < set(moved_up)
    for one in readiness.of(moved_up).values():
        before = [ability for ability in one.own if ability.function.position != one.person.position]
        assert before
        assert all(ability.level in (Level.WITH_HELP, Level.ALONE) for ability in before), one.person


def test_evidence_lies_in_the_past_and_says_who_saw_it(team):
    now = timezone.now()
    for model in (SectionRead, Acknowledgement, SignOff, Attendance):
        assert not model.objects.filter(at__gt=now).exists()
        assert model.objects.filter(at__lt=now - timedelta(days=60)).exists()
    # Nobody did anything before they were hired, and nobody marks or signs for themselves.
    for person in team.values():
        first = SectionRead.objects.filter(person=person).order_by("at").first()
        assert first is None or timezone.localdate(first.at) >= person.hire_date, person
    assert not Response.objects.filter(marked_by=F("attempt__learner")).exists()
    assert set(SignOff.objects.values_list("supervisor_name", flat=True)) == {str(team["supervisor"])}
    assert set(Acknowledgement.objects.values_list("sentence", flat=True)) == {AcknowledgementSettings.load().sentence}


def test_loading_again_changes_nothing(team):
    before = rows()
    assert demonstration_team.load(team) == []
    assert rows() == before


def test_the_accounts_can_be_removed_and_what_they_did_is_kept(team):
    signed = SignOff.objects.count()
    removed = demonstration.remove()
    assert set(removed.deleted) | set(removed.closed) == set(team)
    assert not demonstration.present()
    assert SignOff.objects.count() == signed


def test_a_real_account_with_a_name_of_the_team_is_not_taken_over(team):
    User.objects.filter(username="anwosu").update(is_demonstration=False)
    with pytest.raises(demonstration_team.NameTaken, match="anwosu"):
        demonstration_team.load(team)
