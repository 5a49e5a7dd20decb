"""An agent reads what they owe and agrees to it; after a change they read only what changed."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from manuals.models import Acknowledgement, PolicyPage
from portal.people.models import User
from portal.people.positions import Position, group_for
from tests.factories import PASSWORD, UserFactory, make_policy, publish, section

LONG = ("markdown", "A line of the policy.\n\n" * 60)


@pytest.fixture
def policy(live_server) -> PolicyPage:
    body = [section("amount", "Amount of the deposit", LONG), section("refund", "When it comes back")]
    return make_policy(acknowledged_by=[group_for(Position.CSR_1)], body=body)


@pytest.fixture
def agent(sign_in, policy) -> Page:
    UserFactory(username="agent", hire_date=timezone.localdate() - timedelta(days=100))
    page = sign_in("agent", PASSWORD)
    page.wait_for_url("**/")
    # As after a morning's work.
    User.objects.filter(username="agent").update(last_login=timezone.now() - timedelta(hours=3))
    return page


def keeps_nobody_out(page: Page) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{page.url} at {width}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 800})


def agree(page: Page) -> None:
    """Tick the city's sentence; the box itself is drawn by its label."""
    page.locator("label[for=agree]").click()
    expect(page.get_by_label("I have read this, I understand it")).to_be_checked()


def test_a_policy_is_acknowledged_and_after_a_change_only_the_difference_is_read(agent, policy):
    keeps_nobody_out(agent)
    agent.get_by_role("region", name="To read and acknowledge").get_by_role("link", name="Customer deposits").click()
    to_the_end = agent.get_by_label("I have read it to the end.")
    expect(to_the_end).not_to_be_checked()
    agent.get_by_role("heading", name="Acknowledge", exact=True).scroll_into_view_if_needed()
    expect(to_the_end).to_be_checked()
    agree(agent)
    agent.get_by_role("button", name="I agree").click()
    expect(agent.get_by_role("alert")).to_contain_text("Give your password")
    keeps_nobody_out(agent)
    expect(to_the_end).to_be_checked()
    agent.get_by_label("Your password").fill(PASSWORD)
    agent.get_by_role("button", name="I agree").click()
    expect(agent.get_by_role("status")).to_contain_text("You acknowledged this on")
    keeps_nobody_out(agent)

    changed = PolicyPage.objects.get(pk=policy.pk)
    changed.body = [section("amount", "Amount of the deposit", LONG), section("refund", "When it is paid back")]
    changed.change_kind, changed.change_summary = "major", "It is paid back sooner."
    publish(changed)
    agent.goto(policy.url)
    agent.get_by_role("link", name="Read what changed and acknowledge").click()
    expect(agent.get_by_text("A line of the policy.")).to_have_count(0)
    read = agent.get_by_label("I have read this section.")
    expect(read).not_to_be_checked()
    agent.get_by_text("Changed: When it is paid back").click()
    expect(read).to_be_checked()
    keeps_nobody_out(agent)
    agree(agent)
    agent.get_by_label("Your password").fill(PASSWORD)
    agent.get_by_role("button", name="I agree").click()
    expect(agent.get_by_role("status")).to_contain_text("You acknowledged this on")
    agent.get_by_role("link", name="What I have acknowledged").click()
    expect(agent.get_by_role("row")).to_have_count(3)
    keeps_nobody_out(agent)
    assert [one.read_as for one in Acknowledgement.objects.order_by("at")] == ["whole", "difference"]
