"""The answer search as of a day: a question about a bill of March gets March's policy."""

import random
from datetime import date, timedelta
from itertools import count

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.backends import get_search_backend
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page, PageViewRestriction

from manuals import editions
from manuals.models import AnswerPage, Edition, PolicyPage
from portal.people.positions import Position
from search import answers
from search.backends.whoosh.mapping import Analysis, catalogue
from search.models import SearchQuery, SynonymGroup
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at
from tests.search.conftest import BARE

pytestmark = pytest.mark.django_db

MARCH_1 = date(2026, 3, 1)
MARCH_5 = date(2026, 3, 5)
MARCH_11 = date(2026, 3, 11)
HTMX = {"HTTP_HX_REQUEST": "true"}
_numbers = count(500)


@pytest.fixture
def clock(backend):
    with standing_at(MARCH_1) as clock:
        yield clock


@pytest.fixture
def senior(db):
    return UserFactory(position=Position.SENIOR)


@pytest.fixture
def change(in_index):
    """A function that publishes a page with other values, now or on a day to come, and indexes it."""

    def publish_changed(page, **fields):
        page = type(page).objects.get(pk=page.pk)
        fields = {"go_live_at": None, **fields}
        for name, value in fields.items():
            setattr(page, name, value)
        with in_index():
            return publish(page)

    return publish_changed


def fee(anchor, text, heading="The fee"):
    return section(anchor, heading, ("markdown", text))


def shown(results):
    """Return what each hit says of itself and its day."""
    return [
        (hit.heading, str(hit.extract).replace("<mark>", "").replace("</mark>", ""), hit.note) for hit in results.hits
    ]


def headings(results):
    return [hit.heading for hit in results.hits]


@pytest.fixture
def raised(clock, in_index, change):
    """A policy and an answer of March 1 whose fee was raised on March 11."""
    with in_index():
        policy = make_policy(
            "Fees",
            "FE-100",
            body=[fee("fee", "Tapping costs $40."), fee("who", "Nobody.", "Who")],
            effective_date=MARCH_1,
        )
        answer = make_answer("What does tapping cost?", **{**BARE, "short_answer": "It costs $40."})
    clock.wait(10)
    change(policy, body=[fee("fee", "Tapping costs $55."), fee("who", "Nobody.", "Who")])
    change(answer, short_answer="It costs $55.")
    return policy, answer


def test_a_question_about_a_bill_of_march_gets_march_s_policy(raised, ask):
    policy, answer = raised
    found = ask("tapping", on=MARCH_5)
    assert found.on == MARCH_5
    assert shown(found) == [
        ("What does tapping cost?", "It costs $40.", "Says something else today"),
        ("The fee", "Tapping costs $40.", "Says something else today"),
    ]
    assert [hit.url for hit in found.hits] == [
        f"{answer.get_url()}?on=2026-03-05",
        f"{policy.get_url()}?on=2026-03-05#fee",
    ]
    assert (
        shown(ask("tapping"))
        == shown(ask("tapping", on=MARCH_11))
        == [
            ("What does tapping cost?", "It costs $55.", ""),
            ("The fee", "Tapping costs $55.", ""),
        ]
    )
    assert ask("tapping", on=MARCH_11).on is None


def test_what_says_the_same_ever_since_is_found_without_a_note(raised, ask):
    [hit] = ask("nobody", on=MARCH_5).hits
    assert (hit.heading, hit.note, hit.url) == ("Who", "", f"{raised[0].get_url()}?on=2026-03-05#who")


def test_a_figure_is_found_on_the_days_it_was_in_force_alone(raised, ask):
    assert len(ask("$40", on=MARCH_5).hits) == len(ask("$55").hits) == 2
    assert ask("$40").hits == ask("$55", on=MARCH_5).hits == []


def test_before_there_was_anything_nothing_is_found(raised, ask):
    assert ask("tapping", on=MARCH_1 - timedelta(days=1)).hits == []
    assert ask("fe-100", on=MARCH_1 - timedelta(days=1)).hits == []


