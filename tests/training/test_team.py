"""The team at one look, and the whole evidence of a person."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from manuals import exemptions
from portal.people.models import User
from portal.people.positions import Position, group_for
from portal.training import enrolling
from portal.training.models import Enrolment, Pause, Waiver
from portal.training.team import Standing
from tests.factories import UserFactory, make_chapter, make_manual, make_policy
from tests.quizzes.factories import chosen, make_quiz, single_choice, take
from tests.training import factories as make

pytestmark = pytest.mark.django_db

TEAM = reverse("training:team")
LONG_AGO = date(2026, 3, 2)


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR, first_name="Rosa", last_name="Okafor")
    client.force_login(person)
    return person


@pytest.fixture
def desk():
    """A path of two stages: a visit that was due three working days after the start, and another whenever."""
    visit, other = make.attend(due_days=3), make.attend("The council meeting")
    return make.make_path(make.stage("Week 1: the desk", visit), make.stage("Week 2", other)), visit, other


def shown(response):
    """Return who is in the grid, each with how they stand."""
    return [(str(row.enrolment.person), row.standing) for row in response.context["rows"]]


def test_one_look_tells_who_is_done_in_hand_overdue_and_away(client, supervisor, desk):
    path, visit, other = desk
    names = ["Ames", "Bell", "Cole", "Dunn", "Egan"]
    done, in_hand, late, away, fresh = (UserFactory(first_name="Jo", last_name=name) for name in names)
    for person in (done, in_hand, late, away):
        make.enrol(person, path, starts_on=LONG_AGO)
    make.enrol(fresh, path)
    make.confirm(done, visit, supervisor, LONG_AGO)
    make.confirm(done, other, supervisor, LONG_AGO)
    make.confirm(in_hand, visit, supervisor, LONG_AGO)
    Pause.objects.create(enrolment=away.enrolments.get(), since=LONG_AGO, reason="Leave", by=supervisor)

    response = client.get(TEAM)

    standings = [Standing.DONE, Standing.IN_HAND, Standing.OVERDUE, Standing.AWAY, Standing.NOT_BEGUN]
    assert shown(response) == [(f"Jo {name}", standing) for name, standing in zip(names, standings, strict=True)]
    stages = [[cell.standing for cell in row.stages] for row in response.context["rows"]]
    assert stages[1] == [Standing.DONE, Standing.NOT_BEGUN]
    assert stages[2] == [Standing.OVERDUE, Standing.NOT_BEGUN]
    page = response.content.decode()
    assert "Week 1: the desk: overdue" in page
    assert "1 step, by up to" in " ".join(page.split())


def test_the_team_is_ones_own_first_and_narrowed_by_path_position_name_and_standing(client, supervisor, desk):
    path, *_ = desk
    other_path = make.make_path(make.stage("Week 1", make.attend()), title="Billing", position=Position.CSR_2)
    mine = UserFactory(first_name="Ana", last_name="Ruiz", supervisor=supervisor)
    theirs = UserFactory(first_name="Ben", last_name="Park", position=Position.CSR_2)
    make.enrol(mine, path, starts_on=LONG_AGO)
    make.enrol(theirs, path)
    make.enrol(theirs, other_path)
    gone = UserFactory(supervisor=supervisor)
    make.enrol(gone, path)
    gone.is_active = False
    gone.save()

    def asked(**query):
        return [name for name, _ in shown(client.get(TEAM, query))]

    assert asked() == ["Ana Ruiz"]
    assert asked(whose="all") == ["Ben Park", "Ben Park", "Ana Ruiz"]
    assert asked(whose="all", path=other_path.pk) == ["Ben Park"]
    assert asked(whose="all", position=Position.CSR_1) == ["Ana Ruiz"]
    assert asked(whose="all", name="ruiz ana") == ["Ana Ruiz"]
    assert asked(whose="all", standing="overdue") == ["Ana Ruiz"]
    assert asked(whose="all", standing="done") == []
    assert asked(whose="nobody's", path="x", position="y", page="z") == ["Ana Ruiz"]


def test_the_grid_has_fifty_a_page_and_keeps_what_was_asked_for(client, supervisor, desk):
    path, *_ = desk
    people = [User(username=f"person-{n}", position=Position.CSR_1) for n in range(51)]
    enrolling.enrol(User.objects.bulk_create(people), path)
    first = client.get(TEAM, {"whose": "all", "position": Position.CSR_1})
    assert len(first.context["rows"]) == 50
    assert "whose=all&amp;position=csr_1&amp;page=2" in first.content.decode()
    assert len(client.get(TEAM, {"whose": "all", "page": 2}).context["rows"]) == 1
    assert len(client.get(TEAM, {"whose": "all", "standing": "not_begun", "page": 2}).context["rows"]) == 1


def test_queries_of_the_grid_and_its_export_do_not_grow_with_people(client, supervisor):
    manual = make_manual()
    chapters = [make_chapter(manual, f"Chapter {n}") for n in range(2)]
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    steps = [make.read(manual, due_days=3), make.acknowledge(policy), make.have_signed(make.make_task()), make.attend()]
    path = make.make_path(make.stage("Week 1", *steps))

    def counts():
        found = []
        for query in ({}, {"standing": "overdue"}, {"export": "csv"}):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(TEAM, {"whose": "all", **query}).status_code == 200
            found.append(len(queries))
        return found

    def add(count):
        for _ in range(count):
            person = UserFactory(supervisor=supervisor)
            make.enrol(person, path, starts_on=LONG_AGO)
            make.read_all(person, chapters[0])

    add(1)
    counts()
    before = counts()
    add(3)
    assert counts() == before


def test_the_team_is_downloaded_whole_and_a_name_is_no_formula(client, supervisor, desk):
    path, *_ = desk
    person = UserFactory(first_name="=Ana", last_name="Ruiz", username="aruiz", supervisor=supervisor)
    make.enrol(person, path, starts_on=LONG_AGO)
    table = client.get(TEAM, {"export": "csv"})
    text = b"".join(table.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Person"] == "'=Ana Ruiz"
    assert (row["Username"], row["Path"], row["Standing"]) == ("aruiz", "First 90 days", "Overdue")
    assert (row["Percent done"], row["Stage"], row["Steps overdue"]) == ("0", "Week 1: the desk", "1")
    assert int(row["Working days late"]) > 100
    workbook = client.get(TEAM, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(workbook.streaming_content))).active
    assert [cell.value for cell in sheet[2]][:2] == ["=Ana Ruiz", "aruiz"]


def test_a_persons_page_has_every_kind_of_evidence_newest_first(client, supervisor):
    person = UserFactory(supervisor=supervisor)
    chapter = make_chapter(make_manual(), "Opening the drawer")
    policy = make_policy("Customer deposits", acknowledged_by=[group_for(Position.CSR_1)])
    exempt = make_policy("Payment plans", code="CS-102", acknowledged_by=[group_for(Position.CSR_1)])
    fee = single_choice("Fee", "$25", "$30")
    quiz, task, visit, waived = make_quiz(fee), make.make_task(), make.attend(), make.attend("The council meeting")
    steps = [make.read(chapter), make.acknowledge(policy), make.pass_quiz(quiz), make.have_signed(task), visit, waived]
    enrolment = make.enrol(person, make.make_path(make.stage("Week 1", *steps)))

    make.read_all(person, chapter)
    make.agree(person, policy)
    take(quiz, person, {fee: chosen(fee, "$25")}, minutes=0)
    wrong = make.sign(person, task, supervisor)
    make.sign(person, task, supervisor, met=False, corrects=wrong, correction_reason="It was another person.")
    make.confirm(person, visit, supervisor, date(2026, 3, 2))
    Waiver.objects.create(
        enrolment=enrolment, key=waived["id"], title="The council meeting", reason="Went.", by=supervisor
    )
    exemptions.grant(person, exempt, "Wrote it.", supervisor)

    response = client.get(reverse("training:person", args=[person.pk]))

    entries = response.context["entries"]
    assert [(entry.kind, entry.title) for entry in entries] == [
        ("exemption", "Payment plans"),
        ("waiver", "The council meeting"),
        ("attendance", "A morning with the meter crew"),
        ("sign_off", task.title),
        ("sign_off", task.title),
        ("attempt", quiz.title),
        ("acknowledged", "Customer deposits"),
        ("read", "Opening the drawer"),
    ]
    words = [entry.words for entry in entries]
    assert words[2] == "Attended on March 2, 2026"
    assert words[3] == "Not yet; corrects an earlier record: It was another person."
    assert words[4] == "Met; does not count: corrected by a later record"
    assert words[5] == "Attempt 1: 100 percent, passed"
    assert words[6] == "Edition 1; read the whole"
    assert words[7] == "1 section of edition 1, marked as read"
    assert entries[3].by == str(supervisor)
    for entry in entries:
        if entry.url:
            assert client.get(entry.url).status_code == 200
    only = client.get(reverse("training:person", args=[person.pk]), {"kind": "sign_off"})
    assert [entry.kind for entry in only.context["entries"]] == ["sign_off", "sign_off"]


def test_queries_of_a_persons_page_do_not_grow_and_what_was_read_in_a_day_is_one_line(client, supervisor):
    person = UserFactory(supervisor=supervisor)
    manual = make_manual()
    chapters = [make_chapter(manual, f"Chapter {n}") for n in range(4)]
    tasks = [make.make_task(f"Task {n}") for n in range(4)]
    make.enrol(
        person, make.make_path(make.stage("Week 1", make.read(manual), make.attend(), *map(make.have_signed, tasks)))
    )
    address = reverse("training:person", args=[person.pk])

    def count():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        return len(queries), len(response.context["entries"])

    make.read_all(person, chapters[0])
    make.sign(person, tasks[0], supervisor)
    count()
    before, lines = count()
    assert lines == 2
    make.read_all(person, *chapters[1:])
    for task in tasks[1:]:
        make.sign(person, task, supervisor)
    make.enrol(person, make.make_path(make.stage("Week 1", make.attend())))
    assert count() == (before, 8)


def test_a_path_that_was_left_is_shown_with_its_reason(client, supervisor, desk):
    path, *_ = desk
    person = UserFactory()
    enrolment = make.enrol(person, path)
    Enrolment.objects.filter(pk=enrolment.pk).update(left_at=timezone.now(), left_because="Works elsewhere now.")
    response = client.get(reverse("training:person", args=[person.pk]))
    assert response.context["present"] == []
    assert "Works elsewhere now." in response.content.decode()
    assert "On no path today." in response.content.decode()


def test_who_may_see_the_team_and_whose_evidence(client, desk):
    path, *_ = desk
    agent, other = UserFactory(), UserFactory()
    make.enrol(agent, path)
    own, theirs = (reverse("training:person", args=[person.pk]) for person in (agent, other))
    client.force_login(agent)
    assert client.get(TEAM).status_code == 403
    assert client.get(TEAM, {"export": "csv"}).status_code == 403
    assert client.get(own).status_code == 200
    assert client.get(theirs).status_code == 403
    assert TEAM not in client.get(own).content.decode()
    client.force_login(UserFactory(position=Position.SENIOR))
    seen = client.get(TEAM, {"whose": "all"}).content.decode()
    assert own in seen
    assert reverse("training:enrol") not in seen
    assert client.get(own).status_code == 200
