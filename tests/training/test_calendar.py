"""A calendar program fetches a person's due dates from an address that is theirs alone, for as long as they want it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from portal.people.positions import Position
from portal.training.models import CalendarAddress
from tests.factories import UserFactory
from tests.manuals.clock import standing_at
from tests.quizzes import factories as quiz_factories
from tests.training import factories as make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


def do(client, what):
    return client.post(reverse("training:calendar"), {"do": what}, follow=True).content.decode()


def feed_of(person):
    return reverse("training:calendar_feed", args=[CalendarAddress.objects.get(person=person).secret])


def test_an_address_is_made_on_request_replaced_and_stopped(client):
    person = UserFactory()
    client.force_login(person)
    assert "You have no address yet" in client.get(reverse("training:calendar")).content.decode()

    first_page = do(client, "make")
    first = feed_of(person)
    assert f"http://127.0.0.1:8000{first}" in first_page
    do(client, "make")
    second = feed_of(person)
    client.logout()
    assert client.get(first).status_code == 404
    answer = client.get(second)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "private" in answer["Cache-Control"]
    person.is_active = False
    person.save()
    assert client.get(second).status_code == 404
    person.is_active = True
    person.save()

    client.force_login(person)
    assert "does not work any more" in do(client, "stop")
    assert client.get(second).status_code == 404


def test_what_is_left_to_do_is_an_event_on_its_day_and_nothing_says_a_result(client, django_assert_num_queries):
    person, supervisor = UserFactory(), UserFactory(position=Position.SUPERVISOR)
    quiz = quiz_factories.make_quiz(quiz_factories.single_choice("Fee", "$25", "$30"), title="Fees, and; more")
    essay = quiz_factories.free_response("Write")
    written = quiz_factories.make_quiz(essay, title="Waits to be marked")
    done, undated = make.attend("Done", due_days=1), make.attend("Undated")
    optional = make.attend("Optional", optional=True, due_days=1)
    steps = [make.pass_quiz(quiz, due_days=4), make.have_signed(make.make_task("Closes a drawer"), due_days=5)]
    with standing_at(MONDAY):
        path = make.make_path(
            make.stage("Week 1", done, undated, optional, make.pass_quiz(written, due_days=3), *steps),
            title="First 90 days",
        )
        enrolment = make.enrol(person, path, starts_on=MONDAY)
        make.confirm(person, done, supervisor, MONDAY)
        quiz_factories.take(quiz, person)
        quiz_factories.take(written, person, {essay: "Someone will call."})
        client.force_login(person)
        do(client, "make")
        events = Calendar.from_ical(client.get(feed_of(person)).content).events
        again = Calendar.from_ical(client.get(feed_of(person)).content).events
        client.logout()
        with CaptureQueriesContext(connection) as few:
            client.get(feed_of(person))
        for number in range(3):
            more = [make.attend(f"Morning {number}-{place}", due_days=place) for place in range(6)]
            make.enrol(person, make.make_path(make.stage("Week 1", *more), title=f"Path {number}"), starts_on=MONDAY)
        with django_assert_num_queries(len(few)):
            full = client.get(feed_of(person)).content

    assert [(str(one["summary"]), one.start, one.end) for one in events] == [
        ("Fees, and; more", date(2026, 3, 6), date(2026, 3, 7)),
        ("Closes a drawer", date(2026, 3, 9), date(2026, 3, 10)),
    ]
    url = f"http://127.0.0.1:8000{reverse('training:path', args=[enrolment.pk])}#step-{steps[0]['id']}"
    assert str(events[0]["description"]) == f"Pass a quiz. Learning path: First 90 days\n{url}"
    assert [one["uid"] for one in events] == [one["uid"] for one in again]
    assert len({one["uid"] for one in events}) == 2
    assert all(one["dtstamp"] for one in events)
    assert full.count(b"BEGIN:VEVENT") == 20
    assert b"X-PUBLISHED-TTL:PT6H" in full
