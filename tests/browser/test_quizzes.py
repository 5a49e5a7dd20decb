"""A learner takes a quiz: hands on the keyboard, over a bad connection, in two windows, against the clock."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from manuals.models import Section
from portal.people.models import User
from portal.people.positions import Position
from quizzes.models import Attempt
from tests.factories import PASSWORD, UserFactory, make_chapter, make_manual, make_policy, section
from tests.quizzes.factories import (
    begin,
    fill_blanks,
    free_response,
    item_of_each_type,
    make_quiz,
    matching,
    options,
    ordering,
    response_to,
    rewrite,
    right,
    short_text,
    single_choice,
    take,
    true_false,
    wrong,
)

AS_WRITTEN = {"shuffle_questions": False, "shuffle_options": False}
LONG = "Sobrecargo-por-reconexión-fuera-de-horario"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

SignedIn = Callable[[BrowserContext, User], None]


@pytest.fixture
def signed_in(live_server) -> SignedIn:
    """Sign a person in to all windows of a context: `signed_in(page.context, person)`."""

    def sign(context: BrowserContext, person: User) -> None:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return sign


@pytest.fixture
def learner(live_server) -> User:
    return UserFactory(username="learner", first_name="Maximiliana", last_name="Featherstonehaugh-Villaseñor")


@pytest.fixture
def window(browser, live_server, learner, signed_in) -> Iterator[Page]:
    """A window in which the learner is signed in; nothing may go wrong in any of its tabs but the connection."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
    signed_in(context, learner)
    yield context.new_page()
    context.close()
    assert faults == []


