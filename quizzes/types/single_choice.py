"""Single choice: one option of several."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from django.http import QueryDict

from quizzes.types.base import NOTHING, Answer, Item, ItemBlock, Mark, Problem, QuestionType, Shown, bounded, shuffled
from quizzes.types.choice import (
    HUNDRED,
    name_of,
    options_block,
    problems_of_options,
    shown_options,
    weight_of,
    without_usual_weights,
)


class SingleChoiceBlock(ItemBlock):
    """Options of which one is chosen."""

    type_slug = "single_choice"
    options = options_block()

    class Meta:
        icon = "radio-full"
        label = "Single choice"
        help_text = "One option is chosen. A wrong one may earn part of the credit: give it, say, 50 percent."


def _usual(item: Item) -> list[Fraction]:
    return [HUNDRED if option["right"] else NOTHING for option in item["options"]]


class SingleChoice(QuestionType):
    """One option of several; a wrong one may earn part of the credit."""

    slug = "single_choice"
    label = "Single choice"
    block = SingleChoiceBlock

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        found = problems_of_options(item)
        for option, share in zip(item["options"], _usual(item), strict=True):
            weight, name = weight_of(option, share), name_of(option)
            if option["right"] and weight != HUNDRED:
                found.append(Problem(f"“{name}” is right, so it earns 100 percent. Leave its credit empty.", "options"))
            if not option["right"] and weight == HUNDRED:
                found.append(Problem(f"“{name}” earns 100 percent, so tick it as right.", "options"))
        return found

    def canonical(self, item: Item) -> Item:
        """Drop weights that say what an empty one says."""
        return without_usual_weights(item, _usual(item))

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the credit of the option chosen; one that takes credit away earns nothing."""
        for option, share in zip(item["options"], _usual(item), strict=True):
            if option["id"] == answer:
                feedback = (option["feedback"],) if option["feedback"] else ()
                return Mark(bounded(weight_of(option, share) / HUNDRED), feedback)
        return Mark(NOTHING)

    def order(self, item: Item, rng: Random, *, shuffle: bool) -> list[str]:
        """Return the options, shuffled if wanted."""
        return shuffled([option["id"] for option in item["options"]], rng, shuffle=shuffle)

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return the id of the option chosen."""
        chosen = posted.get(name)
        return chosen if any(option["id"] == chosen for option in item["options"]) else None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return the options in their order, each with whether it is chosen."""
        chosen = {answer} if isinstance(answer, str) else set()
        parts = shown_options(item, order, chosen, _usual(item), reveal=reveal)
        return Shown(name, parts, answer, reveal, is_open)

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return the text of the option chosen."""
        return next((name_of(option) for option in item["options"] if option["id"] == answer), "")

    def right_in_words(self, item: Item) -> str:
        """Return the right option, or the right ones."""
        return " / ".join(name_of(option) for option in item["options"] if option["right"])

    def offered(self, item: Item) -> list[str]:
        """Return the texts of the options."""
        return [name_of(option) for option in item["options"]]
