"""An agent on a call: from the caller's words to the words to say, hands on the keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from manuals.models import Section
from search.models import SearchChoice, SearchQuery
from tests.factories import PASSWORD, UserFactory, make_answer, make_policy

SPANISH = "La mayoría de los clientes nuevos paga un depósito."
ENGLISH = "Most new customers pay a deposit."


@pytest.fixture
def answer(live_server):
    policy = make_policy()
    make_answer(title="When is my bill due?", short_answer="Twenty-one days after the bill date.", script_es="")
    return make_answer(wordings=("why do you want 150 bucks",), sections=(Section.objects.get(page=policy),))


@pytest.fixture
def agent(sign_in, answer) -> Page:
    UserFactory(username="agent")
    return sign_in("agent", PASSWORD)


def ask(page: Page, words: str):
    """Type a question on the screen of a call, and return the results."""
    page.goto("/answers/")
    field = page.get_by_role("combobox", name="What does the caller ask?")
    expect(field).to_be_focused()
    page.keyboard.type(words)
    results = page.get_by_role("option")
    expect(results.first).to_be_visible()
    return results


def test_results_come_while_typing_and_enter_opens_the_best_beside_them(agent):
    results = ask(agent, "why do they want 150 bucks")
    expect(results.first).to_contain_text("Do I have to pay a deposit?")
    agent.keyboard.press("Enter")
    expect(agent.get_by_role("heading", name="Do I have to pay a deposit?")).to_be_focused()
    expect(agent.get_by_text("Yes, most new customers pay $150.00.").last).to_be_visible()
    expect(results.first).to_be_visible()


def test_arrows_choose_and_what_is_chosen_is_told_to_a_screen_reader(agent):
    results = ask(agent, "bill deposit")
    field = agent.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    agent.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "hit-1")
    agent.keyboard.press("ArrowDown")
    expect(results.nth(1)).to_have_attribute("aria-selected", "true")
    agent.keyboard.press("ArrowUp")
    expect(results.nth(0)).to_have_attribute("aria-selected", "true")
    expect(agent.get_by_role("status").first).to_contain_text("result")


def test_an_open_answer_has_an_address_of_its_own_and_back_leads_back(agent):
    ask(agent, "deposit")
    agent.keyboard.press("Enter")
    heading = agent.get_by_role("heading", name="Do I have to pay a deposit?")
    expect(heading).to_be_visible()
    address = agent.url
    agent.go_back()
    expect(heading).to_have_count(0)
    expect(agent.get_by_role("combobox")).to_have_value("deposit")
    agent.goto(address)
    expect(heading).to_be_visible()
    expect(agent.get_by_role("option").first).to_be_visible()


def test_one_key_switches_the_script_and_one_copies_it(agent):
    agent.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(agent, "deposit")
    agent.keyboard.press("Enter")
    expect(agent.get_by_text(ENGLISH)).to_be_visible()
    agent.keyboard.press("c")
    expect(agent.get_by_role("button", name="Copied")).to_be_visible()
    assert agent.evaluate("navigator.clipboard.readText()") == "Yes, most new customers pay $150.00."
    agent.keyboard.press("l")
    expect(agent.get_by_text(SPANISH)).to_be_visible()
    expect(agent.get_by_text(ENGLISH)).to_be_hidden()
    agent.keyboard.press("s")
    expect(agent.get_by_role("button", name="Copiado")).to_be_visible()
    assert agent.evaluate("navigator.clipboard.readText()") == SPANISH


def test_slash_returns_to_the_question_and_escape_clears_for_the_next_caller(agent):
    ask(agent, "deposit")
    agent.keyboard.press("Enter")
    heading = agent.get_by_role("heading", name="Do I have to pay a deposit?")
    expect(heading).to_be_focused()
    agent.keyboard.press("/")
    field = agent.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(field).to_have_value("deposit")
    agent.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(heading).to_have_count(0)
    expect(agent).to_have_url("/answers/")
    # What was opened last is offered to whoever asks next.
    expect(agent.get_by_role("link", name="Do I have to pay a deposit?").first).to_be_visible()


def test_a_question_in_spanish_is_answered_in_spanish(agent):
    ask(agent, "¿Cuánto es el depósito?")
    agent.keyboard.press("Enter")
    expect(agent.get_by_text(SPANISH)).to_be_visible()


def test_a_typing_error_is_corrected_and_said(agent):
    ask(agent, "deposti back ")
    expect(agent.get_by_text("“deposti” is not in the library. Looked for deposit instead.")).to_be_visible()


def test_what_is_behind_an_answer_is_opened_as_a_page_of_its_own(agent):
    agent.goto("/answers/")
    agent.keyboard.type("amount of the deposit")
    agent.get_by_role("option").filter(has_text="Customer deposits").click()
    expect(agent).to_have_url("/policies/customer-deposits/#amount")


def test_what_was_asked_and_chosen_is_kept_without_the_callers_particulars(agent, answer):
    ask(agent, "deposit for 555 867 5309")
    agent.keyboard.press("Enter")
    expect(agent.get_by_role("heading", name="Do I have to pay a deposit?")).to_be_visible()
    query = SearchQuery.objects.get()
    assert "5309" not in query.text
    choice = SearchChoice.objects.get()
    assert (choice.query, choice.page_id, choice.place) == (query, answer.pk, 1)


def test_keys_are_letters_in_a_field_and_do_nothing_for_those_who_turned_them_off(agent, answer):
    agent.goto("/answers/")
    agent.keyboard.type("l/c")
    expect(agent.get_by_role("combobox")).to_have_value("l/c")
    agent.goto("/account/")
    agent.get_by_text("Use single-key shortcuts").click()
    agent.get_by_role("button", name="Save").click()
    agent.goto(answer.url)
    agent.keyboard.press("l")
    expect(agent.get_by_text(ENGLISH)).to_be_visible()


def test_an_answer_as_a_page_of_its_own_switches_too(agent, answer):
    agent.goto(answer.url)
    agent.keyboard.press("l")
    expect(agent.get_by_text(SPANISH)).to_be_visible()
    agent.reload()
    expect(agent.get_by_text(SPANISH)).to_be_visible()
    agent.get_by_role("link", name="Amount of the deposit").click()
    expect(agent).to_have_url("/policies/customer-deposits/#amount")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_screen_of_a_call_keeps_nobody_out(agent, width):
    agent.set_viewport_size({"width": width, "height": 800})
    ask(agent, "bill deposit")
    agent.keyboard.press("ArrowDown")
    agent.keyboard.press("Enter")
    expect(agent.locator("[data-panel]")).to_be_visible()
    found = Axe().run(agent, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert agent.evaluate("document.documentElement.scrollWidth") <= width


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
    expect(page).to_have_url(answer.url)
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_text(SPANISH)).to_be_visible()
    expect(page.get_by_role("button", name="Copiar")).to_be_hidden()
    page.locator("summary", has_text="Jordan").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/sign-in/")
    context.close()
    assert SearchChoice.objects.get().page_id == answer.pk
