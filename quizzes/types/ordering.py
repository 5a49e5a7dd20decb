"""Ordering: the steps of something, to be put in their order."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from django.http import QueryDict
from wagtail import blocks

from quizzes.types.base import (
    EVERYTHING,
    NOTHING,
    Answer,
    Item,
    ItemBlock,
    Mark,
    Problem,
    QuestionType,
    Shown,
    arranged,
    mean,
    one_line,
    shuffled,
)

MIN_ITEMS = 2
MAX_ITEMS = 12
# With two, an order that is never right would tell what is.
FEWEST_NEVER_RIGHT = 3


class StepBlock(blocks.StructBlock):
    """One of the things to put in order."""

    text = blocks.CharBlock(max_length=300, help_text="For example “Ask for the account number”.")

    class Meta:
        icon = "order"
        label = "Item"
        label_format = "{text}"


_STEP = StepBlock()


class OrderingBlock(ItemBlock):
    """The things to put in order, as they belong."""

    type_slug = "ordering"
    items = blocks.ListBlock(
        _STEP,
        min_num=MIN_ITEMS,
        max_num=MAX_ITEMS,
        default=[_STEP.get_default() for _ in range(3)],
        label="Items in the right order",
        help_text="Write them as they belong. Learners always get them shuffled.",
    )

    class Meta:
        icon = "list-ol"
        label = "Ordering"
        help_text = "Steps are put in order. Each one in its place earns its share. Three to seven steps work best."


def _places(item: Item, answer: Answer) -> dict[str, int]:
    """Return the place, from 1, that an answer gives to each item it names."""
    if not isinstance(answer, Mapping):
        return {}
    every = {part["id"]: answer.get(part["id"]) for part in item["items"]}
    # In JSON true is no number, in Python it is.
    return {key: place for key, place in every.items() if type(place) is int and 1 <= place <= len(every)}


class Ordering(QuestionType):
    """Items to put in their order, by giving each its place."""

    slug = "ordering"
    label = "Ordering"
    block = OrderingBlock

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        every = [one_line(part["text"]) for part in item["items"]]
        found = []
        if len(every) < MIN_ITEMS:
            found.append(Problem("Give at least two items to put in order.", "items"))
        if "" in every:
            found.append(Problem("Write the text of each item, or take the empty one away.", "items"))
        for text in sorted({text for text in every if text and every.count(text) > 1}):
            found.append(Problem(f"Two items say “{text}”. Nobody could tell which comes first.", "items"))
        return found

    def canonical(self, item: Item) -> Item:
        """Write texts on one line."""
        return {**item, "items": [{**part, "text": one_line(part["text"])} for part in item["items"]]}

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the share of the items that stand in their place."""
        given = _places(item, answer)
        parts = {
            part["id"]: EVERYTHING if given.get(part["id"]) == place else NOTHING
            for place, part in enumerate(item["items"], start=1)
        }
        return Mark(mean(parts), parts=parts)

    def order(self, item: Item, rng: Random, *, shuffle: bool) -> list[str]:
        """Return the items shuffled, whether wanted or not, and never in the right order.

        Only two of them are left to chance: always turned round, their order would give the answer away.
        """
        right = [part["id"] for part in item["items"]]
        found = shuffled(right, rng)
        while found == right and len(right) >= FEWEST_NEVER_RIGHT:
            found = shuffled(right, rng)
        return found

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return the place that was chosen for each item; items left open are left out."""
        places = {str(place): place for place in range(1, len(item["items"]) + 1)}
        chosen = {part["id"]: places.get(posted.get(f"{name}-{part['id']}", "")) for part in item["items"]}
        return {key: place for key, place in chosen.items() if place} or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return the items in the order given, each with the place it has; `extra` has the places there are.

        Items that the order does not name stand by their ids, which say nothing of where they belong.
        """
        given = _places(item, answer)
        right = {part["id"]: place for place, part in enumerate(item["items"], start=1)}
        parts = []
        for one in arranged(sorted(item["items"], key=lambda part: str(part["id"])), order):
            key = one["id"]
            part: dict[str, Any] = {
                "id": key,
                "text": one["text"],
                "field": f"{name}-{key}",
                "place": given.get(key),
            }
            if reveal:
                verdict = "unanswered" if key not in given else "right" if given[key] == right[key] else "wrong"
                part.update(verdict=verdict, right=right[key])
            parts.append(part)
        return Shown(name, parts, answer, reveal, is_open, {"places": list(range(1, len(right) + 1))})

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return the items by the places they were given."""
        return "; ".join(self.choices(item, answer))

    def right_in_words(self, item: Item) -> str:
        """Return the items as they belong."""
        return "; ".join(f"{place}. {part['text']}" for place, part in enumerate(item["items"], start=1))

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return each item with the place it was given, first things first."""
        given = _places(item, answer)
        placed = sorted((part for part in item["items"] if part["id"] in given), key=lambda part: given[part["id"]])
        return [f"{given[part['id']]}. {part['text']}" for part in placed]

    def offered(self, item: Item) -> list[str]:
        """Return every item in every place, item by item."""
        every = item["items"]
        return [f"{place}. {part['text']}" for part in every for place in range(1, len(every) + 1)]
