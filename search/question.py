"""What somebody typed, as words to look for: how much each counts, and what may stand in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from search import spelling, stop_words, synonyms
from search.backends.whoosh import analysis
from search.backends.whoosh.snapshot import Snapshot
from search.fields import Field
from search.stemming import all_stems

# Nobody asks more in one breath; what is pasted beyond it is left out.
MAX_CHARACTERS = 1000
MAX_WORDS = 48

# A shorter beginning may become so many words that beside others it tells nothing apart, and waits for more letters.
MIN_BEGINNING = 3
# A word that may be meant counts a little less than one that was typed.
ENDING_WEIGHT = 0.8

# A field's terms, each with how much it counts; a document has the word by the best of them.
Terms = dict[str, float]


@dataclass
class Word:
    """One word to look for: in each field, by its name, the terms that stand for it."""

    terms: dict[str, Terms]

    def __bool__(self) -> bool:
        return any(self.terms.values())


@dataclass
class Question:
    """What was asked, and what to look for; `is_partial` while it is being typed.

    `corrections` are the words taken for typing errors: as typed, with the terms looked for instead.
    """

    text: str = ""
    is_partial: bool = False
    words: list[Word] = field(default_factory=list)
    corrections: dict[str, list[str]] = field(default_factory=dict)

    @property
    def terms(self) -> set[str]:
        """Every term that is looked for, of any field."""
        return {term for word in self.words for terms in word.terms.values() for term in terms}


def parse(
    text: str,
    snapshot: Snapshot,
    fields: Sequence[Field],
    groups: Sequence[Sequence[str]] = (),
    *,
    partial: bool = False,
) -> Question:
    """Return what to look for.

    `groups` are words and phrases that mean the same. With `partial`, the last word may not be typed to its end.
    """
    text = analysis.clean(text[:MAX_CHARACTERS])
    typed = [match.group() for match in analysis.WORD.finditer(text)][:MAX_WORDS]
    question = Question(text, is_partial=partial)
    is_open = partial and bool(typed) and not text[-1:].isspace()
    seen: set[str] = set()
    meant = synonyms.recognised(typed, groups)
    for place, surface in enumerate(typed):
        folded = surface.casefold()
        if folded in seen:
            continue
        seen.add(folded)
        if is_open and place == len(typed) - 1:
            word = _beginning(surface, snapshot, fields, is_alone=not place)
        else:
            word = _word(surface, fields, weight_of(surface))
            # A word that has synonyms is no typing error, even if no page has it.
            if meant.isdisjoint(all_stems(surface)) and not _is_known(word, snapshot):
                corrected = spelling.corrected(surface, snapshot, fields)
                if corrected.terms:
                    question.corrections[surface] = corrected.names
                    word = Word(corrected.terms)
        question.words.append(word)
    for phrase, weight in synonyms.expansions(typed, groups):
        question.words += [_word(surface, fields, weight * weight_of(surface)) for surface in phrase]
    question.words = [word for word in question.words if word]
    return question


def weight_of(surface: str) -> float:
    """Return how much a word counts: 1, and less for one that is everywhere."""
    return stop_words.WEIGHT if surface.casefold() in stop_words.ALL else 1.0


def _word(surface: str, fields: Sequence[Field], weight: float) -> Word:
    spellings = (surface, *_same_amount(surface))
    return Word(
        {
            field.name: dict.fromkeys((term for spelling in spellings for term in field.terms(spelling)), weight)
            for field in fields
        }
    )


def _same_amount(surface: str) -> tuple[str, ...]:
    """Return the other way to write an amount of whole dollars: 35 and 35.00."""
    whole, point, cents = surface.partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return ()
    return (whole,) if cents == "00" else () if point else (f"{whole}.00",)


def _is_known(word: Word, snapshot: Snapshot) -> bool:
    return any(snapshot.document_frequency(name, term) for name, terms in word.terms.items() for term in terms)


def _beginning(surface: str, snapshot: Snapshot, fields: Sequence[Field], is_alone: bool) -> Word:
    """Return a word that is still being typed: itself, and what it may become."""
    found = _word(surface, fields, weight_of(surface)).terms
    if is_alone or len(surface) >= MIN_BEGINNING:
        for field_ in fields:
            if field_.is_question:
                endings = spelling.beginning_with(surface, snapshot, field_)
                found[field_.name] = {**dict.fromkeys(endings, ENDING_WEIGHT), **found[field_.name]}
    return Word(found)
