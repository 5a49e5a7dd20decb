"""The admin takes a zip: looked at first, then written whole or not at all."""

import os
import stat
import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from manuals import waiting_uploads
from manuals.exchange import archive
from manuals.exchange.errors import ImportRefused
from manuals.models import PolicyPage
from portal.people.positions import Position
from tests.factories import UserFactory
from tests.manuals import library_files as files

pytestmark = pytest.mark.django_db

URL = "/admin/import-content/"


def zipped(contents: dict[str, str | bytes], below: str = "") -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for path, text in contents.items():
            target.writestr(below + path, text)
    return content.getvalue()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("library.zip", content, content_type="application/zip")


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


@pytest.mark.parametrize("below", ["", "library/"])
def test_a_zip_is_looked_at_then_written_in_ones_own_name(client, supervisor, below):
    page = client.post(URL, {"file": upload(zipped(files.FILES, below))})
    assert len(page.context["summary"].created) == 5
    assert not PolicyPage.objects.exists()
    done = client.post(URL, {"confirm": page.context["token"]})
    assert done.status_code == 302
    assert PolicyPage.objects.get().latest_revision.user == supervisor
    assert os.listdir(settings.VAR_DIR / "imports") == []


def test_errors_are_listed_by_file_and_line_and_nothing_can_be_confirmed(client, supervisor):
    broken = {**files.FILES, "policies/customer-deposits.md": files.POLICY.replace("CS-101", "x")}
    page = client.post(URL, {"file": upload(zipped(broken))})
    html = page.content.decode()
    assert "policies/customer-deposits.md, line 3:" in html
    assert "token" not in page.context
    assert not PolicyPage.objects.exists()


def test_what_is_no_zip_gets_a_sentence(client, supervisor):
    page = client.post(URL, {"file": upload(b"PK no zip at all")})
    assert "library.zip: This zip file cannot be read" in page.content.decode()
    assert client.post(URL, {"file": upload(b"")}).status_code == 200


def test_a_forged_or_forgotten_confirmation_writes_nothing(client, supervisor):
    done = client.post(URL, {"confirm": "../../etc/passwd"}, follow=True)
    assert "Choose it again" in done.content.decode()
    page = client.post(URL, {"file": upload(zipped(files.FILES))})
    client.post(URL, {"confirm": page.context["token"]})
    again = client.post(URL, {"confirm": page.context["token"]}, follow=True)
    assert "Choose it again" in again.content.decode()


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2, Position.SENIOR])
def test_only_those_who_may_publish_reach_the_screen(client, position):
    client.force_login(UserFactory(position=position))
    for response in (client.get(URL), client.post(URL, {"file": upload(zipped(files.FILES))})):
        assert response.status_code == 302
    assert not PolicyPage.objects.exists()


def test_files_that_waited_too_long_are_removed():
    folder = settings.VAR_DIR / "imports"
    old = waiting_uploads.keep(upload(b"old"))
    (kept,) = folder.iterdir()
    os.utime(kept, (0, 0))
    new = waiting_uploads.keep(upload(b"new"))
    with pytest.raises(waiting_uploads.Gone), waiting_uploads.opened(old):
        pass
    with waiting_uploads.opened(new) as file:
        assert file.read() == b"new"
    waiting_uploads.forget(new)


@pytest.mark.parametrize(
    "path", ["../outside.md", "/etc/outside.md", "a/../../outside.md", "C:/outside.md", "..\\outside.md"]
)
def test_nothing_is_unpacked_outside_the_folder(path):
    with pytest.raises(ImportRefused, match="reaches outside"), archive.unpacked(BytesIO(zipped({path: "x"})), "a.zip"):
        pass


def test_links_and_bombs_are_refused(monkeypatch):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        link = zipfile.ZipInfo("answers")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc")
    with pytest.raises(ImportRefused, match="It holds a link"), archive.unpacked(content, "a.zip"):
        pass
    monkeypatch.setattr(archive, "MAX_BYTES", 1000)
    with (
        pytest.raises(ImportRefused, match="It holds more than"),
        archive.unpacked(BytesIO(zipped({"a": b"0" * 2000})), "a"),
    ):
        pass
