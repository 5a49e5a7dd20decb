"""The starter library is whole, within its own rules, and its files are just what the portal would export."""

from random import Random

import pytest
from django.core.management import call_command
from wagtail.models import Revision

from manuals.exchange import exporting
from manuals.models import AnswerPage, ChapterPage, JobFunction, ManualPage, PolicyPage, Section
from portal.people import demonstration
from portal.people.models import User
from portal.people.positions import Position, group_for
from portal.starter import loading, training_loading
from portal.training import path_checking, progress
from portal.training.models import Enrolment, Kind, LearningPath, Step, Task
from quizzes import drawing, types
from quizzes.models import Category, Question, QuizPage
from tests.factories import UserFactory
from tests.manuals import library_files as files
from tests.quizzes.factories import right, take

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _library(django_db_setup, django_db_blocker):
    """The library, loaded once for this module and taken back after it."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        summary = loading.load()
        yield summary
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def library(_library, db):
    return _library


def test_it_comes_in_without_a_fault_and_is_published(library):
    assert (library.changed, library.unchanged) == ([], [])
    assert PolicyPage.objects.live().count() == 15
    assert AnswerPage.objects.live().count() == 61
    assert ManualPage.objects.live().count() == 20


def test_loading_again_changes_nothing(library):
    before = Question.objects.count(), QuizPage.objects.count(), Revision.objects.count()
    again = loading.load()
    assert (again.created, again.changed) == ([], [])
    assert (Question.objects.count(), QuizPage.objects.count(), Revision.objects.count()) == before


def test_its_files_are_what_the_portal_exports(library, tmp_path):
    exporting.export_folder(tmp_path / "out")
    assert files.read(tmp_path / "out") == files.read(loading.LIBRARY)


def test_every_answer_has_both_scripts_steps_wordings_and_a_policy(library):
    for answer in AnswerPage.objects.prefetch_related("also_asked_as", "policy_sections"):
        assert all((answer.script_en, answer.script_es, answer.short_answer_es, answer.question_es)), answer.slug
        assert len(answer.steps) >= 3, answer.slug
        assert len(answer.also_asked_as.all()) >= 5, answer.slug
        assert len(answer.policy_sections.all()) >= 1, answer.slug


def test_every_manual_has_three_to_six_chapters_of_a_sitting(library):
    for manual in ManualPage.objects.all():
        assert 3 <= len(manual.chapters) <= 6, manual.slug
        for chapter in manual.chapters:
            assert 400 <= chapter.words <= 900, f"{chapter.slug}: {chapter.words}"
            assert 3 <= len(chapter.standing_sections) <= 6, chapter.slug


def test_every_function_has_a_manual_chapters_questions_a_task_and_an_answer_or_policy(library):
    assert JobFunction.objects.count() == 24
    for function in JobFunction.objects.all():
        assert ManualPage.objects.filter(job_functions=function).exists(), function.slug
        assert ChapterPage.objects.filter(job_functions=function).exists(), function.slug
        assert Question.objects.filter(job_functions=function).count() >= 3, function.slug
        assert Task.objects.filter(job_functions=function, retired=False).exists(), function.slug
        assert (
            AnswerPage.objects.filter(job_functions=function).exists()
            or PolicyPage.objects.filter(job_functions=function).exists()
        ), function.slug
    for function in JobFunction.objects.filter(position=Position.CSR_1):
        assert ChapterPage.objects.filter(job_functions=function).count() >= 3, function.slug


def test_every_section_of_a_policy_is_there_to_be_pointed_at(library):
    assert Section.objects.of_policies().current().count() == sum(len(p.body) for p in PolicyPage.objects.all())


def test_every_function_of_a_csr_i_has_questions_of_every_type_each_about_a_section(library):
    questions = Question.objects.prefetch_related("job_functions").select_related("section")
    assert len(questions) >= 100
    assert all(question.live and question.section and question.general_feedback for question in questions)
    by_function = {}
    for question in questions:
        for function in question.job_functions.all():
            by_function.setdefault(function.slug, set()).add(question.type)
    own = JobFunction.objects.filter(position=Position.CSR_1).values_list("slug", flat=True)
    assert {slug: len(by_function.get(slug, ())) for slug in own} == {slug: len(types.ALL) for slug in own}
    assert Question.objects.filter(language="es").count() >= 10


def test_every_category_belongs_to_a_function(library):
    assert not Category.objects.filter(job_function=None).exists()


def test_every_manual_of_a_csr_i_has_a_quiz_that_the_right_answers_pass(library):
    learner = UserFactory()
    quizzes = QuizPage.objects.live().select_related("manual")
    assert {quiz.manual for quiz in quizzes} == set(ManualPage.objects.live())
    for quiz in quizzes:
        assert drawing.problems(quiz.contents) == [], quiz
        asked = {one.question.pk: right(one.question) for one in drawing.draw(quiz, Random(1))}
        assert 8 <= len(asked) <= 12, quiz
        attempt = take(quiz, learner, asked, rng=Random(1))
        marked = [one.credit for one in attempt.responses.all() if one.credit is not None]
        assert set(marked) == {1}, quiz
        assert attempt.passed or attempt.is_waiting, quiz


def test_the_demonstration_people_can_sign_in_and_report_to_the_supervisor(library):
    assert {person.username for person in User.objects.filter(is_demonstration=True)} == {
        "csr1",
        "csr2",
        "senior",
        "supervisor",
    }
    person = User.objects.get(username="csr1")
    assert person.check_password(demonstration.PASSWORD)
    assert person.supervisor.username == "supervisor"


def test_the_command_says_what_it_did(library, capsys):
    call_command("load_starter")
    assert "0 added, 0 changed, 173 as they were." in capsys.readouterr().out


# ---- Learning paths


PATHS = [
    ("csr-i-first-90-days", Position.CSR_1, None),
    ("csr-ii-journey", Position.CSR_2, 24),
    ("senior-csr-lead", Position.SENIOR, 36),
]


@pytest.mark.parametrize(("slug", "position", "months"), PATHS)
def test_a_path_is_twelve_weeks_and_asks_for_every_manual_quiz_and_policy_of_its_position(
    library, slug, position, months
):
    edition = LearningPath.objects.get(slug=slug).editions.get()
    steps = list(edition.steps.select_related("page", "quiz"))
    assert {step.stage for step in steps} == set(range(1, 13))
    days = [step.due_days for step in steps if not step.optional]
    assert days == sorted(days)
    assert days[-1] == 60
    assert all(5 * (step.stage - 1) < step.due_days <= 5 * step.stage for step in steps if not step.optional)
    pages = {step.page for step in steps if step.page}
    manuals = ManualPage.objects.live().filter(job_functions__position=position).distinct()
    for manual in manuals:
        assert manual.page_ptr in pages or {chapter.page_ptr for chapter in manual.chapters} <= pages, manual.slug
    assert {step.quiz for step in steps if step.quiz} == set(QuizPage.objects.live().filter(manual__in=manuals))
    policies = [step.page.specific for step in steps if step.kind == Kind.POLICY]
    assert set(policies) == set(PolicyPage.objects.live().filter(acknowledged_by=group_for(position)))


@pytest.mark.parametrize(("slug", "position", "months"), PATHS)
def test_a_path_gives_a_certificate_that_its_steps_renew_and_could_be_published_by_its_author(
    library, slug, position, months
):
    path = LearningPath.objects.get(slug=slug)
    assert (path.position, path.gives_certificate, path.valid_months) == (position, True, months)
    renewing = Step.objects.filter(edition__path=path, renews=True, optional=False)
    assert {step.kind for step in renewing} >= ({Kind.QUIZ, Kind.TASK} if months else set())
    assert renewing.exists() == bool(months)
    path.full_clean()
    assert path_checking.objection_to(path) is None


def test_everyone_is_on_the_path_of_their_position_and_it_takes_a_week_of_working_time(library):
    enrolments = Enrolment.objects.filter(left_at=None).select_related("person", "path")
    own = {one.person.username: one for one in enrolments if one.person.username in ("csr1", "csr2", "senior")}
    assert {name: one.path.position for name, one in own.items()} == {
        "csr1": Position.CSR_1,
        "csr2": Position.CSR_2,
        "senior": Position.SENIOR,
    }
    for found in progress.of(own.values()).values():
        assert not [one.step for one in found.steps if one.state == "gone"]
        assert 25 <= sum(one.minutes for one in found.steps if one.counts) / 60 <= 55, found.enrolment


def test_no_policy_is_due_on_a_path_later_than_it_is_to_be_acknowledged(library):
    for step in Step.objects.filter(kind=Kind.POLICY).select_related("page", "edition__path"):
        policy = step.page.specific
        assert step.due_days <= policy.acknowledge_within, step


def test_every_task_has_things_to_see_and_the_functions_it_is_evidence_for(library):
    tasks = Task.objects.prefetch_related("checklist", "job_functions", "steps")
    assert len(tasks) >= 30
    for task in tasks:
        assert len(task.checklist.all()) >= 3, task
        assert task.job_functions.all(), task
        assert task.steps.all(), task


def test_the_new_hire_is_on_the_path_and_everything_on_it_is_there_to_be_done(library):
    enrolment = Enrolment.objects.select_related("person", "path").get(person__username="csr1")
    found = progress.of([enrolment])[enrolment.pk]
    assert enrolment.path.slug == "csr-i-first-90-days"
    assert {one.state for one in found.steps} <= {"open", "later"}
    assert found.percent == 0
    assert found.next.url.startswith("/manuals/answering-inquiries/your-first-morning/#")
    assert 25 <= found.minutes_left / 60 <= 45


def test_loading_paths_again_leaves_what_a_city_made_of_them_as_it_is(library, django_assert_num_queries):
    path = LearningPath.objects.get(slug="csr-i-first-90-days")
    path.title = "Our own first weeks"
    path.contents = path.contents.raw_data[:3]
    path.save_revision().publish()
    Task.objects.filter(slug="closes-a-drawer").update(title="Closes our drawer")
    people = loading.load_people()
    with django_assert_num_queries(2):
        training_loading.load(people["senior"], people["supervisor"])
    path.refresh_from_db()
    assert (path.title, len(path.contents), path.editions.count()) == ("Our own first weeks", 3, 2)
    assert Task.objects.get(slug="closes-a-drawer").title == "Closes our drawer"