def _is_fault(line: ConsoleMessage) -> bool:
    """Whether a line on the console is about what the portal did; the browser and htmx speak of a lost connection."""
    return line.type == "error" and not line.text.startswith(
        ("Failed to load resource", "htmx:sendError", "htmx:afterRequest")
    )


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, as someone without a mouse does."""
    expect(wanted).to_be_visible()
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def question(page: Page, number: int) -> Locator:
    return page.locator(f"#question-{number}")


def status(page: Page, number: int) -> Locator:
    return question(page, number).get_by_role("status")


def answers(attempt: Attempt) -> dict[int, object]:
    return dict(attempt.responses.values_list("place", "answer"))


def hand_in(page: Page) -> Locator:
    return page.get_by_role("button", name="Hand in")


# ---- By keyboard


def test_a_quiz_of_every_type_is_taken_by_keyboard_over_a_lost_connection_while_its_author_goes_on(window, learner):
    policy = make_policy()
    questions = item_of_each_type(section=Section.objects.get(page=policy))
    quiz = make_quiz(*questions.values(), **AS_WRITTEN)
    page = window
    page.goto("/quizzes/")
    press(page, page.get_by_role("link", name="Payments quiz"))
    press(page, page.get_by_role("button", name="Begin"))
    expect(page.get_by_text("0 of 9 answered")).to_be_visible()
    attempt = Attempt.objects.get(learner=learner)
    keys = page.keyboard

    # A choice with the arrows, and several with Space.
    tab_to(page, page.get_by_role("radio", name="$25"))
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    expect(page.get_by_role("radio", name="$25")).to_be_checked()
    expect(status(page, 1)).to_have_text("Saved")
    for name in ("A photo ID", "The lease"):
        tab_to(page, page.get_by_role("checkbox", name=name))
        keys.press("Space")
    expect(status(page, 2)).to_have_text("Saved")
    expect(page.get_by_text("2 of 9 answered")).to_be_visible()

    # The connection goes. What is answered stands, and is said to be unsaved.
    page.context.set_offline(True)
    tab_to(page, question(page, 4).get_by_role("textbox"))
    keys.type("748 gallons")
    expect(page.get_by_text("No connection. 1 answer is kept in this browser")).to_be_visible()
    expect(status(page, 4)).to_have_text("Not saved yet")
    tab_to(page, question(page, 5).get_by_role("textbox"))
    keys.type("Form 12")
    keys.press("Enter")
    expect(page.get_by_text("No connection. 2 answers are kept in this browser")).to_be_visible()
    press(page, hand_in(page))
    expect(page.get_by_text("No connection, so nothing was handed in.")).to_be_visible()
    assert answers(attempt)[4] is None
    page.context.set_offline(False)
    expect(status(page, 4)).to_have_text("Saved")
    expect(status(page, 5)).to_have_text("Saved")
    expect(page.get_by_text("No connection")).to_have_count(0)
    expect(page.get_by_text("4 of 9 answered")).to_be_visible()

    # Its author rewrites a question meanwhile, and takes two away.
    asked = page.locator("[data-sitting]").inner_text()
    rewrite(questions["single_choice"], options(("$99",), ("$25", "$1")), stem="<p>All new?</p>")
    rewrite(questions["ordering"], retired=True)
    questions["fill_blanks"].unpublish()

    # The connection goes again, and the tab is closed before anything came through.
    page.context.set_offline(True)
    tab_to(page, page.get_by_label("Broken main"))
    keys.type("Wat")
    tab_to(page, page.get_by_label("Missed pickup"))
    keys.type("Sol")
    order = page.locator("[data-ordering] label")
    for place, text in enumerate(("Count", "Sign")):
        if order.nth(place).inner_text() != text:
            tab_to(page, page.get_by_role("button", name=f"Move up: {text}"))
        while order.nth(place).inner_text() != text:
            keys.press("Enter")
    expect(order).to_have_text(["Count", "Sign", "Open"])
    expect(status(page, 7)).to_have_text("Not saved yet")
    tab_to(page, question(page, 9).get_by_role("textbox"))
    keys.type("Someone will call you back by Friday.")
    page.close()
    page.context.set_offline(False)
    assert answers(attempt)[6] is None

    page = window.context.new_page()
    keys = page.keyboard
    page.goto(attempt.get_absolute_url())
    for number in (6, 7, 9):
        expect(status(page, number)).to_have_text("Saved")
    expect(page.get_by_label("Broken main")).to_have_value("Water")
    expect(page.locator("[data-ordering] label")).to_have_text(["Count", "Sign", "Open"])
    expect(question(page, 9).get_by_role("textbox")).to_have_value("Someone will call you back by Friday.")
    expect(page.get_by_text("7 of 9 answered")).to_be_visible()
    for sentence in ("Fee for a returned check?", "$25", "$30", "$35", "Opening the drawer?", "The deposit is"):
        assert sentence in asked
        expect(page.locator("[data-sitting]")).to_contain_text(sentence)
    expect(page.get_by_text("All new?")).to_have_count(0)

    # The rest; one stays unanswered, and is asked about once.
    tab_to(page, page.get_by_label("Blank 1 of 2"))
    keys.type("$150")
    keys.press("Tab")
    expect(page.get_by_label("Blank 2 of 2")).to_be_focused()
    keys.type("10")
    expect(page.get_by_text("8 of 9 answered")).to_be_visible()
    press(page, hand_in(page))
    expect(page.get_by_role("alert")).to_contain_text("1 question is not answered.")
    expect(hand_in(page)).to_be_focused()
    keys.press("Enter")

    # The result, by the key there was when it began.
    expect(page.get_by_text("1 answer waits to be read and marked by a person.")).to_be_visible()
    for number in (1, 2, 4, 5, 6, 7, 8):
        expect(question(page, number).locator(".outcome-word")).to_contain_text("1 of 1 point")
    expect(question(page, 3).locator(".outcome-word")).to_contain_text("Not answered")
    expect(question(page, 9).locator(".outcome-word")).to_contain_text("Waits to be marked")
    expect(question(page, 1)).to_contain_text("Fee for a returned check?")
    press(page, question(page, 3).get_by_role("link", name="Read again: Amount of the deposit"))
    expect(page).to_have_url("/policies/customer-deposits/#amount")
    assert Attempt.objects.get().responses.filter(credit=1).count() == 7
    assert quiz.attempts.get().is_waiting


def test_what_was_typed_last_is_there_after_the_tab_was_closed_at_once(window, learner):
    attempt = begin(make_quiz(short_text("The form", "form 12")), learner)
    window.goto(attempt.get_absolute_url())
    tab_to(window, question(window, 1).get_by_role("textbox"))
    window.keyboard.type("form 12")
    window.close()
    page = window.context.new_page()
    page.goto(attempt.get_absolute_url())
    expect(status(page, 1)).to_have_text("Saved")
    expect(question(page, 1).get_by_role("textbox")).to_have_value("form 12")
    assert answers(attempt) == {1: "form 12"}


def test_enter_in_a_field_saves_and_presses_no_button(window, learner):
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee, short_text("Form", "form 12"), fill_blanks("Due", "In {1} days.", "10"),
                     feedback="at_once", **AS_WRITTEN)  # fmt: skip
    attempt = begin(quiz, learner)
    window.goto(attempt.get_absolute_url())
    tab_to(window, window.get_by_role("radio", name="$25"))
    window.keyboard.press("Space")
    window.keyboard.press("Enter")
    tab_to(window, question(window, 2).get_by_role("textbox"))
    window.keyboard.type("form 12")
    window.keyboard.press("Enter")
    expect(status(window, 2)).to_have_text("Saved")
    expect(question(window, 2).get_by_role("textbox")).to_be_focused()
    tab_to(window, window.get_by_label("Blank 1 of 1"))
    window.keyboard.type("10")
    window.keyboard.press("Enter")
    expect(window.get_by_text("3 of 3 answered")).to_be_visible()
    assert not attempt.responses.filter(checked_at__isnull=False).exists()
    attempt.refresh_from_db()
    assert attempt.is_open


def test_an_order_is_made_with_buttons_that_keep_the_focus_and_say_the_place(window, learner):
    steps = ordering("Opening the drawer", "Count", "Sign", "Open", "Write down", "Lock")
    attempt = begin(make_quiz(steps), learner)
    first, *_, last = attempt.responses.get().order
    texts = {part["id"]: part["text"] for part in steps.item["items"]}
    window.goto(attempt.get_absolute_url())
    order = window.locator("[data-ordering] label")
    expect(order.first).to_have_text(texts[first])
    expect(window.get_by_role("button", name=f"Move up: {texts[first]}")).to_be_disabled()
    up = window.get_by_role("button", name=f"Move up: {texts[last]}")
    tab_to(window, up)
    for place in (4, 3, 2):
        window.keyboard.press("Enter")
        expect(up).to_be_focused()
        expect(up).to_have_accessible_name(f"Move up: {texts[last]}, now {place} of 5")
    window.keyboard.press("Space")
    expect(order.first).to_have_text(texts[last])
    # At the top there is no way up: the focus waits on the way down.
    expect(window.get_by_role("button", name=f"Move down: {texts[last]}")).to_be_focused()
    expect(status(window, 1)).to_have_text("Saved")
    assert answers(attempt)[1][last] == 1
    window.reload()
    expect(order.first).to_have_text(texts[last])
    expect(window.get_by_label(texts[last], exact=True)).to_have_value("1")


def test_an_answer_is_checked_at_once_and_the_focus_goes_to_what_is_said_of_it(window, learner):
    policy = make_policy()
    fee = single_choice("Fee", "$25", "$30", section=Section.objects.get(page=policy), general_feedback="It is $25.")
    quiz = make_quiz(fee, true_false("Waived"), short_text("Form", "form 12"), feedback="at_once", **AS_WRITTEN)
    attempt = begin(quiz, learner)
    page = window
    page.goto(attempt.get_absolute_url())
    check = [question(page, number).get_by_role("button", name="Check this answer") for number in (1, 2, 3)]
    press(page, check[0])
    message = question(page, 1).get_by_text("Answer the question first.")
    expect(message).to_be_focused()
    expect(status(page, 1)).to_contain_text("Answer the question first.")
    page.keyboard.press("Tab")
    expect(check[0]).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(question(page, 1).locator("input:focus")).to_have_count(1)
    page.keyboard.press("Space")
    while not page.get_by_role("radio", name="$30").is_checked():
        page.keyboard.press("ArrowDown")
    press(page, check[0])
    told = status(page, 1)
    expect(told).to_be_focused()
    expect(told).to_contain_text("Not right")
    expect(told).to_contain_text("It is $25.")
    expect(question(page, 1).get_by_role("radio", name="$30")).to_be_disabled()
    page.keyboard.press("Tab")
    expect(told.get_by_role("link", name="Read again: Amount of the deposit")).to_be_focused()
    page.keyboard.press("Tab")
    expect(question(page, 2).get_by_role("radio").first).to_be_focused()
    # Typed and checked in one breath.
    tab_to(page, question(page, 3).get_by_role("textbox"))
    page.keyboard.type("form 12")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status(page, 3)).to_contain_text("Right")
    expect(status(page, 3)).to_be_focused()
    # Nothing of the others was told.
    expect(question(page, 2).locator(".outcome, .verdict, .part-feedback")).to_have_count(0)
    assert list(attempt.responses.filter(checked_at__isnull=False).values_list("place", flat=True)) == [1, 3]
    page.reload()
    expect(status(page, 1)).to_contain_text("Not right")


# ---- Two windows, another device, no session


@pytest.fixture
def two(window, learner) -> tuple[Attempt, Page, Page]:
    """An attempt at a question of choice and one of text, open in two tabs."""
    attempt = begin(make_quiz(single_choice("Fee", "$25", "$30"), short_text("Form", "form 12"), **AS_WRITTEN), learner)
    other = window.context.new_page()
    for page in (window, other):
        page.goto(attempt.get_absolute_url())
    return attempt, window, other


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).focus()
    page.keyboard.press("Space")


def test_a_second_window_sees_what_the_first_saved_and_keeps_it(two):
    attempt, first, second = two
    choose(first, "$25")
    expect(status(first, 1)).to_have_text("Saved")
    saved = answers(attempt)
    choose(second, "$30")
    expect(status(second, 1)).to_contain_text("You answered this differently in another window: “$25”.")
    found = Axe().run(second, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    # Nothing is handed in over it unseen.
    press(second, hand_in(second))
    expect(second.get_by_role("alert")).to_contain_text("Question 1 was answered in another window, too.")
    second.get_by_role("link", name="Keep the other").focus()
    second.keyboard.press("Enter")
    expect(second.get_by_role("radio", name="$25")).to_be_checked()
    expect(status(second, 1).get_by_text("another window")).to_have_count(0)
    assert answers(attempt) == saved


def test_a_second_window_replaces_what_the_first_saved(two):
    attempt, first, second = two
    choose(first, "$25")
    expect(status(first, 1)).to_have_text("Saved")
    saved = answers(attempt)
    choose(second, "$30")
    button = second.get_by_role("button", name="Save what stands here")
    button.focus()
    second.keyboard.press("Enter")
    expect(status(second, 1)).to_have_text("Saved")
    assert answers(attempt)[1] not in (None, saved[1])
    choose(first, "$25")
    expect(status(first, 1)).to_have_text("Saved")
    choose(first, "$30")
    expect(status(first, 1)).to_have_text("Saved")


def test_an_answer_kept_on_one_desk_does_not_write_over_what_was_saved_at_another(
    window, browser, learner, signed_in, live_server
):
    attempt = begin(make_quiz(short_text("Form", "form 12")), learner)
    window.goto(attempt.get_absolute_url())
    window.context.set_offline(True)
    question(window, 1).get_by_role("textbox").focus()
    window.keyboard.type("form 3")
    expect(status(window, 1)).to_have_text("Not saved yet")
    window.close()
    window.context.set_offline(False)

    desk = browser.new_context(base_url=live_server.url)
    signed_in(desk, learner)
    page = desk.new_page()
    page.goto(attempt.get_absolute_url())
    question(page, 1).get_by_role("textbox").focus()
    page.keyboard.type("form 12")
    expect(status(page, 1)).to_have_text("Saved")
    desk.close()

    back = window.context.new_page()
    back.goto(attempt.get_absolute_url())
    expect(question(back, 1).get_by_role("textbox")).to_have_value("form 3")
    expect(status(back, 1)).to_contain_text("another window: “form 12”")
    assert answers(attempt) == {1: "form 12"}


def test_whoever_was_signed_out_loses_no_answer(window, learner):
    attempt = begin(make_quiz(short_text("Form", "form 12")), learner)
    window.goto(attempt.get_absolute_url())
    window.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    question(window, 1).get_by_role("textbox").focus()
    window.keyboard.type("form 12")
    expect(window.get_by_text("You are signed out. 1 answer is kept in this browser.")).to_be_visible()
    expect(status(window, 1)).to_have_text("Not saved yet")
    link = window.get_by_role("link", name="Sign in and go on")
    expect(link).to_be_visible()
    link.focus()
    window.keyboard.press("Enter")
    window.get_by_label("Username").fill("learner")
    window.get_by_label("Password", exact=True).fill(PASSWORD)
    window.keyboard.press("Enter")
    expect(status(window, 1)).to_have_text("Saved")
    assert answers(attempt) == {1: "form 12"}


# ---- Without JavaScript


def test_a_whole_quiz_is_a_plain_form_without_javascript(browser, live_server, learner, signed_in):
    quiz = make_quiz(*item_of_each_type().values(), **AS_WRITTEN)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    signed_in(context, learner)
    page = context.new_page()
    page.goto(quiz.url)
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("$25").click()
    page.get_by_text("A photo ID").click()
    page.get_by_text("The lease").click()
    page.locator("label", has_text="True").click()
    question(page, 4).get_by_role("textbox").fill("748")
    question(page, 4).get_by_role("textbox").press("Enter")
    expect(page.get_by_text("Saved. You can go on later.")).to_be_visible()
    expect(page.get_by_text("4 of 9 answered")).to_be_visible()
    expect(page.get_by_role("radio", name="$25")).to_be_checked()

    other = context.new_page()
    other.goto(page.url)
    question(page, 5).get_by_role("textbox").fill("form 12")
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_text("5 of 9 answered")).to_be_visible()
    question(other, 5).get_by_role("textbox").fill("form 3")
    other.get_by_role("button", name="Hand in").click()
    expect(other.get_by_text("1 answer was not saved: look below where it says so.")).to_be_visible()
    expect(question(other, 5)).to_contain_text("“form 12”")
    expect(question(other, 5).get_by_role("textbox")).to_have_value("form 3")
    other.close()

    page.get_by_label("Broken main").select_option("Water")
    page.get_by_label("Missed pickup").select_option("Solid waste")
    for place, text in enumerate(("Count", "Sign", "Open"), start=1):
        page.get_by_label(text).select_option(str(place))
    page.get_by_label("Blank 1 of 2").fill("$150")
    page.get_by_label("Blank 2 of 2").fill("10")
    question(page, 9).get_by_role("textbox").fill("Someone will call you.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("1 answer waits to be read and marked by a person.")).to_be_visible()
    for number in range(1, 9):
        expect(question(page, number).locator(".outcome-word")).to_contain_text("1 of 1 point")
    context.close()


def test_an_answer_is_checked_at_once_without_javascript(browser, live_server, learner, signed_in):
    attempt = begin(
        make_quiz(single_choice("Fee", "$25", "$30"), true_false("Waived"), feedback="at_once", **AS_WRITTEN), learner
    )
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    signed_in(context, learner)
    page = context.new_page()
    page.goto(attempt.get_absolute_url())
    page.get_by_text("$30").click()
    question(page, 1).get_by_role("button", name="Check this answer").click()
    expect(page).to_have_url(f"{attempt.get_absolute_url()}#question-1")
    expect(status(page, 1)).to_contain_text("Not right")
    expect(question(page, 2).locator(".outcome")).to_have_count(0)
    context.close()


# ---- Against the clock


@pytest.fixture
def timed(window, learner) -> Attempt:
    """An attempt with ten minutes for it, open in a window whose clock the test turns."""
    attempt = begin(make_quiz(short_text("Form", "form 12"), time_limit_minutes=10), learner)
    window.clock.install()
    window.goto(attempt.get_absolute_url())
    expect(window.locator("[data-clock]")).to_have_text(re.compile(r"^(10:00|9:\d\d) left$"))
    return attempt


def turn_to(page: Page, seconds_left: int) -> None:
    """Stop the window's clock when so many seconds are left."""
    seconds = int(page.locator("[data-seconds-left]").get_attribute("data-seconds-left")) - seconds_left
    page.clock.pause_at(page.evaluate("performance.timeOrigin") / 1000 + seconds + 1)


