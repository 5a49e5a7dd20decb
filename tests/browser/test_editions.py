"""A policy through its editions: published, planned, compared, read as of a day, acknowledged, and reported on."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from manuals import editions
from manuals.models import Acknowledgement, PolicyPage
from portal.people.models import User
from portal.people.positions import Position, group_for
from tests.factories import PASSWORD, UserFactory, make_policy, publish, section

BODY = [
    section("amount", "Amount of the deposit", ("markdown", "Take 150 dollars. Give a receipt.")),
    section("refund", "When it comes back", ("markdown", "After twelve months.")),
]


@pytest.fixture
def policy(live_server) -> PolicyPage:
    """A policy in its second edition, which a CSR I has acknowledged from the first on."""
    day = timezone.localdate() - timedelta(days=90)
    policy = make_policy(
        rule="Customers pay 125 dollars.", effective_date=day, body=BODY, acknowledged_by=[group_for(Position.CSR_1)]
    )
    policy.rule, policy.change_kind, policy.change_summary = "Customers pay 150 dollars.", "major", "The deposit rises."
    with editions.effective_from(day + timedelta(days=30)):
        return publish(policy)


@pytest.fixture
def desk(live_server) -> None:
    UserFactory(username="supervisor", position=Position.SUPERVISOR, first_name="Terry", last_name="Okafor")
    UserFactory(username="agent", first_name="Jordan", hire_date=timezone.localdate() - timedelta(days=400))


def keeps_nobody_out(page: Page) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{page.url} at {width}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 800})


def sign_out(page: Page) -> None:
    page.goto("/")
    page.locator("summary.menu-button").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/sign-in/")


def acknowledge(page: Page, policy: PolicyPage) -> None:
    """Read whatever is asked, agree, and give the password."""
    User.objects.filter(username="agent").update(last_login=timezone.now() - timedelta(hours=3))
    page.goto(f"{policy.url}acknowledge/")
    for summary in page.locator("details:not([open]) > summary", has_text="Changed: ").all():
        summary.click()
    page.get_by_role("heading", name="Acknowledge", exact=True).scroll_into_view_if_needed()
    page.locator("label[for=agree]").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("status")).to_contain_text("You acknowledged this on")


def publish_change(page: Page, policy: PolicyPage, rule: str, summary: str) -> None:
    """Change the rule in the editor and publish it as a major edition."""
    page.goto(f"/admin/pages/{policy.pk}/edit/")
    page.locator("#id_rule").fill(rule)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("Major: people must read it again").check()
    page.get_by_role("textbox", name="What changed").fill(summary)
    page.get_by_role("button", name="Publish edition").click()


def test_readers_look_through_the_history_compare_and_go_back_to_a_day(sign_in, desk, policy):
    page = sign_in("agent", PASSWORD)
    page.goto(policy.url)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="Edition 2")).to_be_visible()
    keeps_nobody_out(page)
    page.get_by_role("link", name="What changed since edition 1").click()
    expect(page.locator("del", has_text="125")).to_be_visible()
    expect(page.locator("ins", has_text="150")).to_be_visible()
    decoration = "getComputedStyle(document.querySelector('%s')).textDecorationLine"
    assert page.evaluate(decoration % "main dd del") == "line-through"
    assert page.evaluate(decoration % "main dd ins") == "underline"
    keeps_nobody_out(page)
    page.get_by_role("link", name="In words").click()
    expect(page.locator("ins", has_text="150").first).to_be_visible()
    keeps_nobody_out(page)

    page.get_by_role("link", name="All editions").click()
    day = timezone.localdate() - timedelta(days=80)
    page.get_by_label("What did it say on").fill(day.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Customers pay 125 dollars.")).to_be_visible()
    expect(page.get_by_text("This is not what is in force today.")).to_be_visible()
    keeps_nobody_out(page)
    page.get_by_role("link", name="Today’s page").click()
    expect(page.get_by_text("Customers pay 150 dollars.")).to_be_visible()


def test_a_planned_edition_is_read_ahead_and_acknowledged_before_its_day(sign_in, desk, policy):
    day = timezone.now() + timedelta(days=40)
    policy.rule, policy.change_kind, policy.change_summary = "Customers pay 175 dollars.", "major", "It rises again."
    policy.go_live_at = day
    policy.save_revision().publish()
    page = sign_in("agent", PASSWORD)
    page.goto(policy.url)
    expect(page.get_by_text("Customers pay 150 dollars.")).to_be_visible()
    page.get_by_role("link", name="Read it ahead").click()
    expect(page.get_by_text("This is not in force yet.")).to_be_visible()
    expect(page.get_by_text("Customers pay 175 dollars.")).to_be_visible()
    keeps_nobody_out(page)
    acknowledge(page, policy)
    assert Acknowledgement.objects.get().edition.number == "3"


def test_a_policy_changes_and_whoever_was_told_is_on_record(sign_in, desk, policy):
    page = sign_in("agent", PASSWORD)
    page.wait_for_url("**/")
    acknowledge(page, policy)
    sign_out(page)

    page = sign_in("supervisor", PASSWORD)
    page.wait_for_url("**/")
    publish_change(page, policy, "Customers pay 175 dollars.", "The deposit rises to 175 dollars.")
    expect(page.get_by_text("Edition 3 of “Customer deposits” is published.")).to_be_visible()
    sign_out(page)

    page = sign_in("agent", PASSWORD)
    page.wait_for_url("**/")
    page.goto(policy.url)
    page.get_by_role("link", name="Read what changed and acknowledge").click()
    expect(page.get_by_text("The deposit rises to 175 dollars.")).to_be_visible()
    expect(page.get_by_text("After twelve months.")).to_have_count(0)
    acknowledge(page, policy)
    sign_out(page)
    assert [(one.edition.number, one.read_as) for one in Acknowledgement.objects.order_by("at")] == [
        ("2", "whole"),
        ("3", "difference"),
    ]

    page = sign_in("supervisor", PASSWORD)
    page.wait_for_url("**/")
    page.goto("/admin/reports/acknowledgements/")
    page.get_by_role("link", name="Customer deposits").first.click()
    expect(page.get_by_text("Jordan").first).to_be_visible()
    with page.expect_download() as report:
        page.get_by_role("link", name="PDF").first.click()
    with open(report.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
