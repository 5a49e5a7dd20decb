"""Staff come in from a CSV file: whole or not at all, with every error named by its line."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from portal.people import staff_import
from portal.people.models import User
from portal.people.positions import Position
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

HEADER = "username,email,first_name,last_name,position,hire_date,supervisor,preferred_language\n"
GOOD = (
    HEADER
    + "mlopez,mlopez@city.example,María,López,CSR I,2026-11-02,tgreen,Spanish\n"
    + "tgreen,tgreen@city.example,Tamika,Green,supervisor,,,\n"
)


def messages(content: str) -> list[str]:
    return [str(error) for error in staff_import.plan(content.encode()).errors]


def test_people_come_in_with_position_language_and_a_supervisor_named_further_down():
    staff_import.apply(GOOD.encode())
    person = User.objects.get(username="mlopez")
    assert (person.position, person.preferred_language, person.hire_date) == ("csr_1", "es", date(2026, 11, 2))
    assert person.supervisor.username == "tgreen"
    assert [group.name for group in person.groups.all()] == ["CSR I"]


def test_importing_again_changes_nobody_and_keeps_passwords():
    staff_import.apply(GOOD.encode())
    person = User.objects.get(username="mlopez")
    person.set_password("chosen-by-maria")
    person.save()
    plan = staff_import.apply(GOOD.encode())
    assert (plan.created, plan.changed, len(plan.unchanged)) == ([], {}, 2)
    assert User.objects.get(username="mlopez").check_password("chosen-by-maria")


def test_a_change_is_named_and_made():
    staff_import.apply(GOOD.encode())
    promoted = GOOD.replace("CSR I,", "CSR II,")
    assert staff_import.plan(promoted.encode()).changed == {"mlopez": ["position"]}
    staff_import.apply(promoted.encode())
    assert User.objects.get(username="mlopez").position == Position.CSR_2


def test_every_error_is_named_by_line_and_nothing_is_written():
    content = (
        HEADER
        + "ok,ok@city.example,Ok,Okay,CSR I,,,\n"
        + "bad user,nonsense,,Smith,Mayor,31/12/2026,nobody,French\n"
        + "ok,ok2@city.example,Ok,Again,CSR I,,,\n"
        + "self,self@city.example,Self,Same,CSR I,,self,\n"
        + "lost,lost@city.example,Lost,One,CSR I,,ghost,\n"
    )
    with pytest.raises(staff_import.StaffImportError) as refused:
        staff_import.apply(content.encode())
    text = str(refused.value)
    for expected in (
        "Line 3: first_name is empty.",
        "Line 3: username may have",
        "Line 3: “nonsense” is not an email address.",
        "Line 3: “Mayor” is not a position.",
        "Line 3: “31/12/2026” is not a date.",
        "Line 3: “French” is not a language.",
        "Line 4: ok is on line 2 already.",
        "Line 5: self cannot be their own supervisor.",
        "Line 6: The supervisor ghost is neither in the file nor on the portal.",
    ):
        assert expected in text
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00bad", "UTF-8"),
        (b"username,email\n", "Missing: first_name, last_name, position"),
        (HEADER.replace("\n", ",salary\n").encode(), "Unknown column: salary"),
        (HEADER.encode() + b"one,two\n", "number of values differs"),
        (HEADER.encode() + b'"open,a@b.example,A,B,CSR I,,,\n', "not well-formed"),
        (b"PK\x03\x04\x00\x00", "not text"),
        (HEADER.encode() + ("x" * 151).encode() + b",a@b.example,A,B,CSR I,,,\n", "longer than 150"),
    ],
)
def test_a_file_that_is_no_staff_list_gets_a_sentence(content, expected):
    assert expected in str(staff_import.plan(content).errors[0])


def test_a_file_as_excel_saves_it_is_read():
    assert messages("\ufeff" + GOOD.replace("\n", "\r\n")) == []


def test_an_administrator_is_not_changed_by_a_file():
    User.objects.create_superuser("tgreen", "root@city.example", "long-password-here")
    assert "Line 3: tgreen is an administrator. Change them by hand." in messages(GOOD)


def test_queries_do_not_grow_with_the_length_of_the_file(django_assert_max_num_queries):
    rows = "".join(f"u{n},u{n}@city.example,A,B,CSR I,,,\n" for n in range(200))
    with django_assert_max_num_queries(3):
        staff_import.plan((HEADER + rows).encode())


def test_command_says_what_it_would_do_and_writes_nothing(tmp_path, capsys):
    file = tmp_path / "staff.csv"
    file.write_text(GOOD, encoding="utf-8")
    call_command("import_staff", str(file), "--dry-run")
    assert "2 would be added" in capsys.readouterr().out
    assert not User.objects.exists()
    call_command("import_staff", str(file))
    assert User.objects.count() == 2


def test_command_lists_the_errors(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_text(GOOD.replace("CSR I,", "Mayor,"), encoding="utf-8")
    for options in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match="Line 2: “Mayor” is not a position"):
            call_command("import_staff", str(file), *options)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_staff", str(tmp_path / "missing.csv"))


@pytest.fixture
def supervisor_client(client):
    client.force_login(UserFactory(username="boss", position=Position.SUPERVISOR))
    return client


def upload(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("staff.csv", content.encode(), content_type="text/csv")


def test_screen_shows_what_would_be_done_then_does_it_and_invites(supervisor_client, mailoutbox):
    page = supervisor_client.post("/admin/import-staff/", {"file": upload(GOOD), "invite": "on"})
    assert b"mlopez" in page.content
    assert not User.objects.filter(username="mlopez").exists()
    done = supervisor_client.post("/admin/import-staff/", {"confirm": page.context["token"], "invite": "1"})
    assert done.status_code == 302
    assert User.objects.filter(username="mlopez").exists()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["mlopez@city.example", "tgreen@city.example"]


def test_screen_lists_errors_by_line_and_offers_no_way_on(supervisor_client):
    page = supervisor_client.post("/admin/import-staff/", {"file": upload(GOOD.replace("CSR I,", "Mayor,"))})
    assert "Line 2: “Mayor” is not a position." in page.content.decode()
    assert "token" not in page.context


def test_screen_refuses_a_file_changed_on_the_way(supervisor_client):
    done = supervisor_client.post("/admin/import-staff/", {"confirm": "forged"}, follow=True)
    assert "Choose it again" in done.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2, Position.SENIOR])
def test_only_a_supervisor_reaches_the_screen(client, position):
    client.force_login(UserFactory(position=position))
    for response in (client.get("/admin/import-staff/"), client.post("/admin/import-staff/", {"file": upload(GOOD)})):
        assert response.status_code == 302
    assert User.objects.count() == 1
