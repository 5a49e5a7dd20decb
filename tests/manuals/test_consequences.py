"""What a change sets off: told before, and afterwards how far it has got."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from manuals import acknowledging, consequences, editions, intended, resting
from manuals.models import AcknowledgementSettings, Edition, Exemption, Method, ReadAs, Verification
from portal.people.positions import Position
from quizzes.models import Question
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import rewrite, true_false

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy():
    return make_policy(body=[section("amount", "Amount"), section("refund", "Refund")])


@pytest.fixture
def owner():
    return UserFactory(position=Position.SENIOR, last_name="Keeper")


def about(page, anchor):
    return page.sections.get(anchor=anchor)


def with_text(text):
    return [section("amount", "Amount", ("markdown", text)), section("refund", "Refund")]


def change(page, kind="major", concerns=(), **fields):
    """Publish a page with other values, and return the edition."""
    page = type(page).objects.get(pk=page.pk)
    page.change_kind, page.change_summary = kind, "It is another amount."
    page.change_concerns = list(concerns)
    for name, value in fields.items():
        setattr(page, name, value)
    publish(page)
    return page.editions.order_by("sequence").last()


def effects(edition):
    return {effect.key: effect for effect in consequences.of(edition.page.specific, edition)}


def titles(items):
    return [item.title for item in items]


def require(page, *positions):
    page.acknowledged_by = list(Group.objects.filter(name__in=[position.label for position in positions]))
    return publish(page)


# ---- Answers


def test_answers_that_rest_on_a_changed_section_are_listed_for_their_owners(policy, owner):
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    make_answer("Who keeps this?", sections=(about(policy, "amount"),))
    make_answer("When does it come back?", sections=(about(policy, "refund"),), owner=owner)
    effect = effects(change(policy, body=with_text("[[$175.00]]")))["answers"]
    assert [(item.title, item.owner, item.note) for item in effect.items] == [
        ("How much is it?", str(owner), ""),
        ("Who keeps this?", "", "It has no owner."),
    ]
    assert effect.label == "2 answers"
    assert effect.done == []


def test_an_answer_resting_on_a_section_that_is_gone_is_listed(policy):
    make_answer("When does it come back?", sections=(about(policy, "refund"),))
    effect = effects(change(policy, body=[section("amount", "Amount")]))["answers"]
    assert titles(effect.items) == ["When does it come back?"]


def test_a_changed_rule_touches_every_answer_that_rests_on_the_policy(policy, owner):
    make_answer("When does it come back?", sections=(about(policy, "refund"),), owner=owner)
    make_answer("What are the hours?", owner=owner)
    assert titles(effects(change(policy, rule="Pay [[$175.00]]."))["answers"].items) == ["When does it come back?"]
    assert titles(resting.waiting_for(owner)) == ["When does it come back?"]


def test_a_policy_that_is_taken_down_touches_the_answers_that_rest_on_it(policy, owner):
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    policy.unpublish()
    assert titles(effects(policy.editions.last())["answers"].items) == ["How much is it?"]
    assert titles(resting.waiting_for(owner)) == ["How much is it?"]


@pytest.mark.parametrize("kind", ["minor", ""])
def test_a_minor_change_sets_nothing_off(policy, owner, kind):
    UserFactory()
    require(policy, Position.CSR_1)
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    true_false("The amount", section=about(policy, "amount"))
    assert effects(change(policy, kind=kind, body=with_text("[[$175.00]]"), rule="Said otherwise.")) == {}
    assert resting.waiting_for(owner) == []


def verify(answer):
    Verification.objects.create(page=answer, person=answer.owner)


def rewrite_answer(answer):
    answer.short_answer = f"{answer.short_answer} Always."
    publish(answer)


@pytest.mark.parametrize("look", [verify, rewrite_answer])
def test_an_answer_is_looked_at_once_it_was_verified_or_published_after_the_change(policy, owner, look):
    answer = make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    look(answer)
    edition = change(policy, body=with_text("[[$175.00]]"))
    assert titles(effects(edition)["answers"].waiting) == ["How much is it?"]
    assert titles(resting.waiting_for(owner)) == ["How much is it?"]
    look(answer)
    assert titles(effects(edition)["answers"].done) == ["How much is it?"]
    assert resting.waiting_for(owner) == []
    change(policy, body=with_text("[[$200.00]]"))
    assert titles(resting.waiting_for(owner)) == ["How much is it?"]


def test_an_answer_waits_for_nobody_but_its_owner_and_not_before_it_is_published(policy, owner):
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner).unpublish()
    make_answer("Is it more?", sections=(about(policy, "amount"),), owner=UserFactory(position=Position.SENIOR))
    edition = change(policy, body=with_text("[[$175.00]]"))
    assert resting.waiting_for(owner) == []
    assert titles(effects(edition)["answers"].items) == ["Is it more?"]


def test_an_answer_written_after_the_change_need_not_be_looked_at(policy, owner):
    change(policy, body=with_text("[[$175.00]]"))
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    assert resting.waiting_for(owner) == []


def test_answers_wait_on_the_desk_of_their_owner(client, policy, owner):
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    change(policy, body=with_text("[[$175.00]]"))
    for person, waits in ((owner, True), (UserFactory(position=Position.SENIOR), False)):
        client.force_login(person)
        assert ("Answers to look at after a change of policy" in client.get("/").content.decode()) is waits


def test_what_waits_for_an_owner_is_told_in_a_fixed_number_of_queries(policy, owner, django_assert_num_queries):
    for number in range(2):
        make_answer(f"How much, {number}?", sections=(about(policy, "amount"),), owner=owner)
    change(policy, body=with_text("[[$175.00]]"))
    with django_assert_num_queries(5):
        assert len(resting.waiting_for(owner)) == 2
    for number in range(2, 9):
        make_answer(f"How much, {number}?", sections=(about(policy, "amount"),), owner=owner)
        change(policy, body=with_text(f"[[${number}.00]]"))
    with django_assert_num_queries(5):
        assert len(resting.waiting_for(owner)) == 9


# ---- Questions


def test_questions_about_changed_sections_are_done_once_somebody_checked_them(policy):
    amount = true_false("The amount", section=about(policy, "amount"))
    true_false("Asked no more", section=about(policy, "amount"), retired=True)
    true_false("The refund", section=about(policy, "refund"))
    edition = change(policy, body=with_text("[[$175.00]]"))
    assert titles(effects(edition)["questions"].waiting) == ["The amount"]
    rewrite(Question.objects.get(pk=amount.pk), needs_check=False)
    assert titles(effects(edition)["questions"].done) == ["The amount"]


# ---- People


def test_people_whom_the_edition_asks_are_done_once_they_acknowledged(policy):
    csr, other = UserFactory(last_name="First"), UserFactory(last_name="Second")
    UserFactory(position=Position.CSR_2)
    UserFactory(is_active=False)
    exempt = UserFactory(last_name="Exempt")
    Exemption.objects.create(person=exempt, page=policy, reason="On leave.", granted_by=csr)
    AcknowledgementSettings.load()
    require(policy, Position.CSR_1, Position.CSR_2)
    edition = change(policy, body=with_text("[[$175.00]]"), concerns=[Group.objects.get(name=Position.CSR_1.label)])
    assert titles(effects(edition)["people"].waiting) == [f"{csr}, CSR I", f"{other}, CSR I"]
    acknowledging.record(csr, edition, method=Method.PASSWORD, read_as=ReadAs.DIFFERENCE, since=None)
    assert titles(effects(edition)["people"].done) == [f"{csr}, CSR I"]


def test_a_minor_change_asks_people_of_whom_it_was_not_required_before(policy):
    new = UserFactory(position=Position.CSR_2)
    UserFactory()
    require(policy, Position.CSR_1)
    policy.refresh_from_db()
    policy.acknowledged_by = list(Group.objects.filter(name__in=["CSR I", "CSR II"]))
    edition = change(publish(policy), kind="minor")
    assert titles(effects(edition)["people"].items) == [f"{new}, CSR II"]


# ---- Before and planned


def test_before_it_is_published_a_draft_tells_the_same_and_nothing_is_done(policy, owner):
    answer = make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    true_false("The amount", section=about(policy, "amount"))
    person = UserFactory()
    policy = require(policy, Position.CSR_1)
    policy.body = with_text("[[$175.00]]")
    policy.save_revision(user=owner)
    found = intended.of(policy)
    before = consequences.of(policy, found.edition("major"))
    assert [effect.label for effect in before] == ["1 question", "1 answer", "1 person"]
    assert all(effect.done == [] for effect in before)
    minutes = found.edition("major").minutes
    assert consequences.in_words(before, minutes) == "1 question, 1 answer, 1 person, about 1 minute each"
    assert consequences.of(policy, found.edition("minor")) == []
    after = consequences.of(policy, change(policy, body=with_text("[[$175.00]]")))
    assert [titles(effect.items) for effect in after] == [titles(effect.items) for effect in before]
    assert titles(after[2].items) == [f"{person}, CSR I"]
    assert answer.title in titles(after[1].items)


def test_a_planned_edition_sets_off_when_it_is_planned_and_no_more_once_withdrawn(policy, owner):
    make_answer("How much is it?", sections=(about(policy, "amount"),), owner=owner)
    edition = change(policy, body=with_text("[[$175.00]]"), go_live_at=timezone.now() + timedelta(days=20))
    assert edition.is_future
    assert titles(resting.waiting_for(owner)) == ["How much is it?"]
    editions.withdraw(edition, "Called off.", owner)
    assert resting.waiting_for(owner) == []


def test_a_consequence_that_another_app_registers_is_told_too(policy, monkeypatch):
    class Posters:
        key, order, heading, done_word = "posters", 50, "Posters to print", "printed"

        def label(self, count):
            return consequences.counted(count, "poster", "posters")

        def touched(self, page, anchors, edition=None):
            return [consequences.Touched(anchor) for anchor in sorted(anchors)]

    monkeypatch.setattr(consequences, "_registered", {**consequences._registered})
    consequences.register(Posters())
    edition = change(policy, body=[section("amount", "Amount", ("markdown", "More."))])
    assert titles(effects(edition)["posters"].items) == ["amount", "refund"]
    assert effects(edition)["posters"].label == "2 posters"


# ---- How far it has got


@pytest.fixture
def senior(client):
    person = UserFactory(position=Position.SENIOR)
    client.force_login(person)
    return person


def test_the_report_lists_what_set_something_off_and_nothing_else(client, senior, policy):
    make_chapter(make_manual())
    change(policy, kind="minor", rule="Worded otherwise.")
    html = client.get(reverse("editions_set_off")).content.decode()
    assert "No edition has set anything off yet" in html
    edition = change(policy, rule="Another.")
    html = client.get(reverse("editions_set_off")).content.decode()
    assert str(edition) in html
    assert "It is another amount." in html
    assert html.count("Customer deposits, edition") == 1


def test_one_page_shows_how_far_it_has_got(client, senior, policy):
    for number in range(4):
        true_false(f"The amount {number}", section=about(policy, "amount"))
    answer = make_answer("How much is it?", sections=(about(policy, "amount"),), owner=senior)
    edition = change(policy, body=with_text("[[$175.00]]"))
    Question.objects.exclude(name="The amount 2").update(needs_check=False)
    html = client.get(reverse("edition_set_off", args=[edition.pk])).content.decode()
    assert "3 of 4 checked" in html
    assert "0 of 1 looked at" in html
    assert reverse("wagtailadmin_pages:edit", args=[answer.pk]) in html
    assert f"owner: {senior}" in html
    assert html.index("Waiting") < html.index("The amount 2") < html.index("The amount 0")


def test_the_page_of_an_edition_asks_the_same_number_of_queries_however_much_it_set_off(
    client, senior, policy, django_assert_max_num_queries
):
    def more(numbers):
        for number in numbers:
            UserFactory()
            true_false(f"The amount {number}", section=about(policy, "amount"))
            make_answer(f"How much, {number}?", sections=(about(policy, "amount"),), owner=UserFactory())

    more(range(2))
    policy = require(policy, Position.CSR_1)
    edition = change(policy, body=with_text("[[$175.00]]"))
    url = reverse("edition_set_off", args=[edition.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    more(range(2, 12))
    with django_assert_max_num_queries(len(few)):
        html = client.get(url).content.decode()
    assert "of 12 looked at" in html


def test_what_is_set_off_is_shown_to_those_who_write_alone(client, policy):
    edition = change(policy, rule="Another.")
    client.force_login(UserFactory())
    for url in (reverse("editions_set_off"), reverse("edition_set_off", args=[edition.pk])):
        assert client.get(url).status_code in (302, 403)


def test_of_a_page_that_is_gone_the_edition_still_opens(client, senior, policy):
    change(policy, rule="Another.")
    policy.delete()
    repeal = Edition.objects.of(policy.pk).last()
    assert client.get(reverse("edition_set_off", args=[repeal.pk])).status_code == 200
