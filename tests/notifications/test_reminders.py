"""Reminders of what is to be acknowledged: to whom, when, how often, and what they say."""

from datetime import date
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from manuals import acknowledging, exemptions
from manuals.models import Edition, Method, PolicyPage, ReadAs
from portal.notifications import digest
from portal.notifications.models import Digest
from portal.people.models import Holiday
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_policy, publish
from tests.manuals.clock import standing_at
from tests.notifications import mail_backends

pytestmark = pytest.mark.django_db

# The policies below are published on the Monday and due, five working days later, on the Monday after.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 3, day) for day in range(2, 9))
NEXT_MONDAY, NEXT_TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


@pytest.fixture(autouse=True)
def clock():
    """It is noon of a Monday in March."""
    with standing_at(MONDAY) as clock:
        yield clock


@pytest.fixture
def supervisor():
    return UserFactory(position=Position.SUPERVISOR, first_name="Dana", last_name="Reyes", email="dana@city.example")


def csr(**fields):
    return UserFactory(**{"hire_date": date(2020, 1, 6), **fields})


def required(title="Customer deposits", code="CS-101"):
    return make_policy(title=title, code=code, acknowledged_by=[group_for(Position.CSR_1)])


def change(policy, summary="The deposit went up."):
    page = PolicyPage.objects.get(pk=policy.pk)
    page.change_kind, page.change_summary, page.rule = "major", summary, f"{page.rule} And more."
    publish(page)
    return Edition.objects.of(page.pk).last()


def acknowledge(person, policy):
    edition = Edition.objects.of(policy.pk).last()
    acknowledging.record(person, edition, method=Method.PASSWORD, read_as=ReadAs.WHOLE, since=None)


def sent_on(clock, day):
    """Run the reminders on a day, and return how many were sent."""
    clock.today = day
    return digest.send().sent


def test_what_is_newly_asked_is_told_once_and_again_when_it_is_due_soon(clock, mailoutbox):
    required()
    csr()
    days = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, NEXT_MONDAY, NEXT_TUESDAY]
    assert [sent_on(clock, day) for day in days] == [1, 0, 0, 1, 1, 1, 1]
    assert list(Digest.objects.order_by("day").values_list("day", flat=True)) == [
        MONDAY,
        THURSDAY,
        FRIDAY,
        NEXT_MONDAY,
        NEXT_TUESDAY,
    ]


def test_nothing_is_sent_on_weekends_and_holidays(clock, mailoutbox):
    Holiday.objects.create(day=TUESDAY, name="Founders’ Day")
    required()
    csr()
    assert [sent_on(clock, day) for day in (TUESDAY, SATURDAY, SUNDAY)] == [0, 0, 0]
    assert not Digest.objects.exists()


def test_who_was_not_reminded_for_days_gets_one_message_not_one_for_each_day(clock, mailoutbox):
    required()
    required(title="Hydrants", code="CS-102")
    csr()
    assert sent_on(clock, NEXT_TUESDAY) == 1
    (message,) = mailoutbox
    assert message.body.count("was due on Monday, March 9, 1 working day ago") == 2


def test_running_it_twice_a_day_sends_one_message(clock, mailoutbox):
    policy = required()
    csr()
    assert sent_on(clock, MONDAY) == 1
    change(policy)
    assert sent_on(clock, MONDAY) == 0
    assert sent_on(clock, TUESDAY) == 1


def test_two_runs_at_once_send_one_message(settings, mailoutbox, monkeypatch):
    settings.EMAIL_BACKEND = "tests.notifications.mail_backends.RunningTwice"
    monkeypatch.setattr(mail_backends.RunningTwice, "runs", [])
    required()
    first, second = csr(), csr()
    outcome = digest.send()
    _, other = mail_backends.RunningTwice.runs
    assert outcome.sent + other.sent == 2
    assert sorted(message.to[0] for message in mailoutbox) == sorted([first.email, second.email])


def test_what_was_published_since_the_last_reminder_is_news(clock, mailoutbox):
    policy = required()
    person = csr()
    sent_on(clock, MONDAY)
    acknowledge(person, policy)
    clock.today = TUESDAY
    change(policy)
    assert sent_on(clock, TUESDAY) == 1


def test_who_owes_nothing_is_not_written_to(clock, mailoutbox, supervisor):
    policy = required()
    done, exempt = csr(), csr()
    csr(position=Position.CSR_2)
    csr(is_active=False)
    acknowledge(done, policy)
    exemptions.grant(exempt, policy, "On leave.", supervisor)
    assert sent_on(clock, NEXT_MONDAY) == 0
    assert mailoutbox == []


