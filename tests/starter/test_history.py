"""The sample city's policies have changed over more than a year, and one will change again."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from manuals import editions, sections, verifying
from manuals.exchange import pages
from manuals.exchange.references import References
from manuals.models import AnswerPage, ChapterPage, Edition, EditionKind, PolicyPage, Section
from portal.people.models import User
from portal.starter import history_loading, loading
from quizzes.models import Question

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _history(django_db_setup, django_db_blocker):
    """The library with its history, loaded once for this module and taken back after it."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        yield loading.load()
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def summary(_history, db):
    return _history


@pytest.fixture
def on(summary):
    """A function that returns a page of the library as it stood on a day."""

    def as_it_stood(slug: str, day: str) -> PolicyPage | AnswerPage:
        page = (PolicyPage.objects.filter(slug=slug).first()) or AnswerPage.objects.get(slug=slug)
        return editions.as_page(Edition.objects.of(page.pk).in_force(date.fromisoformat(day)).get())

    return as_it_stood


def by_page(model) -> dict[str, list[Edition]]:
    return {page.slug: list(Edition.objects.of(page.pk)) for page in model.objects.all()}


def numbers(model, slug: str) -> list[str]:
    return [edition.number for edition in by_page(model)[slug]]


def section_text(page, anchor: str) -> str:
    return sections.text_of(next(block for block in page.body if block.id == anchor))


def test_six_policies_have_three_editions_or_more_over_more_than_a_year(summary):
    many = {slug: found for slug, found in by_page(PolicyPage).items() if len(found) >= 3}
    assert len(many) == 6
    days = [edition.effective_from for found in many.values() for edition in found if not edition.is_future]
    assert max(days) - min(days) >= timedelta(days=365)
    assert len({(day.year, day.month) for day in days}) >= 12
    for found in many.values():
        assert [edition.effective_from for edition in found] == sorted({edition.effective_from for edition in found})


def test_majors_raise_the_first_number_and_minors_the_second(summary):
    assert numbers(PolicyPage, "customer-deposits") == ["1", "2", "2.1", "3"]
    assert numbers(PolicyPage, "payment-arrangements") == ["1", "2", "2.1", "3"]
    assert numbers(PolicyPage, "penalties-and-waivers") == ["1", "1.1", "2"]
    assert numbers(AnswerPage, "deposit-required") == ["1", "2", "3"]


def test_every_edition_of_a_policy_is_in_force_from_the_day_that_the_policy_says(summary):
    for found in by_page(PolicyPage).values():
        for edition in found:
            assert edition.values["effective_date"] == edition.effective_from.isoformat(), edition


def test_every_edition_says_what_changed_was_written_by_the_senior_and_approved_by_the_supervisor(summary):
    senior, supervisor = User.objects.get(username="senior"), User.objects.get(username="supervisor")
    for edition in Edition.objects.all():
        assert edition.summary, edition
        assert (edition.writer, edition.approver) == (senior, supervisor), edition


def test_sections_keep_their_addresses_and_some_come_and_go(summary):
    deposits = PolicyPage.objects.get(slug="customer-deposits")
    _, second, minor, third = by_page(PolicyPage)["customer-deposits"]
    assert (second.added, second.removed) == (["paying-in-two-parts"], ["a-guarantor-instead"])
    assert minor.changed == ["when-it-is-waived", "documents-to-open-an-account"]
    assert third.changed == ["amount-of-the-deposit", "when-it-comes-back"]
    retired = Section.objects.filter(page=deposits, retired=True)
    assert [section.anchor for section in retired] == ["a-guarantor-instead"]
    for policy in PolicyPage.objects.all():
        standing = Section.objects.filter(page=policy, retired=False)
        assert [section.anchor for section in standing] == [block.id for block in policy.body], policy.slug


def test_a_day_gets_the_figures_of_that_day(on):
    for day, deposit in (("2025-02-01", "100"), ("2025-12-24", "125"), ("2026-03-01", "125"), ("2026-07-01", "150")):
        assert f"[[${deposit}.00]]" in on("customer-deposits", day).rule, day
        assert f"${deposit}.00" in section_text(on("customer-deposits", day), "amount-of-the-deposit"), day
        answer = on("deposit-required", day)
        for text in (answer.short_answer, answer.short_answer_es, answer.script_en, answer.script_es):
            assert f"[[${deposit}.00]]" in text, day
    assert "[[10%]]" in on("penalties-and-waivers", "2025-09-30").rule
    assert "[[5%]]" in on("penalties-and-waivers", "2025-10-01").rule
    assert "[[3 days]]" in on("due-date-and-late-fee", "2025-09-30").script_en
    assert "[[25%]]" in on("payment-arrangements", "2026-03-01").rule
    assert "[[40%]]" in on("payment-arrangements", "2025-08-01").rule
    assert "$25.00" in section_text(on("delinquency-and-disconnection", "2026-01-31"), "restoration-and-fees")
    assert "$25.00" not in section_text(on("delinquency-and-disconnection", "2026-02-01"), "restoration-and-fees")
    assert "[[$25.00]]" in on("reconnection-fee", "2026-01-31").script_es
    assert "[[$30.00]]" in on("bank-drafts-and-returned-items", "2025-12-01").rule


def test_no_answer_was_in_force_before_the_policies_it_rests_on_were(summary):
    days = {slug: found[0].effective_from for slug, found in by_page(AnswerPage).items()}
    assert days["after-hours-reconnection"] == date(2026, 5, 1)
    assert days["speak-to-supervisor"] <= timezone.localdate()
    for answer in AnswerPage.objects.all():
        first = Edition.objects.of(answer.pk).first()
        for section in Section.objects.filter(pk__in=first.values["policy_sections"]):
            assert Edition.objects.of(section.page_id).in_force(first.effective_from).exists(), answer.slug


