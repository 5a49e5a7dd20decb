"""A new hire goes a whole path, with a supervisor in a browser of their own, to a certificate that anyone can check."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from portal.people.models import User
from portal.people.positions import Position, group_for
from tests.browser.test_acknowledging import agree, keeps_nobody_out
from tests.factories import PASSWORD, UserFactory, make_chapter, make_manual, make_policy, section
from tests.quizzes.factories import make_quiz, true_false
from tests.training import factories as make


@pytest.fixture
def supervisor(live_server) -> User:
    return UserFactory(username="super", first_name="Terry", last_name="Okafor", position=Position.SUPERVISOR)


@pytest.fixture
def path(supervisor):
    chapter = make_chapter(
        make_manual(), body=[section("count", "Count the drawer"), section("sign", "Sign the sheet")]
    )
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    quiz = make_quiz(true_false("Counted twice?", True), title="Taking payments")
    task = make.make_task("Closes a drawer to the penny", "Counts it twice", "Locks it away")
    return make.make_path(
        make.stage("Week 1", make.read(chapter, due_days=3), make.acknowledge(policy), make.pass_quiz(quiz)),
        make.stage("Week 2", make.have_signed(task), make.attend("A morning with the meter crew")),
        title="The first two weeks",
        enrols_position=True,
    )


@pytest.fixture
def hire(path, sign_in, supervisor) -> Page:
    """A page of somebody who came today: an account is all that was made for them."""
    UserFactory(
        username="hire",
        first_name="Jordan",
        last_name="Avery",
        supervisor=supervisor,
        hire_date=timezone.localdate() - timedelta(days=1),
    )
    page = sign_in("hire", PASSWORD)
    page.wait_for_url("**/")
    return page


@pytest.fixture
def desk(browser: Browser, live_server, hire) -> Iterator[Page]:
    """A page on the supervisor's telephone."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("super")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    yield page
    context.close()


def next_step(page: Page, title: str) -> None:
    """Go to the front page and take its one large button."""
    page.goto("/")
    page.locator("a.next-step").filter(has_text=title).click()


def test_a_new_hire_goes_a_whole_path_to_a_certificate_that_is_verified_signed_out(
    browser: Browser, live_server, hire, desk
):
    keeps_nobody_out(hire)
    next_step(hire, "Opening the drawer")
    for name in ("Count the drawer", "Sign the sheet"):
        hire.get_by_role("button", name=f"Mark as read: {name}").click()
        expect(hire.get_by_role("button", name=f"Mark as read: {name}")).to_have_count(0)

    next_step(hire, "Customer deposits")
    agree(hire)
    expect(hire.get_by_label("I have read it to the end.")).to_be_checked()
    hire.get_by_label("Your password").fill(PASSWORD)
    hire.get_by_role("button", name="I agree").click()
    expect(hire.get_by_role("status")).to_contain_text("You acknowledged this on")

    next_step(hire, "Taking payments")
    hire.get_by_role("button", name="Begin").click()
    hire.get_by_text("True", exact=True).click()
    hire.get_by_role("button", name="Hand in").click()
    expect(hire.get_by_text("Passed. The pass mark is")).to_be_visible()

    hire.goto("/")
    expect(hire.get_by_text("Ask your supervisor to watch you do it and to sign.")).to_be_visible()

    desk.goto("/training/sign-offs/")
    desk.get_by_role("link", name="Closes a drawer to the penny").click()
    for item in ("Counts it twice", "Locks it away"):
        desk.get_by_text(item).click()
    desk.get_by_text("Met", exact=True).click()
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_role("button", name="Sign", exact=True).click()
    expect(desk.get_by_role("status").first).to_be_visible()
    desk.goto("/training/sign-offs/")
    desk.get_by_role("link", name="A morning with the meter crew").click()
    if not desk.get_by_label("Jordan Avery").is_checked():
        desk.get_by_text("Jordan Avery").click()
    desk.get_by_role("button", name="Confirm for those ticked").click()
    hire.goto("/training/")
    expect(hire.get_by_text("All done")).to_be_visible()
    hire.get_by_role("navigation", name="My training").get_by_role("link", name="Certificates").click()
    hire.get_by_role("link", name="The first two weeks").click()
    keeps_nobody_out(hire)
    with hire.expect_download() as printed:
        hire.get_by_role("link", name="Download the PDF").click()
    assert printed.value.path().read_bytes().startswith(b"%PDF")
    code = hire.locator("dd.certificate-code").inner_text().strip()

    signed_out = browser.new_context(base_url=live_server.url).new_page()
    signed_out.goto("/verify/")
    signed_out.get_by_label("Code").fill(code.lower().replace("-", " "))
    signed_out.get_by_role("button", name="Check it").click()
    expect(signed_out.get_by_role("heading", name="This certificate is valid")).to_be_visible()
    keeps_nobody_out(signed_out)
    for told in ("Avery", "first two weeks"):
        expect(signed_out.get_by_text(told)).to_have_count(0)
    signed_out.context.close()
