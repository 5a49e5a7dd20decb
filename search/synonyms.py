"""Words and phrases that mean the same, put in at the time of the question: no index is built anew for them."""

from collections.abc import Iterable, Iterator, Sequence

from search.backends.whoosh import analysis
from search.stemming import LANGUAGES, all_stems, stems

# A word that only means the same counts about a third.
WEIGHT = 0.35


def expansions(typed: Sequence[str], groups: Iterable[Sequence[str]]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield, for each word or phrase of a group that was typed, the words of the group's others, with their weight.

    A phrase is recognised in any inflection ("shutting off" as "shut off"), in English or Spanish. What several phrases
    would put in is put in once.
    """
    stemmed = {language: [stems(word, language) for word in typed] for language in LANGUAGES}
    put_in = set(map(str.casefold, typed))
    for group in groups:
        phrases = [tuple(analysis.query_words(phrase)) for phrase in group]
        if not any(_is_in(phrase, stemmed) for phrase in phrases):
            continue
        for phrase in phrases:
            words = tuple(word for word in phrase if word.casefold() not in put_in)
            if words and not _is_in(phrase, stemmed):
                put_in.update(map(str.casefold, words))
                yield words, WEIGHT


def recognised(typed: Sequence[str], groups: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return the stems of all words and phrases of the groups that were typed."""
    stemmed = {language: [stems(word, language) for word in typed] for language in LANGUAGES}
    phrases = (tuple(analysis.query_words(phrase)) for group in groups for phrase in group)
    return frozenset(
        stem for phrase in phrases if _is_in(phrase, stemmed) for word in phrase for stem in all_stems(word)
    )


def _is_in(phrase: tuple[str, ...], stemmed: dict[str, list[tuple[str, ...]]]) -> bool:
    """Return whether the words of a phrase stand next to each other in what was typed."""
    for language, typed in stemmed.items():
        wanted = [stems(word, language) for word in phrase]
        if any(typed[start : start + len(wanted)] == wanted for start in range(len(typed) - len(wanted) + 1)):
            return bool(wanted)
    return False
