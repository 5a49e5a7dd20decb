"""Words without their endings, one at a time, and remembered: analysing a word anew costs more than all else."""

from functools import lru_cache

from search.backends.whoosh import analysis

LANGUAGES = ("en", "es")


@lru_cache(maxsize=1 << 16)
def stems(word: str, language: str | None) -> tuple[str, ...]:
    """Return what a text field of that language has for a word; None for no stemming."""
    return tuple(analysis.terms(analysis.analyzer_for(language, None), word))


@lru_cache(maxsize=1 << 16)
def all_stems(word: str) -> frozenset[str]:
    """Return what text fields have for a word, in every language of the desk."""
    return frozenset(stem for language in LANGUAGES for stem in stems(word, language))
