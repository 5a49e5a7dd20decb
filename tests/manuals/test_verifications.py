"""Saying that a page is still correct, and what becomes of its day of review."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from manuals import verifications
from manuals.models import Edition, PolicyPage, Verification
from tests.factories import UserFactory, make_answer, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def senior():
    return UserFactory(position="senior", first_name="Dana", last_name="Whitfield")


def stored(page):
    return type(page).objects.get(pk=page.pk)


def test_verifying_moves_the_day_of_review_on_by_the_interval_the_page_had(senior):
    with standing_at(date(2026, 1, 1)) as clock:
        policy = make_policy(review_by=date(2026, 7, 1))
        clock.today = date(2026, 6, 20)
        verifications.verify(policy, senior)
    assert stored(policy).review_by == date(2026, 6, 20) + (date(2026, 7, 1) - date(2026, 1, 1))


def test_the_interval_counts_from_the_last_look_and_not_from_publishing(senior):
    with standing_at(date(2025, 1, 1)) as clock:
        policy = make_policy(review_by=date(2026, 1, 1))
        clock.today = date(2026, 1, 1)
        verifications.verify(policy, senior, date(2026, 4, 1))
        clock.today = date(2026, 4, 1)
        verifications.verify(policy, senior)
    assert stored(policy).review_by == date(2026, 6, 30)


@pytest.mark.parametrize(
    "review_by", [date(2026, 3, 5), date(2025, 1, 1)], ids=["days after publishing", "before publishing"]
)
def test_a_page_without_an_interval_to_keep_is_looked_at_in_a_year(senior, review_by):
    with standing_at(date(2026, 3, 1)) as clock:
        policy = make_policy(review_by=review_by)
        clock.today = date(2026, 3, 3)
        verifications.verify(policy, senior)
    assert stored(policy).review_by == date(2027, 3, 3)


def test_a_year_after_a_leap_day_is_the_last_of_february(senior):
    with standing_at(date(2028, 2, 29)):
        policy = make_policy(review_by=date(2028, 1, 1))
        verifications.verify(policy, senior)
    assert stored(policy).review_by == date(2029, 2, 28)


def test_a_page_without_a_day_of_review_gets_none(senior):
    policy = make_policy()
    verifications.verify(policy, senior)
    assert stored(policy).review_by is None
    assert Verification.objects.get().person == senior


def test_verifying_makes_no_edition_no_draft_and_no_revision(senior):
    policy = make_policy(review_by=date(2020, 1, 1))
    before = stored(policy)
    verifications.verify(policy, senior)
    after = stored(policy)
    assert Edition.objects.of(policy.pk).count() == 1
    assert policy.revisions.count() == 1
    assert not after.has_unpublished_changes
    assert after.last_published_at == before.last_published_at
    # The next publishing that changes nothing makes none either.
    publish(after)
    assert Edition.objects.of(policy.pk).count() == 1


def test_a_draft_published_later_does_not_bring_back_the_old_day(senior):
    policy = make_policy(review_by=date(2020, 1, 1))
    draft = stored(policy)
    draft.rule = "New customers pay a deposit of [[$175.00]]."
    revision = draft.save_revision()
    verifications.verify(policy, senior, timezone.localdate() + timedelta(days=90))
    found = stored(policy)
    assert found.has_unpublished_changes
    assert found.rule == "New customers pay a deposit of [[$150.00]]."
    revision.refresh_from_db()
    revision.publish()
    found = stored(policy)
    assert found.rule == "New customers pay a deposit of [[$175.00]]."
    assert found.review_by == timezone.localdate() + timedelta(days=90)


def test_a_scheduled_draft_does_not_bring_back_the_old_day_though_it_is_not_the_newest(senior):
    with standing_at(date(2026, 3, 1)) as clock:
        policy = make_policy(review_by=date(2026, 2, 1))
        planned = stored(policy)
        planned.rule = "From April on, nobody pays a deposit."
        planned.go_live_at = clock.morning_of(date(2026, 3, 5))
        planned.save_revision().publish()
        newer = stored(policy)
        newer.rule = "Perhaps some do."
        newer.save_revision()
        verifications.verify(policy, senior, date(2026, 9, 1))
        clock.wait(5)
    found = stored(policy)
    assert found.rule == "From April on, nobody pays a deposit."
    assert found.review_by == date(2026, 9, 1)


def test_the_day_that_an_author_has_set_in_a_draft_is_left_to_the_author(senior):
    policy = make_policy(review_by=date(2020, 1, 1))
    draft = stored(policy)
    draft.review_by = date(2099, 1, 1)
    revision = draft.save_revision()
    verifications.verify(policy, senior)
    revision.refresh_from_db()
    assert revision.content["review_by"] == "2099-01-01"


def test_the_sealed_editions_still_match_their_revisions(senior):
    from manuals import verifying

    policy = make_policy(review_by=date(2020, 1, 1))
    verifications.verify(policy, senior)
    assert [found for found in verifying.breaks() if found.edition] == []


def test_the_owner_may_and_other_agents_may_not(senior):
    agent, other = UserFactory(), UserFactory()
    policy = make_policy(owner=agent)
    verifications.verify(policy, agent)
    with pytest.raises(PermissionDenied):
        verifications.verify(policy, other)
    assert Verification.objects.count() == 1


def test_the_latest_look_of_many_pages_is_one_query(senior, django_assert_num_queries):
    pages = [make_policy(title=f"Policy {n}", code=f"PP-{n:03}") for n in range(3)]
    with standing_at(date(2026, 3, 1)) as clock:
        for page in pages[:2]:
            verifications.verify(page, senior)
        clock.today = date(2026, 4, 1)
        last = verifications.verify(pages[0], UserFactory(position="supervisor"))
    with django_assert_num_queries(1):
        found = verifications.latest(pages)
        assert found[pages[0].pk] == last
        assert found[pages[1].pk].person == senior
    assert set(found) == {pages[0].pk, pages[1].pk}


# The reading page


def text(client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_a_page_says_who_looked_last_and_when(client, senior):
    with standing_at(date(2026, 3, 3)):
        policy = make_policy()
        verifications.verify(policy, senior)
    client.force_login(UserFactory())
    html = text(client, policy.url)
    assert "March 3, 2026</time> by Dana Whitfield" in html
    assert "Not looked at again" not in html


def test_only_the_owner_and_writers_are_offered_the_button(client, senior):
    owner = UserFactory()
    policy = make_policy(owner=owner)
    for person, offered in ((owner, True), (senior, True), (UserFactory(), False)):
        client.force_login(person)
        assert ("Still correct</button>" in text(client, policy.url).replace(" </button>", "</button>")) is offered


def test_one_click_writes_it_and_says_until_when(client, senior):
    with standing_at(date(2026, 1, 1)) as clock:
        policy = make_policy(review_by=date(2026, 7, 1))
        clock.today = date(2026, 7, 2)
        client.force_login(senior)
        assert 'value="2026-12-30"' in text(client, policy.url)
        response = client.post(f"/still-correct/{policy.pk}/", follow=True)
    assert response.redirect_chain == [(policy.url, 302)]
    html = response.content.decode()
    assert "Marked as still correct today. Next look by December 30, 2026." in html
    assert stored(policy).review_by == date(2026, 12, 30)


def test_another_day_may_be_given_with_the_click(client, senior):
    policy = make_policy(review_by=date(2020, 1, 1))
    day = timezone.localdate() + timedelta(days=45)
    client.force_login(senior)
    client.post(f"/still-correct/{policy.pk}/", {"review_by": day.isoformat()})
    assert stored(policy).review_by == day


@pytest.mark.parametrize("given", ["2020-01-01", "2999-01-01", "soon"])
def test_a_day_that_cannot_be_is_refused_beside_the_field_and_nothing_is_written(client, senior, given):
    policy = make_policy(review_by=date(2020, 1, 1))
    client.force_login(senior)
    response = client.post(f"/still-correct/{policy.pk}/", {"review_by": given})
    html = response.content.decode()
    assert response.status_code == 200
    assert "usa-error-message" in html
    assert f'value="{given}"' in html
    assert not Verification.objects.exists()
    assert stored(policy).review_by == date(2020, 1, 1)


def test_who_may_not_is_refused(client):
    policy = make_policy()
    client.force_login(UserFactory())
    assert client.post(f"/still-correct/{policy.pk}/").status_code == 403
    assert not Verification.objects.exists()


def test_looking_at_the_address_writes_nothing(client, senior):
    policy = make_policy()
    client.force_login(senior)
    assert client.get(f"/still-correct/{policy.pk}/").status_code == 200
    assert not Verification.objects.exists()


def test_a_page_that_is_kept_from_someone_is_not_there_for_them(client, senior):
    policy = make_policy()
    PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.GROUPS)
    client.force_login(senior)
    assert client.post(f"/still-correct/{policy.pk}/").status_code == 404


def test_drafts_and_pages_outside_the_library_cannot_be_verified(client, senior):
    policy = make_policy()
    policy.unpublish()
    client.force_login(senior)
    assert client.post(f"/still-correct/{policy.pk}/").status_code == 404
    assert client.post(f"/still-correct/{policy.get_parent().pk}/").status_code == 404


def test_a_preview_has_no_button(client, senior):
    policy = make_policy()
    policy.save_revision()
    client.force_login(senior)
    html = client.get(f"/admin/pages/{policy.pk}/view_draft/").content.decode()
    assert policy.title in html
    assert "Still correct" not in html


def test_a_fixed_edition_has_no_button(client, senior):
    policy = make_policy()
    client.force_login(senior)
    response = client.get(f"{policy.url}editions/1/")
    assert response.status_code == 200
    assert "Still correct" not in response.content.decode()
    assert "Not looked at again" not in response.content.decode()


def test_manuals_are_verified_as_well(client, senior):
    manual = make_manual(review_by=date(2020, 1, 1))
    client.force_login(senior)
    client.post(f"/still-correct/{manual.pk}/")
    assert stored(manual).review_by > timezone.localdate()


def test_the_button_costs_a_reader_one_query_and_a_writer_no_more(client, senior):
    answer = make_answer()
    for person in (UserFactory(), senior):
        client.force_login(person)
        client.get(answer.url)
        with CaptureQueriesContext(connection) as captured:
            client.get(answer.url)
        looks = [query for query in captured.captured_queries if "manuals_verification" in query["sql"]]
        assert len(looks) == 1


def test_the_history_of_a_page_in_the_admin_says_who_found_it_correct(client, senior):
    policy = make_policy()
    verifications.verify(policy, senior)
    client.force_login(senior)
    assert "Found still correct" in client.get(f"/admin/pages/{policy.pk}/history/").content.decode()


def test_writers_see_how_hard_a_page_reads(client, senior):
    policy: PolicyPage = make_policy(body=[section("a", "A", ("markdown", "We keep the form. " * 40))])
    client.force_login(senior)
    assert "Reads at grade" in text(client, policy.url)
    client.force_login(UserFactory())
    assert "Reads at grade" not in text(client, policy.url)
