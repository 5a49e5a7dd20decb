"""What sections and answers say on other days than today is written as editions come and go."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from manuals import dated_texts, editions, sections
from manuals.models import AnswerPage, DatedText, Edition, PolicyPage, Section, Wording
from tests.factories import make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

MARCH_1 = date(2026, 3, 1)
_numbers = count(300)


def fee(anchor, amount):
    return section(anchor, f"The {anchor}", ("markdown", f"It is {amount}."))


def change(page, **fields):
    """Publish a page with other values."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def schedule(page, clock, days, **fields):
    change(page, go_live_at=clock.morning_of(clock.today + timedelta(days=days)), **fields)


def rows(page):
    """Return what is kept of a page: where, what, from when, until when."""
    found = DatedText.objects.filter(page_id=page.pk).order_by("since", "anchor", "pk")
    return [(row.anchor, row.text, row.since.isoformat(), row.until and row.until.isoformat()) for row in found]


def since(page):
    return {row.anchor: row.since for row in Section.objects.filter(page_id=page.pk, retired=False)}


def test_a_first_edition_leaves_nothing_behind_and_its_sections_know_their_day():
    policy = make_policy(body=[fee("a", "$1")], effective_date=date(2025, 7, 1))
    assert rows(policy) == []
    assert since(policy) == {"a": date(2025, 7, 1)}


def test_what_a_section_said_is_kept_with_the_days_it_was_in_force():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1"), fee("b", "$5")], effective_date=MARCH_1)
        clock.wait(10)
        change(policy, body=[fee("a", "$2"), fee("b", "$5")])
        clock.wait(10)
        change(policy, body=[fee("a", "$3"), fee("b", "$6")])
        assert rows(policy) == [
            ("a", "It is $1.", "2026-03-01", "2026-03-11"),
            ("b", "It is $5.", "2026-03-01", "2026-03-21"),
            ("a", "It is $2.", "2026-03-11", "2026-03-21"),
        ]
        assert since(policy) == {"a": date(2026, 3, 21), "b": date(2026, 3, 21)}


def test_what_did_not_change_is_left_alone():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1"), fee("b", "$5")], effective_date=MARCH_1)
        clock.wait(10)
        change(policy, body=[fee("b", "$5"), fee("a", "$2")])
        assert [row[0] for row in rows(policy)] == ["a"]
        assert since(policy) == {"a": date(2026, 3, 11), "b": MARCH_1}


def test_a_section_that_came_went_and_came_again_has_its_own_days_each_time():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1"), fee("b", "$5")], effective_date=MARCH_1)
        clock.wait(1)
        change(policy, body=[fee("a", "$1")])
        clock.wait(1)
        change(policy, body=[fee("a", "$1"), fee("b", "$5")])
        assert rows(policy) == [("b", "It is $5.", "2026-03-01", "2026-03-02")]
        assert since(policy) == {"a": MARCH_1, "b": date(2026, 3, 3)}


def test_what_was_in_force_for_no_day_is_not_kept():
    policy = make_policy(body=[fee("a", "$1")], effective_date=date(2026, 1, 1))
    for amount in ("$2", "$3"):
        policy = change(policy, body=[fee("a", amount)])
    assert [row[1] for row in rows(policy)] == ["It is $1."]


def test_a_new_title_of_a_page_ends_what_all_its_sections_were_found_under():
    with standing_at(MARCH_1) as clock:
        chapter = make_chapter(make_manual(), "Opening", body=[fee("a", "$1"), fee("b", "$5")])
        clock.wait(1)
        change(chapter, title="Opening the drawer")
        assert {(row.anchor, row.title) for row in DatedText.objects.all()} == {("a", "Opening"), ("b", "Opening")}
        assert since(chapter) == {"a": date(2026, 3, 2), "b": date(2026, 3, 2)}


def test_an_answer_is_kept_whole():
    with standing_at(MARCH_1) as clock:
        answer = make_answer("What is the fee?", ("how much",), short_answer="It is [[$1]].", script_en="It is [[$1]].")
        clock.wait(1)
        change(answer, title="What is the fee now?", short_answer="It is [[$2]].")
        row = DatedText.objects.get()
        assert (row.heading, row.heading_es, row.short) == (answer.title, answer.question_es, "It is [[$1]].")
        assert (row.text, row.text_es) == ("It is $1.\n\nVerify the caller.", answer.script_es)
        assert row.questions == [answer.title, answer.question_es, "how much"]
        assert (row.since, row.until, row.edition.number) == (MARCH_1, date(2026, 3, 2), "1")


def test_an_edition_that_only_says_who_must_acknowledge_ends_nothing():
    from portal.people.positions import Position, group_for

    with standing_at(MARCH_1) as clock:
        answer = make_answer()
        clock.wait(1)
        change(answer, acknowledged_by=[group_for(Position.CSR_1)])
        assert Edition.objects.of(answer.pk).count() == 2
        assert rows(answer) == []
        clock.wait(1)
        change(answer, short_answer="No.")
        assert [(since, until) for _, _, since, until in rows(answer)] == [("2026-03-01", "2026-03-03")]
        indexed = AnswerPage.get_indexed_objects().get(pk=answer.pk)
        assert indexed.said_since == date(2026, 3, 3)