def test_it_lists_the_pages_with_where_to_acknowledge_them_and_by_when(clock, mailoutbox, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://portal.city.example"
    policy = required(title="Deposits & <refunds>")
    clock.today = THURSDAY
    other = required(title="Hydrants", code="CS-102")
    person = csr(first_name="Ann", last_name="O’Neil")
    sent_on(clock, NEXT_MONDAY)
    (message,) = mailoutbox
    assert message.subject == "2 pages to read and acknowledge"
    assert message.to == [person.email]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    first = f"- Deposits & <refunds>\n  due today\n  https://portal.city.example{policy.url}acknowledge/\n"
    second = f"- Hydrants\n  due on Thursday, March 12\n  https://portal.city.example{other.url}acknowledge/\n"
    assert "Hello Ann O’Neil," in message.body
    assert f"{first}\n{second}" in message.body
    ((html, kind),) = [(part.content, part.mimetype) for part in message.alternatives]
    assert kind == "text/html"
    soup = BeautifulSoup(html, "html.parser")
    assert [link.get_text() for link in soup.select("li a")] == ["Deposits & <refunds>", "Hydrants"]
    assert soup.a["href"] == f"https://portal.city.example{policy.url}acknowledge/"
    assert "due today" in soup.li.get_text()


def test_the_link_leads_to_what_is_to_be_acknowledged(client, clock, mailoutbox):
    required()
    person = csr()
    digest.send()
    (address,) = [line.strip() for line in mailoutbox[0].body.splitlines() if line.strip().endswith("acknowledge/")]
    client.force_login(person)
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_it_says_what_is_overdue_in_the_subject(clock, mailoutbox):
    required()
    csr()
    sent_on(clock, NEXT_TUESDAY)
    assert mailoutbox[0].subject == "1 page to read and acknowledge, 1 overdue"


def test_what_an_author_typed_stays_out_of_the_headers(clock, mailoutbox):
    required(title="Deposits\nBcc: all@city.example")
    csr(last_name="Bell\r\nBcc: all@city.example")
    digest.send()
    (message,) = mailoutbox
    assert "Bcc" not in message.message()


def test_people_without_an_address_are_skipped_and_counted(mailoutbox):
    required()
    csr(email="")
    csr(email=" ")
    reached = csr()
    out = StringIO()
    call_command("send_reminders", stdout=out)
    assert out.getvalue().splitlines() == ["1 person reminded.", "2 people skipped, for want of an email address."]
    assert [message.to for message in mailoutbox] == [[reached.email]]
    assert Digest.objects.count() == 1


def test_an_address_that_fails_stops_nobody_else_and_is_tried_again(settings, mailoutbox, caplog):
    settings.EMAIL_BACKEND = "tests.notifications.mail_backends.Refusing"
    required()
    refused = csr(last_name="Aaa", email="refused@city.example")
    csr(last_name="Bell")
    out, err = StringIO(), StringIO()
    call_command("send_reminders", stdout=out, stderr=err)
    assert out.getvalue() == "1 person reminded.\n"
    assert "1 person could not be reached. The next run tries again." in err.getvalue()
    assert f"person {refused.pk} could not be sent: SMTPRecipientsRefused" in caplog.text
    assert "refused@" not in caplog.text + out.getvalue() + err.getvalue()
    refused.email = "mended@city.example"
    refused.save()
    assert digest.send().sent == 1
    assert mailoutbox[-1].to == ["mended@city.example"]


def test_a_supervisor_is_told_how_many_of_their_people_are_overdue(client, clock, mailoutbox, supervisor):
    policy = required()
    done = csr(supervisor=supervisor)
    csr(supervisor=supervisor)
    csr(supervisor=supervisor)
    csr(supervisor=UserFactory(position=Position.SENIOR))
    acknowledge(done, policy)
    sent_on(clock, NEXT_MONDAY)
    assert supervisor.email not in [message.to[0] for message in mailoutbox]
    mailoutbox.clear()
    sent_on(clock, NEXT_TUESDAY)
    (message,) = [message for message in mailoutbox if message.to == [supervisor.email]]
    assert message.subject == "Acknowledgements of your people are overdue"
    assert "2 are overdue with an acknowledgement" in message.body
    address = next(line.strip() for line in message.body.splitlines() if "/admin/" in line)
    client.force_login(supervisor)
    response = client.get(address.removeprefix("http://127.0.0.1:8000"))
    rows = BeautifulSoup(response.content, "html.parser").select("table.listing tbody tr")
    assert len(rows) == 2
    assert reverse("acknowledgement_report_people") in address


def test_a_supervisor_is_told_again_only_when_one_more_is_overdue(clock, mailoutbox, supervisor):
    required()
    csr(supervisor=supervisor)
    late = csr(supervisor=supervisor)
    late.hire_date = TUESDAY
    late.save()

    def told(day):
        mailoutbox.clear()
        sent_on(clock, day)
        return [line for message in mailoutbox if message.to == [supervisor.email] for line in [message.body]]

    (first,) = told(NEXT_TUESDAY)
    assert "1 is overdue with" in first
    (second,) = told(date(2026, 3, 11))
    assert "2 are overdue" in second
    assert told(date(2026, 3, 12)) == []


def test_a_csr_whom_others_report_to_is_told_only_of_their_own(clock, mailoutbox):
    required()
    lead = csr()
    csr(supervisor=lead)
    sent_on(clock, NEXT_TUESDAY)
    (message,) = [message for message in mailoutbox if message.to == [lead.email]]
    assert "report to you" not in message.body
    assert "/admin/" not in message.body


def test_queries_grow_with_the_messages_and_not_with_what_is_in_them(clock, supervisor, mailoutbox):
    def counted(day):
        clock.today = day
        with CaptureQueriesContext(connection) as queries:
            found = list(digest.letters(day))
        return len(queries), len(found)

    def fill(count):
        for number in range(count):
            required(title=f"Policy {number} of {count}", code=f"CS-{100 * count + number}")
            csr(supervisor=supervisor)

    fill(2)
    few, people = counted(NEXT_TUESDAY)
    assert people == 3
    fill(8)
    many, people = counted(NEXT_TUESDAY)
    assert people == 11
    assert many == few
