"""The answer search: from a caller's words to the answers and policy sections that settle them, best first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.utils import normalise_query_string

from manuals.models import AnswerPage, DatedText, PolicyPage, Section
from manuals.permissions import hidden_from
from portal.people.models import Language, User
from search import as_of, stop_words, warming
from search.as_of import Day
from search.backends.whoosh import WhooshSearchBackend, analysis
from search.dated_hits import ShowingAsOf
from search.fields import ANSWER, DATED, SECTION, dated_fields, fields
from search.hits import Hit, Showing, corrections_as_read
from search.models import SynonymGroup
from search.models.synonyms import phrases_of
from search.question import MAX_CHARACTERS, Question, parse
from search.scoring import Found, rank

LIMIT = 20
# Found beyond what is shown, in place of what was taken down a moment ago and is in the index still.
SPARE = 4
# A policy's code, as people write it: CS-101, cs 101, CS101.
_CODE = re.compile(r"\b([A-Za-z]{2,4})[-\s]?(\d{2,4})\b")


@dataclass
class Results:
    """What was found. `corrections` are words taken for typing errors: as typed, and what was looked for instead.

    `on` is the day as of which it was found, None for today.
    """

    hits: list[Hit] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)
    is_available: bool = True
    on: date | None = None


def find(text: str, user: User, *, limit: int = LIMIT, partial: bool = False, on: date | None = None) -> Results:
    """Return the answers, and the policy and chapter sections, that answer a caller's words; best first.

    Any word may match. With `partial`, the last word may still be being typed. What Wagtail's search promotions pin to
    these words comes first, then a policy named by its code, then what the words find. Only pages that this person may
    see are among them. Five queries as a rule and at most eleven, however many there are; one more for each further
    type of pinned page. Never raises for anything that can be typed.

    With `on`, what was in force on that day, in the words it had then; of a day to come, what is planned for it. That
    takes eight queries as a rule and at most sixteen.
    """
    text = "".join(character if character.isprintable() else " " for character in text[:MAX_CHARACTERS])
    day = Day(on, user.writes_content) if on and on != timezone.localdate() else None
    results = Results(on=day.on if day else None)
    if not text.strip():
        return results
    hidden = hidden_from(user)
    question, found = _found(text, limit, partial, hidden, day, results)
    language = language_of(text)
    pinned = _promoted(text) + _named_by_code(text, day)
    showing = ShowingAsOf(question, language, hidden, day) if day else Showing(question, language, hidden)
    results.hits = showing.hits(found, pinned, limit)
    results.corrections = corrections_as_read(question, results.hits, found)
    return results


def may_see(page: Page, user: User) -> bool:
    """Return whether this person may see a page."""
    return not any(page.path.startswith(path) for path in hidden_from(user))


def language_of(text: str) -> str:
    """Return "es" for a question in Spanish, "en" for any other, by its small words and its marks."""
    if re.search(r"[¿¡ñáéíóú]", text, re.IGNORECASE):
        return Language.SPANISH.value
    words = set(text.casefold().split())
    spanish = len(words & (stop_words.SPANISH - stop_words.ENGLISH))
    english = len(words & (stop_words.ENGLISH - stop_words.SPANISH))
    return Language.SPANISH.value if spanish > english else Language.ENGLISH.value


def _found(
    text: str, limit: int, partial: bool, hidden: Sequence[str], day: Day | None, results: Results
) -> tuple[Question, list[Found]]:
    """Return what to look for and the documents found; some more than asked for, since not all may be shown."""
    backend = get_search_backend()
    if not isinstance(backend, WhooshSearchBackend):
        return Question(), _found_elsewhere(text, limit, day)
    groups = phrases_of(tuple(SynonymGroup.objects.values_list("terms", flat=True)))
    hidden_keys = _keys_under(hidden)
    own_fields = fields(backend.folder.catalogue)
    fields_of_then = dated_fields(backend.folder.catalogue) if day else ()
    # While somebody types, the list is there to be changed by the next letter.
    enough = limit if partial else limit + SPARE
    try:
        with backend.readers.reading() as snapshot:
            warming.begin(backend.readers, snapshot, own_fields)
            question = parse(text, snapshot, own_fields + fields_of_then, groups, partial=partial)
            if day:
                return question, as_of.rank(question, snapshot, own_fields, fields_of_then, day, enough, hidden_keys)
            return question, rank(question, snapshot, own_fields, enough, hidden_keys)
    except Exception as error:
        # A damaged file raises whatever its bytes happen to lead to; a caller waits, and a page is owed.
        backend.readers.complain(error)
    results.is_available = False
    return Question(), []


def _found_elsewhere(text: str, limit: int, day: Day | None) -> list[Found]:
    """Return what another search backend finds, in its own order."""
    # Words only: databases choke on an open quote.
    text = " ".join(analysis.query_words(text))
    if not text:
        return []
    found = []
    changes = as_of.coming(day) if day else as_of.Coming()
    for kind, queryset in _searched_elsewhere(day, changes).items():
        scored = queryset.search(text, operator="or").annotate_score("score")[:limit]
        standing = [item for item in scored if kind != SECTION or item.pk not in changes.sections]
        found += [Found(kind, item.pk, item.score or 0.0) for item in standing]
    return sorted(found, key=lambda one: -one.score)


def _searched_elsewhere(day: Day | None, changes: as_of.Coming) -> dict[str, Any]:
    """Return what another backend searches, by kind."""
    # Sections that stand today are all that is indexed; the index cannot filter by what their pages are.
    answers, sections = AnswerPage.objects.live(), Section.objects.all()
    if day is None:
        return {ANSWER: answers, SECTION: sections}
    said = AnswerPage.get_indexed_objects().filter(said_since__lte=day.on).values_list("pk", flat=True)
    return {
        ANSWER: answers.filter(pk__in=set(said) - changes.pages),
        SECTION: sections.filter(since__lte=day.on).exclude(page_id__in=changes.pages),
        DATED: DatedText.objects.on(day.on),
    }


def _keys_under(paths: Sequence[str]) -> set[int]:
    """Return the keys of the pages at these paths and under them."""
    if not paths:
        return set()
    under = reduce(or_, (Q(path__startswith=path) for path in paths))
    return set(Page.objects.filter(under).values_list("pk", flat=True))


def _promoted(text: str) -> list[int]:
    """Return the keys of the pages that are pinned to exactly these words."""
    query = normalise_query_string(text)
    promotions = SearchPromotion.objects.filter(query__query_string=query, page__isnull=False)
    return list(promotions.order_by("sort_order").values_list("page_id", flat=True))


def _named_by_code(text: str, day: Day | None) -> list[int]:
    """Return the key of the policy whose code is in the text; of another day than today, also of one taken down."""
    codes = [f"{letters.upper()}-{digits}" for letters, digits in _CODE.findall(text)]
    policies = PolicyPage.objects.all() if day else PolicyPage.objects.live()
    return list(policies.filter(code__in=codes).values_list("pk", flat=True)) if codes else []