def test_what_that_day_had_ranks_as_it_did_that_day(clock, in_index, change, ask):
    body = [fee(f"s{n}", f"A meter test, number {n}, for a bill. {'Meter. ' * n}", f"Meter {n}") for n in range(5)]
    with in_index():
        pages = [
            make_answer("Can I have my meter tested?", ("test my meter", "is my meter right"), short_answer="Yes."),
            make_answer("Why is my bill so high?", ("my bill is too high",), steps=[{"type": "step", "value": "Read the meter."}]),
            make_answer("Who reads the meter?", short_answer="A reader."),
            make_answer("What does a test cost?", question_es="¿Cuánto cuesta probar el medidor?", script_es="El medidor."),
            make_policy("Meters", "ME-100", body=body, effective_date=MARCH_1),
            make_chapter(make_manual("Billing"), "Bills", body=[fee("b", "The meter makes the bill.")]),
        ]  # fmt: skip
    asked = (
        "can you test my meter",
        "my bill is so high",
        "who reads it",
        "¿cuánto cuesta el medidor?",
        "meter",
        "read",
    )
    call_command("update_index", verbosity=0)
    then = {text: [(hit.heading, hit.extract) for hit in ask(text).hits] for text in asked}
    scores = {text: [hit.score for hit in ask(text).hits] for text in asked}
    assert all(found for found in then.values())
    clock.wait(10)
    for page in pages:
        # Words that nobody asks for: the others are as rare today as they were.
        if isinstance(page, AnswerPage):
            change(page, title=f"{page.title} Really?", short_answer=f"{page.short_answer} Indeed.")
        else:
            texts = [(block.id, block.value["heading"], block.value["content"][0].value) for block in page.body]
            change(page, body=[fee(anchor, f"{text} Indeed.", heading) for anchor, heading, text in texts])
    call_command("update_index", verbosity=0)
    for text in asked:
        found = ask(text, on=MARCH_5).hits
        assert [(hit.heading, hit.extract) for hit in found] == then[text]
        assert all(hit.note == "Says something else today" for hit in found)
        assert [hit.score for hit in found] == pytest.approx(scores[text], rel=0.1)


def test_fields_of_other_days_weigh_as_those_of_today():
    """Every field of today has one for other days, with the same weight and language."""
    known = catalogue(Analysis())
    weights = {field.name: field.boost for model in known._mappings for field in known.texts(model)}
    assert {known.signatures[name] for name in known.like} == {known.signatures[name] for name in known.like.values()}
    for name, other in known.like.items():
        assert (weights[name], known.signatures[name]) == (weights[other], known.signatures[other])
    from search.fields import dated_fields, fields

    assert {known.like[field.name] for field in dated_fields(known)} == {field.name for field in fields(known)}


def test_the_search_of_today_does_not_know_what_was_said_before(clock, in_index, change, ask):
    with in_index():
        pages = [make_answer(f"Meter {n}?", **{**BARE, "script_en": f"The quokka number {n}."}) for n in range(4)]
    call_command("update_index", verbosity=0)
    before = [(hit.heading, hit.score) for hit in ask("meter quokka number 2").hits]
    for times in range(1, 4):
        clock.wait(1)
        for page in pages:
            change(page, short_answer=f"A wombat {times}.")
    for page in pages:
        change(page, short_answer="Certainly.")
    get_search_backend().refresh_indexes()
    call_command("update_index", verbosity=0)
    assert [(hit.heading, hit.score) for hit in ask("meter quokka number 2").hits] == before
    found = ask("wombat")
    assert (found.hits, found.corrections) == ([], {})
    assert len(ask("wombat", on=date(2026, 3, 3)).hits) == 4


def test_a_typing_error_is_corrected_to_what_was_written_then(clock, write, change, ask):
    page = write("Where do I take it?", script_en="To the mattress yard.")
    clock.wait(1)
    change(page, script_en="To the transfer station.")
    assert ask("matress", on=MARCH_1).corrections == {"matress": "mattress"}
    assert headings(ask("matress", on=MARCH_1)) == ["Where do I take it?"]
    assert ask("matress").hits == []


def test_a_word_is_found_while_it_is_being_typed(clock, write, change, ask):
    page = write("Where do I take a mattress?")
    clock.wait(1)
    change(page, title="Where do I take it?")
    assert headings(ask("take matt", on=MARCH_1, partial=True)) == ["Where do I take a mattress?"]


def test_synonyms_and_spanish_hold_for_another_day(clock, write, change, ask):
    SynonymGroup.objects.create(terms="bed\nmattress")
    page = write("A mattress?", question_es="¿Un colchón?", short_answer_es="Al vertedero.", script_es="Llévelo.")
    clock.wait(1)
    change(page, title="Gone", question_es="", short_answer_es="", script_es="")
    assert headings(ask("bed", on=MARCH_1)) == ["A mattress?"]
    [hit] = ask("¿dónde dejo un colchón?", on=MARCH_1).hits
    assert (hit.heading, hit.extract, hit.language) == ("¿Un colchón?", "Al vertedero.", "es")
    assert hit.url.endswith("?script=es&on=2026-03-01")


