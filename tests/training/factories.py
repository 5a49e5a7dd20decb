"""Learning paths, enrolments and evidence for tests, made the way the portal makes them.

path = make_path(stage("Week 1", read(chapter, due_days=3), attest(task)))
enrolment = enrol(UserFactory(), path)
read_all(enrolment.person, chapter)
assert progress_of(enrolment).percent == 50
"""

from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from manuals import acknowledging
from manuals.models import Method, PolicyPage, ReadAs, Section
from portal.people.models import User
from portal.people.positions import Position
from portal.training import certificate_codes, enrolling, progress, reading
from portal.training.models import Attendance, Certificate, Enrolment, LearningPath, SignOff, Task, TaskItem, Way


def step(kind: str, **value: Any) -> dict[str, Any]:
    """Return the raw data of a step, from the start, required and without a due date unless said otherwise."""
    own = {"optional": False, "due_days": None, "opens": "at_once", "note": "", **value}
    return {"type": kind, "id": str(uuid4()), "value": own}


def read(page: Any, **value: Any) -> dict[str, Any]:
    """Return a step that asks to read a chapter or a manual."""
    return step("manual" if page._meta.model_name == "manualpage" else "chapter", page=page.pk, **value)


def acknowledge(policy: PolicyPage, **value: Any) -> dict[str, Any]:
    """Return a step that asks to acknowledge a policy."""
    return step("policy", page=policy.pk, **value)


def pass_quiz(quiz: Any, mark: int | None = None, **value: Any) -> dict[str, Any]:
    """Return a step that asks to pass a quiz."""
    return step("quiz", page=quiz.pk, mark=mark, **{"minutes": 15, **value})


def have_signed(task: Task, **value: Any) -> dict[str, Any]:
    """Return a step that asks to have a task signed off."""
    return step("task", task=task.pk, **value)


def attend(title: str = "A morning with the meter crew", **value: Any) -> dict[str, Any]:
    """Return a step that asks to attend something."""
    return step("attend", title=title, **{"minutes": 60, **value})


def stage(title: str, *steps: dict[str, Any]) -> dict[str, Any]:
    """Return the raw data of a stage."""
    own = [{**one, "value": dict(one["value"])} for one in steps]
    return {"type": "stage", "id": str(uuid4()), "value": {"title": title, "steps": own}}


def make_path(*stages: dict[str, Any], title: str = "First 90 days", **fields: Any) -> LearningPath:
    """Return a published path."""
    values = {"slug": f"path-{uuid4().hex[:8]}", "position": Position.CSR_1, **fields}
    path = LearningPath(title=title, contents=list(stages), **values)
    path.save()
    return publish_path(path)


def publish_path(path: LearningPath) -> LearningPath:
    """Publish a path as the editor does, and return it as it is then."""
    path.save_revision().publish()
    return LearningPath.objects.get(pk=path.pk)


def make_task(title: str = "Closes a drawer to the penny", *items: str, times: int = 1, **fields: Any) -> Task:
    """Return a task with things to see."""
    task = Task(title=title, slug=f"task-{uuid4().hex[:8]}", times=times, **fields)
    task.checklist = [TaskItem(text=text, sort_order=place) for place, text in enumerate(items or ["Counts it twice"])]
    task.save()
    return task


def enrol(person: User, path: LearningPath, **fields: Any) -> Enrolment:
    """Put a person on a path, and return the enrolment."""
    return enrolling.enrol([person], path, **fields)[0]


def read_all(person: User, *pages: Any) -> None:
    """Read every section that stands on these pages."""
    for page in pages:
        read_sections(
            person, page, *Section.objects.filter(page_id=page.pk, retired=False).values_list("anchor", flat=True)
        )


def read_sections(person: User, page: Any, *anchors: str) -> None:
    """Read sections of a page as they stand."""
    reading.record(person, page, anchors, Way.SAID)


def agree(person: User, policy: PolicyPage) -> None:
    """Acknowledge the edition of a policy that is asked for."""
    due = acknowledging.due_on(person, policy)
    assert due is not None
    acknowledging.record(person, due.edition, method=Method.PASSWORD, read_as=ReadAs.WHOLE, since=None)


def sign(person: User, task: Task, supervisor: User, *, met: bool = True, **fields: Any) -> SignOff:
    """Sign a task off."""
    checklist = [{"text": item.text, "seen": met} for item in task.checklist.all()]
    names = {"person_name": str(person), "supervisor_name": str(supervisor), "task_title": task.title}
    return SignOff.objects.create(
        person=person, task=task, supervisor=supervisor, met=met, checklist=checklist, **names, **fields
    )


def confirm(person: User, one: dict[str, Any], supervisor: User, day: date, **fields: Any) -> Attendance:
    """Confirm that a person attended what a step asks for."""
    names = {"person_name": str(person), "supervisor_name": str(supervisor), "title": one["value"]["title"]}
    return Attendance.objects.create(person=person, key=one["id"], supervisor=supervisor, day=day, **names, **fields)


def certify(enrolment: Enrolment, **fields: Any) -> Certificate:
    """Write a certificate of a path, as it is issued."""
    values = {
        "code": certificate_codes.new(),
        "person_name": str(enrolment.person),
        "path_title": enrolment.path.title,
        "minutes": 90,
        "issued_on": timezone.localdate(),
        **fields,
    }
    return Certificate.objects.create(person=enrolment.person, path=enrolment.path, edition=enrolment.edition, **values)


def progress_of(enrolment: Enrolment, today: date | None = None) -> progress.Progress:
    """Return how far an enrolment is now."""
    fresh = Enrolment.objects.select_related("person", "path").get(pk=enrolment.pk)
    return progress.of([fresh], today)[enrolment.pk]
