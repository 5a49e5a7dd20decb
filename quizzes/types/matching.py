"""Matching: to each prompt the text that belongs to it."""

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
    texts,
)

MIN_PAIRS = 2
MAX_PAIRS = 15
MAX_TEXT = 300


class PairBlock(blocks.StructBlock):
    """What belongs together."""

    prompt = blocks.CharBlock(max_length=MAX_TEXT, help_text="For example “Broken water main”.")
    match = blocks.CharBlock(
        max_length=MAX_TEXT, label="Belongs to it", help_text="For example “Call the crew on duty at once”."
    )

    class Meta:
        icon = "link"
        label_format = "{prompt} → {match}"


class DistractorBlock(blocks.StructBlock):
    """What belongs to no prompt."""

    text = blocks.CharBlock(max_length=MAX_TEXT)

    class Meta:
        icon = "cross"
        label_format = "{text}"


_PAIR = PairBlock()


class MatchingBlock(ItemBlock):
    """Pairs, and what belongs to none."""

    type_slug = "matching"
    pairs = blocks.ListBlock(
        _PAIR,
        min_num=MIN_PAIRS,
        max_num=MAX_PAIRS,
        default=[_PAIR.get_default() for _ in range(3)],
        help_text="The same text may belong to several prompts.",
    )
    distractors = blocks.ListBlock(
        DistractorBlock(),
        max_num=MAX_PAIRS,
        default=[],
        label="Belongs to none",
        help_text="Offered with the others, so that the last pair cannot be found by leaving out.",
    )

    class Meta:
        icon = "link"
        label = "Matching"
        help_text = "To each prompt a text is chosen from one list. Each right pair earns its share."


def _offered(item: Item) -> list[str]:
    """Return the texts to choose from, each once, by the alphabet: an order that tells nothing of the pairs."""
    every = [pair["match"] for pair in item["pairs"]] + [distractor["text"] for distractor in item["distractors"]]
    return sorted({one_line(text) for text in every} - {""}, key=lambda text: (text.casefold(), text))


def _field(name: str, pair: Mapping[str, Any]) -> str:
    return f"{name}-{pair['id']}"


class Matching(QuestionType):
    """Prompts, and a list of texts to choose from for each."""

    slug = "matching"
    label = "Matching"
    block = MatchingBlock

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        pairs = item["pairs"]
        found = []
        if len(pairs) < MIN_PAIRS:
            found.append(Problem("Give at least two pairs.", "pairs"))
        if any(not one_line(pair["prompt"]) or not one_line(pair["match"]) for pair in pairs):
            found.append(Problem("Write both sides of each pair.", "pairs"))
        prompts = [one_line(pair["prompt"]) for pair in pairs]
        for prompt in sorted({prompt for prompt in prompts if prompt and prompts.count(prompt) > 1}):
            found.append(Problem(f"Two prompts say “{prompt}”. Nobody could tell them apart.", "pairs"))
        if not found and len(_offered(item)) < MIN_PAIRS:
            sentence = "There is only one text to choose. Give another that belongs to none."
            found.append(Problem(sentence, "distractors"))
        return found

    def canonical(self, item: Item) -> Item:
        """Write texts on one line, and drop distractors that are offered already."""
        pairs = [
            {**pair, "prompt": one_line(pair["prompt"]), "match": one_line(pair["match"])} for pair in item["pairs"]
        ]
        known = {pair["match"] for pair in pairs} | {""}
        distractors = []
        for distractor in item["distractors"]:
            text = one_line(distractor["text"])
            if text not in known:
                known.add(text)
                distractors.append({**distractor, "text": text})
        return {**item, "pairs": pairs, "distractors": distractors}

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the share of the pairs that are right."""
        given = texts(answer)
        parts = {}
        for pair in item["pairs"]:
            is_right = one_line(given.get(pair["id"], "")) == one_line(pair["match"])
            parts[pair["id"]] = EVERYTHING if is_right else NOTHING
        return Mark(mean(parts), parts=parts)

    def order(self, item: Item, rng: Random, *, shuffle: bool) -> list[str]:
        """Return the prompts, shuffled if wanted; what is to choose from always stands by the alphabet."""
        return shuffled([pair["id"] for pair in item["pairs"]], rng, shuffle=shuffle)

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return what was chosen for each prompt; prompts left open are left out."""
        offered = set(_offered(item))
        chosen = {pair["id"]: one_line(posted.get(_field(name, pair), "")) for pair in item["pairs"]}
        return {key: text for key, text in chosen.items() if text in offered} or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return the prompts in their order, each with what is chosen; `extra` has the texts to choose from."""
        given = texts(answer)
        credit = self.mark(item, answer).parts
        parts = []
        for pair in arranged(item["pairs"], order):
            key = pair["id"]
            part: dict[str, Any] = {
                "id": key,
                "text": pair["prompt"],
                "field": _field(name, pair),
                "chosen": one_line(given.get(key, "")),
            }
            if reveal:
                verdict = "right" if credit[key] else "wrong" if part["chosen"] else "unanswered"
                part.update(verdict=verdict, right=pair["match"])
            parts.append(part)
        return Shown(name, parts, answer, reveal, is_open, {"choices": _offered(item)})

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return the pairs as they were made."""
        return "; ".join(self.choices(item, answer))

    def right_in_words(self, item: Item) -> str:
        """Return the pairs as they belong."""
        return "; ".join(f"{pair['prompt']} → {pair['match']}" for pair in item["pairs"])

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return each pair that was made, in the author's order of the prompts."""
        given = texts(answer)
        return [f"{pair['prompt']} → {one_line(given[pair['id']])}" for pair in item["pairs"] if pair["id"] in given]

    def offered(self, item: Item) -> list[str]:
        """Return every pair that can be made, prompt by prompt."""
        return [f"{pair['prompt']} → {text}" for pair in item["pairs"] for text in _offered(item)]
