"""Another backend of django-modelsearch takes the place of Whoosh by changing the setting, and nothing else."""

import pytest
from django.core.management import call_command
from modelsearch.backends import get_search_backend

from manuals.models import PolicyPage
from tests.factories import make_policy

BACKENDS = [{"BACKEND": "search.backends.whoosh"}, {"BACKEND": "modelsearch.backends.database"}]


def titles(results):
    return [policy.title for policy in results]


# On PostgreSQL the second is its full-text search; without it, SQLite's.
@pytest.mark.django_db
@pytest.mark.parametrize("chosen", BACKENDS, ids=lambda chosen: chosen["BACKEND"])
def test_the_same_searches_work_on_either_backend(settings, tmp_path, in_index, chosen):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {**chosen, "PATH": tmp_path / "index"}}
    call_command("update_index", verbosity=0)
    with in_index():
        make_policy("Customer deposits", code="CS-101")
        make_policy("Billing disputes", code="CS-202", rule="Bills are looked at again.")
    get_search_backend().refresh_indexes()
    policies = PolicyPage.objects.live()
    assert titles(policies.search("customers")) == ["Customer deposits"]
    assert titles(policies.autocomplete("disp")) == ["Billing disputes"]
    assert titles(policies.filter(code="CS-202").search("billing")) == ["Billing disputes"]
    assert titles(policies.search("customer", order_by="code"))[0] == "Customer deposits"
    assert policies.search("disputes").count() == 1
    call_command("update_index", verbosity=0)
    assert titles(policies.search("customers")) == ["Customer deposits"]
