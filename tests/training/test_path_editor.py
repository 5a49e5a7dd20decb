"""A path in the editor: drafts may be anything, and what cannot be gone through is not published."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from portal.people.positions import Position, group_for
from portal.training import hours, path_checking, recording
from portal.training.models import LearningPath, Task
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, section
from tests.quizzes.factories import make_quiz, single_choice
from tests.training import factories as make

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_training_learningpath:"


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


def as_form(block):
    """Return a step as its form sends it."""
    value = {name: "" if one is None or one is False else str(one) for name, one in block["value"].items()}
    if not block["value"]["optional"]:
        value.pop("optional")
    return (block["type"], value)


def data(*stages, **changes):
    contents = [
        ("stage", {"title": title, "steps": streamfield([as_form(one) for one in steps])}) for title, steps in stages
    ]
    return nested_form_data(
        {
            "title": "First 90 days",
            "slug": "first-90-days",
            "position": "csr_1",
            "introduction": "",
            "counts_from": "hire",
            "gives_certificate": "on",
            "valid_months": "",
            "renewal_days": "60",
            "contents": streamfield(contents),
            **changes,
        }
    )


def publish(client, *stages, path=None, **changes):
    url = reverse(f"{LIST}edit", args=[path.pk]) if path else reverse(f"{LIST}add")
    return client.post(url, {**data(*stages, **changes), "action-publish": "yes"}, follow=True)


def test_a_whole_path_is_published_and_its_steps_are_recorded(client, supervisor):
    manual = make_manual()
    chapter, policy = make_chapter(manual), make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    quiz, task = make_quiz(single_choice("Fee", "$25", "$30")), make.make_task()
    first = [make.read(manual, due_days=2), make.acknowledge(policy, opens="after_step")]
    second = [make.pass_quiz(quiz, mark=90), make.have_signed(task, optional=True), make.attend(note="Wear boots.")]
    publish(client, ("Week 1", first), ("Week 2", second))

    edition = LearningPath.objects.get(live=True).editions.get()
    assert edition.published_by == supervisor
    assert list(edition.steps.values_list("stage", "kind", "due_days", "opens", "mark", "optional", "note")) == [
        (1, "manual", 2, "at_once", None, False, ""),
        (1, "policy", None, "after_step", None, False, ""),
        (2, "quiz", None, "at_once", 90, False, ""),
        (2, "task", None, "at_once", None, True, ""),
        (2, "attend", None, "at_once", None, False, "Wear boots."),
    ]
    assert chapter.pk not in edition.steps.values_list("page", flat=True)


def unpublished():
    chapter = make_chapter(make_manual())
    chapter.unpublish()
    return [make.read(chapter)]


def twice(one):
    return [one, {**one, "value": {**one["value"], "optional": True}}]


REFUSED = {
    "a page that is not published": (unpublished, "This chapter is not published. Publish it first"),
    "a manual without chapters": (lambda: [make.read(make_manual())], "This manual has no published chapter"),
    "a policy nobody need acknowledge": (
        lambda: [make.acknowledge(make_policy())],
        "Tick CSR I under “must be acknowledged by” of the policy",
    ),
    "a policy another position must acknowledge": (
        lambda: [make.acknowledge(make_policy(acknowledged_by=[group_for(Position.CSR_2)]))],
        "A CSR I need not acknowledge this policy.",
    ),
    "a page twice": (
        lambda: twice(make.read(make_chapter(make_manual()))),
        "This chapter is on the path already, in “Week 1”.",
    ),
    "a task twice": (lambda: twice(make.have_signed(make.make_task())), "This task is on the path already"),
    "an attendance of the same name": (lambda: twice(make.attend()), "Another step of this path has this name."),
    "a retired task": (lambda: [make.have_signed(make.make_task(retired=True))], "This task is retired."),
    "a stage without steps": (list, "Add a step to this stage, or take the stage out."),
}


def said(response):
    """Return what the stages' field says, as the page hands it to the editor's script."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), response.content.decode())


