"""Recording what a path consists of when it is published."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.models import Page

from portal.people.models import User
from portal.training import enrolling
from portal.training.models import Enrolment, Kind, LearningPath, OnChange, Opens, PathEdition, Step, Task
from quizzes.models import QuizPage

# What makes two steps the same for those who are on the path.
COMPARED = (
    "key", "stage", "stage_title", "order", "kind", "title", "note", "page_id", "quiz_id", "task_id", "mark",
    "optional", "renews", "opens", "due_days", "minutes",
)  # fmt: skip


@transaction.atomic
def record(path: LearningPath, by: User | None = None) -> PathEdition:
    """Write the edition that publishing a path makes, and return it; the last one where its steps are the same.

    Those who are on the path move to it or stay with theirs, as the path says; whoever its rule reaches comes onto it.
    """
    LearningPath.objects.select_for_update().get(pk=path.pk)
    steps = steps_of(path)
    last = path.editions.order_by("number").last()
    if last is None or _compared(last.steps.all()) != _compared(steps):
        number = (path.editions.aggregate(last=Max("number"))["last"] or 0) + 1
        last = PathEdition.objects.create(path=path, number=number, published_by=by)
        for step in steps:
            step.edition = last
        Step.objects.bulk_create(steps)
    if path.on_change == OnChange.MOVE:
        Enrolment.objects.filter(path=path, left_at__isnull=True).exclude(edition=last).update(edition=last)
    enrolling.by_rule_of(path)
    return last


def steps_of(path: LearningPath) -> list[Step]:
    """Return the steps of a path as it stands in its editor, not saved and of no edition (three queries)."""
    blocks = [
        (number, stage.value["title"], block)
        for number, stage in enumerate(path.contents, start=1)
        for block in stage.value["steps"]
    ]
    keys = {kind: {_key_of(block) for _, _, block in blocks if block.block_type == kind} for kind in Kind.values}
    pages = Page.objects.in_bulk(keys[Kind.CHAPTER] | keys[Kind.MANUAL] | keys[Kind.POLICY])
    quizzes = QuizPage.objects.in_bulk(keys[Kind.QUIZ])
    tasks = Task.objects.in_bulk(keys[Kind.TASK])
    found = []
    for order, (number, title, block) in enumerate(blocks, start=1):
        value, kind, key = block.value, Kind(block.block_type), _key_of(block)
        page, quiz = pages.get(key), quizzes.get(key) if kind == Kind.QUIZ else None
        task = tasks.get(key) if kind == Kind.TASK else None
        asked: Any = quiz or task or (page if kind not in (Kind.QUIZ, Kind.TASK) else None)
        found.append(
            Step(
                key=block.id,
                stage=number,
                stage_title=title,
                order=order,
                kind=kind,
                title=str(value["title"] if kind == Kind.ATTEND else asked or "")[:255],
                note=value["note"],
                page=page if kind in (Kind.CHAPTER, Kind.MANUAL, Kind.POLICY) else None,
                quiz=quiz,
                task=task,
                mark=value.get("mark"),
                optional=value["optional"],
                renews=bool(value.get("renews")),
                opens=value["opens"] or Opens.AT_ONCE,
                due_days=value["due_days"],
                minutes=task.whole_minutes if task else value.get("minutes") or 0,
            )
        )
    return found


def reached(path: LearningPath) -> int:
    """Return how many people are on a path, whom a change of it touches (one query)."""
    return Enrolment.objects.filter(path=path, left_at__isnull=True).count() if path.pk else 0


def _key_of(block: Any) -> int:
    """Return the key of the page or task that a step asks for; 0 where it asks for none, or for one that is gone."""
    asked = block.value.get("page") or block.value.get("task")
    return asked.pk if asked else 0


def _compared(steps: Any) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(step, name)) for name in COMPARED) for step in steps]
