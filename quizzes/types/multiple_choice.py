"""Multiple choice: all options that are right, of several."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

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

# Thirds and sevenths of a hundred never add up to the last place.
SLACK = Fraction(5, 100)


class MultipleChoiceBlock(ItemBlock):
    """Options of which several may be chosen."""

    type_slug = "multiple_choice"
    options = options_block()

    class Meta:
        icon = "tasks"
        label = "Multiple choice"
        help_text = (
            "All options that are right are to be chosen. Each right one earns its share, each wrong one takes its "
            "share away: with two right and two wrong, 50 percent each. The whole never falls below zero."
        )


def _usual(item: Item) -> list[Fraction]:
    """Return the usual share of each option in percent: what is right shares 100, what is wrong shares -100."""
    right = sum(bool(option["right"]) for option in item["options"])
    wrong = len(item["options"]) - right
    return [HUNDRED / right if option["right"] else -HUNDRED / wrong for option in item["options"]]


def _weights(item: Item) -> list[Fraction]:
    return [weight_of(option, share) for option, share in zip(item["options"], _usual(item), strict=True)]


def _chosen(answer: Answer) -> set[str]:
    return {key for key in answer if isinstance(key, str)} if isinstance(answer, list) else set()


class MultipleChoice(QuestionType):
    """Several options of several; what is right adds to the credit, what is wrong takes from it."""

    slug = "multiple_choice"
    label = "Multiple choice"
    block = MultipleChoiceBlock

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        found = problems_of_options(item)
        if found:
            return found
        weights = _weights(item)
        for option, weight in zip(item["options"], weights, strict=True):
            name = name_of(option)
            if option["right"] and weight <= NOTHING:
                found.append(Problem(f"“{name}” is right, so its credit is above zero, or empty.", "options"))
            if not option["right"] and weight > NOTHING:
                sentence = f"“{name}” is not ticked as right, so its credit is zero, below, or empty."
                found.append(Problem(sentence, "options"))
        total = sum((weight for weight in weights if weight > NOTHING), NOTHING)
        if not found and abs(total - HUNDRED) > SLACK:
            sentence = f"What is right earns {float(total):g} percent together. Make it 100, or leave the credit empty."
            found.append(Problem(sentence, "options"))
        return found

    def canonical(self, item: Item) -> Item:
        """Drop weights that say what an empty one says."""
        return without_usual_weights(item, _usual(item))

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the sum of the credit of what was chosen, not below nothing; all that is right earns everything."""
        chosen = _chosen(answer)
        weights = _weights(item)
        # What is right may add up to 99.99999, and still earns everything.
        total = sum((weight for weight in weights if weight > NOTHING), NOTHING) or HUNDRED
        credit, feedback = NOTHING, []
        for option, weight in zip(item["options"], weights, strict=True):
            if option["id"] in chosen:
                credit += weight / total if weight > NOTHING else weight / HUNDRED
                feedback += [option["feedback"]] if option["feedback"] else []
        return Mark(bounded(credit), tuple(feedback))

    def order(self, item: Item, rng: Random, *, shuffle: bool) -> list[str]:
        """Return the options, shuffled if wanted."""
        return shuffled([option["id"] for option in item["options"]], rng, shuffle=shuffle)

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return the ids of the options chosen, sorted."""
        chosen = set(posted.getlist(name))
        return sorted(option["id"] for option in item["options"] if option["id"] in chosen) or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return the options in their order, each with whether it is chosen."""
        parts = shown_options(item, order, _chosen(answer), _usual(item), reveal=reveal)
        return Shown(name, parts, answer, reveal, is_open)

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return the texts of the options chosen, in the author's order."""
        return "; ".join(self.choices(item, answer))

    def right_in_words(self, item: Item) -> str:
        """Return the texts of the options that are right."""
        return "; ".join(name_of(option) for option in item["options"] if option["right"])

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return the texts of the options chosen, in the author's order."""
        chosen: set[Any] = _chosen(answer)
        return [name_of(option) for option in item["options"] if option["id"] in chosen]

    def offered(self, item: Item) -> list[str]:
        """Return the texts of the options."""
        return [name_of(option) for option in item["options"]]