def let_it_end(attempt: Attempt) -> None:
    """Let the time be up on the server, where an answer on its way is still taken."""
    Attempt.objects.filter(pk=attempt.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def test_the_clock_says_when_little_time_is_left(window, timed):
    turn_to(window, 298)
    expect(window.locator("[data-clock-said]")).to_have_text("Five minutes left")
    turn_to(window, 58)
    expect(window.locator("[data-clock-said]")).to_have_text("One minute left")


def test_when_the_time_is_up_it_is_handed_in_by_itself_to_the_last_letter(window, timed):
    turn_to(window, -1)
    expect(window.locator("[data-clock]")).to_have_text("Time is up")
    let_it_end(timed)
    window.clock.run_for(500)
    question(window, 1).get_by_role("textbox").focus()
    window.keyboard.type("form 12")
    window.clock.run_for(500)
    window.clock.resume()
    expect(window.get_by_text("100 percent", exact=True)).to_be_visible()
    expect(window.get_by_text("when the time was up")).to_be_visible()
    assert answers(timed) == {1: "form 12"}


def test_when_the_time_is_up_without_a_connection_the_result_comes_with_it(window, timed):
    let_it_end(timed)
    window.context.set_offline(True)
    turn_to(window, -1)
    window.clock.run_for(1000)
    expect(window.get_by_text("The time is up. What was saved by then is handed in")).to_be_visible()
    window.context.set_offline(False)
    window.clock.run_for(5000)
    window.clock.resume()
    expect(window.get_by_text("0 percent", exact=True)).to_be_visible()


# ---- Marking


def test_a_senior_marks_by_keyboard_and_the_learner_reads_it(page, learner, signed_in):
    letter = free_response("Write to the caller")
    attempt = take(make_quiz(letter, pass_mark=60), learner, {letter: "Someone will call you."})
    signed_in(page.context, UserFactory(username="senior", position=Position.SENIOR, first_name="Dana"))
    page.goto("/marking/")
    press(page, page.get_by_role("link", name="Write to the caller"))
    expect(page.get_by_text("Someone will call you.")).to_be_visible()
    press(page, page.get_by_role("button", name="Save the mark"))
    expect(page.get_by_text("Choose how many points this earns.").first).to_be_visible()
    for criterion, presses in (("Says when the caller will hear back", 2), ("Is friendly", 0)):
        group = page.get_by_role("group", name=criterion)
        tab_to(page, group.get_by_role("radio").first)
        page.keyboard.press("Space")
        for _ in range(presses):
            page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label("What you say to the learner"))
    page.keyboard.type("Say a day.")
    press(page, page.get_by_role("button", name="Save the mark"))
    expect(page.get_by_text("Marked: 2 of 3 points")).to_be_visible()
    expect(page.get_by_text("Nothing waits to be marked.")).to_be_visible()
    page.context.clear_cookies()
    signed_in(page.context, learner)
    page.goto(attempt.get_absolute_url())
    expect(page.get_by_text(re.compile(r"^66\.\d+ percent$"))).to_be_visible()
    expect(page.get_by_text("Say a day.")).to_be_visible()