def test_what_was_said_is_found_by_the_wordings_of_today():
    with standing_at(MARCH_1) as clock:
        answer = make_answer(wordings=("deposit money",))
        clock.wait(1)
        answer = change(answer, short_answer="No.")
        answer.also_asked_as = [Wording(text="money up front"), Wording(text="deposit money")]
        publish(answer)
        assert DatedText.objects.get().asked_as_en() == ["money up front", "deposit money"]
        assert Edition.objects.of(answer.pk).count() == 2


def test_what_is_planned_is_kept_from_its_day_on_and_moves_when_it_comes():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1"), fee("b", "$5")], effective_date=MARCH_1)
        schedule(policy, clock, 10, body=[fee("a", "$2"), fee("b", "$5"), fee("c", "$9")])
        assert rows(policy) == [("a", "It is $2.", "2026-03-11", None), ("c", "It is $9.", "2026-03-11", None)]
        assert since(policy) == {"a": MARCH_1, "b": MARCH_1}
        clock.wait(10)
        assert rows(policy) == [("a", "It is $1.", "2026-03-01", "2026-03-11")]
        assert since(policy) == {"a": date(2026, 3, 11), "b": MARCH_1, "c": date(2026, 3, 11)}
        dated_texts.came_into_force(Edition.objects.of(policy.pk).last())
        assert len(rows(policy)) == 1


def test_what_is_called_off_is_forgotten():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1")], effective_date=MARCH_1)
        schedule(policy, clock, 10, body=[fee("a", "$2")])
        change(policy, body=[fee("a", "$3")], go_live_at=None)
        assert rows(policy) == []
        answer = make_answer()
        schedule(answer, clock, 10, short_answer="No.")
        assert len(rows(answer)) == 1
        answer.refresh_from_db()
        answer.unpublish()
        assert [row[3] for row in rows(answer)] == []


def test_what_its_day_found_unpublished_is_taken_for_what_its_record_says():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1")], effective_date=MARCH_1)
        schedule(policy, clock, 2, body=[fee("a", "$2")])
        # Nothing publishes what was scheduled; three days later somebody publishes something else.
        clock.today += timedelta(days=3)
        change(policy, body=[fee("a", "$3")], go_live_at=None)
        assert rows(policy) == [
            ("a", "It is $1.", "2026-03-01", "2026-03-03"),
            ("a", "It is $2.", "2026-03-03", "2026-03-04"),
        ]


@pytest.mark.parametrize("end", ["unpublish", "delete"])
def test_a_page_that_goes_leaves_what_it_said_and_starts_anew_when_it_comes_back(end):
    with standing_at(MARCH_1) as clock:
        policy = make_policy(body=[fee("a", "$1")], effective_date=MARCH_1)
        key = policy.pk
        clock.wait(3)
        getattr(Page.objects.get(pk=key), end)()
        policy.pk = key
        kept = [("a", "It is $1.", "2026-03-01", "2026-03-04")]
        assert rows(policy) == kept
        if end == "unpublish":
            clock.wait(3)
            change(policy)
            assert since(policy) == {"a": date(2026, 3, 7)}
        assert rows(policy) == kept
        dated_texts.rebuild(key)
        assert rows(policy) == kept


def test_a_deleted_answer_keeps_its_wordings_when_rows_are_made_anew():
    with standing_at(MARCH_1) as clock:
        answer = make_answer(wordings=("deposit money",))
        key = answer.pk
        clock.wait(3)
        Page.objects.get(pk=key).delete()
        call_command("rebuild_dated_texts", key)
        row = DatedText.objects.get()
        assert (row.page_id, row.asked_as_en()) == (key, ["deposit money"])


def test_history_that_is_brought_in_has_its_days():
    policy = make_policy(body=[fee("a", "$1")], effective_date=date(2025, 1, 1))
    for day, amount in ((date(2025, 6, 1), "$2"), (date(2025, 9, 1), "$3")):
        with editions.effective_from(day):
            policy = change(policy, body=[fee("a", amount)])
    assert rows(policy) == [
        ("a", "It is $1.", "2025-01-01", "2025-06-01"),
        ("a", "It is $2.", "2025-06-01", "2025-09-01"),
    ]
    assert since(policy) == {"a": date(2025, 9, 1)}


def test_sections_from_before_there_were_editions_learn_their_day_at_set_up():
    from tests.conftest import lift_append_only

    policy = make_policy(effective_date=date(2025, 5, 1))
    lift_append_only()
    Edition.objects.all().delete()
    Section.objects.update(since=None)
    call_command("setup_portal")
    assert since(policy) == {"amount": date(2025, 5, 1)}


