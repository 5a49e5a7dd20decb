"""Reports of acknowledgements: by edition and by person, narrowed down, as files, and who may see and exempt."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from manuals import acknowledgement_reports as reports
from manuals import acknowledging, exemptions
from manuals.models import AcknowledgementSettings, Edition, Exemption, Method, PolicyPage, ReadAs
from portal.people.models import Holiday
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_answer, make_policy, publish
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

CSR_1, CSR_2 = Position.CSR_1, Position.CSR_2
MONDAY = date(2026, 3, 2)
LATE = date(2026, 3, 12)
INDEX = "acknowledgement_report_index"
PEOPLE = "acknowledgement_report_people"


@pytest.fixture(autouse=True)
def clock():
    """It is noon of a Monday in March."""
    with standing_at(MONDAY) as clock:
        yield clock


@pytest.fixture
def supervisor():
    return UserFactory(position=Position.SUPERVISOR, first_name="Dana", last_name="Reyes", username="dreyes")


@pytest.fixture
def senior():
    return UserFactory(position=Position.SENIOR)


def csr(first="Ann", last="Bell", **fields):
    return UserFactory(first_name=first, last_name=last, hire_date=date(2020, 1, 6), **fields)


def required(*positions, **fields):
    """Return a published policy that people in these positions must acknowledge within five working days."""
    return make_policy(acknowledged_by=[group_for(position) for position in positions or [CSR_1]], **fields)


def change(policy, concerns=(), kind="major"):
    """Publish a change of a policy, and return its edition."""
    page = PolicyPage.objects.get(pk=policy.pk)
    page.change_kind, page.change_summary = kind, "It changed."
    page.change_concerns = [group_for(position) for position in concerns]
    page.rule = f"{page.rule} And more."
    publish(page)
    return Edition.objects.of(page.pk).last()


def acknowledge(person, edition, since=None):
    read_as = ReadAs.DIFFERENCE if since else ReadAs.WHOLE
    return acknowledging.record(person, edition, method=Method.PASSWORD, read_as=read_as, since=since)


def rows(response):
    """Return the rows of every table on a page, each cell as its words."""
    soup = BeautifulSoup(response.content, "html.parser")
    return [
        [" ".join(cell.get_text().split()) for cell in row.find_all("td")]
        for row in soup.select("table.listing tbody tr")
    ]


def table(response, state):
    """Return the rows of the people in a state, on the report of an edition."""
    found = BeautifulSoup(response.content, "html.parser").select("table.listing")
    return [
        [" ".join(cell.get_text().split()) for cell in row.find_all("td")]
        for one in found
        if one.caption.get_text() == reports.STATES[state]
        for row in one.select("tbody tr")
    ]


def report(client, by, edition, query=""):
    client.force_login(by)
    return client.get(reverse("acknowledgement_report", args=[edition.pk]) + query)


def test_the_list_counts_who_has_who_has_not_who_is_late_and_who_is_exempt(client, clock, senior, supervisor):
    policy = required(title="Deposits")
    acknowledge(csr("Ann", "A"), policy.edition)
    csr("Bo", "B")
    exemptions.grant(csr("Cy", "C"), policy, "On leave.", supervisor)
    csr("Di", "D", is_active=False)
    make_policy(title="Asks nobody", code="CS-102")
    client.force_login(senior)
    assert rows(client.get(reverse(INDEX))) == [["Deposits", "Policy", "1", "January 1, 2026", "1 of 3", "1", "0", "1"]]
    clock.today = LATE
    assert rows(client.get(reverse(INDEX))) == [["Deposits", "Policy", "1", "January 1, 2026", "1 of 3", "0", "1", "1"]]


def test_the_list_agrees_with_the_report_of_each_edition_in_it(supervisor):
    """The list counts in bulk what the report of one edition looks up; the two must not drift apart."""
    policy, other = required(CSR_1, CSR_2), required(CSR_1, title="Hydrants", code="CS-102")
    people = [csr("Ann", f"P{number}", position=CSR_1 if number % 2 else CSR_2) for number in range(8)]
    first = policy.edition
    for person in people[:3]:
        acknowledge(person, first)
    exemptions.grant(people[4], policy, "On leave.", supervisor)
    exemptions.grant(people[3], other, "On leave.", supervisor)
    second = change(policy, concerns=[CSR_1])
    acknowledge(people[5], second)
    acknowledge(people[1], second)
    for today in (MONDAY, LATE):
        found = reports.asked(today)
        assert [(row.page.title, row.edition.number) for row in found] == [
            ("Customer deposits", "2"),
            ("Customer deposits", "1"),
            ("Hydrants", "1"),
        ]
        for row in found:
            standings = acknowledging.standing_of(row.edition, today)
            for state in reports.STATES:
                assert row.counts[state] == sum(one.state == state for one in standings)


def test_an_edition_that_a_later_one_took_the_place_of_for_everybody_is_not_in_the_list(senior):
    policy = required(CSR_1, CSR_2)
    change(policy)
    assert [row.edition.number for row in reports.asked()] == ["2"]
    change(policy, kind="minor")
    assert [row.edition.number for row in reports.asked()] == ["2"]


def test_a_page_that_was_taken_down_is_not_in_the_list():
    policy = required()
    policy.unpublish()
    assert reports.asked() == []


def test_the_list_is_narrowed_down_by_kind_and_by_how_far_it_has_got(client, clock, senior):
    policy = required(title="Deposits")
    make_answer(acknowledged_by=[group_for(CSR_2)])
    acknowledge(csr(), policy.edition)
    csr(position=CSR_2)
    client.force_login(senior)

    def titles(query):
        return [row[0] for row in rows(client.get(reverse(INDEX) + query))]

    answer = "Do I have to pay a deposit?"
    assert titles("") == ["Deposits", answer]
    assert titles("?kind=manuals.answerpage") == [answer]
    assert titles("?state=done") == ["Deposits"]
    assert titles("?state=open") == [answer]
    assert titles("?state=overdue") == []
    assert titles("?state=nonsense&kind=nonsense") == ["Deposits", answer]
    clock.today = LATE
    assert titles("?state=overdue") == [answer]


def test_a_long_list_comes_in_pages_that_keep_what_was_chosen(client, senior):
    people = [csr("Ann", f"Bell{number:02}") for number in range(51)]
    client.force_login(senior)
    first = client.get(reverse(PEOPLE) + "?position=csr_1")
    assert [row[0] for row in rows(first)] == [reports.account(person) for person in people[:50]]
    (further,) = BeautifulSoup(first.content, "html.parser").select(".pagination .next a")
    second = client.get(reverse(PEOPLE) + further["href"])
    assert [row[0] for row in rows(second)] == [reports.account(people[50])]


def test_the_report_says_when_how_and_to_what_somebody_agreed(client, senior):
    policy = required()
    person = csr(supervisor=senior)
    first = policy.edition
    acknowledge(person, first)
    second = change(policy)
    given = acknowledge(person, second, since=first)
    response = report(client, senior, second)
    ((name, position, supervisor, when, how, read),) = table(response, "acknowledged")
    assert name == f"Ann Bell ({person.username})"
    assert (position, supervisor) == ("CSR I", str(senior))
    assert when == reports.moment(given.at)
    assert (how, read) == ("Password", "What changed since edition 1")
    assert f"Everyone agreed to: “{given.sentence}”" in response.content.decode()
    settings = AcknowledgementSettings.load()
    settings.sentence = "I agree."
    settings.save()
    acknowledge(csr("Bo", "Cruz"), second)
    assert [row[-1] for row in table(report(client, senior, second), "acknowledged")] == [
        f"“{given.sentence}”",
        "“I agree.”",
    ]


def test_the_report_says_who_is_late_by_how_many_working_days_the_latest_first(client, clock, senior):
    policy = required()
    late, later = csr("Ann", "A"), csr("Bo", "B")
    late.hire_date = date(2026, 3, 3)
    late.save()
    clock.today = LATE
    Holiday.objects.create(day=date(2026, 3, 11), name="Founders’ Day")
    response = report(client, senior, policy.edition)
    assert [row[0] for row in table(response, "overdue")] == [reports.account(later), reports.account(late)]
    assert [row[3:] for row in table(response, "overdue")] == [
        ["March 9, 2026", "2 working days"],
        ["March 10, 2026", "1 working day"],
    ]
    assert "Nobody." in response.content.decode()


def test_who_left_or_took_another_position_stays_in_the_report_of_what_they_acknowledged(client, senior):
    policy = required()
    left, promoted = csr("Ann", "A"), csr("Bo", "B")
    acknowledge(left, policy.edition)
    acknowledge(promoted, policy.edition)
    left.is_active = False
    left.save()
    promoted.position = Position.SENIOR
    promoted.save()
    first, second = table(report(client, senior, policy.edition), "acknowledged")
    assert first[0] == f"Ann A ({left.username}) Has left since."
    assert second[:2] == [f"Bo B ({promoted.username})", "CSR I"]


def test_who_acknowledged_a_later_edition_is_not_said_to_have_acknowledged_this_one(client, senior):
    policy = required()
    first = policy.edition
    person = csr()
    acknowledge(person, change(policy))
    ((name, *_),) = table(report(client, senior, first), "acknowledged")
    assert name == f"{reports.account(person)} Acknowledged edition 2, which came later."


def test_earlier_editions_can_be_reached_from_the_newest(client, senior):
    policy = required()
    first = policy.edition
    change(policy, kind="minor")
    third = change(policy)
    content = report(client, senior, third).content.decode()
    assert reverse("acknowledgement_report", args=[first.pk]) in content
    assert "Edition 1.1" not in content


def test_the_report_is_narrowed_down_by_position_and_by_supervisor(client, senior, supervisor):
    policy = required(CSR_1, CSR_2)
    mine, other = csr("Ann", "A", supervisor=supervisor), csr("Bo", "B", position=CSR_2)

    def names(query):
        return [row[0] for row in table(report(client, senior, policy.edition, query), "due")]

    assert names("") == [reports.account(mine), reports.account(other)]
    assert names("?position=csr_2") == [reports.account(other)]
    assert names(f"?supervisor={supervisor.pk}") == [reports.account(mine)]
    assert names(f"?supervisor={supervisor.pk}&position=csr_2") == []
    assert names("?position=nonsense&supervisor=0") == [reports.account(mine), reports.account(other)]


def test_of_a_person_there_is_everything_they_acknowledged_owe_and_are_exempt_from(client, clock, senior, supervisor):
    policy, third = required(), required(title="Refunds", code="CS-103")
    required(title="Hydrants", code="CS-102")
    person = csr()
    acknowledge(person, policy.edition)
    exemptions.grant(person, third, "On leave.", supervisor)
    clock.today = LATE
    client.force_login(senior)
    response = client.get(reverse("acknowledgement_report_person", args=[person.pk]))
    owed, acknowledged, exempt = rows(response)
    assert owed == ["Hydrants", "1", "March 9, 2026", "3 working days"]
    assert acknowledged[:2] == ["Customer deposits", "1"]
    assert exempt[:2] == ["Refunds", "On leave."]
    assert exempt[3] == "It still holds."


def test_what_a_person_acknowledged_outlives_its_page(client, senior):
    policy = required()
    person = csr()
    acknowledge(person, policy.edition)
    policy.delete()
    client.force_login(senior)
    response = client.get(reverse("acknowledgement_report_person", args=[person.pk]))
    assert rows(response)[0][0] == "Customer deposits"
    edition = Edition.objects.get(sequence=1)
    assert table(report(client, senior, edition), "acknowledged")[0][0] == reports.account(person)


def test_people_are_found_by_name_position_supervisor_and_what_they_owe(client, clock, senior, supervisor):
    policy = required()
    ann = csr("Ann", "Bell", username="abell", supervisor=supervisor)
    bo = csr("Bo", "Cruz", username="bcruz")
    csr("Cy", "Dorn", username="cdorn", is_active=False)
    acknowledge(ann, policy.edition)
    client.force_login(senior)

    def names(query):
        return [row[0].split(" (")[0] for row in rows(client.get(reverse(PEOPLE) + query))]

    assert names("?position=csr_1") == ["Ann Bell", "Bo Cruz"]
    assert names("?q=cruz+bo") == ["Bo Cruz"]
    assert names("?q=abell") == ["Ann Bell"]
    assert names(f"?supervisor={supervisor.pk}") == ["Ann Bell"]
    assert names("?state=open") == ["Bo Cruz"]
    assert names("?who=left") == ["Cy Dorn"]
    assert names("?state=overdue") == []
    clock.today = LATE
    assert names("?state=overdue") == [str(bo)]
    (line,) = rows(client.get(reverse(PEOPLE) + "?q=abell"))
    assert line[1:] == ["CSR I", "Dana Reyes", "1", "0", "0"]


def lines_of(response):
    content = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(content.splitlines()))


def test_every_report_is_a_csv_file(client, clock, senior, supervisor):
    policy = required(title="=HYPERLINK(1)")
    person, late = csr("=Ann", "Bell"), csr("Bo", "Cruz")
    given = acknowledge(person, policy.edition)
    exemptions.grant(csr("Cy", "Dorn"), policy, "@leave", supervisor)
    clock.today = LATE
    client.force_login(senior)
    (asked,) = lines_of(client.get(reverse("acknowledgement_report_index_file", args=["csv"])))
    assert asked["Page"] == "'=HYPERLINK(1)"
    assert (asked["Acknowledged"], asked["Not yet"], asked["Overdue"], asked["Exempt"]) == ("1", "0", "1", "1")
    edition = policy.edition
    one, two, three = lines_of(client.get(reverse("acknowledgement_report_file", args=[edition.pk, "csv"])))
    assert one["Name"] == f"'=Ann Bell ({person.username})"
    assert one["SHA-256"] == edition.hash
    city = timezone.localtime(given.at, timezone.get_default_timezone())
    assert one["Acknowledged at"] == city.isoformat(" ", "seconds")
    assert (two["Name"], two["State"]) == (reports.account(late), "Overdue")
    assert (two["Due"], two["Working days late"]) == ("2026-03-09", "3")
    assert (three["State"], three["Reason"]) == ("Exempt", "'@leave")
    (own,) = lines_of(client.get(reverse("acknowledgement_report_person_file", args=[person.pk, "csv"])))
    assert (own["State"], own["Sentence"]) == ("Acknowledged", given.sentence)
    people = lines_of(client.get(reverse("acknowledgement_report_people_file", args=["csv"]) + "?state=overdue"))
    assert [line["User name"] for line in people] == [late.username]


def test_every_report_is_an_excel_file(client, senior, supervisor):
    policy = required()
    person = csr()
    acknowledge(person, policy.edition)
    exemption = exemptions.grant(csr("Cy", "Dorn"), policy, "On leave.", supervisor)
    client.force_login(senior)
    for name, args in (
        ("acknowledgement_report_index_file", []),
        ("acknowledgement_report_file", [policy.edition.pk]),
        ("acknowledgement_report_people_file", []),
        ("acknowledgement_report_person_file", [person.pk]),
        ("acknowledgement_report_person_file", [exemption.person_id]),
    ):
        response = client.get(reverse(name, args=[*args, "xlsx"]))
        sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
        assert sheet.max_row > 1
        assert client.get(reverse(name, args=[*args, "exe"])).status_code == 404


def test_a_supervisor_exempts_somebody_with_a_reason_and_ends_it(client, supervisor):
    policy = required()
    person = csr()
    response = report(client, supervisor, policy.edition)
    grant = reverse("acknowledgement_exempt", args=[policy.edition.pk])
    assert f"{grant}?person={person.pk}" in response.content.decode()
    form = client.get(f"{grant}?person={person.pk}").content.decode()
    assert f'<option value="{person.pk}" selected>' in form
    client.post(grant, {"person": person.pk, "reason": "On leave until June 1."})
    exemption = Exemption.objects.get()
    assert (exemption.person, exemption.page_id, exemption.granted_by) == (person, policy.pk, supervisor)
    assert acknowledging.due_for([person])[person.pk] == []
    end = reverse("acknowledgement_end_exemption", args=[exemption.pk])
    assert end in report(client, supervisor, policy.edition).content.decode()
    assert "On leave until June 1." in client.get(end).content.decode()
    assert Exemption.objects.get().ended_at is None
    client.post(end)
    exemption.refresh_from_db()
    assert (exemption.ended_by, exemption.reason) == (supervisor, "On leave until June 1.")
    assert exemption.ended_at is not None
    assert len(acknowledging.due_for([person])[person.pk]) == 1


def test_ending_an_exemption_twice_keeps_who_ended_it_first(supervisor):
    policy = required()
    exemption = exemptions.grant(csr(), policy, "On leave.", supervisor)
    other = UserFactory(position=Position.SUPERVISOR)
    assert exemptions.end(exemption, supervisor)
    assert not exemptions.end(exemption, other)
    exemption.refresh_from_db()
    assert exemption.ended_by == supervisor


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Say why."), ("   ", "Say why."), ("…", "Say why in words."), ("x" * 251, "at most 250")],
)
def test_an_exemption_without_a_reason_is_refused_beside_the_field(client, supervisor, reason, sentence):
    policy = required()
    person = csr()
    client.force_login(supervisor)
    url = reverse("acknowledgement_exempt", args=[policy.edition.pk])
    response = client.post(url, {"person": person.pk, "reason": reason})
    assert sentence in response.content.decode()
    assert f'<option value="{person.pk}" selected>' in response.content.decode()
    assert not Exemption.objects.exists()


def test_who_is_exempt_already_is_not_exempted_again(client, supervisor):
    policy = required()
    person = csr()
    exemptions.grant(person, policy, "On leave.", supervisor)
    with pytest.raises(exemptions.AlreadyExempt, match="On leave"):
        exemptions.grant(person, policy, "Another reason.", supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.create(person=person, page_id=policy.pk, reason="Again.", granted_by=supervisor)
    client.force_login(supervisor)
    url = reverse("acknowledgement_exempt", args=[policy.edition.pk])
    response = client.post(url, {"person": person.pk, "reason": "Again."})
    assert "who is exempt already is not in it" in response.content.decode()
    assert Exemption.objects.count() == 1


def test_who_need_not_acknowledge_the_page_cannot_be_exempted_from_it(client, supervisor):
    policy = required(CSR_1)
    other = csr(position=CSR_2)
    client.force_login(supervisor)
    url = reverse("acknowledgement_exempt", args=[policy.edition.pk])
    client.post(url, {"person": other.pk, "reason": "On leave."})
    assert not Exemption.objects.exists()


def test_a_senior_sees_the_reports_and_exempts_nobody(client, senior, supervisor):
    policy = required()
    person = csr()
    exemption = exemptions.grant(csr("Cy", "Dorn"), policy, "On leave.", supervisor)
    grant = reverse("acknowledgement_exempt", args=[policy.edition.pk])
    end = reverse("acknowledgement_end_exemption", args=[exemption.pk])
    content = report(client, senior, policy.edition).content.decode()
    assert grant not in content
    assert end not in content
    for url in (grant, end):
        client.get(url)
        client.post(url, {"person": person.pk, "reason": "Because."})
    assert Exemption.objects.get() == exemption
    assert Exemption.objects.get().ended_at is None


ADDRESSES = [
    (INDEX, []),
    (PEOPLE, []),
    ("acknowledgement_report_index_file", ["csv"]),
    ("acknowledgement_report_people_file", ["csv"]),
    ("acknowledgement_report", ["edition"]),
    ("acknowledgement_report_file", ["edition", "pdf"]),
    ("acknowledgement_report_person", ["person"]),
    ("acknowledgement_report_person_file", ["person", "pdf"]),
    ("acknowledgement_exempt", ["edition"]),
    ("acknowledgement_end_exemption", ["exemption"]),
]


@pytest.mark.parametrize(("name", "args"), ADDRESSES)
@pytest.mark.parametrize(("can_enter_the_admin", "sent_to"), [(False, "/sign-in/"), (True, "/admin/")])
def test_csrs_see_no_report_not_even_one_who_may_enter_the_admin(
    client, supervisor, name, args, can_enter_the_admin, sent_to
):
    policy = required()
    person = csr(position=CSR_2)
    if can_enter_the_admin:
        person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    exemption = exemptions.grant(csr("Cy", "Dorn"), policy, "On leave.", supervisor)
    keys = {"edition": policy.edition.pk, "person": person.pk, "exemption": exemption.pk}
    client.force_login(person)
    response = client.get(reverse(name, args=[keys.get(arg, arg) for arg in args]))
    assert response.status_code == 302
    assert response.url.split("?")[0] == sent_to


def test_the_reports_menu_offers_them_to_who_may_see_them(client, senior):
    client.force_login(senior)
    assert reverse(INDEX) in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("name", [INDEX, PEOPLE, "edition", "person"])
def test_queries_do_not_grow_with_people_and_pages(client, senior, supervisor, name):
    policy = required()
    someone = csr()
    client.force_login(senior)

    def counted():
        addresses = {
            "edition": ("acknowledgement_report", [policy.edition.pk]),
            "person": ("acknowledgement_report_person", [someone.pk]),
        }
        address, args = addresses.get(name, (name, []))
        url = reverse(address, args=args)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def fill(count):
        for number in range(count):
            other = required(title=f"Policy {number} of {count}", code=f"CS-{100 * count + number}")
            acknowledge(someone, other.edition)
            required(title=f"Owed {number} of {count}", code=f"OW-{100 * count + number}")
            exempt = required(title=f"Exempt {number} of {count}", code=f"EX-{100 * count + number}")
            exemptions.grant(someone, exempt, "On leave.", supervisor)
            done = csr("Ann", f"Done{number}", supervisor=supervisor)
            acknowledge(done, policy.edition)
            csr("Bo", f"Owes{number}", supervisor=supervisor)
            exemptions.grant(csr("Cy", f"Away{number}"), policy, "On leave.", supervisor)

    fill(2)
    few = counted()
    fill(8)
    assert counted() == few


def test_times_are_told_by_the_clock_of_the_city():
    noon = datetime(2026, 7, 3, 17, 5, tzinfo=UTC)
    assert reports.moment(noon) == "Jul 3, 2026, 12:05 PM −05:00"
