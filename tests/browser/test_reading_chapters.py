"""A learner reads a chapter of their path: on screen long enough, or marked by hand, with a script and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from portal.training.models import SectionRead, Way
from tests.factories import PASSWORD, UserFactory, make_chapter, make_manual, section
from tests.training import factories as make
from tests.training.test_progress import change

# Six seconds on screen, twelve seconds on screen.
SHORT, LONG = ("markdown", "Count. " * 30), ("markdown", "Sign the sheet. " * 900)


@pytest.fixture
def chapter(live_server):
    body = [section("count", "Count the drawer", SHORT), section("sign", "Sign the sheet", LONG)]
    return make_chapter(make_manual(), body=body)


@pytest.fixture
def enrolment(chapter):
    path = make.make_path(make.stage("Week 1", make.read(chapter)), title="On the desk")
    return make.enrol(UserFactory(username="learner"), path)


@pytest.fixture
def learner(sign_in, enrolment) -> Page:
    page = sign_in("learner", PASSWORD)
    page.clock.install()
    return page


def test_a_section_is_read_once_it_was_on_screen_long_enough_and_seen_to_its_end(learner, chapter):
    learner.goto(chapter.url)
    count, sign = learner.locator("#section-read-count"), learner.locator("#section-read-sign")
    expect(count.get_by_role("button", name="Mark as read: Count the drawer")).to_be_visible()
    learner.clock.run_for(4_000)
    expect(count.get_by_role("button")).to_be_visible()
    learner.clock.run_for(7_000)
    expect(count).to_have_text("Read")
    expect(learner.get_by_role("status").filter(has_text="1 of 2 sections read")).to_have_count(1)
    assert SectionRead.objects.get().way == Way.SEEN

    # Long enough before the eyes, and still it was not read: its end has not been seen.
    learner.get_by_role("link", name="Continue: Sign the sheet").click()
    learner.clock.run_for(1_000_000)
    expect(sign.get_by_role("button")).to_have_count(1)
    assert SectionRead.objects.count() == 1

    button = sign.get_by_role("button", name="Mark as read: Sign the sheet")
    button.focus()
    learner.keyboard.press("Enter")
    expect(sign).to_have_text("Read")
    expect(sign).to_be_focused()
    expect(learner.get_by_role("link", name="Go on with On the desk")).to_be_visible()


def test_sections_are_marked_read_without_a_script(browser: Browser, live_server, chapter, enrolment):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/sign-in/?next={chapter.url}")
    page.get_by_label("Username").fill("learner")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Mark as read: Count the drawer").click()
    expect(page).to_have_url(f"{live_server.url}{chapter.url}#section-read-count")
    expect(page.locator("#section-read-count")).to_have_text("Read")
    context.close()


def test_reading_pages_hold_nothing_that_keeps_people_out_and_fit_a_telephone(learner, chapter, enrolment):
    make.read_all(enrolment.person, chapter)
    change(chapter, "sign", "Two people sign the sheet.")
    changes = reverse("training:changes", args=[enrolment.pk, enrolment.edition.steps.get().key])
    learner.set_viewport_size({"width": 320, "height": 800})
    for url in (chapter.url, changes):
        learner.goto(url)
        expect(learner.get_by_role("heading", level=1)).to_be_visible()
        found = Axe().run(learner, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        assert learner.evaluate("document.documentElement.scrollWidth") <= 320
    learner.get_by_role("button", name="I have read what changed").click()
    expect(learner.get_by_text("You have read all of it as it stands today.")).to_be_visible()
