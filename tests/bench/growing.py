"""A larger library, made of the starter library: its titles, wordings and scripts recombined, other nouns and figures.

Everything is drawn with a fixed seed. What is copied as it stands would have ten thousand answers share a thousand
words. So each answer gets a subject of its own: a part of its content words becomes other words, drawn from those of
the whole starter library and from made-up names, the r-th of them about as often as 1/r (G. Zipf, "Human Behavior and
the Principle of Least Effort", 1949).
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from manuals.models import AnswerPage, Section, Wording
from search import stop_words

SEED = 2026
# The share of an answer's content words that become others, and of the words that are names.
REPLACED = 0.35
NAMES = 4000

_WORD = re.compile(r"[^\W\d_]{4,}")
_FIGURE = re.compile(r"\d+")
_SYLLABLES = re.findall(
    "[a-z]+", "bar cor dal el fen gar hol ing jas kel lor mar nor ock pen quin ros sta tor und val wes yar zim"
)
_SPANISH = ("question_es", "short_answer_es", "script_es")
_ENGLISH = ("title", "short_answer", "script_en", "refer_to")


class Nouns:
    """Words to put in the place of others, the frequent first, each language's own."""

    def __init__(self, texts: Iterable[str], rng: random.Random) -> None:
        own = {word.casefold() for text in texts for word in _WORD.findall(text)}
        names = {"".join(rng.sample(_SYLLABLES, rng.choice((2, 2, 3)))) for _ in range(NAMES)}
        self._words = sorted((own | names) - stop_words.ALL)
        rng.shuffle(self._words)
        self._weights = list(accumulate(1 / (10 + rank) for rank in range(len(self._words))))

    def draw(self, rng: random.Random) -> str:
        """Return one of them."""
        return rng.choices(self._words, cum_weights=self._weights)[0]


class Subject:
    """What one answer is about: which words and figures stand in the place of those it is made of."""

    def __init__(self, nouns: Nouns, rng: random.Random) -> None:
        self._nouns = nouns
        self._rng = rng
        self._put_in: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Return a text with its content words and figures changed, the same way in all texts of an answer."""
        return _FIGURE.sub(self._figure, _WORD.sub(self._word, text))

    def _word(self, match: re.Match[str]) -> str:
        word = match.group()
        key = word.casefold()
        if key in stop_words.ALL:
            return word
        if key not in self._put_in:
            self._put_in[key] = self._nouns.draw(self._rng) if self._rng.random() < REPLACED else key
        other = self._put_in[key]
        return word if other == key else other.capitalize() if word[0].isupper() else other

    def _figure(self, match: re.Match[str]) -> str:
        digits = match.group()
        return digits if len(digits) > 4 else str(self._rng.randrange(10 ** (len(digits) - 1), 10 ** len(digits)))


def more_answers(count: int) -> Iterator[tuple[AnswerPage, list[str]]]:
    """Yield answers that are in no database yet, each with its other wordings, made of those that are."""
    rng = random.Random(SEED)
    known = list(AnswerPage.objects.order_by("slug").prefetch_related("also_asked_as"))
    wordings = {page.pk: [wording.text for wording in page.also_asked_as.all()] for page in known}
    sections = Section.objects.current().order_by("page__slug", "anchor").values_list("text", flat=True)
    english = Nouns([*sections, *(getattr(page, name) for page in known for name in _ENGLISH)], rng)
    spanish = Nouns((getattr(page, name) for page in known for name in _SPANISH), rng)
    for number in range(count):
        first, second = rng.sample(known, 2)
        in_english, in_spanish = Subject(english, rng), Subject(spanish, rng)
        title = rng.choice([first.title, second.title, *wordings[first.pk]])
        asked = rng.sample([*wordings[first.pk], *wordings[second.pk]], rng.randint(4, 30))
        page = AnswerPage(
            title=in_english.of(title)[:255],
            slug=f"answer-{number}",
            question_es=in_spanish.of(rng.choice([first, second]).question_es)[:255],
            short_answer=in_english.of(_mixed(first.short_answer, second.short_answer, ". ", rng)),
            short_answer_es=in_spanish.of(_mixed(first.short_answer_es, second.short_answer_es, ". ", rng)),
            script_en=in_english.of(_mixed(first.script_en, second.script_en, "\n\n", rng)),
            script_es=in_spanish.of(_mixed(first.script_es, second.script_es, "\n\n", rng)),
            refer_to=in_english.of(first.refer_to),
            steps=json.dumps([_step(step, in_english) for step in first.steps.raw_data]),
        )
        yield page, list(dict.fromkeys(in_english.of(text)[:250] for text in asked))


def _mixed(first: str, second: str, separator: str, rng: random.Random) -> str:
    """Return parts of both texts, on the whole as many as the first has."""
    parts = first.split(separator)
    other = second.split(separator)
    return separator.join(rng.choice(other) if rng.random() < 0.4 else part for part in parts)


def _step(step: Any, subject: Subject) -> dict[str, Any]:
    return {**step, "value": subject.of(step["value"])}


def written(page: AnswerPage) -> str:
    """Return all the words of an answer but its title and wordings."""
    steps = " ".join(str(step["value"]) for step in page.steps.raw_data)
    return "\n".join([*(getattr(page, name) for name in (*_ENGLISH[1:3], *_SPANISH)), steps])


def wordings_of(pages: Iterable[AnswerPage]) -> dict[int, list[str]]:
    """Return the other wordings of answers by their keys."""
    found: dict[int, list[str]] = {page.pk: [] for page in pages}
    for wording in Wording.objects.filter(answer_id__in=found):
        found[wording.answer_id].append(wording.text)
    return found
