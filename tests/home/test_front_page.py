"""The front page holds what a person comes for, by their position."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from manuals import tree
from portal.people.positions import Position, group_for
from quizzes import marking
from quizzes.models import FailingQuestion
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import free_response, make_quiz, response_to, right, single_choice, take, true_false
from tests.training import factories as make

pytestmark = pytest.mark.django_db


def front(client, person) -> str:
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def fails(quiz, question) -> FailingQuestion:
    return FailingQuestion.objects.create(
        quiz=quiz, question=question, label="Too many fail it", found_at=timezone.now()
    )


def test_a_person_is_greeted_and_can_search(client):
    html = front(client, UserFactory(first_name="María José"))
    assert "Hello, María José" in html
    assert 'action="/answers/"' in html


def test_manuals_for_ones_own_position_and_for_everyone_are_listed(client):
    own = make_manual(title="For new hires", audience=[group_for(Position.CSR_1)])
    make_chapter(own)
    make_manual(title="For everyone")
    make_manual(title="For supervisors", audience=[group_for(Position.SUPERVISOR)])
    html = front(client, UserFactory(position=Position.CSR_1))
    manuals = html[html.index(">Manuals</h2>") :]
    assert "For new hires" in manuals
    assert "For everyone" in manuals
    assert "For supervisors" not in manuals


def test_what_changed_last_comes_first(client):
    make_answer(title="An older question?")
    make_policy(title="A newer policy")
    html = front(client, UserFactory())
    changed = html[html.index("New and changed") :]
    assert changed.index("A newer policy") < changed.index("An older question?")


def test_the_notice_of_the_day_is_shown_until_it_is_taken_away(client):
    home = tree.home_page()
    home.notice = "Main break on Elm Street: crews are there."
    home.save_revision().publish()
    assert "Main break on Elm Street" in front(client, UserFactory())
    home.notice = ""
    home.save_revision().publish()
    assert "Notice for today" not in front(client, UserFactory())


def test_a_draft_waits_for_its_author_then_for_the_supervisor(client):
    senior = UserFactory(position=Position.SENIOR)
    supervisor = UserFactory(position=Position.SUPERVISOR)
    policy = make_policy()
    policy.title = "Deposits, reworded"
    policy.save_revision(user=senior)
    assert "Your drafts" in front(client, senior)
    assert "Waiting for you" not in front(client, supervisor)
    policy.get_workflow().start(policy, senior)
    assert "To approve" in front(client, supervisor)
    assert "To approve" not in front(client, senior)
    WorkflowState.objects.get().current_task_state.approve(user=supervisor)
    assert "To approve" not in front(client, supervisor)


def test_a_page_past_its_review_waits_for_those_who_write(client):
    make_policy(review_by="2020-01-01")
    assert "Past their review date" in front(client, UserFactory(position=Position.SENIOR))
    assert "Past their review date" not in front(client, UserFactory(position=Position.CSR_1))


def test_what_quizzes_wait_for_is_on_the_desk_of_those_who_keep_them(client):
    learner, senior = UserFactory(), UserFactory(position=Position.SENIOR)
    question = free_response("Write to the caller")
    take(make_quiz(question), learner, {question: right(question)})
    chapter = make_chapter(make_manual())
    single_choice("Who counts", "Two", "One", section=chapter.sections.get())
    chapter.body = [section("count", "Count the drawer", ("markdown", "Count it three times."))]
    chapter.change_kind, chapter.change_summary = "major", "Three times now."
    publish(chapter)
    amount = true_false("The amount")
    failing = fails(make_quiz(amount), amount)
    html = front(client, senior)
    assert f"{learner}: Write to the caller" in html
    address = reverse("quiz_question_statistics", args=[failing.quiz_id, amount.pk])
    entry = BeautifulSoup(html, "html.parser").select_one(f'.desk-part a[href="{address}"]')
    assert " ".join(entry.text.split()) == "The amount: too many fail it"
    assert entry.find_parent("section").h3.text.split() == ["Questions", "that", "fail", "1"]
    assert html.index("Questions to check") < html.index("Who counts")
    assert "To mark" not in front(client, learner)
    assert "Questions that fail" not in front(client, learner)


def test_of_much_that_waits_the_first_is_listed_and_all_is_counted(client):
    senior = UserFactory(position=Position.SENIOR)
    for number in range(10, 20):
        true_false(f"Question {number}", needs_check=True)
    html = front(client, senior)
    listed = [number for number in range(10, 20) if f"Question {number}" in html]
    assert listed == list(range(10, 18))
    assert '<span class="desk-count">10</span>' in html


def test_a_result_is_announced_to_the_learner_once_a_person_has_marked_it(client):
    learner, senior = UserFactory(), UserFactory(position=Position.SENIOR)
    question = free_response("Write to the caller")
    attempt = take(make_quiz(question, title="Letters"), learner, {question: right(question)})
    assert "Marked for you" not in front(client, learner)
    response = response_to(attempt, question)
    given = {criterion["id"]: criterion["points"] for criterion in response.version.item["rubric"]}
    marking.mark_by_hand(response, given, "Well said.", senior, timezone.now())
    html = front(client, learner)
    assert "Letters: 100 percent, passed" in html
    assert f"/attempts/{attempt.pk}/results/" in html
    assert "Marked for you" not in front(client, senior)


def test_a_question_in_review_waits_for_the_supervisor(client):
    senior, supervisor = UserFactory(position=Position.SENIOR), UserFactory(position=Position.SUPERVISOR)
    question = true_false("A deposit comes back")
    question.save_revision(user=senior)
    question.get_workflow().start(question, senior)
    html = front(client, supervisor)
    assert "To approve" in html
    assert "A deposit comes back" in html


def test_the_desk_asks_the_same_number_of_queries_however_much_waits(client, django_assert_num_queries):
    senior = UserFactory(position=Position.SENIOR)
    client.force_login(senior)
    question = free_response("Write to the caller")
    quiz = make_quiz(question)
    fails(quiz, question)
    make_policy(review_by="2020-01-01")
    take(quiz, UserFactory(), {question: right(question)})
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    expected = len(few)
    for number in range(3):
        take(quiz, UserFactory(), {question: right(question)})
        make_policy(title=f"Old {number}", code=f"CS-20{number}", review_by="2020-01-01")
        checked = true_false(f"Checked {number}", needs_check=True)
        fails(quiz, checked)
    client.get("/")
    with django_assert_num_queries(expected):
        client.get("/")


def test_missing_pages_and_forbidden_ones_are_said_in_the_portals_own_words(client):
    client.force_login(UserFactory())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_a_new_hire_begins_with_the_next_step_and_everyone_else_with_the_search(client):
    chapter = make_chapter(make_manual(), "Open the drawer")
    path = make.make_path(make.stage("Week 1", make.read(chapter, due_days=3)))
    new, agent = UserFactory(position=Position.CSR_1), UserFactory(position=Position.CSR_2)
    for person in (new, agent):
        make.enrol(person, path)

    def hero(person):
        return BeautifulSoup(front(client, person), "html.parser").select_one(".hero")

    button = hero(new).select_one("a.next-step")
    assert button["href"] == f"{chapter.url}#count"
    assert "Next: Read a chapter Open the drawer" in " ".join(button.get_text(" ").split())
    assert hero(new).form is None
    assert hero(agent).select_one("a.next-step") is None
    assert hero(agent).form["action"] == "/answers/"
    assert 'class="next-step"' in front(client, agent)

    make.read_all(new, chapter)
    assert hero(new).form["action"] == "/answers/"
    # What comes back to someone who had finished does not take the search away.
    chapter.body = [section("count", "Count the drawer", ("markdown", "Count it three times."))]
    chapter.change_kind, chapter.change_summary = "major", "Three times now."
    publish(chapter)
    assert hero(new).form["action"] == "/answers/"
    assert "Next: Read what changed" in front(client, new)


def test_a_policy_that_is_due_on_a_path_too_is_listed_once_where_it_is_due_first(client):
    policy = make_policy(title="Cash handling", acknowledged_by=[group_for(Position.CSR_1)], acknowledge_within=5)
    for days, listed in ((2, "training"), (7, "dues")):
        person = UserFactory()
        make.enrol(person, make.make_path(make.stage("Week 1", make.acknowledge(policy, due_days=days), make.attend())))
        parts = BeautifulSoup(front(client, person), "html.parser").select("[data-part]")
        links = {part["data-part"] for part in parts if part.select(f'li a[href="{policy.url}acknowledge/"]')}
        assert links == {listed}


def test_a_supervisor_sees_their_team_with_who_is_late_first_and_what_is_to_be_signed_this_week(client):
    supervisor = UserFactory(position=Position.SUPERVISOR)
    assert "Nobody who reports to you is on a learning path." in front(client, supervisor)
    task = make.make_task()
    path = make.make_path(make.stage("Week 1", make.have_signed(task, due_days=20), make.attend()))
    on_time, late = (
        UserFactory(last_name=name, supervisor=supervisor, hire_date=timezone.localdate() - timedelta(days=days))
        for name, days in (("Adler", 0), ("Zuniga", 60))
    )
    for person in (on_time, late):
        make.enrol(person, path)
    learner = UserFactory()
    make.enrol(learner, path)
    html = front(client, supervisor)
    rows = BeautifulSoup(html, "html.parser").select("[data-part=team] tbody th")
    assert ["Zuniga" in row.text for row in rows] == [True, False]
    assert "1 sign-off due this week" in html
    make.sign(late, task, supervisor)
    assert "No sign-off is due this week." in front(client, supervisor)
    assert "Your team" not in front(client, UserFactory(position=Position.SENIOR))
    assert "Your team" not in front(client, learner)


def test_a_sign_off_is_announced_to_whom_it_is_about_and_of_a_corrected_one_the_correction(client):
    person, supervisor = UserFactory(), UserFactory(position=Position.SUPERVISOR)
    task = make.make_task("Counts the drawer")
    record = make.sign(person, task, supervisor)
    assert "Counts the drawer: met" in front(client, person)
    make.sign(
        person, task, supervisor, met=False, corrects=record, correction_reason="Somebody else.", remarks="Again."
    )
    html = front(client, person)
    assert "Counts the drawer: not yet, with remarks" in html
    assert "Counts the drawer: met" not in html


def test_chapters_of_other_positions_are_not_new_to_a_person(client):
    make_chapter(make_manual(title="Own", audience=[group_for(Position.CSR_1)]), "A chapter of one's own")
    make_chapter(make_manual(title="Others", audience=[group_for(Position.SENIOR)]), "A chapter of others")
    html = front(client, UserFactory(position=Position.CSR_1))
    assert "A chapter of one&#x27;s own" in html
    assert "A chapter of others" not in html


def test_a_front_page_with_training_asks_the_same_number_of_queries_however_much_is_on_it(
    client, django_assert_num_queries
):
    supervisor = UserFactory(position=Position.SUPERVISOR)
    manual, task = make_manual(), make.make_task()
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    steps = [make.acknowledge(policy), make.have_signed(task), make.attend(), make.read(make_chapter(manual))]
    learner = UserFactory(supervisor=supervisor)
    make.enrol(learner, make.make_path(make.stage("Week 1", make.pass_quiz(make_quiz(true_false("A"))), *steps)))
    make.sign(learner, task, supervisor, met=False)
    expected = {}
    for person in (learner, supervisor):
        front(client, person)
        with CaptureQueriesContext(connection) as few:
            client.get("/")
        expected[person] = len(few)
    more = [make.read(make_chapter(manual, f"Chapter {n}"), due_days=n) for n in range(3)]
    path = make.make_path(make.stage("Week 1", *more, make.have_signed(make.make_task("B"), due_days=1)), title="More")
    for person in (learner, *(UserFactory(supervisor=supervisor) for _ in range(2))):
        make.enrol(person, path, starts_on=date(2026, 3, 2))
        make.sign(person, task, supervisor, met=False)
    for person, count in expected.items():
        client.force_login(person)
        client.get("/")
        with django_assert_num_queries(count):
            client.get("/")
