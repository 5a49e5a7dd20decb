"""How text becomes words: the same way when it is indexed and when it is searched for."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from whoosh.analysis.filters import CharsetFilter, LowercaseFilter, StopFilter
from whoosh.analysis.morph import StemFilter
from whoosh.analysis.ngrams import NgramFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.lang import has_stemmer
from whoosh.support.charset import accent_map

# Decimal numbers and words with an apostrophe stay whole; whatever else is no letter or digit parts words.
WORD = re.compile(r"\d+(?:\.\d+)+|\w+(?:['’]\w+)*")
# Nothing a person types or writes as a word is longer; what is (encoded data) would only fill the index.
MAX_WORD_LENGTH = 64
# Words that begin alike for so many letters are taken for the same while typing.
MAX_BEGINNING = 20
# Words taken from one query, so that pasting a page into the search field costs no more than a long question.
MAX_QUERY_WORDS = 64

# Stands between the parts of a field with several values.
PART_SEPARATOR = "\x1e"
# How far apart the last word of one part and the first of the next are counted, so that no phrase spans them.
PART_GAP = 100

_FOLDING: dict[Any, Any] = {**accent_map, ord("’"): "'"}


class PartsTokenizer(RegexTokenizer):
    """Splits text into words, and leaves a gap in their positions between the parts of a field."""

    def __init__(self) -> None:
        super().__init__(WORD)

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:  # type: ignore[override]
        """Yield the tokens of a text whose parts stand between separators."""
        start_pos = options.pop("start_pos", 0)
        start_char = options.pop("start_char", 0)
        for part in value.split(PART_SEPARATOR):
            words = 0
            for token in super().__call__(part, start_pos=start_pos, start_char=start_char, **options):
                words += 1
                yield token
            start_pos += words + PART_GAP
            start_char += len(part) + len(PART_SEPARATOR)


def text_analyzer(language: str | None) -> Any:
    """Return the analyzer of a text field: words in lower case, without accents, stemmed.

    `language` is a code such as "en" or "es", or None for no stemming. Accents go before stemming, so that a query
    typed without them meets the same stem. No word is left out: "no water" is not "water".
    Raises ImproperlyConfigured for a language Whoosh has no stemmer for.
    """
    analyzer = PartsTokenizer() | LowercaseFilter() | CharsetFilter(_FOLDING)
    analyzer |= StopFilter(stoplist=None, minsize=1, maxsize=MAX_WORD_LENGTH, renumber=False)
    if language is None:
        return analyzer
    if not has_stemmer(language):
        raise ImproperlyConfigured(f"Whoosh has no stemmer for the language {language!r}.")
    return analyzer | StemFilter(lang=language)


def beginnings_analyzer() -> Any:
    """Return the analyzer of an autocomplete field: every beginning of every word, unstemmed."""
    analyzer = PartsTokenizer() | LowercaseFilter() | CharsetFilter(_FOLDING)
    return analyzer | NgramFilter(1, MAX_BEGINNING, at="start")


@lru_cache
def analyzer_for(language: str | None, factory: str | None) -> Any:
    """Return the analyzer of text fields, one and the same for the whole process.

    `factory` is None, or the dotted path of a function that takes a language and returns a Whoosh analyzer.
    """
    make: Callable[[str | None], Any] = import_string(factory) if factory else text_analyzer
    return make(language)


@lru_cache
def analyzer_for_beginnings() -> Any:
    """Return the analyzer of autocomplete fields, one and the same for the whole process."""
    return beginnings_analyzer()


def clean(text: str) -> str:
    """Return text that can be written to an index: without the halves of surrogate pairs."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def join_parts(parts: Sequence[str]) -> str:
    """Return the parts of a field as the one text that its analyzer takes apart again."""
    return clean(PART_SEPARATOR.join(part.replace(PART_SEPARATOR, " ") for part in parts))


def query_words(text: str, limit: int | None = MAX_QUERY_WORDS) -> list[str]:
    """Return the different words of what somebody typed, as typed and in order, so many at most."""
    return list(dict.fromkeys(WORD.findall(clean(text))))[:limit]


def terms(analyzer: Any, text: str) -> list[str]:
    """Return what an analyzer makes of a piece of a query, in order; empty if nothing is left of it."""
    return [token.text for token in analyzer(text, mode="query")]