# ---- Nobody is kept out


@pytest.fixture
def screens(page, signed_in, learner) -> tuple[Page, dict[str, str]]:
    """A Senior's window, and the address of each screen in the state in which most stands on it."""
    senior = UserFactory(username="senior", position=Position.SENIOR, first_name="Dana")
    place = Section.objects.get(page=make_policy(body=[section("amount", f"Amount: {LONG}")]))
    questions = item_of_each_type(section=place, general_feedback=f"Why it is so. {LONG}.")
    extra = [single_choice(LONG, LONG, f"{LONG} {LONG}"), matching("Long", {LONG: LONG, "Short": f"{LONG}s"}),
             ordering("Long", LONG, "b", "c"), fill_blanks("Long", f"{LONG} {{1}}, {LONG}", LONG),
             short_text("¿Cómo?", LONG, language="es")]  # fmt: skip
    every = [*questions.values(), *extra]
    quiz = make_quiz(*every, title="Payments", attempts_allowed=3, **AS_WRITTEN)
    given = {one: wrong(one) if number % 2 else right(one) for number, one in enumerate(every)}
    own = take(quiz, senior, given)
    theirs = take(quiz, learner, given)
    timed = make_quiz(*every, title=LONG, time_limit_minutes=30, feedback="at_once", **AS_WRITTEN)
    sitting = begin(timed, senior)
    signed_in(page.context, senior)
    return page, {
        "list": "/quizzes/",
        "quiz": quiz.url,
        "other quiz": timed.url,
        "sitting": sitting.get_absolute_url(),
        "results": own.get_absolute_url(),
        "results of another": theirs.get_absolute_url(),
        "queue": "/marking/",
        "mark": f"/marking/{response_to(theirs, questions['free_response']).pk}/",
    }


