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
DEPTH = 25
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


@dataclass(frozen=True)
class _Word:
    """A word of a question taken apart: its share of a full word, its stems in each language, its trigrams."""

    share: float
    stems: tuple[tuple[str, ...], ...]
    trigrams: frozenset[str]


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> _Word:
    by_language = tuple(stems(word, language) for language in LANGUAGES)
    if word.casefold() in stop_words.ALL:
        return _Word(stop_words.WEIGHT, by_language, frozenset())
    padded = [f" {folded} " for folded in stems(word, None)]
    trigrams = (text[start : start + 3] for text in padded for start in range(len(text) - 2))
    return _Word(1.0, by_language, frozenset(map(intern, trigrams)))


@lru_cache(maxsize=1 << 14)
def wording(text: str) -> Wording:
    """Return a question taken apart."""
    words = [_word(word) for word in analysis.query_words(text, limit=MAX_WORDS)]
    by_language = []
    for language in range(len(LANGUAGES)):
        found: dict[str, float] = {}
        for word in words:
            for stem in word.stems[language]:
                found[stem] = max(word.share, found.get(stem, 0.0))
        by_language.append(found)
    return Wording(tuple(by_language), frozenset().union(*(word.trigrams for word in words)))


class Asked:
    """A caller's question, to be compared with what many answers are known to settle."""

    def __init__(self, text: str, rarity: Rarity) -> None:
        self._text = text.casefold()
        self._rarity = rarity
        own = wording(text)
        self._weights = [self._weighted(stems_) for stems_ in own.stems]
        self._masses = [sum(weights.values()) for weights in self._weights]
        self._trigrams = own.trigrams

    def gain(self, questions: Sequence[str]) -> float:
        """Return the factor by which a document with these questions scores higher, 1 for one that has none."""
        return 1 + GAIN * self.closeness(questions)

    def closeness(self, questions: Sequence[str]) -> float:
        """Return how close it is to the closest of these questions, from 0 to 1."""
        if len(questions) > NEAREST:
            near = process.extract(self._text, questions, scorer=fuzz.token_set_ratio, limit=NEAREST)
            questions = [question for question, _, _ in near]
        return max(map(self._closeness, questions), default=0.0)

    def _closeness(self, question: str) -> float:
        theirs = wording(question)
        by_stems = 0.0
        for weights, mass, other in zip(self._weights, self._masses, theirs.stems, strict=True):
            common = sum([weight for stem, weight in weights.items() if stem in other])
            if common:
                by_stems = max(by_stems, _dice(common, mass, sum(self._weighted(other).values())))
        trigrams = theirs.trigrams
        by_trigrams = _dice(len(self._trigrams & trigrams), len(self._trigrams), len(trigrams))
        return (1 - TRIGRAMS) * by_stems + TRIGRAMS * by_trigrams

    def _weighted(self, shares: dict[str, float]) -> dict[str, float]:
        """Return what each stem weighs: its share of a full word times its rarity."""
        rarity = self._rarity
        return {stem: share * rarity(stem) for stem, share in shares.items()}


def _dice(common: float, first: float, second: float) -> float:
    return 2 * common / (first + second) if first + second else 0.0
