"""The starter library goes into an empty portal only, and whole or not at all."""

import pytest

from portal.people.models import User
from portal.starter import history_loading, loading
from tests.factories import UserFactory, make_policy
from tests.manuals import library_files as files

pytestmark = pytest.mark.django_db


def test_a_real_account_with_a_demonstration_name_is_not_taken_over():
    UserFactory(username="Senior")
    with pytest.raises(loading.LoadingError, match="no demonstration account"):
        loading.load()
    assert User.objects.count() == 1


def test_a_portal_with_anything_in_it_is_not_empty():
    assert loading.is_empty()
    UserFactory()
    assert not loading.is_empty()


def test_a_library_with_an_error_loads_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "LIBRARY", files.write(tmp_path, **{"notes.md": "x"}))
    with pytest.raises(loading.LoadingError, match=r"notes\.md: This has no place here"):
        loading.load()
    assert not User.objects.exists()


def test_a_page_that_was_there_before_gets_no_history():
    people = loading.load_people()
    make_policy(code="CS-101", slug="customer-deposits")
    history = history_loading.History(loading.LIBRARY, people["senior"], people["supervisor"])
    paths = {line.path for line in history.lines} | set(history.changes())
    assert "policies/customer-deposits.md" not in paths
    assert {"answers/deposit-required.md", "policies/hydrant-meters.md"} <= paths