def test_the_old_title_of_a_page_is_shown_and_found(clock, in_index, change, ask):
    with in_index():
        policy = make_policy("Deposits", "DE-100", body=[fee("a", "Ten dollars.")], effective_date=MARCH_1)
    clock.wait(1)
    change(policy, title="Security")
    [hit] = ask("deposits", on=MARCH_1).hits
    assert (hit.page.title, hit.note) == ("Deposits", "Stands in “Security” today")
    assert ask("security", on=MARCH_1).hits == ask("deposits").hits == []


def test_a_section_that_was_taken_out_is_found_on_its_days(clock, in_index, change, ask):
    with in_index():
        policy = make_policy("Fees", "FE-100", body=[fee("a", "Wombats."), fee("b", "Others.")], effective_date=MARCH_1)
    clock.wait(1)
    change(policy, body=[fee("b", "Others.")])
    [hit] = ask("wombats", on=MARCH_1).hits
    assert (hit.section, hit.note) == ("a", "Taken out since")


# ---- Days to come


def test_what_is_planned_is_found_from_its_day_on_and_what_it_replaces_is_not(clock, in_index, change, ask):
    body = [fee("fee", "Tapping costs $40."), fee("out", "Tapping is done by hand.", "By hand")]
    with in_index():
        policy = make_policy("Fees", "FE-100", body=body, effective_date=MARCH_1)
        answer = make_answer("What does tapping cost?", **{**BARE, "short_answer": "It costs $40."})
    later = clock.morning_of(MARCH_11)
    change(policy, body=[fee("fee", "Tapping costs $55.")], go_live_at=later)
    change(answer, short_answer="It costs $55.", go_live_at=later)
    note = "From March 11, 2026, as planned"
    planned = [("What does tapping cost?", "It costs $55.", note), ("The fee", "Tapping costs $55.", note)]
    for day in (MARCH_11, date(2027, 1, 1)):
        assert shown(ask("tapping", on=day)) == planned
    assert len(ask("tapping", on=MARCH_5).hits) == len(ask("tapping").hits) == 3
    # Half a day late, and what was planned is published only now.
    clock.today = MARCH_11
    assert [text for _, text, _ in shown(ask("tapping", on=date(2026, 3, 12)))] == [
        "It costs $55.",
        "Tapping costs $55.",
    ]
    with in_index():
        call_command("publish_scheduled")
    assert [text for _, text, _ in shown(ask("tapping"))] == ["It costs $55.", "Tapping costs $55."]
    assert len(ask("tapping", on=MARCH_5).hits) == 3


# ---- Who finds what


@pytest.mark.parametrize("end", ["unpublish", "delete"])
def test_what_is_gone_is_found_by_those_who_write(raised, clock, in_index, ask, agent, senior, end):
    clock.wait(1)
    with in_index():
        for page in raised:
            getattr(Page.objects.get(pk=page.pk), end)()
    assert ask("tapping", on=MARCH_5).hits == ask("fe-100", on=MARCH_5).hits == []
    found = answers.find("tapping", senior, on=MARCH_5)
    assert shown(found) == [
        ("What does tapping cost?", "It costs $40.", "Taken down since"),
        ("The fee", "Tapping costs $40.", "Taken down since"),
    ]
    assert found.hits[1].url == f"/editions/{raised[0].pk}/?on=2026-03-05#fee"
    assert answers.find("tapping", senior, on=clock.today).hits == []


def test_pages_that_may_not_be_seen_are_not_found_on_another_day_either(raised, ask, agent):
    group = Group.objects.create(name="Payroll")
    for page in raised:
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
        restriction.groups.add(group)
    assert ask("tapping", on=MARCH_5).hits == ask("nobody", on=MARCH_5).hits == ask("fe-100", on=MARCH_5).hits == []
    agent.groups.add(group)
    assert len(ask("tapping", on=MARCH_5).hits) == 2


def test_what_is_gone_does_not_crowd_out_what_may_be_found(clock, in_index, ask):
    with in_index():
        for number in range(30):
            make_answer(f"Mattress {number}", **BARE)
        make_answer(
            "Where to?", **{**BARE, "script_en": "Somewhere there is a place that takes a mattress from anyone."}
        )
    clock.wait(1)
    with in_index():
        for page in AnswerPage.objects.filter(title__startswith="Mattress"):
            page.delete()
    assert headings(ask("mattress", on=MARCH_1)) == ["Where to?"]


