"""People hear of a new path, of marks, of certificates and of changes once each, and never of a result."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from manuals.models import Edition, EditionKind
from portal.notifications.models import Muted, Notification
from portal.people.positions import Position
from portal.training import certificate_news, daily_jobs, enrolling, telling_learners
from portal.training.models import Certificate, Pause, SectionRead
from quizzes import marking
from tests.factories import UserFactory, make_chapter, make_manual, publish, section
from tests.manuals.clock import standing_at
from tests.quizzes import factories as quiz_factories
from tests.training import factories as make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


def told(kind, person=None):
    """Return what was told of a kind, by whom it was told to."""
    found = Notification.objects.filter(kind=kind).order_by("pk")
    if person:
        return [one.text for one in found.filter(person=person)]
    return {one.person: one.text for one in found.select_related("person")}


def change(chapter, anchor, text, kind=EditionKind.MAJOR, **fields):
    """Publish a chapter with another text in one section."""
    body = [dict(one) for one in chapter.body.raw_data]
    for block in body:
        if block["id"] == anchor:
            block["value"] = {**block["value"], "content": [{"type": "markdown", "value": text, "id": f"{anchor}-0"}]}
    chapter.body = body
    chapter.change_kind, chapter.change_summary = kind, "Two people sign now."
    for name, value in fields.items():
        setattr(chapter, name, value)
    return publish(chapter)


def certify(enrolment, issued, expires, renews=None, **fields):
    return Certificate.objects.create(
        code=fields.pop("code", f"{enrolment.pk:016}"),
        person=enrolment.person,
        person_name=str(enrolment.person),
        path=enrolment.path,
        path_title=enrolment.path.title,
        edition=enrolment.edition,
        minutes=60,
        issued_on=issued,
        renews_from=renews,
        expires_on=expires,
        **fields,
    )


def test_who_comes_onto_a_path_is_told_so_whichever_way_they_came():
    by_position = UserFactory()
    path = make.make_path(make.stage("Week 1", make.attend()), enrols_position=True)
    by_hand = UserFactory(position=Position.CSR_2)
    muted = UserFactory(position=Position.CSR_2)
    Muted.objects.create(person=muted, kind="assigned")
    enrolling.enrol([by_hand, muted], path, starts_on=date(2026, 3, 4), today=MONDAY)
    enrolling.enrol([by_hand, muted], path)

    assert told("assigned") == {
        by_position: "You are on the learning path “First 90 days” now.",
        by_hand: "You are on the learning path “First 90 days” now. It begins on Wednesday, March 4.",
    }
    own = by_position.enrolments.get()
    assert Notification.objects.get(person=by_position).url == reverse("training:path", args=[own.pk])


def test_a_learner_hears_once_that_a_person_has_marked_what_they_wrote(django_capture_on_commit_callbacks):
    learner, marker = UserFactory(), UserFactory(position=Position.SENIOR)
    choice, essay = quiz_factories.single_choice("Fee", "$25", "$30"), quiz_factories.free_response("Write")
    with django_capture_on_commit_callbacks(execute=True):
        quiz_factories.take(quiz_factories.make_quiz(choice, title="By machine"), learner)
        attempt = quiz_factories.take(quiz_factories.make_quiz(choice, essay), learner, {essay: "Someone will call."})
    assert told("marked") == {}

    for points in (1, 0):
        response = quiz_factories.response_to(attempt, essay)
        given = {one["id"]: min(points, one["points"]) for one in response.version.item["rubric"]}
        with django_capture_on_commit_callbacks(execute=True):
            marking.mark_by_hand(response, given, "", marker, attempt.handed_in_at)

    assert told("marked") == {learner: "Your answers in “Payments quiz” are marked."}
    assert Notification.objects.get(kind="marked").url == reverse("quizzes:results", args=[attempt.pk])


def test_a_major_change_reaches_those_on_a_path_to_whom_it_comes_back_and_nobody_else():
    chapter = make_chapter(make_manual(), body=[section("count", "Count the drawer"), section("sign", "Sign")])
    asked = make.read(chapter)
    path = make.make_path(make.stage("Week 1", asked))
    reader, other, gone, left, elsewhere = (UserFactory() for _ in range(5))
    enrolments = {person: make.enrol(person, path) for person in (reader, other, gone, left)}
    for person in (reader, gone, left, elsewhere):
        make.read_all(person, chapter)
    make.read_sections(other, chapter, "count")
    gone.is_active = False
    gone.save()
    enrolling.leave(enrolments[left], "Works elsewhere.", reader)

    change(chapter, "sign", "A word.", EditionKind.MINOR)
    assert told("changed") == {}
    change(chapter, "sign", "Two people sign.")

    wanted = {reader: "“Opening the drawer” has changed since you read it: Two people sign now."}
    assert told("changed") == wanted
    url = reverse("training:changes", args=[enrolments[reader].pk, asked["id"]])
    assert Notification.objects.get(kind="changed").url == url

    # The day's run tells nothing again, and whoever read it since of nothing but what changed after that.
    newcomer = make.enrol(UserFactory(), path).person
    make.read_all(newcomer, chapter)
    make.read_all(reader, chapter)
    change(chapter, "count", "Count it three times.")
    daily_jobs.tell_what_came_into_force(Edition.objects.of(chapter.pk).last().effective_from)
    assert {person: len(told("changed", person)) for person in (newcomer, reader, other)} == {
        newcomer: 1, reader: 2, other: 1
    }  # fmt: skip


def test_a_change_that_is_planned_is_told_on_its_day():
    with standing_at(MONDAY) as clock:
        chapter = make_chapter(make_manual(), body=[section("sign", "Sign")])
        reader, quick = UserFactory(), UserFactory()
        path = make.make_path(make.stage("Week 1", make.read(chapter)))
        for person in (reader, quick):
            make.enrol(person, path)
            make.read_all(person, chapter)
        change(chapter, "sign", "Two people sign.", go_live_at=clock.morning_of(MONDAY + timedelta(days=2)))
        daily_jobs.tell_what_came_into_force(clock.today)
        assert told("changed") == {}

        clock.wait(4)
        make.read_all(quick, chapter)
        for _ in range(2):
            daily_jobs.tell_what_came_into_force(clock.today)
        assert list(told("changed")) == [reader]


def test_a_certificate_its_renewal_and_its_end_are_told_once_each():
    path = make.make_path(make.stage("Week 1", make.attend()), title="To CSR II")
    holder, away, closed = (UserFactory() for _ in range(3))
    for person in (holder, away, closed):
        certify(make.enrol(person, path), date(2025, 3, 10), date(2026, 3, 9), date(2026, 1, 8))
    pause = Pause.objects.create(
        enrolment=away.enrolments.get(), since=date(2026, 1, 5), reason="Leave", by=UserFactory()
    )
    closed.is_active = False
    closed.save()
    assert told("certificate", holder) == ["Your certificate “To CSR II” is ready."]
    Notification.objects.all().delete()

    certificate_news.tell_all(date(2026, 1, 7))
    assert told("certificate", holder) == ["Your certificate “To CSR II” is ready."]
    for _ in range(2):
        certificate_news.tell_all(date(2026, 1, 8))
    renewal = "You can renew your certificate “To CSR II” now. It is valid until Monday, March 9."
    assert told("certificate", holder)[1:] == [renewal]
    assert renewal not in told("certificate", away)

    pause.until = date(2026, 3, 2)
    pause.save()
    certificate_news.tell_all(date(2026, 3, 3))
    ends = "Your certificate “To CSR II” expires after Monday, March 9."
    assert told("certificate", holder)[1:] == [renewal, ends]
    assert told("certificate", away)[1:] == [renewal, ends]
    assert told("certificate", closed) == []

    # One that another follows says nothing of its end any more.
    first = holder.certificates.get()
    certify(holder.enrolments.get(), date(2026, 3, 4), date(2027, 3, 9), date(2027, 1, 8), code="B" * 16, follows=first)
    certificate_news.tell_all(date(2026, 3, 5))
    assert len(told("certificate", holder)) == 4


def test_queries_do_not_grow_with_readers_and_certificates(django_assert_num_queries, django_assert_max_num_queries):
    chapter = make_chapter(make_manual(), body=[section("sign", "Sign")])
    path = make.make_path(make.stage("Week 1", make.read(chapter)))

    def news():
        """Tell people of a change and of certificates about to end; return how many they heard."""
        Notification.objects.filter(kind__in=("changed", "certificate")).delete()
        telling_learners.changed(chapter, edition)
        certificate_news.tell_all(MONDAY)
        return Notification.objects.filter(kind__in=("changed", "certificate")).count()

    def more(people):
        for _ in range(people):
            enrolment = make.enrol(UserFactory(), path)
            SectionRead.objects.create(person=enrolment.person, page=chapter, edition=first, anchor="sign", way="said")
            certify(enrolment, date(2025, 3, 10), date(2026, 3, 9), date(2026, 1, 8))

    first = chapter.edition
    edition = change(chapter, "sign", "Two people sign.").edition
    more(1)
    with django_assert_max_num_queries(24) as one:
        assert news() == 3
    more(5)
    with django_assert_num_queries(len(one)):
        assert news() == 18
