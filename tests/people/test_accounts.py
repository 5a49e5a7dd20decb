"""Who may change whose account in the admin."""

import pytest
from django.urls import reverse

from portal.people.models import User
from portal.people.positions import Position
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


def account(**changes):
    return {
        "username": "nhire",
        "first_name": "New",
        "last_name": "Hire",
        "email": "nhire@city.example",
        "position": Position.CSR_1,
        "hire_date": "2026-11-02",
        "supervisor": "",
        "preferred_language": "en",
        "password1": "counter-window-4",
        "password2": "counter-window-4",
        **changes,
    }


def test_supervisor_adds_a_person_with_their_position(client, supervisor):
    url = reverse("wagtailusers_users:add")
    assert client.get(url).status_code == 200
    response = client.post(url, account(supervisor=supervisor.pk))
    assert response.status_code == 302, response.context["form"].errors
    person = User.objects.get(username="nhire")
    assert (person.position, person.supervisor) == (Position.CSR_1, supervisor)


def test_supervisor_cannot_make_an_administrator(client, supervisor):
    client.post(reverse("wagtailusers_users:add"), account(is_superuser="on"))
    assert User.objects.get(username="nhire").is_superuser is False


def test_supervisor_changes_a_person(client, supervisor):
    person = UserFactory(position=Position.CSR_1)
    url = reverse("wagtailusers_users:edit", args=[person.pk])
    assert client.get(url).status_code == 200
    client.post(url, account(position=Position.CSR_2, is_active="on", password1="", password2=""))
    person.refresh_from_db()
    assert (person.position, [g.name for g in person.groups.all()]) == (Position.CSR_2, ["CSR II"])


def test_supervisor_cannot_touch_an_administrators_account(client, supervisor):
    root = User.objects.create_superuser("root", "root@city.example", "long-password-here")
    url = reverse("wagtailusers_users:edit", args=[root.pk])
    client.post(url, account(is_active="on", password1="taken-over-now", password2="taken-over-now"))
    root.refresh_from_db()
    assert root.username == "root"
    assert root.check_password("long-password-here")


@pytest.mark.parametrize("action", ["assign_role", "set_active_state"])
def test_supervisor_cannot_change_rank_in_bulk(client, supervisor, action):
    root = User.objects.create_superuser("root", "root@city.example", "long-password-here")
    url = reverse("wagtail_bulk_action", args=["people", "user", action]) + f"?id={root.pk}"
    role = supervisor.groups.get().pk
    client.post(url, {"role": role, "mark_as_active": "false"})
    root.refresh_from_db()
    assert root.is_active
    assert not root.groups.filter(pk=role).exists()


def test_senior_sees_no_accounts(client):
    client.force_login(UserFactory(position=Position.SENIOR))
    assert client.get(reverse("wagtailusers_users:index")).status_code == 302


def test_the_list_of_people_shows_their_positions(client, supervisor):
    UserFactory(position=Position.CSR_2)
    html = client.get(reverse("wagtailusers_users:index")).content.decode()
    assert "CSR II" in html
    assert client.get(reverse("wagtailusers_users:index"), {"ordering": "position"}).status_code == 200
