"""What a quiz asks: questions named one by one, and draws."""

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from manuals.question_chooser import QuestionChooserBlock
from portal.people.models import Language
from quizzes.models.question import Difficulty

MAX_POINTS = 100
MAX_DRAWN = 100


class FixedQuestionBlock(blocks.StructBlock):
    """A question that everyone is asked."""

    question = QuestionChooserBlock()
    points = blocks.IntegerBlock(default=1, min_value=1, max_value=MAX_POINTS)

    class Meta:
        icon = "help"
        label = "Question"
        label_format = "{question}"


class DrawBlock(blocks.StructBlock):
    """Questions drawn at random, anew for each attempt."""

    count = blocks.IntegerBlock(label="How many", default=3, min_value=1, max_value=MAX_DRAWN)
    category = SnippetChooserBlock("quizzes.Category")
    difficulty = blocks.ChoiceBlock(
        choices=[(str(value), label) for value, label in Difficulty.choices],
        required=False,
        help_text="Empty draws from all of them.",
    )
    tag = blocks.CharBlock(required=False, max_length=100, help_text="Only questions with this tag.")
    language = blocks.ChoiceBlock(choices=Language.choices, required=False, help_text="Empty draws from both.")
    points = blocks.IntegerBlock(default=1, min_value=1, max_value=MAX_POINTS, label="Points for each")

    class Meta:
        icon = "rotate"
        label = "Random draw"
        label_format = "{count} from {category}"


class QuizContentsBlock(blocks.StreamBlock):
    """The questions of a quiz, in order."""

    question = FixedQuestionBlock()
    draw = DrawBlock()
