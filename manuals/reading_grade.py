"""How hard a page is to read, as a school grade, and which of its sentences are the hardest.

The Automated Readability Index: grade = 4.71 × characters per word + 0.5 × words per sentence − 21.43 (Smith and Senter
1967, Automated Readability Index, AMRL-TR-66-220, Aerospace Medical Research Laboratories). Characters are letters and
digits. A grade of 9 is read with ease by someone who is in ninth grade.

What it cannot tell: it counts and does not understand. It is made for running English text; Spanish, tables and
headings are left out, and each list item ends a sentence, so that a page of short lists comes out easier than it is.
Under `ENOUGH_WORDS` words it says nothing.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from manuals import sample_values
from manuals.passages import Form, Part, Passage

# At most this is good: what a caller can follow when it is read aloud.
TARGET = 9.0
# Above this it is hard to read aloud.
HARD = 12.0
ENOUGH_WORDS = 100
# The index of a sentence of a few long words is high and means nothing.
SENTENCE_WORDS = 12
HARDEST = 3

_FENCE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1[^\n]*$", re.DOTALL | re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_QUOTED = re.compile(r"^\s*>\s?")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_HTML_HEADING = re.compile(r"<(h[1-6])\b.*?</\1>", re.DOTALL)
_HTML_BLOCK = re.compile(r"</?(?:p|li|ul|ol|br|hr|div|blockquote)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
# A dash that stands alone is no word.
_WORD = re.compile(r"[^\s\w]*_*[^\W_]\S*")
_NO_CHARACTER = re.compile(r"[\W_]+")
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9$])")
_SHORT = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Ave|vs|e\.g|i\.e)|\b[A-Z](?:\.[A-Z])*)\.$")
# "No. 5" goes on; "No. You may pay later." is two sentences.
_NUMBERED = re.compile(r"\b(?:No|Nos|Sec|Art|Ch|Res|Ord)\.$")


@dataclass(frozen=True)
class Sentence:
    """A sentence, with the address of the section it stands in."""

    text: str
    anchor: str
    words: int
    characters: int

    @property
    def grade(self) -> float:
        """Its own index."""
        return index(self.characters, self.words, 1)


@dataclass(frozen=True)
class Reading:
    """How hard a page reads: its grade, and its hardest sentences, the hardest first."""

    grade: float
    hardest: list[Sentence]

    @property
    def is_good(self) -> bool:
        """Whether most people follow it with ease."""
        return self.grade <= TARGET

    @property
    def is_hard(self) -> bool:
        """Whether it is hard to read aloud."""
        return self.grade > HARD

    @property
    def verdict(self) -> str:
        """What the grade means, in words."""
        return "Hard to read aloud" if self.is_hard else "Good" if self.is_good else "Above the target"

    @property
    def hardest_grade(self) -> float:
        """The index of its hardest sentence, 0 if none is above the target."""
        return self.hardest[0].grade if self.hardest else 0.0


def index(characters: int, words: int, sentences: int) -> float:
    """Return the Automated Readability Index. Raises `ZeroDivisionError` for no words or no sentence."""
    return 4.71 * characters / words + 0.5 * words / sentences - 21.43


def of(parts: Iterable[Part]) -> Reading | None:
    """Return how hard the English sentences among the parts of a page read; None if they are too few to tell."""
    found = list(sentences(parts))
    words = sum(sentence.words for sentence in found)
    if words < ENOUGH_WORDS:
        return None
    grade = index(sum(sentence.characters for sentence in found), words, len(found))
    long_ones = [sentence for sentence in found if sentence.words >= SENTENCE_WORDS and sentence.grade > TARGET]
    return Reading(round(grade, 1), sorted(long_ones, key=lambda sentence: -sentence.grade)[:HARDEST])


def sentences(parts: Iterable[Part]) -> Iterator[Sentence]:
    """Yield the English sentences among the parts of a page, without tables, headings and marks of writing."""
    readers = {Form.PLAIN: _paragraphs, Form.MARKDOWN: _markdown_blocks, Form.HTML: _html_blocks}
    for part in parts:
        if not isinstance(part, Passage) or part.language != "en" or part.form not in readers:
            continue
        for block in readers[part.form](part.text):
            for text in _split(sample_values.plain(block)):
                words = len(_WORD.findall(text))
                if words:
                    yield Sentence(text, part.anchor, words, len(_NO_CHARACTER.sub("", text)))


def _split(text: str) -> Iterator[str]:
    """Yield the sentences of a paragraph; the dot of an abbreviation ends none."""
    whole = ""
    for piece in _END.split(" ".join(text.split())):
        goes_on = _SHORT.search(whole) or (_NUMBERED.search(whole) and piece[:1].isdigit())
        if whole and not goes_on:
            yield whole
            whole = ""
        whole = f"{whole} {piece}".strip()
    if whole:
        yield whole


def _paragraphs(text: str) -> Iterator[str]:
    yield from re.split(r"\n\s*\n", text.replace("\r\n", "\n"))


def _markdown_blocks(text: str) -> Iterator[str]:
    """Yield the paragraphs and list items of Markdown as plain text."""
    block: list[str] = []
    for line in [*_FENCE.sub("", text.replace("\r\n", "\n")).split("\n"), ""]:
        line = _QUOTED.sub("", line)
        starts_anew = not line.strip() or _ITEM.match(line) or _HEADING.match(line) or line.lstrip().startswith("|")
        if starts_anew and block:
            yield _unmarked(" ".join(block))
            block = []
        if line.strip() and not _HEADING.match(line) and not line.lstrip().startswith("|"):
            block.append(_ITEM.sub("", line))


def _unmarked(text: str) -> str:
    return html.unescape(_TAG.sub("", _EMPHASIS.sub("", _MARKDOWN_LINK.sub(r"\1", text))))


def _html_blocks(text: str) -> Iterator[str]:
    """Yield the paragraphs and list items of rich text as plain text."""
    for block in _HTML_BLOCK.split(_HTML_HEADING.sub("", text)):
        yield html.unescape(_TAG.sub("", block))
