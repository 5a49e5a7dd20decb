"""A Senior drafts a change and submits it, a Supervisor approves it, and readers have it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from portal.people.positions import Position
from tests.factories import PASSWORD, UserFactory, make_answer, make_policy, section

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


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


def violations(page):
    """Return what axe finds in what we wrote of a page of Wagtail's admin."""
    found = Axe().run(page, context=".publishing-screen", options={"runOnly": RULES})
    return [violation["id"] for violation in found.response["violations"]]


def submit(page):
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Content review").click()


def test_a_change_is_drafted_submitted_approved_and_read(sign_in, desk):
    policy = make_policy()
    page = sign_in("senior", PASSWORD)
    page.goto(policy.url)
    page.get_by_role("link", name="Edit this page").click()
    page.locator("#id_rule").fill("New customers pay a deposit of [[$175.00]].")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("has been updated")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    submit(page)
    expect(page.get_by_text("Say whether people must read it again.").first).to_be_attached()
    page.get_by_role("tab", name="Publishing").click()
    page.get_by_label("Major: people must read it again").check()
    page.locator("#id_change_summary").fill("The deposit is higher.")
    submit(page)
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
    assert policy.editions.last().summary == "The deposit is higher."


def test_a_supervisor_sees_what_a_change_sets_off_before_publishing_it(sign_in, desk):
    policy = make_policy(body=[section("amount", "Amount", ("markdown", "Take [[$150.00]].\nGive a receipt."))])
    make_answer("How much is the deposit?", sections=(policy.sections.get(),))
    page = sign_in("supervisor", PASSWORD)
    page.goto(f"/admin/pages/{policy.pk}/edit/")
    page.locator("#id_rule").fill("New customers pay a deposit of [[$175.00]].")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Before you publish")).to_be_visible()
    expect(page.get_by_text("As a major edition: 1 answer.")).to_be_visible()
    # What the browser sends back with its own ends of lines is no change.
    expect(page.get_by_text("1 section unchanged")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Major: people must read it again").check()
    publish = page.get_by_role("button", name="Publish edition 2")
    publish.click()
    expect(page.get_by_text("Say in a sentence or two what changed.").first).to_be_visible()
    page.get_by_role("textbox", name="What changed").fill("The deposit is higher.")
    publish.click()
    expect(page.get_by_text("Edition 2 of “Customer deposits” is published.")).to_be_visible()
    page.get_by_role("link", name="What it sets off").click()
    expect(page.get_by_text("0 of 1 looked at")).to_be_visible()
    assert violations(page) == []
    page.goto(policy.url)
    expect(page.get_by_text("$175.00").first).to_be_visible()


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
