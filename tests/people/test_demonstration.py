"""Demonstration accounts are for trying out, and leave without taking anything along."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from manuals import acknowledging, tree
from manuals.models import Method, ReadAs
from portal.people import checks, demonstration
from portal.people.models import User
from portal.people.positions import Position, group_for
from tests.factories import PASSWORD, UserFactory, make_policy

pytestmark = pytest.mark.django_db


def test_without_demonstration_accounts_production_starts(settings):
    settings.REFUSE_DEMONSTRATION_ACCOUNTS = True
    UserFactory()
    assert demonstration.objection() == ""
    assert checks.check_demonstration_accounts(databases=["default"]) == []


def test_with_one_present_production_names_it_and_the_way_out(settings):
    UserFactory(username="csr1", is_demonstration=True)
    assert demonstration.objection() == ""
    settings.REFUSE_DEMONSTRATION_ACCOUNTS = True
    assert "csr1" in demonstration.objection()
    assert "remove_demonstration" in demonstration.objection()
    assert [error.id for error in checks.check_demonstration_accounts(databases=["default"])] == ["people.E001"]


def test_a_check_that_may_not_ask_the_database_does_not(settings, django_assert_num_queries):
    settings.REFUSE_DEMONSTRATION_ACCOUNTS = True
    with django_assert_num_queries(0):
        assert checks.check_demonstration_accounts(databases=None) == []


@pytest.mark.django_db(transaction=True)
def test_the_server_does_not_start(settings):
    settings.REFUSE_DEMONSTRATION_ACCOUNTS = True
    UserFactory(username="csr1", is_demonstration=True)
    with pytest.raises(ImproperlyConfigured, match="csr1"):
        demonstration.refuse()


def test_removing_keeps_real_people_and_what_was_written():
    real = UserFactory(username="tgreen")
    author = UserFactory(username="senior", is_demonstration=True)
    page = tree.manual_index()
    page.owner = author
    page.save()
    assert demonstration.remove() == (["senior"], [])
    assert list(User.objects.all()) == [real]
    page.refresh_from_db()
    assert page.owner is None


def test_one_that_records_stand_on_is_closed_for_good_and_production_starts(settings):
    settings.REFUSE_DEMONSTRATION_ACCOUNTS = True
    person = UserFactory(username="csr1", is_demonstration=True)
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    edition = policy.editions.get()
    acknowledging.record(person, edition, method=Method.PASSWORD, read_as=ReadAs.WHOLE, since=None)
    assert demonstration.remove() == ([], ["csr1"])
    assert demonstration.objection() == ""
    person.refresh_from_db()
    assert not person.is_active
    assert not person.check_password(PASSWORD)
    assert person.acknowledgements.count() == 1
