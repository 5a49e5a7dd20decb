"""A Senior drafts a change and submits it, a Supervisor approves it, and readers have it."""

import pytest
from playwright.sync_api import expect

from portal.people.positions import Position
from tests.factories import PASSWORD, UserFactory, make_answer, make_policy


@pytest.fixture
def desk(live_server):
    UserFactory(username="senior", position=Position.SENIOR, first_name="Dana")
    UserFactory(username="supervisor", position=Position.SUPERVISOR, first_name="Terry")
    UserFactory(username="agent", first_name="Jordan")


def sign_out(page):
    page.goto("/")
    page.locator("summary.menu-button").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/sign-in/")


def test_a_change_is_drafted_submitted_approved_and_read(sign_in, desk):
    policy = make_policy()
    page = sign_in("senior", PASSWORD)
    page.goto(policy.url)
    page.get_by_role("link", name="Edit this page").click()
    page.locator("#id_rule").fill("New customers pay a deposit of [[$175.00]].")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("has been updated")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Content review").click()
    expect(page.get_by_text("has been submitted")).to_be_visible()
    page.goto(policy.url)
    expect(page.get_by_text("$150.00").first).to_be_visible()
    sign_out(page)

    sign_in("supervisor", PASSWORD)
    page.get_by_role("link", name="Customer deposits").first.click()
    expect(page.get_by_text("175.00").first).to_be_attached()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve", exact=False).first.click()
    expect(page.get_by_text("has been", exact=False).first).to_be_visible()
    sign_out(page)

    sign_in("agent", PASSWORD)
    page.goto(policy.url)
    expect(page.get_by_text("$175.00")).to_be_visible()
    expect(page.get_by_role("link", name="Edit this page")).to_have_count(0)


def test_what_is_wrong_is_said_on_the_field_and_nothing_typed_is_lost(sign_in, desk):
    answer = make_answer()
    page = sign_in("supervisor", PASSWORD)
    page.goto(f"/admin/pages/{answer.pk}/edit/")
    long = " ".join(["word"] * 61)
    page.locator("#id_short_answer").fill(long)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("This has 61 words, and a caller is waiting.").first).to_be_visible()
    expect(page.locator("#id_short_answer")).to_have_value(long)


def test_guessing_a_password_locks_the_guesser_out(page, desk, sign_in):
    for _ in range(8):
        sign_in("agent", "not-the-password")
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    sign_in("agent", PASSWORD)
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
