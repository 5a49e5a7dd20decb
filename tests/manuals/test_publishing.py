"""The author's way to publish a change: what it sets off is seen before, what is stated goes into the edition."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from manuals import intended
from manuals.models import Edition, EditionKind, PolicyPage
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import true_false

pytestmark = pytest.mark.django_db

NEW_RULE = "New customers pay a deposit of [[$175.00]]."


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR, last_name="Approver")
    client.force_login(person)
    return person


@pytest.fixture
def senior():
    return UserFactory(position=Position.SENIOR, last_name="Writer")


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def screen(page):
    return reverse("publish_edition", args=[page.pk])


def typed(policy, *, action="publish", groups=(), concerns=(), **changes):
    """Return what the editor sends of a policy."""
    body = [("section", {"heading": "Amount of the deposit", "content": streamfield([("markdown", "Twice.")])})]
    data = nested_form_data(
        {
            "title": policy.title,
            "slug": policy.slug,
            "code": policy.code,
            "rule": policy.rule,
            "source": policy.source,
            "effective_date": policy.effective_date,
            "who_decides": policy.who_decides,
            "body": streamfield(body),
            "comments": inline_formset([]),
            **changes,
        }
    )
    data["body-0-id"] = "amount"
    data["acknowledged_by"] = [group.pk for group in groups]
    data["change_concerns"] = [group.pk for group in concerns]
    return {**data, f"action-{action}": "1"} if action else data


def drafted(policy, by, **fields):
    """Save a draft of a page with other values, and return the page as it is."""
    page = type(policy).objects.get(pk=policy.pk)
    for name, value in {"rule": NEW_RULE, **fields}.items():
        setattr(page, name, value)
    page.save_revision(user=by)
    return type(policy).objects.get(pk=policy.pk)


def requiring(policy, *positions):
    policy.acknowledged_by = [group_for(position) for position in positions]
    return publish(policy)


def stated(page, kind="major", summary="The deposit is higher.", **more):
    return {"kind": kind, "summary": summary, "stamp": intended.of(page).stamp, **more}


def numbers(page):
    return [edition.number for edition in Edition.objects.of(page.pk)]


# ---- From the editor


def test_a_first_publishing_goes_straight_to_the_readers(client, supervisor):
    policy = make_policy()
    policy.unpublish()
    Page.objects.filter(pk=policy.pk).update(draft_title="Never mind")
    response = client.post(edit_url(policy), typed(policy))
    assert response.url == reverse("wagtailadmin_explore", args=[policy.get_parent().pk])
    policy.refresh_from_db()
    assert policy.live


def test_publishing_a_page_as_it_is_goes_straight_through(client, supervisor):
    answer = make_answer()
    data = nested_form_data(
        {
            **{name: getattr(answer, name) for name in ("title", "slug", "short_answer", "script_en")},
            **{name: getattr(answer, name) for name in ("question_es", "short_answer_es", "script_es")},
            # Browsers end lines so.
            "script_en": answer.script_en.replace("\n", "\r\n"),
            "steps": streamfield([("step", "Verify the caller.")]),
            "also_asked_as": inline_formset([{"text": "Deposit?"}]),
            "policy_sections": inline_formset([]),
            "comments": inline_formset([]),
            "action-publish": "1",
        }
    )
    response = client.post(edit_url(answer), data)
    assert response.url == reverse("wagtailadmin_explore", args=[answer.get_parent().pk])
    assert numbers(answer) == ["1"]
    assert answer.also_asked_as.count() == 1


def test_a_manual_is_published_without_the_screen(client, supervisor):
    manual = make_manual()
    make_chapter(manual)
    data = nested_form_data(
        {"title": manual.title, "slug": manual.slug, "introduction": "Anew.", "comments": inline_formset([])}
    )
    response = client.post(edit_url(manual), {**data, "action-publish": "1"})
    assert response.url == reverse("wagtailadmin_explore", args=[manual.get_parent().pk])
    assert client.get(screen(manual)).status_code == 404


def test_publishing_a_change_leads_to_the_screen_and_nothing_typed_is_lost(client, supervisor):
    policy = make_policy()
    response = client.post(edit_url(policy), typed(policy, rule=NEW_RULE))
    assert response.url == screen(policy)
    policy.refresh_from_db()
    assert "150" in policy.rule
    assert policy.get_latest_revision_as_object().rule == NEW_RULE
    assert numbers(policy) == ["1"]


def test_who_must_acknowledge_is_a_change_too(client, supervisor):
    policy = make_policy()
    policy.body = [section("amount", "Amount of the deposit", ("markdown", "Twice."))]
    policy = publish(policy)
    data = typed(policy, groups=[group_for(Position.CSR_1)])
    assert client.post(edit_url(policy), data).url == screen(policy)
    html = " ".join(client.get(screen(policy)).content.decode().split())
    assert "It must be acknowledged by CSR I from now on. Nobody had to before." in html


# ---- The screen


def test_the_screen_tells_what_changed_and_what_that_sets_off_before_anything_is_published(client, supervisor, senior):
    policy = make_policy()
    amount = policy.sections.get()
    make_answer("How much is it?", sections=(amount,), owner=senior)
    true_false("The amount", section=amount)
    true_false("The amount again", section=amount)
    for _ in range(3):
        UserFactory()
    policy = requiring(policy, Position.CSR_1)
    body = [section("amount", "Amount of the deposit", ("markdown", "Count it three times."))]
    policy = drafted(policy, senior, body=body)
    html = " ".join(client.get(screen(policy)).content.decode().split())
    assert "<strong>2 questions, 1 answer, 3 people, about 1 minute each</strong>" in html
    assert f"owner: {senior}" in html
    assert "3 people must read it again" in html
    assert "Minor: nobody" in html
    assert "It takes effect <strong>now</strong>" in html
    assert f"{senior} wrote it." in html
    assert "CSR I (3 people)" in html
    assert numbers(policy) == ["1", "1.1"]


def test_what_is_different_is_shown_with_its_marks(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    html = client.get(screen(policy)).content.decode()
    assert "<ins" in html
    assert "<del" in html
    assert "$175.00" in html


def test_no_kind_is_chosen_for_the_author(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    html = client.get(screen(policy)).content.decode()
    assert " checked" not in html.split("<form", 1)[1]
    response = client.post(screen(policy), stated(policy, kind=""))
    assert "Say whether people must read it again." in response.content.decode()
    assert numbers(policy) == ["1"]


def test_a_major_change_without_a_word_on_what_changed_is_refused(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    response = client.post(screen(policy), stated(policy, summary="  "))
    assert "Say in a sentence or two what changed." in response.content.decode()
    assert numbers(policy) == ["1"]
    assert client.post(screen(policy), stated(policy, kind="minor", summary="")).status_code == 302
    assert numbers(policy) == ["1", "1.1"]


def test_a_summary_that_is_too_long_is_refused(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    response = client.post(screen(policy), stated(policy, summary="word " * 101))
    assert "500 characters" in response.content.decode()
    assert numbers(policy) == ["1"]


def test_publishing_writes_the_statements_the_writer_and_the_approver_into_the_edition(client, supervisor, senior):
    policy = drafted(requiring(make_policy(), Position.CSR_1, Position.CSR_2), senior)
    response = client.post(screen(policy), stated(policy, concerns=["csr_2"]), follow=True)
    edition = Edition.objects.of(policy.pk).last()
    assert (edition.number, edition.kind, edition.summary) == ("2", EditionKind.MAJOR, "The deposit is higher.")
    assert (edition.writer, edition.approver) == (senior, supervisor)
    assert (edition.requires, edition.asks) == (["csr_1", "csr_2"], ["csr_2"])
    policy.refresh_from_db()
    assert policy.rule == NEW_RULE
    assert not policy.has_unpublished_changes
    html = response.content.decode()
    assert "Edition 2 of “Customer deposits” is published." in html
    assert reverse("edition_set_off", args=[edition.pk]) in html


def test_a_change_that_concerns_all_stays_one_for_whoever_comes_under_it_later(client, supervisor, senior):
    policy = drafted(requiring(make_policy(), Position.CSR_1, Position.CSR_2), senior)
    client.post(screen(policy), stated(policy, concerns=["csr_1", "csr_2"]))
    edition = Edition.objects.of(policy.pk).last()
    assert edition.asks == ["csr_1", "csr_2"]
    assert edition.revision.content["change_concerns"] == []


def test_a_major_change_that_concerns_nobody_is_refused(client, supervisor, senior):
    policy = drafted(requiring(make_policy(), Position.CSR_1), senior)
    response = client.post(screen(policy), stated(policy))
    assert "Tick whom it concerns." in response.content.decode()
    assert client.post(screen(policy), stated(policy, kind="minor")).status_code == 302


def test_what_the_draft_states_is_filled_in_and_names_the_edition_on_the_button(client, supervisor, senior):
    policy = requiring(make_policy(), Position.CSR_1, Position.CSR_2)
    stating = {"change_kind": "minor", "change_summary": "A comma.", "change_concerns": [group_for(Position.CSR_2)]}
    policy = drafted(policy, senior, **stating)
    response = client.get(screen(policy))
    assert response.context["form"].initial["concerns"] == ["csr_2"]
    html = response.content.decode()
    assert "A comma." in html
    assert ">Publish edition 1.2</button>" in html
    assert 'data-major="Publish edition 2"' in html


def test_a_draft_that_was_saved_in_between_is_not_published(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    data = stated(policy, summary="What I saw.")
    policy = drafted(policy, senior, rule="Something I never saw.")
    response = client.post(screen(policy), data)
    html = response.content.decode()
    assert "somebody has saved this page since you looked at it" in html
    assert "What I saw." in html
    assert "Something I never saw" in html
    assert numbers(policy) == ["1"]
    assert client.post(screen(policy), stated(policy)).status_code == 302
    assert numbers(policy) == ["1", "2"]


def test_a_draft_that_was_saved_over_is_not_published(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    data = stated(policy)
    draft = policy.get_latest_revision_as_object()
    draft.rule = "Saved over itself."
    draft.save_revision(user=senior, overwrite_revision=policy.latest_revision)
    client.post(screen(policy), data)
    assert numbers(policy) == ["1"]


def test_a_page_that_somebody_else_locked_is_not_published(client, supervisor, senior):
    policy = drafted(make_policy(), senior)
    Page.objects.filter(pk=policy.pk).update(locked=True, locked_by=senior, locked_at=timezone.now())
    response = client.post(screen(policy), stated(policy))
    assert "the page is locked by somebody else" in response.content.decode()
    assert numbers(policy) == ["1"]


def test_a_schedule_is_said_in_words_and_makes_a_planned_edition(client, supervisor, senior):
    day = timezone.now() + timedelta(days=20)
    in_words = formatted(timezone.localdate(day), "F j, Y")
    policy = drafted(make_policy(), senior, go_live_at=day, change_kind="major")
    html = client.get(screen(policy)).content.decode()
    assert f">Schedule edition 2 for {in_words}</button>" in html
    assert f"It takes effect on <strong>{in_words}</strong>" in " ".join(html.split())
    html = client.post(screen(policy), stated(policy), follow=True).content.decode()
    assert f"Edition 2 of “Customer deposits” is planned for {in_words}." in html
    policy = PolicyPage.objects.get(pk=policy.pk)
    assert (policy.edition.number, policy.coming_edition.number) == ("1", "2")
    assert policy.coming_edition.approver == supervisor
    html = client.get(screen(policy)).content.decode()
    assert f"This draft is planned as edition 2 for {in_words} already." in " ".join(html.split())
    assert '<button type="submit" class="button" data-major' not in html


def test_a_planned_edition_that_would_be_withdrawn_is_said_plainly(client, supervisor, senior):
    policy = drafted(make_policy(), senior, go_live_at=timezone.now() + timedelta(days=20))
    client.post(screen(policy), stated(policy))
    policy = drafted(policy, senior, rule="Sooner than that.", go_live_at=None, change_kind="")
    html = " ".join(client.get(screen(policy)).content.decode().split())
    assert "edition 2 is withdrawn and will not come into force" in html
    client.post(screen(policy), stated(policy))
    planned = Edition.objects.get(page=policy.pk, sequence=2)
    assert planned.withdrawal.by == supervisor
    assert PolicyPage.objects.get(pk=policy.pk).edition.number == "3"


def test_the_statements_are_blank_again_once_published(client, supervisor, senior):
    policy = drafted(requiring(make_policy(), Position.CSR_1, Position.CSR_2), senior)
    client.post(screen(policy), stated(policy, concerns=["csr_2"]))
    form = client.get(edit_url(policy)).context["form"]
    assert (form["change_kind"].value(), form["change_summary"].value()) == ("", "")
    assert list(form["change_concerns"].value()) == []


def test_a_draft_that_says_what_is_in_force_has_nothing_to_publish(client, supervisor):
    policy = make_policy()
    html = client.get(screen(policy)).content.decode()
    assert "The draft says what edition 1 says." in html
    policy.unpublish()
    assert "This page is not published." in client.get(screen(policy)).content.decode()


def test_an_author_sees_it_and_does_not_publish(client, senior):
    policy = drafted(make_policy(), senior)
    client.force_login(senior)
    html = client.get(screen(policy)).content.decode()
    assert "What it sets off" in html
    assert "A Supervisor publishes it" in html
    assert "stamp" not in html
    response = client.post(screen(policy), stated(policy))
    assert response.status_code in (302, 403)
    assert numbers(policy) == ["1"]


def test_an_agent_does_not_see_it(client, senior):
    policy = drafted(make_policy(), senior)
    client.force_login(UserFactory())
    assert client.get(screen(policy)).status_code in (302, 403)


def test_the_screen_asks_the_same_number_of_queries_however_much_is_set_off(client, supervisor, senior):
    policy = make_policy()
    amount = policy.sections.get()

    def more(numbers):
        for number in numbers:
            UserFactory()
            true_false(f"The amount {number}", section=amount)
            make_answer(f"How much, {number}?", sections=(amount,), owner=UserFactory())

    more(range(2))
    policy = requiring(policy, Position.CSR_1)
    body = [section("amount", "Amount of the deposit", ("markdown", "Count it three times."))]
    policy = drafted(policy, senior, body=body)
    client.get(screen(policy))
    with CaptureQueriesContext(connection) as few:
        client.get(screen(policy))
    more(range(2, 12))
    with CaptureQueriesContext(connection) as many:
        client.get(screen(policy))
    assert len(many) <= len(few)


# ---- In bulk


def test_pages_are_not_published_in_bulk_before_anyone_said_what_kind_of_change_it_is(client, supervisor, senior):
    one, other = (make_policy(f"Policy {number}", f"CS-20{number}") for number in (1, 2))
    drafted(one, senior)
    drafted(other, senior, change_kind="minor")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{url}?id={one.pk}&id={other.pk}", follow=True)
    assert "Policy 1: say what changed before it is published." in response.content.decode()
    assert (numbers(one), numbers(other)) == (["1"], ["1"])
    client.post(f"{url}?id={other.pk}")
    assert numbers(other) == ["1", "1.1"]


# ---- Through review


@pytest.fixture
def at_work(client, senior):
    client.force_login(senior)
    return senior


def test_a_change_that_goes_to_review_says_what_kind_it_is(client, at_work):
    policy = make_policy()
    response = client.post(edit_url(policy), typed(policy, action="submit", rule=NEW_RULE))
    assert "Say whether people must read it again." in response.context["form"].errors["change_kind"][0]
    assert NEW_RULE in response.content.decode()
    data = typed(policy, action="submit", rule=NEW_RULE, change_kind="major")
    response = client.post(edit_url(policy), data)
    assert "Say in a sentence or two what changed." in response.context["form"].errors["change_summary"][0]
    assert policy.current_workflow_state is None
    data = typed(policy, action="submit", rule=NEW_RULE, change_kind="major", change_summary="It is higher.")
    assert client.post(edit_url(policy), data).status_code == 302
    assert PolicyPage.objects.get(pk=policy.pk).current_workflow_state is not None


def test_a_change_that_was_saved_before_says_what_kind_it_is_too(client, at_work):
    policy = drafted(make_policy(), at_work)
    response = client.post(edit_url(policy), typed(policy, action="submit", rule=NEW_RULE))
    assert "change_kind" in response.context["form"].errors


def test_an_answer_that_rests_on_something_else_says_what_kind_of_change_that_is(client, at_work):
    amount = make_policy().sections.get()
    answer = make_answer()
    data = nested_form_data(
        {
            **{name: getattr(answer, name) for name in ("title", "slug", "short_answer", "script_en")},
            **{name: getattr(answer, name) for name in ("question_es", "short_answer_es", "script_es")},
            "steps": streamfield([("step", "Verify the caller.")]),
            "also_asked_as": inline_formset([]),
            "policy_sections": inline_formset([{"section": amount.pk}]),
            "comments": inline_formset([]),
            "action-submit": "1",
        }
    )
    assert "change_kind" in client.post(edit_url(answer), data).context["form"].errors


def test_a_draft_is_saved_without_saying_anything(client, at_work):
    policy = make_policy()
    assert client.post(edit_url(policy), typed(policy, action="", rule=NEW_RULE)).status_code == 302
    assert PolicyPage.objects.get(pk=policy.pk).get_latest_revision().content["rule"] == NEW_RULE


def test_a_first_edition_goes_to_review_without_saying_anything(client, at_work):
    policy = make_policy()
    policy.unpublish()
    assert client.post(edit_url(policy), typed(policy, action="submit", rule=NEW_RULE)).status_code == 302


def test_approving_publishes_with_what_the_author_stated(client, at_work, supervisor):
    policy = requiring(make_policy(), Position.CSR_1, Position.CSR_2)
    client.force_login(at_work)
    stating = {"change_kind": "major", "change_summary": "It is higher.", "concerns": [group_for(Position.CSR_2)]}
    groups = [group_for(Position.CSR_1), group_for(Position.CSR_2)]
    client.post(edit_url(policy), typed(policy, action="submit", groups=groups, rule=NEW_RULE, **stating))
    task = PolicyPage.objects.get(pk=policy.pk).current_workflow_task_state
    client.force_login(supervisor)
    url = reverse("wagtailadmin_pages:workflow_action", args=[policy.pk, "approve", task.pk])
    client.post(url)
    edition = Edition.objects.of(policy.pk).last()
    assert (edition.number, edition.summary, edition.asks) == ("2", "It is higher.", ["csr_2"])
    assert (edition.writer, edition.approver) == (at_work, supervisor)


def test_a_supervisor_sends_back_a_change_without_saying_anything(client, at_work, supervisor):
    policy = make_policy()
    client.force_login(at_work)
    stating = {"change_kind": "minor", "rule": NEW_RULE}
    client.post(edit_url(policy), typed(policy, action="submit", **stating))
    client.force_login(supervisor)
    data = typed(policy, action="workflow-action", **{"workflow-action-name": "reject", "rule": NEW_RULE})
    assert client.post(edit_url(policy), data).status_code == 302
    assert PolicyPage.objects.get(pk=policy.pk).current_workflow_state.status == "needs_changes"


# ---- When a policy takes effect


def test_a_policy_is_not_published_before_the_day_it_says_it_takes_effect(client, supervisor):
    policy = make_policy()
    day = timezone.localdate() + timedelta(days=30)
    response = client.post(edit_url(policy), typed(policy, rule=NEW_RULE, effective_date=day))
    (error,) = response.context["form"].errors["effective_date"]
    assert error.startswith(f"This says it takes effect on {formatted(day, 'F j, Y')}. Set that day")
    assert client.post(edit_url(policy), typed(policy, action="", effective_date=day)).status_code == 302


def test_a_policy_scheduled_for_the_day_it_takes_effect_is_taken(client, supervisor):
    policy = make_policy()
    day = timezone.localdate() + timedelta(days=30)
    data = typed(policy, rule=NEW_RULE, effective_date=day, go_live_at=f"{day} 06:00")
    assert client.post(edit_url(policy), data).url == screen(policy)
    data = typed(policy, rule=NEW_RULE, effective_date=day, go_live_at=f"{day - timedelta(days=1)} 06:00")
    assert "effective_date" in client.post(edit_url(policy), data).context["form"].errors