def answer_some(page: Page, path: str) -> None:
    """Leave the attempt with an answer that was checked, one that was saved and one that was refused."""
    page.goto(path)
    choose(page, "$30")
    question(page, 1).get_by_role("button", name="Check this answer").press("Enter")
    expect(status(page, 1)).to_contain_text("Not right")
    question(page, 2).get_by_role("button", name="Check this answer").press("Enter")
    expect(status(page, 2)).to_contain_text("Answer the question first.")
    page.get_by_role("button", name="Move down").first.press("Enter")
    expect(status(page, 7)).to_have_text("Saved")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_screen_has_a_fault_that_keeps_anyone_out(screens, width):
    page, addresses = screens
    page.set_viewport_size({"width": width, "height": 800})
    for name, path in addresses.items():
        if name == "sitting":
            answer_some(page, path)
        else:
            page.goto(path)
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"


def test_no_screen_is_wider_than_a_small_telephone(screens):
    page, addresses = screens
    page.set_viewport_size({"width": 320, "height": 800})
    for name, path in addresses.items():
        if name == "sitting":
            answer_some(page, path)
        else:
            page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_nothing_that_has_the_focus_hides_under_the_bar(window, learner):
    attempt = begin(make_quiz(*item_of_each_type().values(), **AS_WRITTEN), learner)
    window.goto(attempt.get_absolute_url())
    for number in (4, 5, 8):
        field = question(window, number).get_by_role("textbox").last
        field.focus()
        window.keyboard.press("Tab")
        # The page is turned until the field stands under the bar, and the way back leads to it.
        field.evaluate("element => scrollBy({top: element.getBoundingClientRect().top - 5, behavior: 'instant'})")
        window.keyboard.press("Shift+Tab")
        expect(field).to_be_focused()
        window.wait_for_function(
            """() => document.activeElement.getBoundingClientRect().top
                     >= document.querySelector(".quiz-bar").getBoundingClientRect().bottom"""
        )


