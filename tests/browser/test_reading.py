"""A new hire reads a manual from the first chapter to the last, on a desk's screen or a telephone's."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from manuals.models import Section
from tests.factories import PASSWORD, UserFactory, make_answer, make_chapter, make_manual, make_policy, section

LONG = "Sobrecargo-por-reconexión-fuera-de-horario"


@pytest.fixture
def library(live_server):
    policy = make_policy(
        body=[section("amount", "Amount of the deposit"), section("waived", f"When it is waived: {LONG}")]
    )
    chosen = tuple(Section.objects.filter(page=policy))
    make_answer(sections=chosen, refer_to="Billing, [[555-0120]].")
    manual = make_manual()
    table = {"columns": [{"type": "text", "heading": f"Column {n}"} for n in range(4)],
             "rows": [{"values": [LONG, "[[$5.00]]", "a", "b"]}], "caption": "Fees"}  # fmt: skip
    case = {"type": "item", "value": {"condition": "It agrees", "action": "Sign it."}, "id": "a"}
    blocks = [
        ("markdown", "Count it **twice**."),
        ("procedure", {"title": "Open it", "steps": [{"type": "item", "value": "Take the key.", "id": "a"}]}),
        ("say", {"language": "es", "text": "Un momento, por favor."}),
        ("warning", {"title": "", "text": "Never."}),
        ("tip", {"title": "Slowly", "text": "Take your time."}),
        ("table", table),
        ("decision", {"question": "Does it agree?", "cases": [case, {**case, "id": "b"}]}),
        ("policy", {"section": chosen[0].pk, "note": "Why."}),
    ]
    make_chapter(manual, title="Open the drawer", body=[section("count", "Count the drawer", *blocks)])
    make_chapter(manual, title="Close the drawer", body=[section("close", "Close it", ("markdown", "Word. " * 900))])
    return manual


@pytest.fixture
def reader(sign_in, library) -> Page:
    UserFactory(username="reader", first_name="Maximiliana", last_name="Featherstonehaugh-Villaseñor")
    return sign_in("reader", PASSWORD)


def test_a_manual_is_read_from_contents_to_end(reader):
    reader.goto("/")
    reader.get_by_role("link", name="Manuals", exact=True).click()
    reader.get_by_role("link", name="Taking payments").click()
    reader.get_by_role("link", name="Start reading").click()
    expect(reader.get_by_role("heading", name="Open the drawer")).to_be_visible()
    expect(reader.get_by_text("Chapter 1 of 2")).to_be_visible()
    reader.get_by_role("link", name="Next Close the drawer").click()
    expect(reader.get_by_text("Chapter 2 of 2")).to_be_visible()
    reader.get_by_role("link", name="End of the manual").click()
    expect(reader).to_have_url("/manuals/taking-payments/")


def test_the_rail_is_folded_on_a_telephone_and_open_on_a_desk(reader):
    reader.goto("/manuals/taking-payments/open-the-drawer/")
    chapters = reader.get_by_role("navigation", name="Chapters of this manual")
    expect(chapters).to_be_visible()
    reader.set_viewport_size({"width": 390, "height": 800})
    expect(chapters).to_be_hidden()
    reader.get_by_text("Chapter 1 of 2").click()
    expect(chapters).to_be_visible()


PAGES = (
    "/",
    "/answers/",
    "/answers/?q=deposit",
    "/answers/?q=nothing-like-it",
    "/answers/do-i-have-to-pay-a-deposit/",
    "/policies/",
    "/policies/customer-deposits/",
    "/manuals/",
    "/manuals/taking-payments/",
    "/manuals/taking-payments/print/",
    "/manuals/taking-payments/open-the-drawer/",
    "/account/",
    "/account/password/",
    "/nowhere/",
)


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_is_wider_than_the_screen(reader, width):
    reader.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        reader.goto(path)
        assert reader.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_has_a_fault_that_keeps_anyone_out(reader, width):
    reader.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        reader.goto(path)
        found = Axe().run(reader, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_nothing_moves_while_a_page_loads(reader):
    for path in ("/", "/answers/do-i-have-to-pay-a-deposit/", "/manuals/taking-payments/open-the-drawer/"):
        reader.goto(path)
        shift = reader.evaluate(
            """() => new Promise(done => {
                let total = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => { total += entry.value }))
                    .observe({type: "layout-shift", buffered: true});
                setTimeout(() => done(total), 500);
            })"""
        )
        assert shift < 0.02, path


def test_the_first_tab_leads_past_the_menus(reader):
    reader.goto("/policies/customer-deposits/")
    reader.keyboard.press("Tab")
    skip = reader.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader.locator("#main")).to_be_focused()


def test_the_signed_out_pages_keep_nobody_out(page):
    for path in ("/sign-in/", "/password/", "/password/sent/"):
        page.goto(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
