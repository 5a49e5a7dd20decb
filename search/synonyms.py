"""Words and phrases that mean the same, put in at the time of the question: no index is built anew for them."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from search.backends.whoosh import analysis
from search.stemming import LANGUAGES, all_stems, stems

# A word that only means the same counts about a third.
WEIGHT = 0.35
# Endings with which a verb may be typed; without one, an inflection differs by so many letters at most.
_VERB_ENDINGS = ("ing", "ando", "iendo")
MAX_ENDING = 2

Phrase = tuple[str, ...]
Groups = Sequence[Sequence[str]]


def expansions(typed: Sequence[str], groups: Groups) -> Iterator[tuple[Phrase, float]]:
    """Yield, for each word or phrase of a group that was typed, the words of the group's others, with their weight.

    A phrase is recognised in any inflection ("shutting off" as "shut off"), in English or Spanish. What several phrases
    would put in is put in once.
    """
    put_in = set(map(str.casefold, typed))
    said = _said(typed, groups)
    for number in dict.fromkeys(number for number, _ in said):
        own = {phrase for other, phrase in said if other == number}
        for phrase in _compiled(_frozen(groups)).phrases[number]:
            words = tuple(word for word in phrase if word.casefold() not in put_in)
            if words and phrase not in own:
                put_in.update(map(str.casefold, words))
                yield words, WEIGHT


def recognised(typed: Sequence[str], groups: Groups) -> frozenset[str]:
    """Return the stems of all words and phrases of the groups that were typed."""
    return frozenset(stem for _, phrase in _said(typed, groups) for word in phrase for stem in all_stems(word))


class _Compiled:
    """Groups made ready: their phrases by number, and which phrases begin with a stem."""

    def __init__(self, groups: tuple[Phrase, ...]) -> None:
        self.phrases = [[tuple(analysis.query_words(phrase)) for phrase in group] for group in groups]
        self.beginning: dict[str, list[tuple[int, Phrase]]] = {}
        for number, phrases in enumerate(self.phrases):
            for phrase in filter(None, phrases):
                for stem in all_stems(phrase[0]):
                    self.beginning.setdefault(stem, []).append((number, phrase))


@lru_cache(maxsize=8)
def _compiled(groups: tuple[Phrase, ...]) -> _Compiled:
    return _Compiled(groups)


def _frozen(groups: Groups) -> tuple[Phrase, ...]:
    return tuple(map(tuple, groups))


def _said(typed: Sequence[str], groups: Groups) -> list[tuple[int, Phrase]]:
    """Return the phrases that were typed, each with the number of its group, in the order of the groups."""
    beginning = _compiled(_frozen(groups)).beginning
    found = {
        (number, phrase)
        for place, word in enumerate(typed)
        for stem in all_stems(word)
        for number, phrase in beginning.get(stem, ())
        if _is_at(phrase, typed, place)
    }
    return sorted(found)


def _is_at(phrase: Phrase, typed: Sequence[str], place: int) -> bool:
    """Return whether the words of a phrase stand at a place of what was typed."""
    said = typed[place : place + len(phrase)]
    return len(said) == len(phrase) and all(_is_same(*pair) for pair in zip(phrase, said, strict=True))


@lru_cache(maxsize=1 << 14)
def _is_same(word: str, other: str) -> bool:
    """Return whether the second word is an inflection of the first, a group's.

    "Shutting" is one of "shut"; but "water" is none of a group's "watering", although they share a stem.
    """
    if not any(stems(word, language) == stems(other, language) for language in LANGUAGES):
        return False
    return other.casefold().endswith(_VERB_ENDINGS) or abs(len(word) - len(other)) <= MAX_ENDING
