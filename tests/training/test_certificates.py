"""Who finishes a path has a certificate of it at once, and just one; a supervisor alone can take it back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.people.positions import Position, group_for
from portal.training import attending, certificate_pdf, certifying, waiving
from portal.training.models import Certificate, CertificateWithdrawal, Enrolment
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, section
from tests.manuals import pdf_text
from tests.quizzes.factories import chosen, make_quiz, single_choice, take
from tests.training import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor():
    return UserFactory(position=Position.SUPERVISOR)


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """Return a function that does something as in a transaction of its own, with what follows its commit."""

    def do(function, *arguments, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*arguments, **fields)

    return do


def certified(supervisor):
    """Return the certificate of somebody who was signed off for the one task of a path."""
    task = make.make_task()
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.have_signed(task))))
    make.sign(enrolment.person, task, supervisor)
    (certificate,) = certifying.issue([enrolment.person])
    return certificate


def test_the_last_thing_done_brings_the_certificate_whatever_it_is(supervisor, at_once):
    fee = single_choice("Fee", "$25", "$30")
    quiz, task = make_quiz(fee), make.make_task(minutes=40)
    chapter = make_chapter(
        make_manual(), body=[section("count", "Count the drawer"), section("sign", "Sign the sheet")]
    )
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    steps = {
        "read": (make.read(chapter), lambda one: make.read_all(one.person, chapter)),
        "policy": (make.acknowledge(policy), lambda one: make.agree(one.person, policy)),
        "quiz": (make.pass_quiz(quiz), lambda one: take(quiz, one.person, {fee: chosen(fee, "$25")})),
        "task": (make.have_signed(task), lambda one: make.sign(one.person, task, supervisor)),
        "attend": (make.attend(minutes=90), lambda one: attend(one, "attend")),
        "waive": (
            make.attend("The council"),
            lambda one: waiving.waive(one, step(one, "waive"), "Was there.", supervisor),
        ),
    }
    path = make.make_path(make.stage("Week 1", *(one for one, _ in steps.values())))

    def step(enrolment, name):
        return enrolment.edition.steps.get(key=steps[name][0]["id"])

    def attend(enrolment, name):
        day = timezone.localdate()
        attending.confirm([enrolment.person], step(enrolment, name), supervisor, day=day, remarks="")

    for last in steps:
        enrolment = make.enrol(UserFactory(), path)
        for name, (_, does) in steps.items():
            if name != last:
                does(enrolment)
        assert certifying.issue([enrolment.person]) == [], last
        at_once(steps[last][1], enrolment)
        certificate = enrolment.person.certificates.get()
        assert certificate.edition == enrolment.edition
        assert certificate.issued_on == timezone.localdate()
        assert certificate.expires_on is None
        # What was waived took no time.
        done = [one.minutes for one in make.progress_of(enrolment).steps if one.state == "done"]
        assert len(done) == len(steps) - 1
        assert certificate.minutes == sum(done), last


def test_a_section_of_a_half_read_chapter_costs_as_much_on_a_long_path_as_on_a_short_one(
    at_once, django_assert_max_num_queries
):
    chapter = make_chapter(
        make_manual(), body=[section("count", "Count the drawer"), section("sign", "Sign the sheet")]
    )
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter), make.attend())))
    # Four to record it, and four to see that the chapter is not read.
    with django_assert_max_num_queries(9):
        at_once(make.read_sections, enrolment.person, chapter, "count")


def test_nobody_gets_two_and_the_daily_run_gives_what_was_left(supervisor, django_assert_num_queries):
    task = make.make_task()
    path = make.make_path(make.stage("Week 1", make.have_signed(task)))
    none = make.make_path(make.stage("Week 1", make.have_signed(task)), gives_certificate=False)
    people = [make.enrol(UserFactory(), path).person for _ in range(3)]
    make.enrol(people[0], none)
    for person in people[:2]:
        make.sign(person, task, supervisor)
    assert {one.person for one in certifying.issue_all()} == set(people[:2])
    assert certifying.issue_all() == []
    with django_assert_num_queries(1):
        assert certifying.issue(people[:2]) == []
    assert set(certifying.standing(people)) == {(person.pk, path.pk) for person in people[:2]}
    # Two runs at once: both have seen that there is none, and the second finds what the first wrote.
    enrolments = list(Enrolment.objects.filter(person=people[0], path=path).select_related("person", "path"))
    with pytest.raises(DatabaseError), transaction.atomic():
        make.certify(enrolments[0])
    assert certifying._issue_one(make.progress_of(enrolments[0]), None, timezone.localdate()) == []
    assert Certificate.objects.filter(path=path).count() == 2


def test_the_pdf_says_all_of_it_and_nothing_typed_runs_in_it(supervisor, client, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://training.example.gov"
    name = "Maria-Fernanda #strong[Wolfeschlegelsteinhausen] de la Concepción y Montenegro " * 4
    learner = UserFactory(first_name="Ann", last_name="Bell")
    path = make.make_path(make.stage("Week 1", make.attend()), title="CSR I: *the first* $90 days")
    certificate = make.certify(
        make.enrol(learner, path), person_name=name.strip(), minutes=2190, code="0123456789ABCDEF"
    )
    client.force_login(learner)
    response = client.get(reverse("training:certificate_pdf", args=[certificate.pk]))
    assert response["Content-Type"] == "application/pdf"
    pdf = pdf_text.read(response.content)
    assert len(pdf.pages) == 1
    for words in (name.strip(), path.title, "36.5", "No end", "0123-4567-89AB-CDEF", settings.CITY_NAME):
        assert "".join(words.split()) in pdf.squeezed, words
    assert "https://training.example.gov/verify/0123-4567-89AB-CDEF" in pdf.squeezed
    assert pdf.has(b"pdfuaid")
    assert pdf.tagged("TH") == len(certificate_pdf.data(certificate)["facts"])


def test_a_supervisor_withdraws_a_certificate_and_only_they_can_issue_it_again(supervisor, client):
    certificate = certified(supervisor)
    client.force_login(supervisor)
    withdraw = reverse("training:withdraw_certificate", args=[certificate.pk])
    assert "Say why." in client.post(withdraw, {"do": "check", "reason": "-"}).content.decode()
    asked = client.post(withdraw, {"do": "check", "reason": "It was somebody else."}).content.decode()
    assert "Withdraw it" in asked
    assert "It was somebody else." in asked
    assert not CertificateWithdrawal.objects.exists()
    client.post(withdraw, {"do": "withdraw", "reason": "It was somebody else."})
    assert certificate.withdrawal.by == supervisor
    assert certifying.issue_all() == []
    assert certifying.standing([certificate.person]) == {}
    with pytest.raises(certifying.AlreadyWithdrawn):
        certifying.withdraw(certificate, supervisor, "Once more.")
    sheet = reverse("training:certificate_pdf", args=[certificate.pk])
    assert client.get(sheet)["Location"] == reverse("training:certificate", args=[certificate.pk])

    client.post(reverse("training:reissue_certificate", args=[certificate.pk]))
    again = Certificate.objects.get(follows=certificate)
    assert again.code != certificate.code
    assert again.state == "valid"
    with pytest.raises(certifying.NotTheNewest):
        certifying.issue_again(certificate, supervisor)


def test_nobody_withdraws_or_issues_their_own_and_nothing_is_issued_for_what_is_not_done(supervisor):
    certificate = certified(supervisor)
    own = make.certify(make.enrol(supervisor, certificate.path))
    with pytest.raises(PermissionDenied):
        certifying.withdraw(own, supervisor, "Mine.")
    certifying.withdraw(certificate, supervisor, "It was somebody else.")
    make.sign(
        certificate.person,
        certificate.edition.steps.get().task,
        supervisor,
        met=False,
        corrects=certificate.person.signoffs.get(),
        correction_reason="It was somebody else.",
    )
    with pytest.raises(certifying.NotFinished):
        certifying.issue_again(certificate, supervisor)
    with pytest.raises(PermissionDenied):
        certifying.issue_again(certificate, UserFactory(position=Position.SENIOR))