def test_a_long_page_takes_as_many_queries_as_a_short_one_and_only_what_changed_is_read(monkeypatch):
    counts, read = [], []
    plain = sections.text_of
    monkeypatch.setattr(sections, "text_of", lambda block: (read.append(block.id), plain(block))[1])
    for number in (2, 60):
        body = [fee(f"s{n}", f"${n}") for n in range(number)]
        with standing_at(MARCH_1) as clock:
            policy = make_policy(f"Policy {number}", f"CS-{number:03}", body=body, effective_date=MARCH_1)
            clock.wait(1)
            body[0] = fee("s0", "$1,000")
            policy.body = body
            revision = policy.save_revision()
            before = policy.edition
            with CaptureQueriesContext(connection) as captured:
                edition = editions.record(revision)
            counts.append(len(captured))
            assert len(rows(policy)) == 1
            DatedText.objects.all().delete()
            read.clear()
            dated_texts.supersede(before, edition)
            assert read == ["s0"]
    assert counts[0] == counts[1]


# ---- Whatever happens

amounts = st.sampled_from(["$1", "$2", "$3"])
bodies = st.dictionaries(st.sampled_from("abc"), amounts, min_size=1)
titles = st.sampled_from(["Fees", "Fees and charges"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), titles, bodies),
        st.tuples(st.just("schedule"), titles, bodies, st.integers(1, 9)),
        st.tuples(st.just("cancel")),
        st.tuples(st.just("take down")),
        st.tuples(st.just("wait"), st.integers(1, 6)),
    ),
    max_size=10,
)


def fill(page, title, body):
    """Give a policy or an answer a title, and amounts to name."""
    page.title = title
    if isinstance(page, PolicyPage):
        page.body = [fee(anchor, amount) for anchor, amount in sorted(body.items())]
    else:
        page.short_answer = page.script_en = " ".join(body.values())


def take(step, page, clock):
    page = type(page).objects.get(pk=page.pk)
    match step:
        case ("publish", title, body):
            fill(page, title, body)
            page.go_live_at = None
            page.save_revision().publish()
        case ("schedule", title, body, days):
            fill(page, title, body)
            page.go_live_at = clock.morning_of(clock.today + timedelta(days=days))
            page.save_revision().publish()
        case ("cancel",):
            revision = page.scheduled_revision
            if revision:
                revision.approved_go_live_at = None
                revision.save(update_fields=["approved_go_live_at"])
        case ("take down",) if page.live:
            page.unpublish()
        case ("wait", days):
            clock.wait(days)


def said(page, day):
    """Return what the editions say was said on a day."""
    edition = Edition.objects.of(page.pk).in_force(day).first()
    if edition is None or edition.is_repeal:
        return set()
    old = editions.as_page(edition)
    if isinstance(old, AnswerPage):
        return {("", old.title, old.title, old.short_answer)}
    return {(block.id, old.title, block.value["heading"], sections.text_of(block)) for block in old.body}


def kept(page, day):
    """Return what sections, answers and dated texts say was said on a day."""
    old = DatedText.objects.on(day).filter(page_id=page.pk)
    found = [(row.anchor, row.title, row.heading, row.short if row.is_answer else row.text) for row in old]
    if isinstance(page, AnswerPage):
        now = AnswerPage.get_indexed_objects().filter(pk=page.pk, live=True, said_since__lte=day)
        found += [("", one.title, one.title, one.short_answer) for one in now]
    else:
        now = Section.objects.current().filter(page_id=page.pk, since__lte=day).select_related("page")
        found += [(one.anchor, one.page.title, one.heading, one.text) for one in now]
    assert len(found) == len(set(found))
    return set(found)


def whole(page):
    found = DatedText.objects.filter(page_id=page.pk).order_by("since", "anchor", "until").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in found], since(page)


@pytest.mark.parametrize("kind", [PolicyPage, AnswerPage])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
def test_on_any_day_until_today_is_found_what_was_in_force_however_it_came_about(kind, steps):
    number = next(_numbers)
    with standing_at(MARCH_1) as clock:
        page = (
            make_policy(f"Fee {number}", f"FE-{number}", effective_date=MARCH_1, body=[fee("a", "$1")])
            if kind is PolicyPage
            else make_answer(f"Fee {number}")
        )
        for step in steps:
            take(step, page, clock)
        for back in range((clock.today - MARCH_1).days + 2):
            day = clock.today - timedelta(days=back)
            assert kept(page, day) == said(page, day)
        planned = Edition.objects.of(page.pk).standing().filter(effective_from__gt=clock.today)
        coming = DatedText.objects.planned().filter(page_id=page.pk)
        assert {row.edition_id for row in coming} <= {edition.pk for edition in planned}
        for edition in planned:
            new = {(r.anchor, r.title, r.heading, r.short if r.is_answer else r.text) for r in coming}
            assert new <= said(page, edition.effective_from)
            assert said(page, edition.effective_from) - kept(page, clock.today) <= new
        incremental = whole(page)
        dated_texts.rebuild(page.pk)
        assert whole(page) == incremental
