"""The blocks that a learning path is edited as: stages, each a list of steps."""

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

# What a step asks for comes first in its form, then what every step has.
COMMON = ["due_days", "opens", "optional", "note"]


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


class RenewingStep(StepBlock):
    """A step that can be asked for again: what shows that one can still do it."""

    renews = blocks.BooleanBlock(
        required=False,
        label="Renews the certificate",
        help_text=(
            "To be done again before the certificate expires. A quiz should allow enough attempts for that: they are "
            "counted from the first time on."
        ),
    )


class ChapterStep(StepBlock):
    """Read a chapter."""

    page = blocks.PageChooserBlock(page_type="manuals.ChapterPage", label="Chapter")

    class Meta:
        icon = "doc-full"
        label = "Chapter"
        label_format = "{page}"
        form_layout = ["page", *COMMON]


class ManualStep(StepBlock):
    """Read a whole manual."""

    page = blocks.PageChooserBlock(page_type="manuals.ManualPage", label="Manual")

    class Meta:
        icon = "folder-open-inverse"
        label = "Manual"
        label_format = "{page}"
        form_layout = ["page", *COMMON]


class PolicyStep(StepBlock):
    """Acknowledge a policy."""

    page = blocks.PageChooserBlock(page_type="manuals.PolicyPage", label="Policy")

    class Meta:
        icon = "check"
        label = "Policy"
        label_format = "{page}"
        form_layout = ["page", *COMMON]


class QuizStep(RenewingStep):
    """Pass a quiz."""

    page = blocks.PageChooserBlock(page_type="quizzes.QuizPage", label="Quiz")
    mark = blocks.IntegerBlock(
        required=False, min_value=1, max_value=100, help_text="Percent to reach. Empty: the quiz's own pass mark."
    )
    minutes = blocks.IntegerBlock(default=15, min_value=1, max_value=600)

    class Meta:
        icon = "help"
        label = "Quiz"
        label_format = "{page}"
        form_layout = ["page", "mark", "minutes", *COMMON, "renews"]


class TaskStep(RenewingStep):
    """Have a task signed off."""

    task = SnippetChooserBlock("training.Task")

    class Meta:
        icon = "clipboard-list"
        label = "Task"
        label_format = "{task}"
        form_layout = ["task", *COMMON, "renews"]


class AttendStep(RenewingStep):
    """Attend something."""

    title = blocks.CharBlock(max_length=150, help_text="Such as “A morning with the meter crew”.")
    minutes = blocks.IntegerBlock(default=60, min_value=1, max_value=6000)

    class Meta:
        icon = "group"
        label = "Attendance"
        label_format = "{title}"
        form_layout = ["title", "minutes", *COMMON, "renews"]


class StepsBlock(blocks.StreamBlock):
    """The steps of a stage, in order."""

    chapter = ChapterStep()
    manual = ManualStep()
    policy = PolicyStep()
    quiz = QuizStep()
    task = TaskStep()
    attend = AttendStep()

    class Meta:
        # A long path is read as a list of names; a step that is added is open.
        collapsed = True


class StageBlock(blocks.StructBlock):
    """A stage, as a rule a week."""

    title = blocks.CharBlock(max_length=100, help_text="Such as “Week 1: the desk”.")
    # What a published stage must have, `portal.training.path_checking` says; a draft may be empty.
    steps = StepsBlock(required=False)

    class Meta:
        icon = "list-ol"
        label = "Stage"
        label_format = "{title}"


class ContentsBlock(blocks.StreamBlock):
    """The stages of a path, in order."""

    stage: Any = StageBlock()
