"""The report on what may no longer be true: who sees it, what it finds, and what it costs."""

import csv
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manuals import digests, verifications
from manuals.models import PolicyPage, Section
from manuals.staying_true import BY_KEY, CONCERNS, Library
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Databases of other tests had other pages under the same keys."""
    digests.forget()


@pytest.fixture
def senior(client):
    person = UserFactory(position="senior", first_name="Dana", last_name="Whitfield")
    client.force_login(person)
    return person


def findings(key: str, today: date = TODAY):
    return list(BY_KEY[key].find(Library(today)))


def titles(key: str, today: date = TODAY) -> list[str]:
    return [finding.page.title for finding in findings(key, today)]


def html(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return " ".join(response.content.decode().split())


# Dates and owners


def test_pages_past_their_review_come_with_how_long_and_who_looked_last(senior):
    with standing_at(date(2026, 3, 3)):
        late = make_policy(title="Late", code="CS-1001", review_by=date(2026, 5, 2))
        verifications.verify(late, senior, date(2026, 5, 2))
        make_answer(title="Later?", review_by=date(2026, 4, 1))
        make_policy(title="Due today", code="CS-1002", review_by=TODAY)
        make_policy(title="No day", code="CS-1003")
    found = findings("past-review")
    assert [finding.page.title for finding in found] == ["Later?", "Late"]
    assert found[0].values["Last looked at"] == "Never"
    assert found[1].values == {
        "Review by": date(2026, 5, 2),
        "Days past": 30,
        "Last looked at": "2026-03-03, Dana Whitfield",
    }


def test_pages_nobody_looked_at_are_found_once_they_are_no_longer_fresh(senior):
    with standing_at(date(2025, 11, 1)):
        make_policy(title="Old", code="CS-1001")
        looked_at = make_policy(title="Looked at", code="CS-1002")
        verifications.verify(looked_at, senior)
    with standing_at(date(2026, 5, 1)):
        make_policy(title="Fresh", code="CS-1003")
    assert titles("never-looked-at") == ["Old"]
    assert titles("never-looked-at", date(2025, 12, 1)) == []


def test_pages_of_nobody_and_of_someone_who_left_are_found():
    left = UserFactory(is_active=False, first_name="Ann", last_name="Gone")
    make_policy(title="Nobody's", code="CS-1001")
    make_policy(title="Hers", code="CS-1002", owner=left)
    make_policy(title="Kept", code="CS-1003", owner=UserFactory())
    found = findings("owner")
    assert [(finding.page.title, finding.owner) for finding in found] == [
        ("Hers", "Ann Gone (left)"),
        ("Nobody's", "Nobody"),
    ]


def test_drafts_are_not_reported():
    policy = make_policy(review_by=date(2020, 1, 1))
    policy.unpublish()
    assert [findings(concern.key) for concern in CONCERNS] == [[]] * len(CONCERNS)


# What pages point at


def test_a_broken_link_is_found_with_its_section_and_what_is_wrong():
    policy = make_policy(body=[section("fees", "Fees", ("markdown", "See [the list](/policies/none/)."))])
    (found,) = findings("links")
    assert found.url == f"{policy.url}#fees"
    assert found.values == {
        "Section": "Fees",
        "Link": "the list",
        "Leads to": "/policies/none/",
        "What is wrong": "There is no page at /policies/none/.",
    }


def test_mending_a_link_and_publishing_takes_it_off_the_report():
    policy = make_policy(body=[section("fees", "Fees", ("markdown", "See [the list](/policies/none/)."))])
    assert len(findings("links")) == 1
    policy.body = [section("fees", "Fees", ("markdown", "See [the list](/policies/)."))]
    draft = policy.save_revision()
    assert len(findings("links")) == 1
    draft.publish()
    assert findings("links") == []


def resting_on_it():
    """Return a policy, an answer that rests on it, and a chapter that points at it."""
    policy = make_policy(title="Deposits", body=[section("amount", "Amount"), section("refund", "Refund")])
    amount = Section.objects.get(page=policy, anchor="amount")
    answer = make_answer(sections=(amount, Section.objects.get(page=policy, anchor="refund")))
    block = ("policy", {"section": amount.pk, "note": ""})
    chapter = make_chapter(make_manual(), title="Chapter", body=[section("intro", "Intro", block)])
    return policy, answer, chapter


def lost() -> list[tuple[str, str, str]]:
    return [(one.page.title, one.values["Section"], one.values["What is wrong"]) for one in findings("policy")]


def test_answers_and_chapters_whose_policy_section_was_removed_are_found():
    policy, answer, _ = resting_on_it()
    assert lost() == []
    policy.body = [section("refund", "Refund")]
    publish(policy)
    gone = "“Amount” is no longer in “Deposits”."
    assert lost() == [("Chapter", "Intro", gone), (answer.title, "The answer as a whole", gone)]


def test_a_policy_that_was_taken_down_is_missed_by_all_that_rests_on_it():
    policy, answer, _ = resting_on_it()
    policy.unpublish()
    assert [row[0] for row in lost()] == ["Chapter", answer.title, answer.title]
    assert {row[2] for row in lost()} == {"The policy “Deposits” is not published."}


def test_a_deleted_policy_is_still_missed_until_the_answer_is_published_without_it():
    policy, answer, _ = resting_on_it()
    PolicyPage.objects.get(pk=policy.pk).delete()
    assert [row[0] for row in lost()] == ["Chapter", answer.title, answer.title]
    assert {row[2] for row in lost()} == {"The policy was deleted."}
    fresh = type(answer).objects.get(pk=answer.pk)
    fresh.short_answer = "It depends."
    publish(fresh)
    assert [row[0] for row in lost()] == ["Chapter"]


# Sample values and reading grade


def test_sample_values_are_counted_and_named_wherever_they_stand():
    table = {"columns": [{"type": "text", "heading": "Fee"}], "rows": [{"values": ["[[$5.00]]"]}], "caption": ""}
    make_policy(
        title="Fees",
        rule="It is [[$5.00]].",
        who_decides="[[The Clerk]]",
        body=[section("a", "A", ("table", table), ("say", {"language": "es", "text": "Son [[$7.00]]."}))],
    )
    make_policy(title="Clean", code="CS-1002", rule="Nobody pays.")
    (found,) = findings("sample-values")
    assert found.page.title == "Fees"
    assert found.values == {"How many": 4}
    assert found.details == ["$5.00", "The Clerk", "$7.00"]


def test_sample_values_are_information_in_the_sample_city_and_a_warning_in_a_real_one(client, senior, settings):
    make_policy()

    def kinds() -> list[str]:
        page = html(client, "/admin/reports/staying-true/sample-values/")
        return re.findall(r'<p class="help-block help-(info|warning)">', page)

    assert kinds() == ["info"]
    settings.CITY_NAME = "City of Westover"
    assert kinds() == ["warning"]


HARD = (
    "Notwithstanding administrative considerations, the municipal utilities department shall unconditionally reconsider "
    "disconnection determinations whenever documentation demonstrating extraordinary circumstances accompanies "
    "applications. "
)


def test_pages_are_listed_by_grade_with_their_hardest_sentences_and_only_hard_ones_are_counted(client, senior):
    make_policy(title="Plain", code="CS-1001", body=[section("a", "A", ("markdown", "We keep the form. " * 40))])
    make_policy(title="Dense", code="CS-1002", body=[section("a", "A", ("markdown", HARD * 8))])
    make_policy(title="Short", code="CS-1003")
    found = findings("reading")
    assert [(one.page.title, one.values["That is"], one.wants_looking_at) for one in found] == [
        ("Dense", "Hard to read aloud", True),
        ("Plain", "Good", False),
    ]
    assert found[0].details[0].endswith(HARD.strip())
    assert 'Reading grade <span class="concerns-count">1</span>' in html(client, "/admin/reports/staying-true/")


# The screen


def test_only_writers_see_the_report(client):
    for position, status in (("csr_1", 302), ("senior", 200), ("supervisor", 200)):
        client.force_login(UserFactory(position=position))
        assert client.get("/admin/reports/staying-true/").status_code == status
    assert client.get("/admin/reports/staying-true/nothing/").status_code == 404


def test_the_report_is_in_the_reports_menu(client, senior):
    assert "/admin/reports/staying-true/" in client.get("/admin/").content.decode()


def test_every_part_says_that_all_is_well_where_it_is(client, senior):
    for concern in CONCERNS:
        assert concern.all_well in html(client, f"/admin/reports/staying-true/{concern.key}/")


def test_a_finding_leads_to_the_page_and_to_its_editor(client, senior):
    policy = make_policy(title="Late", review_by=date(2020, 1, 1))
    page = html(client, "/admin/reports/staying-true/")
    assert f'href="{policy.url}"' in page
    assert f'href="/admin/pages/{policy.pk}/edit/"' in page
    assert "All is well" not in page


def test_what_is_found_can_be_narrowed_to_one_owner(client, senior):
    other = UserFactory()
    make_policy(title="Mine", code="CS-1001", owner=senior, review_by=date(2020, 1, 1))
    make_policy(title="Theirs", code="CS-1002", owner=other, review_by=date(2020, 1, 1))
    make_policy(title="Orphan", code="CS-1003", review_by=date(2020, 1, 1))
    url = "/admin/reports/staying-true/past-review/"
    for owner, shown in (
        ("", {"Mine", "Theirs", "Orphan"}),
        (senior.pk, {"Mine"}),
        ("nobody", {"Orphan"}),
        ("junk", set()),
    ):
        page = html(client, f"{url}?owner={owner}")
        assert {title for title in ("Mine", "Theirs", "Orphan") if f">{title}</a>" in page} == shown
        assert f'Past review <span class="concerns-count">{len(shown)}</span>' in page


def test_many_findings_are_shown_page_by_page(client, senior, monkeypatch):
    monkeypatch.setattr("manuals.staying_true_views.PER_PAGE", 2)
    for n in range(3):
        make_policy(title=f"Late {n}", code=f"CS-1{n:02}", review_by=date(2020, 1, 1 + n))
    url = "/admin/reports/staying-true/past-review/"
    assert "Late 2" not in html(client, url)
    assert "Late 2" in html(client, f"{url}?p=2")


@pytest.mark.parametrize("concern", CONCERNS, ids=lambda concern: concern.key)
def test_every_part_can_be_downloaded(client, senior, concern):
    link = ("markdown", f"See [it](/none/). {HARD * 6}")
    policy = make_policy(title="=1+1", review_by=date(2020, 1, 1), body=[section("a", "A", link), section("b", "B")])
    make_answer(sections=(Section.objects.get(page=policy, anchor="b"),))
    policy.body = [section("a", "A", link)]
    with standing_at(date(2025, 1, 1)):
        publish(policy)
    expected = len(list(concern.find(Library())))
    response = client.get(f"/admin/reports/staying-true/{concern.key}.csv")
    rows = list(csv.DictReader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))
    names = [row["Page"] for row in rows if row.get("Page")]
    assert expected >= 1
    assert len(names) >= expected
    assert "=1+1" not in names
    assert client.get(f"/admin/reports/staying-true/{concern.key}.xlsx").status_code == 200
    assert client.get(f"/admin/reports/staying-true/{concern.key}.pdf").status_code == 404


def test_a_download_has_the_pages_of_the_owner_that_was_chosen(client, senior):
    make_policy(title="Mine", code="CS-1001", owner=senior, review_by=date(2020, 1, 1))
    make_policy(title="Orphan", code="CS-1002", review_by=date(2020, 1, 1))
    response = client.get(f"/admin/reports/staying-true/past-review.csv?owner={senior.pk}")
    text = b"".join(response.streaming_content).decode()
    assert "Mine" in text and "Orphan" not in text


# What it costs


def fill(count: int, start: int) -> None:
    """Add that many pages of each kind, with something wrong of each kind."""
    for n in range(start, start + count):
        block = ("markdown", f"[a](/none-{n}/) [b](#x{n}) [c](/documents/{n}/x.pdf) {HARD * 5}")
        policy = make_policy(
            title=f"Policy {n}",
            code=f"PP-{n:04}",
            review_by=date(2020, 1, 1),
            owner=UserFactory(is_active=False),
            body=[section(f"s{n}", "S", block), section("gone", "Gone")],
        )
        gone = Section.objects.get(page=policy, anchor="gone")
        make_answer(title=f"Question {n}?", sections=(gone,))
        make_chapter(make_manual(title=f"Manual {n}"), body=[section("a", "A", ("policy", {"section": gone.pk}))])
        policy.body = [section(f"s{n}", "S", block)]
        publish(policy)


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_report_asks_the_same_number_of_queries_however_many_pages_there_are(client, senior):
    url = "/admin/reports/staying-true/links/"
    client.get(url)
    fill(2, 1)
    first, again = queries(client, url), queries(client, url)
    fill(10, 20)
    assert (queries(client, url), queries(client, url)) == (first, again)
    # What was read once is not read again: one query less for each type of page that has text.
    assert first - again == 4
    fill(1, 50)
    assert queries(client, url) == first


def test_a_page_is_read_again_only_once_it_is_published(django_assert_num_queries):
    policy = make_policy()
    pages = [make_policy(title=f"Policy {n}", code=f"PP-{n:04}") for n in range(3)]
    digests.of([policy, *pages])
    with django_assert_num_queries(0):
        digests.of([policy, *pages])
    policy.rule = "It is [[$9.00]] now."
    fresh = publish(policy)
    with django_assert_num_queries(1):
        found = digests.of([fresh, *pages])
    assert found[policy.pk].sample_values == ("$9.00",)
