"""An agent on a call: from the caller's words to the words to say, hands on the keyboard."""

import pytest
from playwright.sync_api import Page, expect

from manuals.models import Section
from tests.factories import PASSWORD, UserFactory, make_answer, make_policy


@pytest.fixture
def answer(live_server):
    policy = make_policy()
    return make_answer(wordings=("why do you want 150 bucks",), sections=(Section.objects.get(page=policy),))


@pytest.fixture
def agent(sign_in, answer) -> Page:
    UserFactory(username="agent")
    return sign_in("agent", PASSWORD)


def test_from_the_callers_words_to_the_policy_behind_the_answer(agent):
    agent.goto("/policies/")
    agent.keyboard.press("/")
    agent.keyboard.type("why do they want bucks")
    agent.keyboard.press("Enter")
    agent.get_by_role("link", name="Do I have to pay a deposit?").click()
    expect(agent.get_by_text("Yes, most new customers pay $150.00.")).to_be_visible()
    agent.get_by_role("link", name="Amount of the deposit").click()
    expect(agent).to_have_url("/policies/customer-deposits/#amount")


def test_one_key_switches_the_script_and_back(agent, answer):
    agent.goto(answer.url)
    spanish = agent.get_by_text("La mayoría de los clientes nuevos paga un depósito.")
    expect(spanish).to_be_hidden()
    agent.keyboard.press("l")
    expect(spanish).to_be_visible()
    expect(agent.get_by_text("Most new customers pay a deposit.")).to_be_hidden()
    agent.reload()
    expect(spanish).to_be_visible()
    agent.keyboard.press("L")
    expect(spanish).to_be_hidden()


def test_keys_are_ordinary_letters_in_a_field_and_for_those_who_turned_them_off(agent, answer):
    agent.goto(answer.url)
    agent.get_by_role("searchbox").fill("")
    agent.keyboard.type("l/l")
    expect(agent.get_by_role("searchbox")).to_have_value("l/l")
    expect(agent.get_by_text("Most new customers pay a deposit.")).to_be_visible()
    agent.goto("/account/")
    agent.get_by_text("Use single-key shortcuts").click()
    agent.get_by_role("button", name="Save").click()
    agent.goto(answer.url)
    agent.keyboard.press("l")
    expect(agent.get_by_text("Most new customers pay a deposit.")).to_be_visible()


def test_the_short_answer_is_copied_as_it_is_said(agent, answer):
    agent.context.grant_permissions(["clipboard-read", "clipboard-write"])
    agent.goto(answer.url)
    agent.get_by_role("button", name="Copy").first.click()
    expect(agent.get_by_role("button", name="Copied")).to_be_visible()
    assert agent.evaluate("navigator.clipboard.readText()") == "Yes, most new customers pay $150.00."


def test_everything_works_without_javascript(browser, live_server, answer):
    UserFactory(username="plain")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/answers/")
    page.get_by_label("Username").fill("plain")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("What does the caller ask?").fill("deposit")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Do I have to pay a deposit?").click()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_text("La mayoría de los clientes nuevos paga un depósito.")).to_be_visible()
    expect(page.get_by_role("button", name="Copiar")).to_be_hidden()
    page.locator("summary", has_text="Jordan").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/sign-in/")
    context.close()
