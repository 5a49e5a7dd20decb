"""The fields that the answer search looks in, and what it finds by them."""

import re
from functools import lru_cache
from typing import Any

from manuals.models import AnswerPage, Section
from search.backends.whoosh import analysis
from search.backends.whoosh.mapping import Catalogue, TextField, label

ANSWER = label(AnswerPage)
SECTION = label(Section)
KINDS = (ANSWER, SECTION)

# The value of an answer that holds its question in every wording.
QUESTIONS = "manuals_answerpage__questions"

# The values that say whether a page is published (drafts are in the index too), its key, and that of a section's page.
LIVE = "wagtailcore_page__live"
PAGE = "wagtailcore_page__id"
SECTION_PAGE = "manuals_section__page_id"

# An answer is made to be said; the section it rests on says the same at length.
SECTION_SHARE = 0.8


class Field:
    """A field of the index: its name there, how much a match counts, and how its text becomes words.

    `text` is the same for fields that hold one text, analysed in one language and in the other.
    """

    def __init__(self, name: str, boost: float, analyzer: Any) -> None:
        self.name = name
        self.boost = boost
        self.text = re.sub(r"(asked_as)_(en|es)$", r"\1", name)
        # A question or a heading; the text of a page has words with any beginning.
        self.is_question = boost >= 2
        self._analyzer = analyzer
        # Analysing a word anew costs more than all else in a search.
        self.terms = lru_cache(maxsize=1 << 14)(self._terms)

    def _terms(self, word: str) -> tuple[str, ...]:
        """Return what this field has in the index for a word."""
        return tuple(analysis.terms(self._analyzer, word))


@lru_cache(maxsize=8)
def fields(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return the fields of answers and of sections, with the boosts their models give them."""
    found: dict[str, TextField] = {}
    for model in (AnswerPage, Section):
        for field in catalogue.texts(model):
            found.setdefault(field.name, field)
    return tuple(Field(field.name, field.boost, field.analyzer) for field in found.values())
