"""The admin takes a question file: looked at first, then written; and gives the bank out as one."""

import os

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.people.positions import Position
from quizzes import importing
from quizzes.models import Category, Question
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

IMPORT = "/admin/import-questions/"
EXPORT = "/admin/export-questions/"
GIFT = "$CATEGORY: Fees\n\n::Late::The late fee is {=$10#Yes. ~$20#No.}.\n\n::Due::Bills are due in {#20} days.\n"


def upload(text, name="questions.gift"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


def waiting():
    folder = settings.VAR_DIR / "imports"
    return os.listdir(folder) if folder.exists() else []


def test_a_file_is_looked_at_then_written_in_ones_own_name(client, supervisor):
    page = client.post(IMPORT, {"file": upload(GIFT)})
    html = page.content.decode()
    assert "Read as GIFT: 2 added, 0 changed" in " ".join(html.split())
    assert "New categories: Fees." in html
    assert [name in html for name in ("Late", "Due", "Single choice")] == [True, True, True]
    assert not Question.objects.exists()
    done = client.post(IMPORT, {"confirm": page.context["confirm"]}, follow=True)
    assert "2 added, 0 changed, 0 as they were." in done.content.decode()
    assert Question.objects.get(name="Late").latest_revision.user == supervisor
    assert waiting() == []


def test_errors_are_listed_and_only_what_was_agreed_to_is_left_out(client, supervisor):
    page = client.post(IMPORT, {"file": upload(GIFT + "\n::Broken::x {=a\n")})
    html = page.content.decode()
    assert "Line 7, question “Broken”: The “{” is never closed" in html
    assert "Leave out what is wrong, import the rest" in html
    client.post(IMPORT, {"confirm": page.context["confirm"]})
    assert set(Question.objects.values_list("name", flat=True)) == {"Late", "Due"}


def test_a_file_of_nothing_but_errors_cannot_be_confirmed(client, supervisor):
    for content, sentence in (
        ("::Broken::x {=a\n", "Line 1, question “Broken”"),
        (b"\x00\x01\x02", "This is not a text file"),
        ("é".encode("latin-1"), "Line 1 is not UTF-8"),
    ):
        page = client.post(IMPORT, {"file": upload(content), "category": "A"})
        assert sentence in page.content.decode()
        assert "confirm" not in page.context
        assert "Nothing was imported" in page.content.decode()
    assert waiting() == []


def test_a_category_for_questions_in_none_and_the_format_can_be_said(client, supervisor):
    aiken = "What is due?\nA. The bill\nB. Nothing\nANSWER: A\n"
    page = client.post(IMPORT, {"file": upload(aiken, "questions.doc"), "category": "Bills"})
    assert "does not tell its format" in page.content.decode()
    page = client.post(IMPORT, {"file": upload(aiken, "questions.doc"), "category": "Bills", "format": "aiken"})
    client.post(IMPORT, {"confirm": page.context["confirm"]})
    assert Question.objects.get().category == Category.objects.get(name="Bills")


def test_a_file_the_bank_has_already_offers_nothing_to_confirm(client, supervisor):
    importing.import_questions(GIFT, "gift")
    page = client.post(IMPORT, {"file": upload(GIFT)})
    assert "The bank has all of these questions as they are" in page.content.decode()
    assert "confirm" not in page.context


def test_a_forged_or_forgotten_confirmation_writes_nothing(client, supervisor):
    done = client.post(IMPORT, {"confirm": "../../etc/passwd"}, follow=True)
    assert "Choose it again" in done.content.decode()
    page = client.post(IMPORT, {"file": upload(GIFT)})
    client.post(IMPORT, {"confirm": page.context["confirm"]})
    again = client.post(IMPORT, {"confirm": page.context["confirm"]}, follow=True)
    assert "Choose it again" in again.content.decode()
    assert Question.objects.count() == 2


def test_what_the_file_says_is_shown_and_not_run(client, supervisor):
    page = client.post(
        IMPORT, {"file": upload("$CATEGORY: A\n\n::<script>alert(1)</script>::x {T}\n\n::<b>y</b>::x {=\n")}
    )
    assert "<script>alert(1)" not in page.content.decode()
    assert "<b>y</b>" not in page.content.decode()


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2, Position.SENIOR])
def test_only_those_who_may_publish_questions_import_them(client, position):
    client.force_login(UserFactory(position=position))
    for response in (client.get(IMPORT), client.post(IMPORT, {"file": upload(GIFT)})):
        assert response.status_code == 302
    assert not Question.objects.exists()


def test_the_bank_or_a_category_is_downloaded(client, supervisor):
    importing.import_questions(GIFT + "\n$CATEGORY: Other\n\n::Else::x {T}\n", "gift")
    response = client.get(EXPORT, {"format": "gift", "category": Category.objects.get(name="Fees").pk})
    assert response["Content-Disposition"] == 'attachment; filename="questions-fees.gift"'
    assert "::Late::" in response.content.decode()
    assert "::Else::" not in response.content.decode()
    response = client.get(EXPORT, {"format": "moodlexml", "category": ""})
    assert (response["Content-Type"], response.content.count(b"<name>")) == ("application/xml", 3)


def test_what_a_format_cannot_hold_is_said_before_the_download(client, supervisor):
    importing.import_questions(GIFT, "gift")
    page = client.get(EXPORT, {"format": "aiken", "category": ""})
    assert "“Due”: it is left out, because Aiken has no number." in page.content.decode()
    response = client.get(EXPORT, {"format": "aiken", "category": "", "anyway": "1"})
    assert response.content.decode().startswith("The late fee is _____")


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2])
def test_learners_do_not_get_the_keys(client, position):
    importing.import_questions(GIFT, "gift")
    client.force_login(UserFactory(position=position))
    response = client.get(EXPORT, {"format": "gift", "category": ""})
    assert response.status_code == 302
    assert b"Late" not in response.content