# ---- Pinned pages and codes


def test_pinned_pages_and_codes_lead_to_what_they_were(raised, clock, ask, change):
    policy, answer = raised
    change(policy, rule="It is $56 now.")
    for page in (answer, make_manual("All about taps")):
        SearchPromotion.objects.create(query=Query.get("fe-100 tapping"), page=page)
    found = ask("fe-100 tapping", on=MARCH_5)
    assert [(hit.page.pk, hit.section, hit.is_promoted) for hit in found.hits] == [
        (answer.pk, None, True),
        (policy.pk, None, True),
        (policy.pk, "fee", False),
    ]
    assert shown(found)[0] == ("What does tapping cost?", "It costs $40.", "Says something else today")
    assert shown(found)[1][1:] == ("New customers pay a deposit of $150.00.", "Says something else today")


# ---- What it costs


def test_queries_do_not_grow_with_what_is_found(clock, in_index, change, ask):
    def stock(start, count):
        with in_index():
            for n in range(start, start + count):
                policy = make_policy(
                    f"Mattresses {n}", f"MT-{n:03}", body=[fee("s", "Mattress")], effective_date=MARCH_1
                )
                with editions.effective_from(date(2026, 3, 2)):
                    policy.body = [fee("s", "Mattress 2")]
                    publish(policy)
                with editions.effective_from(MARCH_1):
                    answer = make_answer(f"Mattress {n}")
                answer.short_answer = "Another."
                publish(answer)

    counts, hits = [], []
    clock.wait(3)
    for start, number in ((0, 1), (1, 8)):
        stock(start, number)
        with CaptureQueriesContext(connection) as captured:
            hits.append(len(ask("mattress", on=MARCH_1).hits))
        counts.append(len(captured))
    assert hits == [2, 18]
    assert counts == [6, 6]


# ---- The screen


@pytest.fixture
def person(client, agent):
    client.force_login(agent)
    return agent


def html(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_screen_says_the_day_and_leads_back_to_today(client, person, raised):
    page = html(client.get("/answers/", {"q": "tapping", "on": "2026-03-05"}))
    assert "<strong>As of March 5, 2026</strong>" in page
    assert '<a href="/answers/?q=tapping">Back to today</a>' in page
    assert page.count("Says something else today") == 2
    assert "$40" in page
    assert "$55" not in page
    assert 'value="2026-03-05"' in page
    assert '<details class="call-day" open>' in page
    today = html(client.get("/answers/", {"q": "tapping", "on": "2026-03-11"}))
    assert "As of March" not in today
    assert '<details class="call-day" >' in today


@pytest.mark.parametrize("typed", ["2026-02-30", "March 5", "5.3.2026", "2026-13-01", "99999-01-01", "<b>"])
def test_what_is_no_day_is_said_to_be_none_and_today_is_shown(client, person, raised, typed):
    page = html(client.get("/answers/", {"q": "tapping", "on": typed}))
    assert "is not a day" in page
    assert "<b>" not in page
    assert "$55" in page
    assert "$40" not in page


def test_the_day_is_kept_while_a_question_is_typed_and_without_scripts(client, person, raised):
    part = html(client.get("/answers/suggest/", {"q": "tap", "on": "2026-03-05"}, **HTMX))
    assert "$40" in part
    assert "on=2026-03-05" in part
    assert client.get("/answers/suggest/", {"q": "tap", "on": "2026-03-05"}).url == "/answers/?q=tap&on=2026-03-05"
    assert "As of March 5, 2026" in html(client.get("/answers/", {"on": "2026-03-05"}))


def test_an_answer_is_opened_as_it_was_with_the_policy_as_it_was(client, person, clock, in_index, change):
    with in_index():
        policy = make_policy("Fees", "FE-100", body=[fee("fee", "Ten.", "The old fee")], effective_date=MARCH_1)
        answer = make_answer("What does tapping cost?", sections=(policy.sections.get(),), short_answer="It costs $40.")
    clock.wait(10)
    change(policy, body=[fee("fee", "Eleven.", "The new fee")])
    change(answer, short_answer="It costs $55.")
    address = f"/answers/open/{answer.pk}/"
    for panel in (
        html(client.get(address, {"q": "tapping", "on": "2026-03-05"}, **HTMX)),
        html(client.get("/answers/", {"open": answer.pk, "on": "2026-03-05"})),
    ):
        assert "It costs $40." in panel
        assert "It costs $55." not in panel
        assert f'<a href="{policy.get_url()}?on=2026-03-05#fee">The old fee</a>' in panel
        assert "As of March 5, 2026." in panel
        assert f'href="{answer.get_url()}?on=2026-03-05"' in panel
    assert "not in force that day" in html(client.get(address, {"on": "2026-02-01"}, **HTMX))
    plain = client.get(address, {"q": "tapping", "on": "2026-03-05", "script": "es"})
    assert plain.url == f"{answer.get_url()}?script=es&on=2026-03-05"
    section_of = client.get(f"/answers/open/{policy.pk}/", {"section": "fee", "on": "2026-03-05"})
    assert section_of.url == f"{policy.get_url()}?on=2026-03-05#fee"


def test_what_is_asked_of_another_day_is_kept_unless_that_day_had_nothing(client, person, raised):
    client.get("/answers/", {"q": "tapping", "on": "2026-03-05"})
    client.get("/answers/", {"q": "wombats", "on": "2026-03-05"})
    client.get("/answers/asked/", {"q": "quokkas", "found": "0", "on": "2026-03-05"})
    assert [(query.text, query.found) for query in SearchQuery.objects.all()] == [("tapping", 2)]


def test_what_is_gone_is_opened_where_it_is_kept(client, raised, in_index, senior):
    with in_index():
        Page.objects.get(pk=raised[1].pk).delete()
    client.force_login(senior)
    page = html(client.get("/answers/", {"q": "tapping", "on": "2026-03-05"}))
    address = f"/editions/{raised[1].pk}/?on=2026-03-05"
    assert f'href="{address}"' in page
    assert f'data-page="{raised[1].pk}"' not in page
    assert "It costs $40." in html(client.get(address))


# ---- Whatever happens

amounts = st.sampled_from(["one", "two", "three"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.dictionaries(st.sampled_from("ab"), amounts, min_size=1)),
        st.tuples(st.just("schedule"), st.dictionaries(st.sampled_from("ab"), amounts, min_size=1), st.integers(1, 6)),
        st.tuples(st.just("cancel")),
        st.tuples(st.just("take down")),
        st.tuples(st.just("wait"), st.integers(1, 4)),
    ),
    min_size=1,
    max_size=7,
)  # fmt: skip


