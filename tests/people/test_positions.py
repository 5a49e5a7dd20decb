"""A person's position decides their group, and their group what they may do."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError

from portal.people.models import User
from portal.people.positions import Position, ensure_groups
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_person_is_in_the_group_of_their_position_and_no_other():
    person = UserFactory(position=Position.CSR_1)
    person.position = Position.SENIOR
    person.save()
    assert [group.name for group in person.groups.all()] == ["Senior CSR"]


def test_groups_a_city_made_itself_are_left_alone():
    own = Group.objects.create(name="Spanish speakers")
    person = UserFactory(position=Position.CSR_1)
    person.groups.add(own)
    person.position = Position.CSR_2
    person.save()
    assert {group.name for group in person.groups.all()} == {"Spanish speakers", "CSR II"}


def test_making_the_groups_again_changes_nothing():
    first = {name: group.pk for name, group in ensure_groups().items()}
    assert {name: group.pk for name, group in ensure_groups().items()} == first


def test_database_refuses_a_person_as_their_own_supervisor():
    person = UserFactory()
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=person.pk).update(supervisor=person.pk)


def test_database_refuses_an_unknown_position():
    person = UserFactory()
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=person.pk).update(position="mayor")


@pytest.mark.parametrize(
    ("position", "status"),
    [(Position.CSR_1, 302), (Position.CSR_2, 302), (Position.SENIOR, 200), (Position.SUPERVISOR, 200)],
)
def test_only_those_who_write_content_enter_the_admin(client, position, status):
    client.force_login(UserFactory(position=position))
    assert client.get("/admin/").status_code == status
