"""How the demonstration team answers questions: right, wrong, or in words of their own."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from quizzes.models import Response

FILE = Path(__file__).parent / "demonstration_answers.yaml"
# What no key accepts.
NOTHING_OF_THE_KIND = "I do not know"
NO_NUMBER = "-1"


def right(response: Response) -> Any:
    """Return an answer that earns everything; of a question that a person marks, the words of the file."""
    item = response.version.item
    match response.version.type:
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
    words = _in_own_words()
    return words.get(response.version.name, words[""])


def wrong(response: Response) -> Any:
    """Return an answer that earns nothing, or little; a question that a person marks has none such."""
    item = response.version.item
    match response.version.type:
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
            turned = [*matches[1:], matches[0]]
            return {pair["id"]: text for pair, text in zip(item["pairs"], turned, strict=True)}
        case "ordering":
            places = [*range(2, len(item["items"]) + 1), 1]
            return {part["id"]: place for part, place in zip(item["items"], places, strict=True)}
        case "fill_blanks":
            return {blank["id"]: NOTHING_OF_THE_KIND for blank in item["blanks"]}
    return right(response)


@cache
def _in_own_words() -> dict[str, str]:
    words: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return words
