"""What people upload is for people who are signed in, and the health check for everyone."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def image():
    return get_image_model().objects.create(title="Counter", file=get_test_image_file())


@pytest.fixture
def document():
    return get_document_model().objects.create(title="Form", file=ContentFile(b"over and short", name="form.txt"))


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_an_image_needs_sign_in(client, image):
    url = image.get_rendition("width-20").url
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")

    client.force_login(UserFactory())
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "private" in response["Cache-Control"]
    assert body(response)


def test_a_document_needs_sign_in(client, document):
    response = client.get(document.url)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")

    client.force_login(UserFactory())
    response = client.get(document.url)
    assert response.status_code == 200
    assert body(response) == b"over and short"


def test_a_document_has_no_second_address_past_the_privacy_of_its_collection(client, document):
    client.force_login(UserFactory())
    assert document.file.storage.exists(document.file.name)
    assert client.get(document.file.url).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "images",
        "images/",
        "original_images/..",
        "images/../../secret.txt",
        "images/%2e%2e/%2e%2e/secret.txt",
        "x/y.png",
    ],
)
def test_nothing_but_image_files_is_served(client, image, path):
    image.get_rendition("width-20")
    (settings.MEDIA_ROOT.parent / "secret.txt").write_text("nobody's business")
    client.force_login(UserFactory())
    assert client.get(f"/media/{path}").status_code == 404


def test_the_health_check_is_open_to_the_signed_out(client):
    response = client.get("/healthz/")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_the_health_check_says_when_the_database_is_gone(client, monkeypatch):
    def refuse():
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/healthz/")
    assert response.status_code == 503
