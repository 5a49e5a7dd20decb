"""The answer search: from a caller's words to the answers and policy sections that settle them, best first."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.safestring import SafeString
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page, PageViewRestriction
from wagtail.search.backends import get_search_backend
from wagtail.search.utils import normalise_query_string

from manuals.models import AnswerPage, PolicyPage, Section, Wording
from portal.people.models import Language, User
from search import extracts, stop_words
from search.backends.whoosh import WhooshSearchBackend, analysis
from search.fields import ANSWER, SECTION, fields
from search.models import SynonymGroup
from search.question import MAX_CHARACTERS, Question, parse
from search.scoring import Found, rank
from search.stemming import all_stems

LIMIT = 20
# A policy's code, as people write it: CS-101, cs 101, CS101.
_CODE = re.compile(r"\b([A-Za-z]{2,4})[-\s]?(\d{2,4})\b")


@dataclass(frozen=True)
class Hit:
    """Something that answers: a page, or a section of it. `section` is the section's address, or None."""

    page: Any
    section: str | None
    heading: str
    extract: SafeString
    score: float
    language: str = Language.ENGLISH.value
    is_promoted: bool = False

    @property
    def url(self) -> str:
        """The address to open."""
        if self.section:
            return f"{self.page.url}#{self.section}"
        return f"{self.page.url}?script=es" if self.language == Language.SPANISH else str(self.page.url)

    @property
    def parameters(self) -> str:
        """What opening it from a list of results says of it, as the parameters of an address."""
        found = {"section": self.section or "", "script": self.language if self.language != Language.ENGLISH else ""}
        return urlencode({name: value for name, value in found.items() if value})

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer, and not a policy or chapter behind one."""
        return isinstance(self.page, AnswerPage)


@dataclass
class Results:
    """What was found. `corrections` are words taken for typing errors: as typed, and what was looked for instead."""

    hits: list[Hit] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)
    is_available: bool = True


def find(text: str, user: User, *, limit: int = LIMIT, partial: bool = False) -> Results:
    """Return the answers, and the policy and chapter sections, that answer a caller's words; best first.

    Any word may match. With `partial`, the last word may still be being typed. What Wagtail's search promotions pin to
    these words comes first, then a policy named by its code, then what the words find. Only pages that this person may
    see are among them. Five queries as a rule and at most twelve, however many there are; one more for each further
    type of pinned page. Never raises for anything that can be typed.
    """
    text = "".join(character if character.isprintable() else " " for character in text[:MAX_CHARACTERS])
    if not text.strip():
        return Results()
    results = Results()
    hidden = _hidden_from(user)
    question, found = _found(text, limit, partial, hidden, results)
    language = language_of(text)
    pinned = _promoted(text) + _named_by_code(text)
    results.hits = _hits(found, question, language, pinned, hidden, limit)
    results.corrections = _corrections_as_read(question, results.hits)
    return results


def may_see(page: Page, user: User) -> bool:
    """Return whether this person may see a page."""
    return not any(page.path.startswith(path) for path in _hidden_from(user))


def language_of(text: str) -> str:
    """Return "es" for a question in Spanish, "en" for any other, by its small words and its marks."""
    if re.search(r"[¿¡ñáéíóú]", text, re.IGNORECASE):
        return Language.SPANISH.value
    words = set(text.casefold().split())
    spanish = len(words & (stop_words.SPANISH - stop_words.ENGLISH))
    english = len(words & (stop_words.ENGLISH - stop_words.SPANISH))
    return Language.SPANISH.value if spanish > english else Language.ENGLISH.value


def _found(
    text: str, limit: int, partial: bool, hidden: Sequence[str], results: Results
) -> tuple[Question, list[Found]]:
    """Return what to look for and the documents found; some more than asked for, since not all may be shown."""
    backend = get_search_backend()
    if not isinstance(backend, WhooshSearchBackend):
        return Question(), _found_elsewhere(text, limit)
    groups = [group.phrases for group in SynonymGroup.objects.all()]
    hidden_keys = _keys_under(hidden)
    own_fields = fields(backend.folder.catalogue)
    try:
        with backend.readers.reading() as snapshot:
            question = parse(text, snapshot, own_fields, groups, partial=partial)
            return question, rank(question, snapshot, own_fields, limit + 10, hidden_keys)
    except Exception as error:
        # A damaged file raises whatever its bytes happen to lead to; a caller waits, and a page is owed.
        backend.readers.complain(error)
    results.is_available = False
    return Question(), []


def _found_elsewhere(text: str, limit: int) -> list[Found]:
    """Return what another search backend finds, in its own order."""
    # Words only: databases choke on an open quote.
    text = " ".join(analysis.query_words(text))
    if not text:
        return []
    found = []
    # Sections that stand today are all that is indexed; the index cannot filter by what their pages are.
    querysets: tuple[tuple[str, Any], ...] = ((ANSWER, AnswerPage.objects.live()), (SECTION, Section.objects.all()))
    for kind, queryset in querysets:
        scored = queryset.search(text, operator="or").annotate_score("score")[:limit]
        found += [Found(kind, item.pk, item.score or 0.0) for item in scored]
    return sorted(found, key=lambda one: -one.score)


def _hidden_from(user: User) -> list[str]:
    """Return the paths of the pages that this person may not see, with all under them."""
    restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    hidden = []
    own: set[int] | None = None
    for restriction in restrictions:
        if restriction.restriction_type == PageViewRestriction.LOGIN or user.is_superuser:
            continue
        if restriction.restriction_type == PageViewRestriction.GROUPS:
            own = {group.pk for group in user.groups.all()} if own is None else own
            if own & {group.pk for group in restriction.groups.all()}:
                continue
        hidden.append(restriction.page.path)
    return hidden


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


def _named_by_code(text: str) -> list[int]:
    """Return the key of the policy whose code is in the text."""
    codes = [f"{letters.upper()}-{digits}" for letters, digits in _CODE.findall(text)]
    return list(PolicyPage.objects.live().filter(code__in=codes).values_list("pk", flat=True)) if codes else []


def _hits(
    found: Sequence[Found],
    question: Question,
    language: str,
    pinned: Sequence[int],
    hidden: Sequence[str],
    limit: int,
) -> list[Hit]:
    """Return the hits that may be shown, pinned pages first."""
    is_match = _matcher(question)
    answers = AnswerPage.objects.live().in_bulk([one.pk for one in found if one.kind == ANSWER] + list(pinned))
    sections = Section.objects.current().select_related("page")
    sections_by_key = sections.in_bulk([one.pk for one in found if one.kind != ANSWER])
    others = Page.objects.live().specific().in_bulk([key for key in pinned if key not in answers]) if pinned else {}

    def may_be_shown(page: Page) -> bool:
        return not any(page.path.startswith(path) for path in hidden)

    hits = []
    for key in dict.fromkeys(pinned):
        page = answers.get(key) or others.get(key)
        if page and may_be_shown(page):
            hits.append(_page_hit(page, 0.0, language, is_match, is_promoted=True))
    for one in found:
        if len(hits) >= limit:
            break
        if one.kind == ANSWER and one.pk in answers and one.pk not in pinned:
            if may_be_shown(answers[one.pk]):
                hits.append(_page_hit(answers[one.pk], one.score, language, is_match))
        elif one.kind != ANSWER and one.pk in sections_by_key:
            section = sections_by_key[one.pk]
            if may_be_shown(section.page):
                shown = extracts.extract(section.text, is_match)
                hits.append(Hit(section.page, section.anchor, section.heading, shown, one.score))
    return hits[:limit]


def _page_hit(
    page: Any, score: float, language: str, is_match: Callable[[str], bool], is_promoted: bool = False
) -> Hit:
    """Return a hit that is a whole page; an answer in the language of the question, where it is written in it."""
    spanish = (page.short_answer_es or page.script_es) if isinstance(page, AnswerPage) else ""
    if language == Language.SPANISH and spanish:
        title, text = page.question_es or page.title, spanish
    else:
        language = Language.ENGLISH.value
        title, text = page.title, getattr(page, "short_answer", "") or getattr(page, "rule", "")
    return Hit(page, None, title, extracts.extract(text, is_match, extracts.WHOLE), score, language, is_promoted)


def _matcher(question: Question) -> Callable[[str], bool]:
    """Return what tells whether a word of a text is one of those that were looked for, small ones left out."""
    terms = question.terms

    def is_match(surface: str) -> bool:
        return surface.casefold() not in stop_words.ALL and not terms.isdisjoint(all_stems(surface))

    return is_match


def _corrections_as_read(question: Question, hits: Sequence[Hit]) -> dict[str, str]:
    """Return the corrected words as people read them: in the form in which a hit has them, for the index has stems."""
    wanted = {terms[0] for terms in question.corrections.values()}
    surfaces: dict[str, str] = {}
    names = ("title", "question_es", "short_answer", "short_answer_es", "script_en", "script_es")
    for hit in hits if wanted else ():
        _note(wanted, [hit.heading, hit.extract, *(getattr(hit.page, name, "") for name in names)], surfaces)
    if wanted - surfaces.keys():
        answers = [hit.page.pk for hit in hits if hit.is_answer]
        _note(wanted, Wording.objects.filter(answer__in=answers).values_list("text", flat=True), surfaces)
    return {typed: surfaces.get(terms[0], terms[0]) for typed, terms in question.corrections.items()}


def _note(stems: set[str], texts: Iterable[str], surfaces: dict[str, str]) -> None:
    """Note the words of some texts that have one of these stems, the first of each."""
    for surface in analysis.query_words(" ".join(texts), limit=None):
        for stem in stems & all_stems(surface):
            surfaces.setdefault(stem, surface.casefold())
