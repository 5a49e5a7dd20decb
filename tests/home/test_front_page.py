"""The front page holds what a person comes for, by their position."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import WorkflowState

from manuals import tree
from portal.people.positions import Position
from quizzes import marking
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import free_response, make_quiz, response_to, right, single_choice, take, true_false

pytestmark = pytest.mark.django_db


def front(client, person) -> str:
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_person_is_greeted_and_can_search(client):
    html = front(client, UserFactory(first_name="María José"))
    assert "Hello, María José" in html
    assert 'action="/answers/"' in html


def test_manuals_for_ones_own_position_and_for_everyone_are_listed(client):
    from portal.people.positions import group_for

    own = make_manual(title="For new hires", audience=[group_for(Position.CSR_1)])
    make_chapter(own)
    make_manual(title="For everyone")
    make_manual(title="For supervisors", audience=[group_for(Position.SUPERVISOR)])
    html = front(client, UserFactory(position=Position.CSR_1))
    training = html[html.index("Your training") : html.index("New and changed")]
    assert "For new hires" in training
    assert "For everyone" in training
    assert "For supervisors" not in training


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
    html = front(client, senior)
    assert f"{learner}: Write to the caller" in html
    assert html.index("Questions to check") < html.index("Who counts")
    assert "To mark" not in front(client, learner)


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
    make_policy(review_by="2020-01-01")
    take(quiz, UserFactory(), {question: right(question)})
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    expected = len(few)
    for number in range(3):
        take(quiz, UserFactory(), {question: right(question)})
        make_policy(title=f"Old {number}", code=f"CS-20{number}", review_by="2020-01-01")
        true_false(f"Checked {number}", needs_check=True)
    client.get("/")
    with django_assert_num_queries(expected):
        client.get("/")


def test_missing_pages_and_forbidden_ones_are_said_in_the_portals_own_words(client):
    client.force_login(UserFactory())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
