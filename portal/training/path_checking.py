"""What keeps a path from being published: each objection stands beside the field that it is about."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.models import Page

from manuals import acknowledging
from manuals.models import Edition
from portal.people.positions import Position
from portal.training import evidence, recording
from portal.training.models import Kind, LearningPath, Step

NO_STAGE = "Add a stage, with what is to be done in it."
NO_STEPS = "Add a step to this stage, or take the stage out."
RETIRED = "This task is retired. Choose another one, or take the step out."
NOTHING_RENEWS = (
    "No required step renews the certificate, so nobody could keep it. Tick “Renews the certificate” at a quiz, a task "
    "or an attendance, or leave this empty."
)
RENEWS_WHAT_STAYS = (
    "A step renews the certificate, but the certificate does not expire. Give the months it is valid for, or untick "
    "“Renews the certificate” at the step."
)
EXPIRES_AND_IS_NONE = "This path gives no certificate. Leave this empty, or tick “certificate”."
SAME_NAME = (
    "Another step of this path has this name. Give each its own, so that they are told apart when they are signed."
)


def objection_to(path: LearningPath) -> StreamBlockValidationError | None:
    """Return what is to be mended before a path is published as its editor has it, as an error of its stages.

    Four queries beyond those that read the steps and what they ask for.
    """
    if len(path.contents) == 0:
        return StreamBlockValidationError(non_block_errors=[ValidationError(NO_STAGE)])
    steps = recording.steps_of(path)
    why = _Objections(path, steps)
    # Blocks that were never saved have no id yet: they are the steps in the same order.
    next_step = iter(steps)
    stages: dict[int, ValidationError] = {}
    for place, stage in enumerate(path.contents):
        own = stage.value["steps"]
        wrong: dict[int, ValidationError] = {}
        for number, block in enumerate(own):
            sentence = why.to(next(next_step))
            if sentence:
                field = next(name for name in ("page", "task", "title") if name in block.value)
                wrong[number] = StructBlockValidationError({field: ValidationError(sentence)})
        if not own or wrong:
            said = [] if own else [ValidationError(NO_STEPS)]
            error = StreamBlockValidationError(wrong, non_block_errors=said)
            stages[place] = StructBlockValidationError({"steps": error})
    return StreamBlockValidationError(stages) if stages else None


def objection_to_certificate(path: LearningPath) -> str:
    """Return what is to be mended in how a path's certificate is renewed, as a sentence; empty where nothing is."""
    renewing = [block for stage in path.contents for block in stage.value["steps"] if block.value.get("renews")]
    if path.valid_months is None:
        return RENEWS_WHAT_STAYS if renewing else ""
    if not path.gives_certificate:
        return EXPIRES_AND_IS_NONE
    return "" if any(not block.value["optional"] for block in renewing) else NOTHING_RENEWS


class _Objections:
    """What is wrong with steps, each asked about once and in order."""

    def __init__(self, path: LearningPath, steps: list[Step]) -> None:
        self.position = Position(path.position)
        keys = {step.page_id or step.quiz_id for step in steps} - {None}
        self.published = set(Page.objects.live().filter(pk__in=keys).values_list("pk", flat=True))
        self.chapters = evidence.chapters_read_in(steps)
        policies = {step.page_id for step in steps if step.kind == Kind.POLICY and step.page_id}
        self.asks = acknowledging.newest_asks(Edition.objects.filter(page_id__in=policies)) if policies else {}
        self.seen: dict[Any, Step] = {}

    def to(self, step: Step) -> str:
        """Return the sentence that says what is wrong with a step and what to do; empty where it may stay."""
        if step.kind == Kind.ATTEND:
            return SAME_NAME if self._was_seen("attend", step.title.strip().casefold(), step) else ""
        if step.kind == Kind.TASK:
            return self._to_task(step)
        return self._to_page(step)

    def _to_task(self, step: Step) -> str:
        if step.task is None:
            return "Choose the task to be signed off, or take the step out."
        return RETIRED if step.task.retired else self._to_same("task", step.task_id, step)

    def _to_page(self, step: Step) -> str:
        key = step.page_id or step.quiz_id
        noun = {Kind.CHAPTER: "chapter", Kind.MANUAL: "manual", Kind.POLICY: "policy", Kind.QUIZ: "quiz"}[
            Kind(step.kind)
        ]
        if key is None:
            return f"Choose the {noun}, or take the step out."
        if key not in self.published:
            return f"This {noun} is not published. Publish it first, or take the step out."
        if step.kind == Kind.MANUAL and not self.chapters.get(key):
            return "This manual has no published chapter, so that there is nothing to read. Publish one first."
        if step.kind == Kind.POLICY and (key, self.position) not in self.asks:
            label = self.position.label
            return (
                f"A {label} need not acknowledge this policy. Tick {label} under “must be acknowledged by” of the "
                "policy and publish it, or take the step out."
            )
        return self._to_same(noun, key, step)

    def _to_same(self, noun: str, key: Any, step: Step) -> str:
        first = self._was_seen("page" if noun != "task" else noun, key, step)
        if first is None:
            return ""
        return f"This {noun} is on the path already, in “{first.stage_title}”. Take one of the two out."

    def _was_seen(self, noun: str, key: Any, step: Step) -> Step | None:
        """Return the step before that asks for the same, or remember this one."""
        first = self.seen.setdefault((noun, key), step)
        return None if first is step else first
