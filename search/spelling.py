"""Words that are not in the library, and the words that are and look like them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import stop_words
from search.backends.whoosh.snapshot import Snapshot
from search.fields import Field
from search.stemming import all_stems, stems

# A shorter word is one letter away from too many others.
MIN_LENGTH = 4
# From this length on, two letters may be wrong.
TWO_ERRORS_FROM = 8
MAX_CANDIDATES = 3
# Endings that the stemmers take off. A mistyped one stays on, and holds the word off from its stem by its whole length.
ENDINGS = ("able", "ally", "ance", "ando", "cion", "ence", "endo", "ible", "idad", "ing", "ion", "ment", "ness")
# While a word is being typed, the most frequent words that begin so stand in for it.
MAX_ENDINGS = 16
# A word that was only taken for another counts a little less than one that was typed.
WEIGHT = 0.8


@dataclass(frozen=True)
class Corrected:
    """What stands in for a word: the terms by field with their weights, and the terms best first."""

    terms: dict[str, dict[str, float]]
    names: list[str]


def corrected(surface: str, snapshot: Snapshot, fields: Sequence[Field]) -> Corrected:
    """Return the words of the library that a word nobody there uses is most like; nothing where none is.

    Likeness is the optimal string alignment distance (one letter wrong, missing, too many, or two turned round): 1, or
    2 for a word of eight letters and more. The nearest come first, then the most frequent. Kept with the snapshot, for
    while a question is being typed the same words come again and again.
    """
    if len(surface) < MIN_LENGTH or any(character.isdigit() for character in surface):
        return Corrected({}, [])
    key = ("corrected", surface, tuple(field.name for field in fields))
    known: Corrected | None = snapshot.known.get(key)
    return known or snapshot.known.put(key, _corrected(surface, snapshot, fields), 0)


def _corrected(surface: str, snapshot: Snapshot, fields: Sequence[Field]) -> Corrected:
    fields_by_term: dict[str, list[str]] = {}
    for field in fields:
        for term in field.terms(surface):
            fields_by_term.setdefault(term, []).append(field.name)
    limit = 2 if len(surface) >= TWO_ERRORS_FROM else 1
    near: dict[str, int] = {}
    for term, names in fields_by_term.items():
        words = _vocabulary(tuple(names), snapshot)
        for candidate, distance in _near(term, words, limit) or _near_but_for_the_ending(term, words):
            near[candidate] = min(distance, near.get(candidate, distance))
    nearest = [candidate for candidate, distance in near.items() if distance == min(near.values())]
    # In Spanish fields English words stand as they were written; as if they had been typed, they are looked for in all.
    by_word = {word: _as_typed(word, snapshot, fields) for word in nearest}
    best = sorted(nearest, key=lambda word: (-sum(by_word[word].values()), word))[:MAX_CANDIDATES]
    terms: dict[str, dict[str, float]] = {}
    for word in best:
        for name, term in by_word[word]:
            terms.setdefault(name, {})[term] = WEIGHT
    return Corrected(terms, best)


def _as_typed(word: str, snapshot: Snapshot, fields: Sequence[Field]) -> dict[tuple[str, str], int]:
    """Return the fields and terms that a word of the library is found by, each with how many documents have it."""
    found = {(field.name, term) for field in fields for term in (word, *field.terms(word))}
    counted = {(name, term): snapshot.document_frequency(name, term) for name, term in found}
    return {pair: having for pair, having in counted.items() if having}


def _vocabulary(names: tuple[str, ...], snapshot: Snapshot) -> list[str]:
    """Return every word of some fields."""
    known: list[str] | None = snapshot.known.get(("vocabulary", names))
    if known is None:
        found = sorted(set[str]().union(*(snapshot.words(name) for name in names)))
        known = snapshot.known.put(("vocabulary", names), found, len(found))
    return known


def _near(term: str, words: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """Return the words that a term with so many errors at most may stand for, each with how many it then has."""
    found = process.extract(term, words, scorer=OSA.distance, score_cutoff=limit, limit=None)
    return [(candidate, int(distance)) for candidate, distance, _ in found]


def _near_but_for_the_ending(term: str, words: Sequence[str]) -> list[tuple[str, int]]:
    """Return the same for a term with one error in an ending ("disconnectoin"), and one more at most in a long rest."""
    found = []
    for length in range(2, 6):
        rest, ending = term[:-length], term[-length:]
        if len(rest) > MIN_LENGTH and any(OSA.distance(ending, known, score_cutoff=1) == 1 for known in ENDINGS):
            limit = 1 if len(rest) >= TWO_ERRORS_FROM else 0
            found += [(candidate, 1 + distance) for candidate, distance in _near(rest, words, limit)]
    return found


def beginning_with(surface: str, snapshot: Snapshot, field: Field) -> list[str]:
    """Return the words of a field that begin with what was typed so far, or are a stem that it begins with.

    The most frequent, but none of those that are everywhere: what they would find is found by their full form.
    """
    typed = (*stems(surface, None), surface.casefold())[0]
    key = ("beginning", field.name, typed)
    known: list[str] | None = snapshot.known.get(key)
    if known is not None:
        return known
    found = snapshot.beginning(field.name, typed, MAX_ENDINGS, _stop_stems())
    if not found and len(typed) > MIN_LENGTH:
        shorter = (typed[:length] for length in range(len(typed) - 1, MIN_LENGTH - 1, -1))
        found = [stem for stem in shorter if snapshot.document_frequency(field.name, stem)][:1]
    snapshot.known.put(key, found, len(found))
    return found


@lru_cache
def _stop_stems() -> frozenset[str]:
    """Return what fields have for the words that are everywhere."""
    return frozenset(stem for word in stop_words.ALL for stem in all_stems(word))
