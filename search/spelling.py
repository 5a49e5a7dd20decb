"""Words that are not in the library, and the words that are and look like them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.backends.whoosh.snapshot import Snapshot
from search.fields import Field
from search.stemming import stems

# A shorter word is one letter away from too many others.
MIN_LENGTH = 4
# From this length on, two letters may be wrong.
TWO_ERRORS_FROM = 8
MAX_CANDIDATES = 3
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
    2 for a word of eight letters and more. The nearest come first, then the most frequent.
    """
    if len(surface) < MIN_LENGTH or any(character.isdigit() for character in surface):
        return Corrected({}, [])
    limit = 2 if len(surface) >= TWO_ERRORS_FROM else 1
    best: dict[str, tuple[int, int]] = {}
    by_field: dict[str, list[str]] = {}
    for field in fields:
        for term in field.terms(surface):
            near = process.extract(
                term, snapshot.words(field.name), scorer=OSA.distance, score_cutoff=limit, limit=3 * MAX_CANDIDATES
            )
            for candidate, distance, _ in near:
                by_field.setdefault(field.name, []).append(candidate)
                frequency = snapshot.document_frequency(field.name, candidate)
                known = best.get(candidate)
                total = frequency + (-known[1] if known else 0)
                best[candidate] = (int(distance), -total)
    names = sorted(best, key=lambda candidate: best[candidate])[:MAX_CANDIDATES]
    if names:
        nearest = best[names[0]][0]
        names = [name for name in names if best[name][0] == nearest]
    terms = {name: {term: WEIGHT for term in candidates if term in names} for name, candidates in by_field.items()}
    return Corrected({name: found for name, found in terms.items() if found}, names)


def beginning_with(surface: str, snapshot: Snapshot, field: Field) -> list[str]:
    """Return the words of a field that begin with what was typed so far, or are a stem that it begins with."""
    typed = (*stems(surface, None), surface.casefold())[0]
    words = snapshot.words(field.name)
    found = []
    for word in words[bisect_left(words, typed) :]:
        if not word.startswith(typed):
            break
        found.append(word)
    if not found and len(typed) > MIN_LENGTH:
        shorter = (typed[:length] for length in range(len(typed) - 1, MIN_LENGTH - 1, -1))
        found = [stem for stem in shorter if snapshot.document_frequency(field.name, stem)][:1]
    return found
