"""What is done and mailed once a day: jobs, what was told, and what is forgotten."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.notifications import checks, choosing, daily, digest, forgetting, telling
from portal.notifications.models import Notification
from portal.notifications.telling import News
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_policy
from tests.manuals.clock import standing_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parcels")]

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))


@pytest.fixture(autouse=True)
def clock():
    """It is noon of a Monday in March."""
    with standing_at(MONDAY) as clock:
        yield clock


def tell(person, *keys):
    telling.tell("parcels", [News(person.pk, key, f"Parcel <{key}> waits.", "/account/") for key in keys])


def sent_on(clock, day):
    clock.today = day
    return digest.send().sent


def test_what_was_told_is_mailed_once_and_not_if_it_was_read(clock, mailoutbox):
    person = UserFactory()
    tell(person, "read")
    Notification.objects.update(read_at=timezone.now())
    assert sent_on(clock, MONDAY) == 0
    tell(person, "1")
    assert [sent_on(clock, MONDAY), sent_on(clock, MONDAY)] == [1, 0]
    # Told in the afternoon: it waits for the next morning.
    tell(person, "2")
    assert [sent_on(clock, MONDAY), sent_on(clock, TUESDAY), sent_on(clock, WEDNESDAY)] == [0, 1, 0]
    assert [message.subject for message in mailoutbox] == ["1 new notification"] * 2
    assert ["<1>" in message.body for message in mailoutbox] == [True, False]
    assert ["<2>" in message.body for message in mailoutbox] == [False, True]


def test_everything_of_a_day_is_in_one_message_under_headings(mailoutbox, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://portal.city.example"
    person = UserFactory(hire_date=date(2020, 1, 6))
    make_policy(title="Deposits", acknowledged_by=[group_for(Position.CSR_1)])
    tell(person, "1", "2")
    digest.send()
    (message,) = mailoutbox
    assert message.subject == "2 new notifications; 1 page to read and acknowledge"
    soup = BeautifulSoup(message.alternatives[0].content, "html.parser")
    assert [one.get_text() for one in soup.find_all("h2")] == ["Parcels", "Please read and acknowledge"]
    assert [one.get_text() for one in soup.select("li a")] == ["Parcel <2> waits.", "Parcel <1> waits.", "Deposits"]
    own = Notification.objects.get(key="1")
    assert soup.select("li a")[1]["href"] == f"https://portal.city.example/notifications/{own.pk}/"
    assert (
        f"- Parcel <1> waits.\n  Monday, March 2\n  https://portal.city.example/notifications/{own.pk}/" in message.body
    )


def test_what_a_person_turned_off_since_is_left_out_of_the_message(mailoutbox, settings):
    settings.MANDATORY_NOTIFICATIONS = []
    person = UserFactory(hire_date=date(2020, 1, 6))
    make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    tell(person, "1")
    choosing.want(person, ["acknowledge"])
    (letter,) = digest.letters(MONDAY)
    assert letter.subject == "1 page to read and acknowledge"
    choosing.want(person, ["parcels"])
    (letter,) = digest.letters(MONDAY)
    assert letter.subject == "1 new notification"
    choosing.want(person, [])
    assert digest.letters(MONDAY) == []


def test_what_could_not_be_mailed_is_in_the_next_message_that_goes_out(clock, mailoutbox, settings):
    tell(person := UserFactory(email="refused@city.example"), "1")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.notifications.mail_backends.Refusing"
    assert sent_on(clock, MONDAY) == 0
    settings.EMAIL_BACKEND = working
    tell(person, "2")
    assert sent_on(clock, WEDNESDAY) == 1
    assert mailoutbox[0].subject == "2 new notifications"


def test_a_message_holds_ten_of_a_kind_and_says_how_many_more_there_are():
    tell(UserFactory(), *map(str, range(25)))
    (letter,) = digest.letters(MONDAY)
    assert letter.subject == "25 new notifications"
    (part,) = letter.parts
    assert [line.text for line in part.lines] == [
        *(f"Parcel <{number}> waits." for number in range(24, 14, -1)),
        "15 more on the portal",
    ]


def test_queries_do_not_grow_with_people_and_what_they_were_told():
    def counted():
        with CaptureQueriesContext(connection) as queries:
            found = digest.letters(MONDAY)
        return len(queries), len(found)

    tell(UserFactory(), "1")
    few, people = counted()
    assert people == 1
    for _ in range(5):
        tell(UserFactory(), "1", "2", "3")
    assert counted() == (few, 6)


def test_a_job_that_fails_keeps_no_other_from_being_done_and_is_told_at_the_end(monkeypatch, mailoutbox, caplog):
    def fail(today):
        raise RuntimeError("The shelf is gone.")

    done, out = [], StringIO()
    monkeypatch.setattr(daily, "_registered", {})
    daily.register("fetch", fail)
    daily.register("carry", lambda today: done.append(today))
    daily.register("tell", lambda today: tell(UserFactory(), "1"))
    with pytest.raises(CommandError, match="Daily jobs that failed: fetch"):
        call_command("send_reminders", stdout=out)
    assert done == [MONDAY]
    # What a job tells is in the message of the same morning.
    assert out.getvalue() == "1 person reminded.\n"
    assert len(mailoutbox) == 1
    assert "The shelf is gone." in caplog.text


def test_what_was_read_long_ago_and_what_nobody_reads_is_forgotten(clock):
    person = UserFactory()
    noon = timezone.make_aware(datetime(2026, 3, 2, 12))
    tell(person, "read", "read long ago", "unread", "unread for a year")
    for key, field, days in [
        ("read", "read_at", 90), ("read long ago", "read_at", 91), ("unread", "at", 365), ("unread for a year", "at", 366),
    ]:  # fmt: skip
        Notification.objects.filter(key=key).update(**{field: noon - timedelta(days=days)})
    forgetting.forget(MONDAY)
    assert sorted(Notification.objects.values_list("key", flat=True)) == ["read", "unread"]


def test_a_mandatory_kind_that_there_is_not_is_an_error_that_says_which_there_are(settings):
    settings.MANDATORY_NOTIFICATIONS = ["parcels", "percels"]
    (error,) = checks.check_mandatory()
    assert "“percels”, which is no kind" in error.msg
    assert error.hint.startswith("The kinds are acknowledge, parcels")
