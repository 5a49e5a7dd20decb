"""Progress is what the evidence says: section by section, step by step, and nothing that nobody did."""

from datetime import date

import pytest
from django.utils import timezone

from manuals.models import EditionKind
from portal.people.positions import Position, group_for
from portal.training import progress
from portal.training.models import Enrolment, Pause, Waiver
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import chosen, make_quiz, single_choice, take
from tests.training import factories as make

pytestmark = pytest.mark.django_db

BODY = [section("count", "Count the drawer"), section("sign", "Sign the sheet"), section("store", "Store the bag")]


def change(page, anchor, text, kind=EditionKind.MAJOR):
    """Publish a page with another text in one section."""
    body = [dict(one) for one in page.body.raw_data]
    for one in body:
        if one["id"] == anchor:
            one["value"] = {**one["value"], "content": [{"type": "markdown", "value": text, "id": f"{anchor}-0"}]}
    page.body = body
    page.change_kind, page.change_summary = kind, "Something else."
    return publish(page)


def states(enrolment, today=None):
    return [one.state for one in make.progress_of(enrolment, today).steps]


def test_half_a_chapter_is_half_a_chapter_and_going_on_leads_to_the_next_section():
    chapter = make_chapter(make_manual(), body=[dict(one) for one in BODY[:2]])
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter))))
    assert make.progress_of(enrolment).percent == 0
    assert make.progress_of(enrolment).next.url == f"{chapter.url}#count"

    make.read_sections(enrolment.person, chapter, "count")

    half = make.progress_of(enrolment)
    assert half.percent == 50
    assert half.next.state == "in_hand"
    assert half.next.url == f"{chapter.url}#sign"

    make.read_sections(enrolment.person, chapter, "sign")
    assert make.progress_of(enrolment).percent == 100
    assert make.progress_of(enrolment).is_finished
    assert make.progress_of(enrolment).next is None


def test_a_manual_is_read_once_all_its_chapters_are():
    manual = make_manual()
    first, second = make_chapter(manual, "One"), make_chapter(manual, "Two")
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(manual))))
    make.read_all(enrolment.person, first)
    assert states(enrolment) == ["in_hand"]
    assert make.progress_of(enrolment).next.url == f"{second.url}#count"
    make.read_all(enrolment.person, second)
    assert states(enrolment) == ["done"]


def test_a_major_edition_brings_back_the_changed_section_alone():
    chapter = make_chapter(make_manual(), body=[dict(one) for one in BODY])
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter))))
    make.read_all(enrolment.person, chapter)
    change(chapter, "sign", "Two people sign the sheet now.")

    step = make.progress_of(enrolment).steps[0]
    assert step.state == "back"
    assert step.changed == {chapter.pk: ("sign",)}
    assert step.due > timezone.localdate()
    assert 50 < make.progress_of(enrolment).percent < 100

    make.read_sections(enrolment.person, chapter, "sign")
    assert states(enrolment) == ["done"]


def test_a_minor_edition_brings_nothing_back_and_adds_nothing_to_what_was_read():
    chapter = make_chapter(make_manual(), body=[dict(one) for one in BODY[:2]])
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter))))
    make.read_all(enrolment.person, chapter)
    change(chapter, "sign", "Sign the sheet, please.", EditionKind.MINOR)
    assert states(enrolment) == ["done"]
    chapter.refresh_from_db()
    chapter.body = [*chapter.body.raw_data, dict(BODY[2])]
    chapter.change_kind = EditionKind.MINOR
    publish(chapter)
    assert states(enrolment) == ["done"]

    newcomer = make.enrol(UserFactory(), enrolment.path)
    make.read_sections(newcomer.person, chapter, "count", "sign")
    assert states(newcomer) == ["in_hand"]


def test_who_is_still_reading_gets_no_short_step():
    chapter = make_chapter(make_manual(), body=[dict(one) for one in BODY])
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter))))
    make.read_sections(enrolment.person, chapter, "count")
    change(chapter, "count", "Count it three times.")
    step = make.progress_of(enrolment).steps[0]
    assert step.state == "in_hand"
    assert step.share == 0


def test_a_policy_counts_once_it_is_acknowledged_and_comes_back_with_a_major_edition():
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.acknowledge(policy))))
    assert states(enrolment) == ["open"]
    assert make.progress_of(enrolment).next.url == f"{policy.url}acknowledge/"
    make.agree(enrolment.person, policy)
    assert states(enrolment) == ["done"]
    change(policy, "amount", "The deposit is higher now.")
    assert states(enrolment) == ["back"]
    make.agree(enrolment.person, policy)
    assert states(enrolment) == ["done"]


def test_a_policy_that_does_not_ask_the_position_asks_for_nothing():
    policy = make_policy()
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.acknowledge(policy), make.attend())))
    assert states(enrolment) == ["gone", "open"]


def test_a_quiz_counts_at_the_mark_of_the_step():
    fee, when = single_choice("Fee", "$25", "$30"), single_choice("When", "Today", "Never")
    quiz = make_quiz(fee, when, pass_mark=50)
    own, higher = make.pass_quiz(quiz), make.pass_quiz(quiz, mark=80)
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", own, higher)))
    take(quiz, enrolment.person, {fee: chosen(fee, "$25"), when: chosen(when, "Never")})
    assert states(enrolment) == ["done", "in_hand"]
    take(quiz, enrolment.person, {fee: chosen(fee, "$25"), when: chosen(when, "Today")})
    assert states(enrolment) == ["done", "done"]
    take(quiz, enrolment.person, {})
    assert states(enrolment) == ["done", "done"]


