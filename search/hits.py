"""What is shown of what was found: the pages as the database has them now, each with the words that show why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from wagtail.models import Page

from manuals.models import AnswerPage, Section
from portal.people.models import Language
from search import extracts, stop_words
from search.backends.whoosh import analysis
from search.fields import ANSWER
from search.question import Question
from search.scoring import Found
from search.stemming import all_stems

# All that a list of hits shows of an answer, and needs for its address; the rest is long, and read if it is asked for.
_SHOWN = ("title", "slug", "path", "depth", "url_path", "live", "locale", "content_type")
_SHOWN_OF_ANSWERS = (*_SHOWN, "question_es", "short_answer", "short_answer_es", "script_es")


@dataclass(frozen=True)
class Hit:
    """Something that answers: a page, or a section of it. `section` is the section's address, or None.

    As of a day (`on`), the page has the words it had then, and `note` says how today differs. `address` is where a page
    can be read that is not published today. `words` are what the hit is made of, beyond what it shows.
    """

    page: Any
    section: str | None
    heading: str
    extract: SafeString
    score: float
    language: str = Language.ENGLISH.value
    is_promoted: bool = False
    on: date | None = None
    note: str = ""
    address: str = ""
    words: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The address to open."""
        return address_of(self.address or str(self.page.url), self._script, self.on, self.section or "")

    @property
    def parameters(self) -> str:
        """What opening it from a list of results says of it, as the parameters of an address."""
        found = {"section": self.section or "", "script": self._script, "on": self.on.isoformat() if self.on else ""}
        return urlencode({name: value for name, value in found.items() if value})

    @property
    def _script(self) -> str:
        return self.language if self.language != Language.ENGLISH else ""

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer, and not a policy or chapter behind one."""
        return isinstance(self.page, AnswerPage)


def address_of(url: str, script: str = "", on: date | None = None, section: str = "") -> str:
    """Return an address with a script to show first, a day, and a section to go to."""
    parameters = {"script": script, "on": on.isoformat() if on else ""}
    query = urlencode({name: value for name, value in parameters.items() if value})
    return url + (f"?{query}" if query else "") + (f"#{section}" if section else "")


class Showing:
    """Makes hits of what was found for a question, in the question's language where an answer is written in it."""

    def __init__(self, question: Question, language: str, hidden: Sequence[str]) -> None:
        self._is_match = _matcher(question)
        self._language = language
        self._hidden = hidden

    def hits(self, found: Sequence[Found], pinned: Sequence[int], limit: int) -> list[Hit]:
        """Return the hits that may be shown, so many at most, pinned pages first.

        Three queries at most, and one more for each type of pinned page that is no answer.
        """
        keys = [one.pk for one in found if one.kind == ANSWER]
        answers = AnswerPage.objects.live().only(*_SHOWN_OF_ANSWERS).in_bulk([*keys, *pinned])
        sections = (
            Section.objects.current()
            .select_related("page")
            .only("anchor", "heading", "text", "page__title", *(f"page__{name}" for name in _SHOWN))
        )
        sections_by_key = sections.in_bulk([one.pk for one in found if one.kind != ANSWER])
        others = Page.objects.live().specific().in_bulk([key for key in pinned if key not in answers]) if pinned else {}
        hits = []
        for key in dict.fromkeys(pinned):
            page = answers.get(key) or others.get(key)
            if page and self._may_be_shown(page):
                hits.append(self._page(page, 0.0, is_promoted=True))
        for one in found:
            if len(hits) >= limit:
                break
            if one.kind != ANSWER:
                section = sections_by_key.get(one.pk)
                if section and self._may_be_shown(section.page):
                    hits.append(self._section(section, one.score))
            elif one.pk in answers and one.pk not in pinned and self._may_be_shown(answers[one.pk]):
                hits.append(self._page(answers[one.pk], one.score))
        return hits[:limit]

    def _may_be_shown(self, page: Page) -> bool:
        return not any(page.path.startswith(path) for path in self._hidden)

    def _section(self, section: Section, score: float) -> Hit:
        extract = extracts.extract(section.text, self._is_match)
        return Hit(section.page, section.anchor, section.heading, extract, score)

    def _page(self, page: Any, score: float, is_promoted: bool = False) -> Hit:
        language, title = Language.ENGLISH.value, page.title
        text = getattr(page, "short_answer", "") or getattr(page, "rule", "")
        if self._language == Language.SPANISH and isinstance(page, AnswerPage):
            spanish = page.short_answer_es or page.script_es
            if spanish:
                language, title, text = Language.SPANISH.value, page.question_es or page.title, spanish
        extract = extracts.extract(text, self._is_match, extracts.WHOLE)
        return Hit(page, None, title, extract, score, language, is_promoted)


def _matcher(question: Question) -> Callable[[str], bool]:
    """Return what tells whether a word of a text is one of those that were looked for, small ones left out."""
    terms = question.terms

    def is_match(surface: str) -> bool:
        return surface.casefold() not in stop_words.ALL and not terms.isdisjoint(all_stems(surface))

    return is_match


def corrections_as_read(question: Question, hits: Sequence[Hit], found: Sequence[Found]) -> dict[str, str]:
    """Return the corrected words as people read them: in the form in which a hit has them, for the index has stems.

    One query at most: scripts are read only for words that no hit shows and no question has.
    """
    wanted = {terms[0] for terms in question.corrections.values()}
    surfaces: dict[str, str] = {}
    for text in _texts(hits, found) if wanted else ():
        for surface in analysis.query_words(text, limit=None):
            for stem in wanted & all_stems(surface):
                surfaces.setdefault(stem, surface.casefold())
        if surfaces.keys() == wanted:
            break
    return {typed: surfaces.get(terms[0], terms[0]) for typed, terms in question.corrections.items()}


def _texts(hits: Sequence[Hit], found: Sequence[Found]) -> Iterator[str]:
    """Yield all that hits show of their pages, then the questions that answers settle, then their scripts."""
    names = ("title", "question_es", "short_answer", "short_answer_es")
    answers = {hit.page.pk: hit.page for hit in hits if hit.is_answer}
    shown = [text for hit in hits for text in (hit.heading, hit.extract, hit.page.title)]
    yield " ".join([*shown, *(getattr(page, name) for page in answers.values() for name in names)])
    yield " ".join(text for one in found if one.kind != ANSWER or one.pk in answers for text in one.questions)
    yield " ".join(hit.words for hit in hits)
    scripts = AnswerPage.objects.filter(pk__in=answers).values_list("script_en", "script_es")
    yield " ".join(text for texts in scripts for text in texts)
