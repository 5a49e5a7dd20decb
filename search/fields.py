"""The fields that the answer search looks in, and what it finds by them."""

import re
from functools import lru_cache
from typing import Any

from django.db.models import Model

from manuals.models import AnswerPage, DatedText, Section
from search.backends.whoosh import analysis
from search.backends.whoosh.mapping import Catalogue, TextField, label

ANSWER = label(AnswerPage)
SECTION = label(Section)
KINDS = (ANSWER, SECTION)
# What answers and sections say on other days than today; looked in only as of a day.
DATED = label(DatedText)

# The value of an answer that holds its question in every wording.
QUESTIONS = "manuals_answerpage__questions"

# The values that say whether a page is published (drafts are in the index too), its key, and that of a section's page.
LIVE = "wagtailcore_page__live"
PAGE = "wagtailcore_page__id"
SECTION_PAGE = "manuals_section__page_id"

# The values that say since when an answer or a section says what it says.
SINCE = {ANSWER: "manuals_answerpage__said_since", SECTION: "manuals_section__since"}

# The values of what is said on other days: where it is said, in which wordings, from when, and until when.
DATED_PAGE = "manuals_datedtext__page_id"
DATED_ANCHOR = "manuals_datedtext__anchor"
DATED_QUESTIONS = "manuals_datedtext__questions"
DATED_SINCE = "manuals_datedtext__since"
DATED_UNTIL = "manuals_datedtext__until"

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
    return _of(catalogue, AnswerPage, Section)


@lru_cache(maxsize=8)
def dated_fields(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return the fields of what answers and sections say on other days than today."""
    return _of(catalogue, DatedText)


def _of(catalogue: Catalogue, *models: type[Model]) -> tuple[Field, ...]:
    found: dict[str, TextField] = {}
    for model in models:
        for field in catalogue.texts(model):
            found.setdefault(field.name, field)
    return tuple(Field(field.name, field.boost, field.analyzer) for field in found.values())