def test_a_task_counts_each_time_it_was_met_and_a_correction_takes_one_back():
    task = make.make_task(times=2)
    supervisor = UserFactory(position=Position.SUPERVISOR)
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.have_signed(task))))
    make.sign(enrolment.person, task, supervisor, met=False)
    assert make.progress_of(enrolment).steps[0].count == (0, 2)
    first = make.sign(enrolment.person, task, supervisor)
    assert make.progress_of(enrolment).percent == 50
    make.sign(enrolment.person, task, supervisor)
    assert states(enrolment) == ["done"]
    make.sign(enrolment.person, task, supervisor, met=False, corrects=first, correction_reason="It was another person.")
    assert states(enrolment) == ["in_hand"]


def test_attending_counts_for_the_step_it_was_confirmed_for():
    one, other = make.attend(), make.attend("The council meeting")
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", one, other)))
    make.confirm(enrolment.person, one, UserFactory(position=Position.SUPERVISOR), date(2026, 3, 2))
    assert states(enrolment) == ["done", "open"]


def test_optional_waived_and_gone_steps_are_told_apart_and_ask_for_nothing():
    chapter = make_chapter(make_manual())
    optional, waived, gone = make.attend(optional=True), make.attend(), make.read(chapter)
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", optional, waived, gone)))
    Waiver.objects.create(
        enrolment=enrolment, key=waived["id"], title="A morning", reason="Did it before.", by=UserFactory()
    )
    chapter.unpublish()
    assert states(enrolment) == ["open", "waived", "gone"]
    assert make.progress_of(enrolment).percent == 100
    assert make.progress_of(enrolment).is_finished


def test_a_steps_turn_comes_after_the_one_before_it_or_the_stages_before():
    first, second, third = make.attend(), make.attend(opens="after_step"), make.attend(opens="after_stage")
    path = make.make_path(make.stage("Week 1", first, second), make.stage("Week 2", third))
    enrolment = make.enrol(UserFactory(), path)
    supervisor = UserFactory(position=Position.SUPERVISOR)
    assert states(enrolment) == ["open", "later", "later"]
    make.confirm(enrolment.person, first, supervisor, date(2026, 3, 2))
    assert states(enrolment) == ["done", "open", "later"]
    make.confirm(enrolment.person, second, supervisor, date(2026, 3, 3))
    assert states(enrolment) == ["done", "done", "open"]


def test_a_leave_moves_what_is_due_and_nothing_is_overdue_during_it():
    monday = date(2026, 3, 2)
    path = make.make_path(make.stage("Week 1", make.attend(due_days=3)))
    enrolment = make.enrol(UserFactory(), path, starts_on=monday)
    assert make.progress_of(enrolment, monday).steps[0].due == date(2026, 3, 5)
    late = make.progress_of(enrolment, date(2026, 3, 9)).steps[0]
    assert (late.is_overdue, late.days_late) == (True, 2)

    pause = Pause.objects.create(enrolment=enrolment, since=date(2026, 3, 4), reason="Leave", by=UserFactory())
    away = make.progress_of(enrolment, date(2026, 3, 9))
    assert away.is_away
    assert not away.steps[0].is_overdue
    pause.until = date(2026, 3, 11)
    pause.save()
    # Five working days away, from Wednesday to Tuesday.
    assert make.progress_of(enrolment, date(2026, 3, 11)).steps[0].due == date(2026, 3, 12)


def test_a_step_is_called_what_the_page_quiz_or_task_is_called_today():
    chapter, quiz = make_chapter(make_manual(), "Opening the drawer"), make_quiz(single_choice("Fee", "$25", "$30"))
    task = make.make_task("Counts a drawer")
    steps = [make.read(chapter), make.pass_quiz(quiz), make.have_signed(task)]
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", *steps)))
    for page, title in ((chapter, "Opening a drawer"), (quiz, "Fees of the year")):
        page.title = title
        publish(page)
    task.title = "Counts the drawer twice"
    task.save()
    # A title that is only drafted is nobody's yet.
    chapter.title = "Draft"
    chapter.save_revision()
    titles = [one.step.title for one in make.progress_of(enrolment).steps]
    assert titles == ["Opening a drawer", "Fees of the year", "Counts the drawer twice"]


def test_queries_do_not_grow_with_people_and_steps(django_assert_num_queries):
    manual = make_manual()
    chapters = [make_chapter(manual, f"Chapter {n}") for n in range(3)]
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    quiz, task = make_quiz(single_choice("Fee", "$25", "$30")), make.make_task()
    steps = [make.read(manual), make.acknowledge(policy), make.pass_quiz(quiz), make.have_signed(task), make.attend()]
    path = make.make_path(make.stage("Week 1", *steps), make.stage("Week 2", *map(make.read, chapters)))
    for _ in range(6):
        make.read_all(make.enrol(UserFactory(), path).person, *chapters[:2])
    enrolments = list(Enrolment.objects.select_related("person", "path"))
    make.progress_of(enrolments[0])
    with django_assert_num_queries(16):
        progress.of(enrolments[:1])
    with django_assert_num_queries(16):
        found = progress.of(enrolments)
    assert len(found) == 6
    assert all(0 < one.percent < 100 for one in found.values())
