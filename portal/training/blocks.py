"""The blocks that a learning path is edited as: stages, each a list of steps."""

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class StepBlock(blocks.StructBlock):
    """What every step has. The id of its block is the step's key."""

    optional = blocks.BooleanBlock(required=False, help_text="Offered, and not counted.")
    due_days = blocks.IntegerBlock(
        required=False,
        min_value=0,
        max_value=1000,
        label="Due",
        help_text="Working days after the start. Empty: whenever.",
    )
    opens = blocks.ChoiceBlock(
        choices=[
            ("at_once", "From the start"),
            ("after_step", "After the step before it"),
            ("after_stage", "After all stages before its own"),
        ],
        default="at_once",
        help_text="What is done before its turn counts all the same.",
    )
    note = blocks.CharBlock(required=False, max_length=250, help_text="A word to the learner, if there is one to say.")


class ChapterStep(StepBlock):
    """Read a chapter."""

    page = blocks.PageChooserBlock(page_type="manuals.ChapterPage", label="Chapter")

    class Meta:
        icon = "doc-full"
        label = "Read a chapter"


class ManualStep(StepBlock):
    """Read a whole manual."""

    page = blocks.PageChooserBlock(page_type="manuals.ManualPage", label="Manual")

    class Meta:
        icon = "folder-open-inverse"
        label = "Read a manual"


class PolicyStep(StepBlock):
    """Acknowledge a policy."""

    page = blocks.PageChooserBlock(page_type="manuals.PolicyPage", label="Policy")

    class Meta:
        icon = "tick"
        label = "Acknowledge a policy"


class QuizStep(StepBlock):
    """Pass a quiz."""

    page = blocks.PageChooserBlock(page_type="quizzes.QuizPage", label="Quiz")
    mark = blocks.IntegerBlock(
        required=False, min_value=1, max_value=100, help_text="Percent to reach. Empty: the quiz's own pass mark."
    )
    minutes = blocks.IntegerBlock(default=15, min_value=1, max_value=600)

    class Meta:
        icon = "help"
        label = "Pass a quiz"


class TaskStep(StepBlock):
    """Have a task signed off."""

    task = SnippetChooserBlock("training.Task")

    class Meta:
        icon = "clipboard-list"
        label = "Have a task signed off"


class AttendStep(StepBlock):
    """Attend something."""

    title = blocks.CharBlock(max_length=150, help_text="Such as “A morning with the meter crew”.")
    minutes = blocks.IntegerBlock(default=60, min_value=1, max_value=6000)

    class Meta:
        icon = "group"
        label = "Attend something"


class StepsBlock(blocks.StreamBlock):
    """The steps of a stage, in order."""

    chapter = ChapterStep()
    manual = ManualStep()
    policy = PolicyStep()
    quiz = QuizStep()
    task = TaskStep()
    attend = AttendStep()


class StageBlock(blocks.StructBlock):
    """A stage, as a rule a week."""

    title = blocks.CharBlock(max_length=100, help_text="Such as “Week 1: the desk”.")
    steps = StepsBlock(min_num=1)

    class Meta:
        icon = "list-ol"
        label = "Stage"


class ContentsBlock(blocks.StreamBlock):
    """The stages of a path, in order."""

    stage: Any = StageBlock()