@pytest.mark.parametrize("steps, sentence", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_gone_through_is_refused_with_a_sentence_and_may_be_a_draft(client, supervisor, steps, sentence):
    steps = steps()
    refused = publish(client, ("Week 1", steps))
    assert sentence in said(refused)
    assert not LearningPath.objects.exists()
    client.post(reverse(f"{LIST}add"), data(("Week 1", steps)))
    assert LearningPath.objects.get().live is False
    assert len(LearningPath.objects.get().contents[0].value["steps"]) == len(steps)


def test_a_path_without_a_stage_is_refused(client, supervisor):
    assert "Add a stage, with what is to be done in it." in said(publish(client))
    assert not LearningPath.objects.exists()


def test_seniors_draft_and_supervisors_publish(client):
    client.force_login(UserFactory(position=Position.SENIOR))
    publish(client, ("Week 1", [make.attend()]))
    path = LearningPath.objects.get()
    assert (path.live, path.editions.count()) == (False, 0)
    client.force_login(UserFactory(position=Position.CSR_2))
    assert client.get(reverse(f"{LIST}edit", args=[path.pk])).status_code == 302
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    publish(client, ("Week 1", [make.attend()]), path=path)
    assert path.editions.count() == 1


def test_who_is_on_the_path_is_asked_about_where_there_is_anyone(client, supervisor):
    path = make.make_path(make.stage("Week 1", make.attend()), slug="first-90-days")
    url = reverse(f"{LIST}edit", args=[path.pk])
    assert 'name="on_change"' not in client.get(url).content.decode()
    enrolments = [make.enrol(UserFactory(), path) for _ in range(3)]
    shown = client.get(url).content.decode()
    assert 'name="on_change"' in shown
    assert "3 people are on this path." in shown

    unsaid = publish(client, ("Week 1", [make.attend("The council meeting")]), path=path)
    assert "Say what becomes of the people who are on this path." in unsaid.content.decode()
    publish(client, ("Week 1", [make.attend("The council meeting")]), path=path, on_change="keep")
    for enrolment in enrolments:
        enrolment.refresh_from_db()
    assert {one.edition.number for one in enrolments} == {1}


def test_the_hours_of_the_editor_are_those_that_progress_counts(client, supervisor):
    manual = make_manual()
    long = section("long", "All of it", ("markdown", "word " * 1000))
    chapter = make_chapter(manual, body=[long, section("short", "More")])
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    task = make.make_task(times=3, minutes=20)
    reads = make.stage("Week 1", make.read(manual), make.acknowledge(policy))
    does = make.stage("Week 2", make.have_signed(task), make.attend(minutes=90, optional=True), make.read(chapter))
    path = make.make_path(reads, does)

    progress = make.progress_of(make.enrol(UserFactory(), path))
    assert list(hours.minutes_of(recording.steps_of(path)).values()) == [one.minutes for one in progress.steps]
    stages = hours.by_stage(recording.steps_of(path))
    assert [(one.title, one.steps, one.time, one.optional_time) for one in stages] == [
        ("Week 1", 2, "11 min", "0 min"),
        ("Week 2", 2, "1 h 6 min", "1 h 30 min"),
    ]
    shown = client.get(reverse(f"{LIST}edit", args=[path.pk])).content.decode()
    assert "<td>1 h 17 min</td>" in shown


def test_the_queries_of_the_editors_checks_do_not_grow_with_steps():
    def path_of(count):
        manual = make_manual()
        asking = {"acknowledged_by": [group_for(Position.CSR_1)]}
        policies = [make_policy(code=f"CS-{count}{n}", **asking) for n in range(count)]
        reads = [make.read(make_chapter(manual, f"Chapter {n}")) for n in range(count)]
        tasks = [make.have_signed(make.make_task()) for _ in range(count)]
        return make.make_path(make.stage("Week 1", *reads, *map(make.acknowledge, policies), *tasks))

    counts = []
    for path in (path_of(1), path_of(4)):
        fresh = LearningPath.objects.get(pk=path.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert path_checking.objection_to(fresh) is None
            hours.by_stage(recording.steps_of(fresh))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_queries_of_the_lists_do_not_grow_with_rows(client, supervisor):
    for address in (f"{LIST}list", "wagtailsnippets_training_task:list"):
        client.get(reverse(address))
        counts = []
        for _ in range(2):
            for _ in range(3):
                task = make.make_task()
                make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.have_signed(task))))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(address))
            counts.append(len(queries))
        assert counts[0] == counts[1]


def test_a_task_needs_something_to_see(client, supervisor):
    url = reverse("wagtailsnippets_training_task:add")
    own = {"title": "Closes a drawer", "slug": "closes-a-drawer", "description": "", "times": "2", "minutes": "10"}
    refused = client.post(url, nested_form_data({**own, "checklist": inline_formset([])}))
    assert escape("Add at least one thing to see") in refused.content.decode()
    client.post(
        url, nested_form_data({**own, "checklist": inline_formset([{"text": "Counts twice"}, {"text": "Signs"}])})
    )
    assert [item.text for item in Task.objects.get().checklist.all()] == ["Counts twice", "Signs"]


def delete_one(client, kind, pk):
    return client.post(reverse(f"wagtailsnippets_training_{kind}:delete", args=[pk]), follow=True)


def delete_in_bulk(client, kind, pk):
    url = reverse("wagtail_bulk_action", args=["training", kind, "delete"])
    return client.post(f"{url}?id={pk}", follow=True)


@pytest.mark.parametrize("delete", [delete_one, delete_in_bulk])
def test_what_enrolments_and_sign_offs_stand_on_is_not_deleted_and_it_is_said_why(client, delete):
    client.force_login(UserFactory(position=Position.SUPERVISOR, is_superuser=True))
    signed, unused = make.make_task("Signed"), make.make_task("Unused")
    person = UserFactory()
    make.sign(person, signed, UserFactory(position=Position.SUPERVISOR))
    path = make.make_path(make.stage("Week 1", make.attend()))
    make.enrol(person, path)

    refused = delete(client, "learningpath", path.pk).content.decode()
    assert "“First 90 days” stands in the records (enrolments, path editions) and is kept. Unpublish it" in refused
    refused = delete(client, "task", signed.pk).content.decode()
    assert "“Signed” stands in the records (sign offs) and is kept. Mark it as retired instead." in refused
    delete(client, "task", unused.pk)
    assert list(Task.objects.all()) == [signed]
    assert LearningPath.objects.exists()


def test_a_person_whom_training_keeps_is_not_deleted_and_it_is_said_which_records(client):
    client.force_login(UserFactory(position=Position.SUPERVISOR, is_superuser=True))
    chapter = make_chapter(make_manual())
    person = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter)))).person
    make.read_all(person, chapter)
    response = client.post(reverse("wagtailusers_users:delete", args=[person.pk]), follow=True)
    said = f"{person} stands in the records (enrolments, section reads); make the account inactive instead."
    assert said in response.content.decode()
    person.refresh_from_db()