def take(step, page, clock):
    page = type(page).objects.get(pk=page.pk)
    match step:
        case ("publish" | "schedule", body, *days):
            if isinstance(page, PolicyPage):
                page.body = [fee(anchor, f"Wombat {text}.") for anchor, text in sorted(body.items())]
            else:
                page.short_answer = f"Wombat {' '.join(body.values())}."
            page.go_live_at = clock.morning_of(clock.today + timedelta(days=days[0])) if days else None
            page.save_revision().publish()
        case ("cancel",) if page.scheduled_revision:
            revision = page.scheduled_revision
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
        case ("take down",) if page.live:
            page.unpublish()
        case ("wait", days):
            clock.wait(days)


def said(page, day):
    edition = Edition.objects.of(page.pk).in_force(day).first()
    if edition is None or edition.is_repeal:
        return []
    old = editions.as_page(edition, page)
    if isinstance(old, AnswerPage):
        return [(None, old.short_answer)]
    return sorted((block.id, str(block.value["content"][0].value)) for block in old.body)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(own=steps, others=steps)
def test_on_any_day_is_found_what_is_in_force_then_and_nothing_else(backend, in_index, senior, own, others):
    number = next(_numbers)
    # Hypothesis lets chance begin alike for each example, and by chance Whoosh names its files.
    random.seed(number)
    with standing_at(MARCH_1) as clock, in_index():
        body = [fee("a", "Wombat zero.")]
        pages = [
            make_policy(f"Fees {number}", f"WO-{number}", effective_date=MARCH_1, body=body),
            make_answer(f"Question {number}", **{**BARE, "short_answer": "Wombat zero."}),
        ]
        for page, steps in zip(pages, (own, others), strict=True):
            for step in steps:
                take(step, page, clock)
    with standing_at(clock.today):
        for ahead in range(-12, 8):
            day = clock.today + timedelta(days=ahead)
            hits = answers.find(f"wombat {number}", senior, on=day, limit=100).hits
            for page in pages:
                own_hits = [hit for hit in hits if hit.page.pk == page.pk]
                texts = [str(hit.extract).replace("<mark>", "").replace("</mark>", "") for hit in own_hits]
                found = sorted(zip([hit.section for hit in own_hits], texts, strict=True), key=str)
                assert found == said(page, day), day
