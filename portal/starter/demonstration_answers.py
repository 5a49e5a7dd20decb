"""How the demonstration team answers questions: right, wrong, or in words of their own."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from quizzes.models import Response
from quizzes.types.base import Item

FILE = Path(__file__).parent / "demonstration_answers.yaml"
# What no key accepts.
NOTHING_OF_THE_KIND = "I do not know"
NO_NUMBER = "-987654321"


def right(response: Response) -> Any:
    """Return an answer that earns everything; of a question that a person marks, the words of the file."""
    words = _in_own_words()
    found = right_to(response.version.type, response.version.item)
    return words.get(response.version.name, words[""]) if found is None else found


def wrong(response: Response) -> Any:
    """Return an answer that earns nothing, or little; a question that a person marks has none such."""
    found = wrong_to(response.version.type, response.version.item)
    return right(response) if found is None else found


def right_to(kind: str, item: Item) -> Any:
    """Return an answer to a question of a type that earns everything; None where a person marks it."""
    match kind:
        case "single_choice":
            return next(option["id"] for option in item["options"] if option["right"])
        case "multiple_choice":
            return sorted(option["id"] for option in item["options"] if option["right"])
        case "true_false":
            return "true" if item["right"] else "false"
        case "numeric":
            first = item["answers"][0]
            return str(first["value"] if first["value"] is not None else first["low"])
        case "short_text":
            return item["answers"][0]["text"]
        case "matching":
            return {pair["id"]: pair["match"] for pair in item["pairs"]}
        case "ordering":
            return {part["id"]: place for place, part in enumerate(item["items"], start=1)}
        case "fill_blanks":
            return {blank["id"]: blank["answers"][0]["text"] for blank in item["blanks"]}
    return None


def wrong_to(kind: str, item: Item) -> Any:
    """Return an answer to a question of a type that earns nothing, or little; None where a person marks it."""
    match kind:
        case "single_choice":
            return next(option["id"] for option in item["options"] if not option["right"])
        case "multiple_choice":
            return sorted(option["id"] for option in item["options"] if not option["right"])
        case "true_false":
            return "false" if item["right"] else "true"
        case "numeric":
            return NO_NUMBER
        case "short_text":
            return NOTHING_OF_THE_KIND
        case "matching":
            matches = [pair["match"] for pair in item["pairs"]]
            # Each prompt gets a neighbour's text.
            turned = [*matches[1:], matches[0]]
            return {pair["id"]: text for pair, text in zip(item["pairs"], turned, strict=True)}
        case "ordering":
            places = [*range(2, len(item["items"]) + 1), 1]
            return {part["id"]: place for part, place in zip(item["items"], places, strict=True)}
        case "fill_blanks":
            return {blank["id"]: NOTHING_OF_THE_KIND for blank in item["blanks"]}
    return None


@cache
def _in_own_words() -> dict[str, str]:
    words: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return words
