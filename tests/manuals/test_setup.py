"""A migrated database is made ready by one call, as often as one likes."""

import pytest
from wagtail.models import GroupPagePermission, Page, PageViewRestriction, Site, Workflow

from manuals import setup, tree
from manuals.models import HomePage, ManualIndexPage
from portal.people.positions import Position
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_fixed_pages_stand_under_home():
    home = tree.home_page()
    assert [page.slug for page in home.get_children()] == ["answers", "policies", "manuals", "quizzes"]
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk


def test_running_it_again_adds_nothing():
    before = (Page.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count())
    setup.ensure()
    assert (Page.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count()) == before


def test_a_page_a_city_has_renamed_keeps_its_name():
    index = ManualIndexPage.objects.get()
    index.title = "Training"
    index.save_revision().publish()
    setup.ensure()
    assert [page.title for page in ManualIndexPage.objects.all()] == ["Training"]
    assert HomePage.objects.count() == 1


@pytest.mark.parametrize(
    ("position", "edits", "publishes"),
    [
        (Position.CSR_1, False, False),
        (Position.CSR_2, False, False),
        (Position.SENIOR, True, False),
        (Position.SUPERVISOR, True, True),
    ],
)
def test_what_each_position_may_do_with_pages(position, edits, publishes):
    may = tree.answer_index().permissions_for_user(UserFactory(position=position))
    assert (may.can_add_subpage(), may.can_publish_subpage()) == (edits, publishes)


def test_the_whole_library_is_under_content_review():
    assert tree.policy_index().get_workflow().name == "Content review"
    assert not PageViewRestriction.objects.exists()


@pytest.mark.parametrize("url", ["/", "/answers/", "/policies/", "/manuals/", "/admin/", "/documents/1/file.pdf"])
def test_signed_out_people_see_nothing_but_the_sign_in_page(client, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")
