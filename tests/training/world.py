"""One of everything that an address can be about, each of it of a learner whom nobody else has anything to do with."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from manuals.models import AnswerPage, ChapterPage, EditionKind, PolicyPage, Remark
from portal.notifications.models import Notification
from portal.people.models import User
from portal.people.positions import Position, group_for
from portal.training.models import Attendance, Certificate, Enrolment, Waiver
from quizzes.models import Attempt, Question, QuizPage
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes import factories as quiz_factories
from tests.training import factories as make


@dataclass
class World:
    """The learner, and what there is to be looked at."""

    learner: User
    actors: dict[str, User | None]
    chapter: ChapterPage
    policy: PolicyPage
    answer: AnswerPage
    gone: Page
    quiz: QuizPage
    question: Question
    sitting: Attempt
    attempt: Attempt
    essay: int
    task: Any
    enrolment: Enrolment
    keys: dict[str, str]
    sign_off: Any
    attendance: Attendance
    waiver: Waiver
    certificate: Certificate
    remark: Remark
    image: Any
    document: Any
    restriction: PageViewRestriction
    notification: Notification


def make_world() -> World:
    """Return it."""
    learner = UserFactory()
    people = {position.value: UserFactory(position=position) for position in Position}
    supervisor = UserFactory(position=Position.SUPERVISOR)
    choice, essay = quiz_factories.single_choice("Fee", "$25", "$30"), quiz_factories.free_response("Write")
    check = section("check", "Check", ("knowledge_check", str(choice.pk)))
    chapter = make_chapter(make_manual(), body=[section("count", "Count the drawer"), check])
    chapter.change_kind, chapter.change_summary = EditionKind.MINOR, "A word."
    chapter.summary = "You can open a drawer yourself."
    publish(chapter)
    policy = make_policy(acknowledged_by=[group_for(position) for position in Position])
    answer = make_answer()
    gone = make_answer("Is the office open on Saturdays?")
    gone.unpublish()
    quiz = quiz_factories.make_quiz(choice, essay)
    handed_in = quiz_factories.take(quiz, learner, {essay: "Someone will call you back."})
    sitting = quiz_factories.begin(quiz, learner)
    task = make.make_task()
    steps = {
        "chapter": make.read(chapter),
        "task": make.have_signed(task),
        "attend": make.attend(),
        "waived": make.attend("The council meeting"),
    }
    enrolment = make.enrol(learner, make.make_path(make.stage("Week 1", *steps.values())))
    keys = {name: one["id"] for name, one in steps.items()}
    return World(
        learner=learner,
        actors={"signed_out": None, "learner": learner, **people},
        chapter=chapter,
        policy=policy,
        answer=answer,
        gone=gone,
        quiz=quiz,
        question=choice,
        sitting=sitting,
        attempt=handed_in,
        essay=quiz_factories.response_to(handed_in, essay).pk,
        task=task,
        enrolment=enrolment,
        keys=keys,
        sign_off=make.sign(learner, task, supervisor),
        attendance=make.confirm(learner, steps["attend"], supervisor, date(2026, 3, 2)),
        waiver=Waiver.objects.create(
            enrolment=enrolment, key=keys["waived"], title="The council meeting", reason="Did it before.", by=supervisor
        ),
        certificate=make.certify(enrolment),
        remark=Remark.objects.create(page=chapter, by=learner, text="There is a word missing."),
        image=get_image_model().objects.create(title="Counter", file=get_test_image_file()),
        document=get_document_model().objects.create(title="Form", file=ContentFile(b"over", name="form.txt")),
        restriction=PageViewRestriction.objects.create(
            page=make_answer("Who may see this?"), restriction_type=PageViewRestriction.PASSWORD, password="x"
        ),
        notification=Notification.objects.create(person=learner, kind="marked", key="marked", text="Marked.", url="/"),
    )
