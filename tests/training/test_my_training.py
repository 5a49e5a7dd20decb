"""A learner sees one thing to do next, what is due and overdue, and how every step of a path stands."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.people.positions import Position, group_for
from portal.training import at_hand, charts, enrolling
from portal.training.models import Enrolment, Pause, Waiver
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import free_response, make_quiz, right, take
from tests.training import factories as make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


def soup_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(tag):
    return " ".join(tag.get_text(" ").split())


def steps_of(soup):
    """The steps on a page: title, state in words, and where the title leads."""
    return [
        (words(one.select_one(".step-title")), words(one.select_one(".step-state")), (one.a or {}).get("href"))
        for one in soup.select(".step")
    ]


def test_the_page_of_a_path_says_how_each_step_stands_and_where_it_goes_on(client):
    manual, supervisor = make_manual(), UserFactory(position=Position.SUPERVISOR)
    done, half, back = make_chapter(manual, "Done"), make_chapter(
        manual, "Half", body=[section("a", "A"), section("b", "B")]
    ), make_chapter(manual, "Back")  # fmt: skip
    task, letter = make.make_task("Counts the drawer", times=2), free_response("Write to the caller")
    quiz = make_quiz(letter, title="Letters")
    waived, later = make.attend("The council meeting"), make.attend("A day outside", opens="after_stage")
    path = make.make_path(
        make.stage("Week 1", *map(make.read, (done, half, back)), make.have_signed(task), make.pass_quiz(quiz), waived),
        make.stage("Week 2", later, make.attend("A walk", optional=True)),
    )
    learner = UserFactory()
    enrolment = make.enrol(learner, path)
    make.read_all(learner, done, back)
    make.read_sections(learner, half, "a")
    make.sign(learner, task, supervisor)
    take(quiz, learner, {letter: right(letter)})
    Waiver.objects.create(enrolment=enrolment, key=waived["id"], title="x", reason="Sat in last year.", by=supervisor)
    back.body, back.change_kind, back.change_summary = [section("count", "Count it anew")], "major", "Anew."
    publish(back)

    client.force_login(learner)
    soup = soup_of(client, f"/training/path/{enrolment.pk}/")
    key = enrolment.edition.steps.get(page=back).key
    assert steps_of(soup) == [
        ("Done", "Done", done.url),
        ("Half", "In hand, 50 percent", f"{half.url}#b"),
        ("Back", "Changed since", f"/training/changes/{enrolment.pk}/{key}/"),
        ("Counts the drawer", "Met 1 of 2 times", None),
        ("Letters", "Waits to be marked", quiz.url),
        ("The council meeting", "Waived", None),
        ("A day outside", "After the stages before it", None),
        ("A walk", "Not begun", None),
    ]
    assert "Waived: Sat in last year." in soup.text
    assert "optional" in words(soup.select(".step")[-1])
    # Half a chapter is next, and one button leads to the very section.
    assert soup.select_one("a.next-step")["href"] == f"{half.url}#b"


def test_paths_are_listed_as_open_finished_and_left(client):
    learner, supervisor = UserFactory(), UserFactory(position=Position.SUPERVISOR)
    client.force_login(learner)
    assert "You are on no learning path." in soup_of(client, "/training/").text

    morning = make.attend()
    make.enrol(learner, make.make_path(make.stage("Week 1", make.attend("A walk")), title="Begun"))
    make.enrol(learner, make.make_path(make.stage("Week 1", morning), title="All of it"))
    make.confirm(learner, morning, supervisor, MONDAY)
    former = make.enrol(learner, make.make_path(make.stage("Week 1", make.attend()), title="Former"))
    enrolling.leave(former, "Moved to billing.", supervisor)

    soup = soup_of(client, "/training/")
    found = {words(one.h2): words(one) for one in soup.select("section.learning-part")}
    assert "Begun 0 percent done" in found["Your path"]
    assert found["Finished"] == "Finished All of it All done"
    assert found["Left"].startswith("Left Former Left on")
    assert found["Left"].endswith("Moved to billing.")
    assert "You left this path" in soup_of(client, f"/training/path/{former.pk}/").text


def test_anothers_path_is_for_those_who_keep_enrolments_and_what_they_may_do_stands_beside_the_steps(client):
    learner, task, meeting = UserFactory(), make.make_task(), make.attend()
    enrolment = make.enrol(learner, make.make_path(make.stage("Week 1", make.have_signed(task), meeting)))
    url = f"/training/path/{enrolment.pk}/"
    own = [
        f"/training/sign/{learner.pk}/{task.pk}/",
        f"/training/waive/{enrolment.pk}/{enrolment.edition.steps.get(task=task).key}/",
        f"/training/attend/{enrolment.pk}/{meeting['id']}/",
        f"/training/waive/{enrolment.pk}/{meeting['id']}/",
    ]
    for person, expected in (
        (learner, []),
        (UserFactory(position=Position.SENIOR), []),
        (UserFactory(position=Position.SUPERVISOR), own),
    ):
        client.force_login(person)
        assert [link["href"] for link in soup_of(client, url).select(".step-actions a")] == expected
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403


def test_overdue_is_told_in_working_days_and_what_is_due_within_a_week_after_it():
    steps = [make.attend(name, due_days=days) for name, days in (("Late", 3), ("Soon", 9), ("Far", 20))]
    learner = UserFactory()
    make.enrol(learner, make.make_path(make.stage("Week 1", *steps)), starts_on=MONDAY)
    found = at_hand.of(learner, date(2026, 3, 9))
    assert [(line.step.title, line.late) for line in found.overdue] == [("Late", "Overdue by 2 working days")]
    # Nine working days after Monday is Friday of the week after.
    assert [(line.step.title, line.due) for line in found.soon] == [("Soon", date(2026, 3, 13))]
    assert found.next_due == date(2026, 3, 30)
    # A Saturday after the last day: no working day has gone by.
    assert at_hand.of(learner, date(2026, 3, 14)).overdue[1].late == "Overdue"


def test_what_two_paths_ask_for_is_listed_once_where_it_is_due_first_and_next_is_what_one_can_do_alone():
    learner, chapter = UserFactory(), make_chapter(make_manual())
    early = make.make_path(make.stage("Week 1", make.attend(due_days=0), make.read(chapter, due_days=2)))
    late = make.make_path(make.stage("Week 1", make.read(chapter, due_days=4)))
    for path in (late, early):
        make.enrol(learner, path, starts_on=MONDAY)
    found = at_hand.of(learner, MONDAY)
    assert [(line.enrolment.path, line.due) for line in found.soon] == [
        (early, MONDAY),
        (early, date(2026, 3, 4)),
    ]
    assert (found.next.enrolment.path, found.next.step.page_id) == (early, chapter.pk)


def test_who_is_on_leave_is_asked_for_nothing():
    learner = UserFactory()
    enrolment = make.enrol(
        learner,
        make.make_path(make.stage("Week 1", make.attend(due_days=2), make.attend(due_days=9))),
        starts_on=MONDAY,
    )
    Pause.objects.create(enrolment=enrolment, since=date(2026, 3, 3), reason="Leave", by=UserFactory())
    found = at_hand.of(learner, date(2026, 3, 12))
    assert (found.is_away, found.overdue, found.soon, found.next_due) == (True, [], [], None)


def test_the_bar_fills_each_stage_as_far_as_it_is_done_and_says_the_same_in_words():
    first, second = make.attend("A", due_days=1), make.attend("B", due_days=1)
    learner = UserFactory()
    path = make.make_path(make.stage("Week 1", first), make.stage("Week 2", second, make.attend("C")))
    enrolment = make.enrol(learner, path, starts_on=MONDAY)
    for step in (first, second):
        make.confirm(learner, step, UserFactory(position=Position.SUPERVISOR), MONDAY)
    bar = charts.stage_bar(make.progress_of(enrolment, MONDAY))
    assert [round(100 * one.filled / one.width) for one in bar.segments] == [100, 50]
    assert bar.segments[-1].x + bar.segments[-1].width == charts.WIDTH
    assert bar.words == "1 of 2 stages done. Now: Week 2, 50 percent."
    path.contents = [make.stage("Week 1", make.attend("A", due_days=1))]
    other = make.enrol(UserFactory(), make.publish_path(path), starts_on=MONDAY)
    late = charts.stage_bar(make.progress_of(other, date(2026, 3, 9)))
    assert late.segments[0].is_overdue
    assert late.words == "0 of 1 stage done. Now: Week 1, 0 percent. Overdue: Week 1."


def test_queries_do_not_grow_with_paths_and_steps(client, django_assert_num_queries):
    learner, manual = UserFactory(), make_manual()
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])

    def one_of_each(name):
        quiz, task = make_quiz(free_response(f"Letter {name}"), title=f"Quiz {name}"), make.make_task(f"Task {name}")
        return [
            make.read(make_chapter(manual, f"Chapter {name}")),
            make.pass_quiz(quiz),
            make.have_signed(task),
            make.attend(),
        ]

    acknowledge = make.acknowledge(policy)
    first = make.enrol(learner, make.make_path(make.stage("Week 1", *one_of_each("a"), acknowledge, make.read(manual))))
    client.force_login(learner)
    client.get("/training/")
    expected = {}
    for url in ("/training/", f"/training/path/{first.pk}/"):
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        expected[url] = len(few)
    path = first.path
    stages = [make.stage(f"Week {n}", *one_of_each(n)) for n in range(2, 4)]
    path.contents = [*path.contents.raw_data, *stages]
    make.publish_path(path)
    make.enrol(learner, make.make_path(make.stage("Week 1", *one_of_each("z"))))
    assert Enrolment.objects.get(pk=first.pk).edition.number == 2
    for url, count in expected.items():
        with django_assert_num_queries(count):
            client.get(url)
