"""Publishing makes editions: which, with what number, from when."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page

from manuals import editions, tree
from manuals.models import Edition, EditionKind, PolicyPage, Withdrawal
from manuals.signals import edition_published
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

MARCH_1 = date(2026, 3, 1)


def change(page, kind="", summary="", **fields):
    """Publish a page with other values, stating what the author states."""
    page = type(page).objects.get(pk=page.pk)
    page.change_kind, page.change_summary = kind, summary
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def numbers(page):
    return [edition.number for edition in Edition.objects.of(page.pk)]


def test_a_chapter_a_policy_and_an_answer_have_a_first_edition_once_published():
    for page in (make_chapter(make_manual()), make_policy(), make_answer()):
        (edition,) = Edition.objects.of(page.pk)
        assert (edition.number, edition.kind, edition.title) == ("1", EditionKind.MAJOR, page.title)
        assert edition.revision == page.live_revision


def test_a_manual_has_none():
    manual = make_manual()
    assert not Edition.objects.of(manual.pk).exists()


def test_a_draft_makes_none():
    policy = make_policy()
    policy.rule = "Another rule."
    policy.save_revision()
    assert numbers(policy) == ["1"]


def test_a_major_raises_the_first_number_and_a_minor_the_second():
    policy = make_policy()
    for kind in ("minor", "minor", "major", "minor"):
        policy = change(policy, kind, "Said otherwise.", rule=f"{policy.rule} More.")
    assert numbers(policy) == ["1", "1.1", "1.2", "2", "2.1"]


def test_publishing_what_says_the_same_makes_no_edition():
    policy = make_policy(body=[section("steps", "Steps", ("procedure", {"title": "", "steps": ["Count.", "Sign."]}))])
    policy = change(policy, "major", "Nothing changed.", review_by=date(2027, 1, 1))
    change(policy)
    assert numbers(policy) == ["1"]


def test_an_edition_names_the_sections_that_changed_came_and_went():
    policy = make_policy(body=[section("amount", "Amount"), section("refund", "Refund"), section("who", "Who")])
    body = [section("amount", "Amount"), section("refund", "Refund of it"), section("waiver", "Waiver")]
    policy = change(policy, "major", "Refunds are explained.", body=body, rule="Another rule.")
    edition = Edition.objects.of(policy.pk).last()
    assert edition.changed == ["refund"]
    assert edition.added == ["waiver"]
    assert edition.removed == ["who"]
    assert edition.fields_changed == ["rule"]


def test_moving_a_section_is_a_change_of_no_section():
    policy = make_policy(body=[section("amount", "Amount"), section("refund", "Refund")])
    policy = change(policy, "minor", "", body=[section("refund", "Refund"), section("amount", "Amount")])
    edition = Edition.objects.of(policy.pk).last()
    assert edition.number == "1.1"
    assert edition.touched == set()


def test_the_words_of_an_edition_are_those_of_what_changed():
    policy = make_policy(body=[section("a", "First"), section("b", "Second", ("markdown", "One two three."))])
    body = [section("a", "First"), section("b", "Second", ("markdown", "One two three four."))]
    policy = change(policy, "minor", "", body=body)
    assert Edition.objects.of(policy.pk).last().words == 5


def test_what_the_author_stated_holds_for_one_edition():
    policy = make_policy()
    policy = change(policy, "major", "Deposits went up.", rule="More.")
    policy = PolicyPage.objects.get(pk=policy.pk)
    assert (policy.change_kind, policy.change_summary) == ("", "")
    policy.rule = "More than that."
    publish(policy)
    assert numbers(policy) == ["1", "2", "2.1"]


def test_an_edition_names_who_wrote_and_who_published_it():
    senior = UserFactory(position=Position.SENIOR, first_name="Dana", last_name="Whitfield", username="dana")
    supervisor = UserFactory(position=Position.SUPERVISOR, first_name="Terry", last_name="Okafor", username="terry")
    policy = make_policy()
    policy.rule = "Another rule."
    policy.save_revision(user=senior).publish(user=supervisor)
    edition = Edition.objects.of(policy.pk).last()
    assert (edition.writer, edition.approver) == (senior, supervisor)
    assert (edition.writer_name, edition.approver_name) == ("Dana Whitfield (dana)", "Terry Okafor (terry)")


def test_who_approved_in_review_is_who_approved_the_edition():
    senior = UserFactory(position=Position.SENIOR)
    supervisor = UserFactory(position=Position.SUPERVISOR)
    policy = make_policy()
    policy.rule = "Another rule."
    policy.save_revision(user=senior)
    state = policy.get_workflow().start(policy, senior)
    state.current_task_state.approve(user=supervisor)
    edition = Edition.objects.of(policy.pk).last()
    assert (edition.number, edition.writer, edition.approver) == ("1.1", senior, supervisor)


def test_a_policy_s_first_edition_is_in_force_since_the_policy_is():
    policy = make_policy(effective_date=date(2025, 7, 1))
    answer = make_answer()
    assert policy.edition.effective_from == date(2025, 7, 1)
    assert answer.edition.effective_from == timezone.localdate()


def test_a_scheduled_edition_is_planned_until_its_day_and_in_force_from_then_on():
    with standing_at(MARCH_1) as clock:
        policy = make_policy(effective_date=MARCH_1)
        policy.rule, policy.change_kind, policy.change_summary = "From April on.", "major", "New from April."
        policy.go_live_at = clock.morning_of(date(2026, 4, 1))
        policy.save_revision().publish()
        policy = PolicyPage.objects.get(pk=policy.pk)
        assert policy.edition.number == "1"
        assert policy.coming_edition.number == "2"
        assert policy.coming_edition.effective_from == date(2026, 4, 1)
        clock.wait(31)
        policy = PolicyPage.objects.get(pk=policy.pk)
        assert policy.rule == "From April on."
        assert policy.edition.number == "2"
        assert policy.coming_edition is None
        assert numbers(policy) == ["1", "2"]


def test_what_never_was_published_can_be_planned_too():
    with standing_at(MARCH_1) as clock:
        policy = PolicyPage(
            title="New", code="CS-190", rule="A rule.", source="Code", effective_date=date(2026, 3, 5),
            who_decides="A Supervisor.", body=[section("a", "A")], go_live_at=clock.morning_of(date(2026, 3, 5)),
        )  # fmt: skip
        tree.policy_index().add_child(instance=policy)
        policy.save_revision().publish()
        assert numbers(policy) == ["1"]
        assert PolicyPage.objects.get(pk=policy.pk).edition is None
        clock.wait(4)
        assert PolicyPage.objects.get(pk=policy.pk).edition.number == "1"


def test_a_cancelled_schedule_withdraws_the_planned_edition():
    policy = make_policy()
    policy.rule = "Another rule."
    policy.go_live_at = timezone.now() + timedelta(days=20)
    revision = policy.save_revision()
    revision.publish()
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    planned = Edition.objects.of(policy.pk).last()
    assert planned.withdrawal.reason == "The schedule was cancelled."
    assert not Edition.objects.of(policy.pk).standing().filter(pk=planned.pk).exists()


def test_publishing_something_else_withdraws_the_planned_edition_and_numbers_go_on():
    policy = make_policy()
    policy.rule, policy.change_kind, policy.change_summary = "In twenty days.", "major", "Soon."
    policy.go_live_at = timezone.now() + timedelta(days=20)
    policy.save_revision().publish()
    policy = change(policy, "minor", "", rule="A word mended.", go_live_at=None)
    policy = change(policy, "major", "Now indeed.", rule="At once.")
    assert numbers(policy) == ["1", "2", "1.1", "3"]
    assert [edition.number for edition in Edition.objects.of(policy.pk).standing()] == ["1", "1.1", "3"]


def test_an_edition_in_force_cannot_be_withdrawn():
    policy = make_policy()
    with pytest.raises(ValueError, match="is in force since"):
        editions.withdraw(policy.edition, "Changed our minds.", None)
    assert not Withdrawal.objects.exists()


def test_taking_a_page_down_is_an_edition_and_so_is_putting_it_up_again():
    policy = make_policy()
    policy.unpublish()
    repeal = Edition.objects.of(policy.pk).last()
    assert (repeal.number, repeal.kind, repeal.removed, repeal.content) == ("2", "repeal", ["amount"], "")
    publish(PolicyPage.objects.get(pk=policy.pk))
    again = Edition.objects.of(policy.pk).last()
    assert (again.number, again.kind, again.added) == ("3", "major", ["amount"])


def test_the_editions_of_a_deleted_page_stay_and_say_until_when_it_stood():
    policy = make_policy()
    key = policy.pk
    Page.objects.get(pk=key).delete()
    first, last = Edition.objects.of(key)
    assert first.title == "Customer deposits"
    assert last.is_repeal
    assert editions.as_page(first).body[0].value["heading"] == "Amount of the deposit"


def test_a_page_as_an_edition_has_it():
    policy = make_policy(rule="The old rule.", body=[section("amount", "Old heading")])
    old = policy.edition
    policy = change(policy, "major", "New.", rule="The new rule.", body=[section("amount", "New heading")])
    page = editions.as_page(old, policy)
    assert (page.rule, page.body[0].value["heading"], page.url) == ("The old rule.", "Old heading", policy.url)


def test_the_steps_and_cases_of_an_edition_read_as_the_page_shows_them():
    step = {"type": "item", "value": "Take the key.", "id": "a"}
    case = {"type": "item", "value": {"condition": "It agrees", "action": "Sign it."}, "id": "b"}
    blocks = [
        ("procedure", {"title": "", "steps": [step]}),
        ("decision", {"question": "Does it agree?", "cases": [case, {**case, "id": "c"}]}),
    ]
    policy = make_policy(body=[section("open", "Opening", *blocks)])
    shown = editions.as_page(policy.edition, policy)
    assert str(shown.body[0]) == str(PolicyPage.objects.get(pk=policy.pk).body[0])


def test_an_answer_as_an_edition_has_it_rests_on_the_sections_it_rested_on():
    policy = make_policy()
    first = policy.sections.get()
    answer = make_answer(sections=(first,))
    old = answer.edition
    answer.policy_sections = []
    answer = publish(answer)
    assert Edition.objects.of(answer.pk).last().fields_changed == ["policy_sections"]
    page = editions.as_page(old, answer)
    assert [link.section for link in page.policy_sections.all()] == [first]
    assert page.script_es == answer.script_es


def test_pages_from_before_there_were_editions_get_their_first_one_at_set_up():
    policy = make_policy()
    from tests.conftest import lift_append_only

    lift_append_only()
    Edition.objects.all().delete()
    call_command("setup_portal")
    call_command("setup_portal")
    assert numbers(policy) == ["1"]


def test_history_can_be_brought_in_but_not_behind_what_is_in_force():
    policy = make_policy(effective_date=date(2025, 1, 1))
    with editions.effective_from(date(2025, 6, 1)):
        policy = change(policy, "major", "Raised.", rule="Raised in June.")
    assert Edition.objects.of(policy.pk).in_force(date(2025, 5, 31)).get().number == "1"
    assert Edition.objects.of(policy.pk).in_force(date(2025, 6, 1)).get().number == "2"
    refused = pytest.raises(editions.BackdatingRefused, match="Edition 2 is in force from 2025-06-01")
    with refused, editions.effective_from(date(2025, 3, 1)):
        change(policy, "major", "Too late.", rule="Raised in March.")


def test_apps_above_are_told_of_the_edition_and_the_sections_that_are_not_as_they_were():
    heard = []

    def hear(sender, page, edition, anchors, **kwargs):
        heard.append((sender, page.pk, edition.number, anchors))

    edition_published.connect(hear)
    try:
        policy = make_policy(body=[section("a", "A"), section("b", "B")])
        change(policy, "major", "New.", body=[section("a", "A anew"), section("c", "C")])
    finally:
        edition_published.disconnect(hear)
    assert heard == [(PolicyPage, policy.pk, "1", set()), (PolicyPage, policy.pk, "2", {"a", "b"})]


def test_who_must_acknowledge_is_stated_by_the_edition():
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)], acknowledge_within=3)
    first = policy.edition
    assert (first.requires, first.asks, first.within_days) == (["csr_1"], ["csr_1"], 3)
    policy = change(policy, "minor", "", rule="A word mended.")
    assert policy.edition.asks == []
    both = [group_for(Position.CSR_1), group_for(Position.CSR_2)]
    policy = change(policy, acknowledged_by=both)
    assert (policy.edition.number, policy.edition.requires, policy.edition.asks) == (
        "1.2",
        ["csr_1", "csr_2"],
        ["csr_2"],
    )
    policy = change(policy, "major", "For CSR II only.", rule="New.", change_concerns=[group_for(Position.CSR_2)])
    assert policy.edition.asks == ["csr_2"]
    policy = change(policy, "major", "For all.", rule="Newer.")
    assert policy.edition.asks == ["csr_1", "csr_2"]


def test_recording_takes_as_many_queries_for_many_sections_as_for_few(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for code, number in (("CS-111", 2), ("CS-112", 40)):
        policy = make_policy(f"Policy {code}", code, body=[section(f"s{n}", f"Section {n}") for n in range(number)])
        policy.body = [section(f"s{n}", f"Another {n}") for n in range(number)]
        revision = policy.save_revision()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editions.record(revision)
        counts.append(len(queries))
    assert counts[0] == counts[1]
