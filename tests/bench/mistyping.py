"""What goes wrong and what is unfinished while somebody types; all of it with a fixed seed."""

import random
import re
from collections.abc import Iterable

SEED = 2026
# The shortest word that gets a typing error, and the places at which each question is cut off.
MIN_LENGTH = 4
CUTS = 4

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def with_errors(texts: Iterable[str]) -> list[str]:
    """Return texts with one typing error in one word of each: a letter wrong, missing, too many, or two turned round.

    The word is any of four letters or more (the longest where there is none), the place any in it.
    """
    rng = random.Random(SEED)
    return [_with_error(text, rng) for text in texts]


def _with_error(text: str, rng: random.Random) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    longest = max(words, key=lambda match: len(match.group()))
    match = rng.choice([match for match in words if len(match.group()) >= MIN_LENGTH] or [longest])
    word = mistyped = match.group()
    while mistyped == word:
        place = rng.randrange(len(word))
        before, letter, after = word[:place], word[place], word[place + 1 :]
        mistyped = rng.choice(
            [
                before + rng.choice(_LETTERS) + after,
                before + after,
                before + letter + rng.choice(_LETTERS) + after,
                before + after[:1] + letter + after[1:],
            ]
        )
    return text[: match.start()] + mistyped + text[match.end() :]


def beginnings(texts: Iterable[str]) -> list[str]:
    """Return what stands in the field when suggestions are asked for: each text, cut off at some places."""
    rng = random.Random(SEED)
    return [text[: rng.randint(2, len(text))] for text in texts for _ in range(CUTS)]
