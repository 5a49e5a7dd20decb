"""Anyone can check a code, and is told how the certificate stands and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.people.positions import Position
from portal.training import certificate_codes, certifying
from tests.factories import UserFactory
from tests.training import factories as make

pytestmark = pytest.mark.django_db


def certificate(**fields):
    learner = UserFactory(first_name="Wilhelmina", last_name="Quigg")
    path = make.make_path(make.stage("Week 1", make.attend()), title="Counter and telephone")
    return make.certify(make.enrol(learner, path), **fields)


def test_it_says_valid_expired_or_withdrawn_and_nothing_about_the_person(client):
    today = timezone.localdate()
    last = {"issued_on": today - timedelta(days=90), "renews_from": today - timedelta(days=30)}
    valid = certificate(**last, expires_on=today)
    expired = certificate(**last, expires_on=today - timedelta(days=1))
    withdrawn = certificate()
    certifying.withdraw(withdrawn, UserFactory(position=Position.SUPERVISOR), "Of Quigg’s brother.")
    said = {valid: "is valid", expired: "has expired", withdrawn: "was withdrawn"}
    for one, words in said.items():
        # As it is printed: without a slash at the end.
        response = client.get(f"/verify/{certificate_codes.grouped(one.code)}", follow=True)
        # A code is random: what stands in it says nothing.
        page = response.content.decode().replace(certificate_codes.grouped(one.code), "")
        assert response.status_code == 200
        assert f"This certificate {words}" in page
        assert not any(f"This certificate {other}" in page for other in said.values() if other != words)
        assert not any(word in page for word in ("Quigg", "Wilhelmina", "telephone", "90"))
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_a_code_is_found_however_it_is_typed_and_a_wrong_one_gets_help(client):
    one = certificate(code="0123456789ABCDEF")
    for typed in ("0123-4567-89ab-cdef", "o i23 4567 89AB–CDEF", "OL23456789abcdef", " 0123456789ABCDEF "):
        response = client.get(reverse("verify:ask"), {"code": typed}, follow=True)
        assert "This certificate is valid" in response.content.decode(), typed
    assert "not a code of ours" in client.get(reverse("verify:ask"), {"code": "0123-4567"}).content.decode()
    for wrong in ("0123-4567-89AB-CDEG", "nonsense", "<script>"):
        response = client.get(reverse("verify:check", args=[wrong]))
        assert response.status_code == 404
        assert "No certificate has this code" in response.content.decode()
        assert "Compare it with the printed one" in response.content.decode()
        assert "<script>”" not in response.content.decode()
    codes = {certificate_codes.new() for _ in range(50)}
    assert len(codes) == 50
    assert {certificate_codes.read(certificate_codes.grouped(code).lower()) for code in codes} == codes
    assert one.code not in codes
