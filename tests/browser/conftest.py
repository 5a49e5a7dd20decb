"""A real browser: one for all tests, and for each test a window that has never been here before."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.conftest import CHROMIUM

BROWSER_TESTS = os.path.dirname(__file__)
WAIT = 10_000  # milliseconds

SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that none can be forgotten."""
    for item in items:
        if str(item.path).startswith(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    # Playwright's own event loop runs in this thread; Django would take the tests for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _is_fault(line: ConsoleMessage) -> bool:
    """Whether a line on the console is about what the portal did; a page that refuses is not a fault of itself."""
    return line.type == "error" and not line.text.startswith("Failed to load resource")


def _is_missing_file(response: Response) -> bool:
    return response.status >= 400 and "/static/" in response.url


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A page of a fresh window, 1280 by 800, on the portal under test: `page.goto("/answers/")`."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
    page.on("response", lambda answer: faults.append(answer.url) if _is_missing_file(answer) else None)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def sign_in(page: Page) -> SignIn:
    """Sign in through the form and return the page: `sign_in("senior", "sample-city")`."""

    def sign_in(username: str, password: str) -> Page:
        page.goto("/sign-in/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        return page

    return sign_in
