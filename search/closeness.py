"""How close a caller's question is to the questions an answer is known to settle: its title and its other wordings.

The score of a document adds up words wherever they stand; a wording that says just what the caller says is worth more
than the same words strewn over a page. So the best documents are ranked again by the wording that comes closest.
Closeness is Dice's coefficient (L. Dice, "Measures of the amount of ecologic association between species", 1945), once
over stems weighted by their rarity, once over the trigrams of letters, which do not mind an ending or a typing error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from rapidfuzz import fuzz, process

from search import stop_words
from search.backends.whoosh import analysis
from search.stemming import LANGUAGES, stems

# How many of the best documents are ranked again, and how much the closest wording may add to their score.
DEPTH = 40
GAIN = 2.0
# The share of the trigrams in the closeness.
TRIGRAMS = 0.4
# How many wordings of a document are compared in full: those with the most words in common.
NEAREST = 4
MAX_WORDS = 48

Rarity = Callable[[str], float]


@dataclass(frozen=True)
class Wording:
    """A question taken apart: its stems in each language, each with its share of a full word; its trigrams."""

    stems: tuple[dict[str, float], ...]
    trigrams: frozenset[str]


@lru_cache(maxsize=1 << 14)
def wording(text: str) -> Wording:
    """Return a question taken apart."""
    words = analysis.query_words(text, limit=MAX_WORDS)
    by_language = []
    for language in LANGUAGES:
        found: dict[str, float] = {}
        for word in words:
            share = stop_words.WEIGHT if word.casefold() in stop_words.ALL else 1.0
            for stem in stems(word, language):
                found[stem] = max(share, found.get(stem, 0.0))
        by_language.append(found)
    trigrams: set[str] = set()
    for word in words:
        if word.casefold() not in stop_words.ALL:
            for folded in stems(word, None):
                padded = f" {folded} "
                trigrams.update(intern(padded[start : start + 3]) for start in range(len(padded) - 2))
    return Wording(tuple(by_language), frozenset(trigrams))


def closeness(asked: str, questions: Sequence[str], rarity: Rarity) -> float:
    """Return how close a question is to the closest of these, from 0 to 1."""
    if len(questions) > NEAREST:
        near = process.extract(asked.casefold(), questions, scorer=fuzz.token_set_ratio, limit=NEAREST)
        questions = [question for question, _, _ in near]
    mine = wording(asked)
    masses = [_mass(own, own, rarity) for own in mine.stems]
    best = 0.0
    for question in questions:
        theirs = wording(question)
        by_stems = max(
            _dice(_mass(own, other, rarity), mass, _mass(other, other, rarity))
            for own, other, mass in zip(mine.stems, theirs.stems, masses, strict=True)
        )
        by_trigrams = _dice(len(mine.trigrams & theirs.trigrams), len(mine.trigrams), len(theirs.trigrams))
        best = max(best, (1 - TRIGRAMS) * by_stems + TRIGRAMS * by_trigrams)
    return best


def _mass(own: dict[str, float], other: dict[str, float], rarity: Rarity) -> float:
    """Return the weight of the stems that both have."""
    return sum(share * rarity(stem) for stem, share in own.items() if stem in other)


def _dice(common: float, first: float, second: float) -> float:
    return 2 * common / (first + second) if first + second else 0.0


def gain(asked: str, questions: Sequence[str], rarity: Rarity) -> float:
    """Return the factor by which a document with these questions scores higher, 1 for one that has none."""
    return 1 + GAIN * closeness(asked, questions, rarity) if questions else 1.0