# ---- In a chapter


def test_a_knowledge_check_in_a_chapter_is_marked_in_place(window):
    policy = make_policy()
    fee = single_choice("Fee", "$25", "$30", section=Section.objects.get(page=policy))
    steps = ordering("Steps", "Count", "Sign", "Open")
    body = [section("count", "Count the drawer", ("knowledge_check", str(fee.pk)), ("knowledge_check", str(steps.pk)))]
    chapter = make_chapter(make_manual(), body=body)
    window.goto(chapter.url)
    checks = window.locator(".knowledge-check")
    check = checks.first
    press(window, check.get_by_role("button", name="Check"))
    expect(check.get_by_text("Choose or write an answer first.")).to_be_focused()
    tab_to(window, check.get_by_role("button", name="Check"))
    window.keyboard.press("Shift+Tab")
    window.keyboard.press("Space")
    while not check.get_by_role("radio", name="$30").is_checked():
        window.keyboard.press("ArrowDown")
    window.context.set_offline(True)
    press(window, check.get_by_role("button", name="Check"))
    expect(check.get_by_role("alert")).to_have_text("No connection. Try again when it is back.")
    window.context.set_offline(False)
    window.keyboard.press("Enter")
    told = check.get_by_role("status")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Not right")
    window.keyboard.press("Tab")
    expect(told.get_by_role("link", name="Read again: Amount of the deposit")).to_be_focused()
    up = checks.nth(1).get_by_role("button", name="Move down").first
    tab_to(window, up)
    window.keyboard.press("Enter")
    press(window, checks.nth(1).get_by_role("button", name="Check"))
    expect(checks.nth(1).get_by_role("status")).to_be_focused()
    found = Axe().run(window, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    assert not Attempt.objects.exists()