def test_one_policy_and_its_answer_change_on_a_first_of_a_month_to_come(summary):
    planned = [edition for edition in Edition.objects.standing() if edition.is_future]
    pages = {PolicyPage.objects.get(slug="hydrant-meters"), AnswerPage.objects.get(slug="rent-hydrant-meter")}
    assert {edition.page_id for edition in planned} == {page.pk for page in pages}
    for edition in planned:
        assert (edition.number, edition.kind) == ("3", EditionKind.MAJOR)
        assert edition.effective_from.day == 1
        assert edition.effective_from >= timezone.localdate() + timedelta(days=30)
    for page in pages:
        assert page.live
        assert page.edition.number == "2"
        assert page.coming_edition.number == "3"
        assert timezone.localdate(page.scheduled_revision.approved_go_live_at) == page.coming_edition.effective_from


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 27), date(2027, 1, 1)),
        (date(2026, 12, 2), date(2027, 1, 1)),
        (date(2026, 12, 3), date(2027, 2, 1)),
        (date(2028, 1, 31), date(2028, 3, 1)),
        (date(2027, 1, 1), date(2027, 2, 1)),
    ],
)
def test_what_is_planned_is_at_least_thirty_days_away(today, expected):
    assert history_loading.first_of_a_month(today) == expected


def test_days_that_are_still_to_come_on_the_calendar_of_this_machine_are_today(db):
    lines = list(history_loading._lines(date(2025, 8, 15)))
    past = [line for line in lines if not line.is_planned]
    assert max(line.since for line in past) == date(2025, 8, 15)
    assert min(line.since for line in past) == date(2025, 1, 1)
    assert {line.since for line in lines if line.is_planned} == {date(2025, 10, 1)}


def test_eight_policies_must_be_acknowledged_and_nothing_else(summary):
    everyone = {"csr_1", "csr_2", "senior", "supervisor"}
    wanted = {
        "customer-identity-and-privacy": (everyone, 5),
        "cash-handling-and-daily-deposit": (everyone, 5),
        "delinquency-and-disconnection": ({"csr_1", "csr_2", "senior"}, 5),
        "payment-arrangements": ({"csr_1", "csr_2", "senior"}, 10),
        "refunds-and-adjustments": ({"csr_2", "senior", "supervisor"}, 10),
        "bank-drafts-and-returned-items": ({"csr_2", "senior"}, 10),
        "hydrant-status-notification": ({"csr_2", "senior"}, 10),
        "line-locates": ({"csr_2", "senior"}, 10),
    }
    today = timezone.localdate()
    in_force = Edition.objects.in_force(today).exclude(requires=[])
    slugs = dict(PolicyPage.objects.values_list("pk", "slug"))
    assert {slugs[one.page_id]: (set(one.asks), one.within_days) for one in in_force} == wanted
    for model in (ChapterPage, AnswerPage):
        assert not model.objects.exclude(acknowledged_by=None).exists()


def test_the_record_is_as_it_was_written_and_no_question_is_to_be_checked(summary, capsys):
    assert list(verifying.breaks()) == []
    call_command("verify_editions")
    assert f"{Edition.objects.count()} editions are as they were written." in capsys.readouterr().out
    assert Question.objects.exists()
    assert not Question.objects.filter(needs_check=True).exists()


def test_the_summary_counts_pages_with_a_history_as_added_and_the_portal_is_not_empty_after_it(summary):
    assert (len(summary.created), summary.changed, summary.unchanged) == (173, [], [])
    assert not loading.is_empty()


def test_loading_again_brings_no_history_and_changes_nothing(summary):
    counted = (Edition, Revision, Section)
    before = [model.objects.count() for model in counted]
    again = loading.load()
    assert (again.created, again.changed, len(again.unchanged)) == ([], [], 173)
    assert [model.objects.count() for model in counted] == before


def test_a_page_that_was_taken_away_comes_back_with_its_history(summary):
    AnswerPage.objects.get(slug="reconnection-fee").delete()
    again = loading.load()
    assert again.created == ["answers/reconnection-fee.md"]
    assert numbers(AnswerPage, "reconnection-fee") == ["1", "2"]
    assert list(verifying.breaks()) == []


def test_a_history_with_an_error_loads_nothing_and_is_named(summary, monkeypatch, tmp_path):
    AnswerPage.objects.get(slug="reconnection-fee").delete()
    folder = tmp_path / "history"
    page = folder / "answers" / "reconnection-fee"
    page.mkdir(parents=True)
    text = (history_loading.HISTORY / "answers/reconnection-fee/2025-06-01.md").read_text()
    (page / "2025-06-01.md").write_text(text.replace("title:", "titel:"))
    (folder / "history.yaml").write_text(
        "answers/reconnection-fee.md:\n  - from: 2025-06-01\n    summary: Follows policy CS-103.\n"
    )
    monkeypatch.setattr(history_loading, "HISTORY", folder)
    with pytest.raises(loading.LoadingError, match=r"history/answers/reconnection-fee/2025-06-01\.md, line 2: “titel”"):
        loading.load()


def test_every_text_is_whole_and_in_the_form_of_the_exporter(summary):
    known = pages.Known(References())
    for path in history_loading.HISTORY.rglob("*.md"):
        page = (PolicyPage if path.parent.parent.name == "policies" else AnswerPage).objects.get(slug=path.parent.name)
        found = Edition.objects.of(page.pk).select_related("revision")
        edition = found.last() if path.stem == "planned" else found.get(effective_from=path.stem)
        # The day stands in the file's name.
        written = re.sub(r"^effective_date: .*\n", "", pages.write(edition.revision.as_object(), known), flags=re.M)
        assert written == path.read_text(), path
