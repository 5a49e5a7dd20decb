"""Coming onto a path by hand or from a file, leaving it, and leaves of absence."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.people.positions import Position
from portal.training.models import Enrolment, How, Pause
from tests.factories import UserFactory
from tests.training import factories as make

pytestmark = pytest.mark.django_db

ENROL, FILE = reverse("training:enrol"), reverse("training:enrol_file")


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


@pytest.fixture
def path():
    return make.make_path(make.stage("Week 1", make.attend(due_days=3)), title="The desk", slug="the-desk")


def look(client, text):
    """Upload a file to be looked at, and return the page."""
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(FILE, {"file": SimpleUploadedFile("people.csv", content)})


def faults(response):
    return [str(error) for error in response.context["plan"].errors]


def test_many_people_come_onto_a_path_from_a_day_and_who_is_on_it_stays(client, supervisor, path):
    present, first, second = UserFactory(), UserFactory(), UserFactory()
    before = make.enrol(present, path)
    start = timezone.localdate() - timedelta(days=10)
    posted = {"path": path.pk, "people": [present.pk, first.pk, second.pk], "starts_on": start.isoformat()}
    response = client.post(ENROL, posted, follow=True)
    assert "2 people are now on “The desk”. 1 was on it already." in response.content.decode()
    for person in (first, second):
        enrolment = person.enrolments.get()
        assert (enrolment.starts_on, enrolment.how, enrolment.enrolled_by) == (start, How.HAND, supervisor)
    assert list(present.enrolments.all()) == [before]


def test_a_form_that_lacks_something_says_what_and_keeps_what_was_chosen(client, supervisor, path):
    person = UserFactory(first_name="Ana", last_name="Ruiz")
    page = client.post(ENROL, {"people": [person.pk], "starts_on": "2062-03-02"}).content.decode()
    assert "Choose a path." in page
    assert "2062-03-02 is more than five years away. Check the year." in page
    assert f'value="{person.pk}" checked' in " ".join(page.split())
    assert 'value="2062-03-02"' in page
    page = client.post(ENROL, {"path": path.pk}).content.decode()
    assert "Tick at least one person." in page
    assert not Enrolment.objects.exists()


def test_people_are_offered_by_team_name_and_position_and_never_closed_accounts(client, supervisor):
    mine = UserFactory(first_name="Ana", last_name="Ruiz", supervisor=supervisor)
    other = UserFactory(first_name="Ben", last_name="Park", position=Position.CSR_2)
    closed = UserFactory(supervisor=supervisor, is_active=False)

    def offered(**query):
        return client.get(ENROL, query).context["form"].offered

    assert offered() == [mine]
    assert {mine, other} < set(offered(whose="all"))
    assert closed not in offered(whose="all")
    assert offered(whose="all", name="park") == [other]
    assert offered(whose="all", position=Position.CSR_2) == [other]


def test_a_file_is_shown_first_and_enrols_when_confirmed(client, supervisor, path):
    other = make.make_path(make.stage("Week 1", make.attend()), title="Billing")
    UserFactory(username="ana"), UserFactory(username="ben")
    start = timezone.localdate() + timedelta(days=7)
    looked = look(client, f"Username,Path,Start\nANA,the desk,{start.isoformat()}\nben,{other.slug},\nben,the-desk,\n")
    assert not Enrolment.objects.exists()
    assert [(row.line, str(row.path)) for row in looked.context["plan"].new] == [
        (2, "The desk"),
        (3, "Billing"),
        (4, "The desk"),
    ]
    done = client.post(FILE, {"confirm": looked.context["token"]}, follow=True)
    assert "3 enrolments made." in done.content.decode()
    ana = Enrolment.objects.get(person__username="ana")
    assert (ana.path, ana.starts_on, ana.how, ana.enrolled_by) == (path, start, How.FILE, supervisor)
    assert Enrolment.objects.filter(person__username="ben").count() == 2

    again = look(client, "username,path\nana,the-desk\n")
    assert again.context["plan"].new == []
    assert len(again.context["plan"].present) == 1
    assert "token" not in again.context


def test_a_broken_file_is_refused_whole_with_every_line(client, supervisor, path):
    make.make_path(make.stage("Week 1", make.attend()), title="Twice")
    make.make_path(make.stage("Week 1", make.attend()), title="Twice")
    UserFactory(username="ana"), UserFactory(username="gone", is_active=False)
    rows = ["ana,the-desk,", "ana,The desk,", "nobody,nowhere,tomorrow", "gone,Twice,1926-01-31", ",,", "ana,the-desk"]
    looked = look(client, "username,path,start\n" + "\n".join(rows) + "\n")
    assert faults(looked) == [
        "Line 3: ana and this path are on line 2 already.",
        "Line 4: Nobody has the username “nobody”.",
        "Line 4: No published path is called “nowhere”. Write its title or its slug.",
        "Line 4: “tomorrow” is not a date. Write it as 2026-01-31.",
        "Line 5: The account of gone is closed.",
        "Line 5: More than one path is called “Twice”. Write its slug.",
        "Line 5: 1926-01-31 is more than five years away. Check the year.",
        "Line 6: username is empty.",
        "Line 6: path is empty.",
        "Line 7: The number of values differs from the number of columns.",
    ]
    assert "token" not in looked.context
    for text, fault in [
        ("name,path\n", "Missing: username"),
        ("username,path,when\n", "Unknown column: when"),
        ("username,path,path\n", "A column is there twice"),
        ("username,path\n", "The file names nobody"),
        ('username,path\n"ana,x', "is not well-formed CSV"),
        (b"username,path\n\xff,x\n", "not UTF-8"),
    ]:
        assert fault in faults(look(client, text))[0]
    assert "Choose a file." in client.post(FILE).content.decode()
    assert not Enrolment.objects.exists()


def test_a_file_is_written_only_as_it_was_looked_at_and_while_it_still_holds(client, supervisor, path):
    person = UserFactory(username="ana")
    token = look(client, "username,path\nana,the-desk\n").context["token"]
    changed = client.post(FILE, {"confirm": f"x{token}"}, follow=True)
    assert "was changed on the way" in changed.content.decode()
    person.is_active = False
    person.save()
    closed = client.post(FILE, {"confirm": token}, follow=True)
    assert "Nobody was enrolled, because the portal has changed since. Line 2: The account of ana is closed." in (
        closed.content.decode()
    )
    assert not Enrolment.objects.exists()


def test_leaving_needs_a_reason_and_keeps_the_enrolment(client, supervisor, path):
    enrolment = make.enrol(UserFactory(first_name="Ana", last_name="Ruiz"), path)
    address = reverse("training:enrolment", args=[enrolment.pk])
    assert "Say why, in a few words." in client.post(address, {"do": "leave"}).content.decode()
    enrolment.refresh_from_db()
    assert enrolment.is_open
    left = client.post(address, {"do": "leave", "leave-reason": "Works in billing now."}, follow=True)
    enrolment.refresh_from_db()
    assert (enrolment.left_because, enrolment.left_by) == ("Works in billing now.", supervisor)
    assert "Works in billing now." in left.content.decode()
    again = client.post(address, {"do": "leave", "leave-reason": "Something else."}, follow=True)
    assert "has left this path already. Nothing was changed." in again.content.decode()
    enrolment.refresh_from_db()
    assert enrolment.left_because == "Works in billing now."
    assert make.enrol(enrolment.person, path).pk != enrolment.pk


def test_a_leave_moves_what_is_due_on_every_path_or_this_one(client, supervisor, path):
    person = UserFactory()
    other = make.enrol(person, make.make_path(make.stage("Week 1", make.attend())))
    enrolment = make.enrol(person, path, starts_on=date(2026, 3, 2))
    address = reverse("training:enrolment", args=[enrolment.pk])
    away = {"do": "absence", "absence-since": "2026-03-04", "absence-reason": "Leave of absence"}
    client.post(address, {**away, "absence-everywhere": "on"})
    assert Pause.objects.filter(enrolment__in=[enrolment, other], until__isnull=True, by=supervisor).count() == 2
    assert make.progress_of(enrolment, date(2026, 3, 9)).is_away

    early = client.post(address, {"do": "back", "back-until": "2026-03-04", "back-everywhere": "on"})
    assert "They are away since March 4, 2026. The first day back comes after that." in early.content.decode()
    client.post(address, {"do": "back", "back-until": "2026-03-11", "back-everywhere": "on"})
    assert set(Pause.objects.values_list("until", flat=True)) == {date(2026, 3, 11)}
    assert make.progress_of(enrolment, date(2026, 3, 11)).steps[0].due == date(2026, 3, 12)

    client.post(address, {**away, "absence-since": "2026-03-11", "absence-until": "2026-03-12"})
    assert (enrolment.pauses.count(), other.pauses.count()) == (2, 1)


def test_a_leave_that_cannot_be_says_why_and_keeps_what_was_typed(client, supervisor, path):
    person = UserFactory(first_name="Ana", last_name="Ruiz")
    enrolment = make.enrol(person, path)
    Pause.objects.create(
        enrolment=enrolment, since=date(2026, 3, 4), until=date(2026, 3, 11), reason="Leave", by=supervisor
    )
    address = reverse("training:enrolment", args=[enrolment.pk])

    def refused(since, until=""):
        typed = {"absence-since": since, "absence-until": until, "absence-reason": "A second leave"}
        page = client.post(address, {"do": "absence", **typed}).content.decode()
        assert 'value="A second leave"' in page
        assert enrolment.pauses.count() == 1
        return page

    assert "Ana Ruiz is away from March 4, 2026 until March 11, 2026 already." in refused("2026-03-10")
    assert "is away from March 4, 2026" in refused("2026-03-01", "2026-03-05")
    assert "The first day back must come after the first day away." in refused("2026-04-02", "2026-04-02")
    assert "2016-03-02 is more than five years away." in refused("2016-03-02")
    assert "Write the day as 2026-01-31." in refused("next week")
    client.post(
        address,
        {"do": "absence", "absence-since": "2026-03-11", "absence-until": "2026-03-12", "absence-reason": "Again"},
    )
    assert enrolment.pauses.count() == 2


def test_only_supervisors_put_people_on_paths(client, path):
    person = UserFactory()
    enrolment = make.enrol(person, path)
    own = reverse("training:enrolment", args=[enrolment.pk])
    for position in (Position.CSR_1, Position.CSR_2, Position.SENIOR):
        client.force_login(UserFactory(position=position))
        for address in (ENROL, FILE, own):
            assert client.get(address).status_code == 403
            assert client.post(address, {"do": "leave", "leave-reason": "No."}).status_code == 403
    enrolment.refresh_from_db()
    assert enrolment.is_open
