"""Taking out of a text what could tell who called."""

import re

from manuals import small_words

MASK = "•••"

_EMAIL = re.compile(r"\S+@\S+")
# Five digits or more with nothing but separators between them: account, telephone, card and identity numbers. An amount
# of money with its cents or its thousands is none.
_NUMBER = re.compile(
    r"(?P<money>\$ ?\d{1,4}(?:,\d{3})*\.\d\d(?!\d)|\$ ?\d{1,3}(?:,\d{3})+(?!\d))|\d(?:[\s().\-‐‑–—−_*/#+]*\d){4,}"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# A date with a year says when somebody was born as well as when a bill was due.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?"
_DATE = re.compile(
    r"(?i)\b(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?{_MONTH},?\s+(?:del?\s+)?\d{{4}})\b"
)
# What follows "my name is" is a name, however it is typed, unless it is a small word ("my name is not on the bill");
# what follows "this is", where it is written like one.
_PARTICLE = r"(?:\s+(?:del?|las?|los|y|van|von|don|doña|señora?)\b)*"
_CAPITAL = r"(?-i:[A-ZÁÉÍÓÚÑÜ])"
_SMALL = "|".join(sorted(small_words.ALL | {"no", "not", "off", "on", "only", "still"}))
_NAMED = re.compile(
    r"(?i)\b(?:(?P<named>my name is|name's|mi nombre es|me llamo)"
    rf"(?:{_PARTICLE}\s+(?:{_CAPITAL}|(?!(?:{_SMALL})\b)[^\W\d_])[\w'’.-]*){{1,2}}(?:{_PARTICLE}\s+{_CAPITAL}[\w'’.-]*){{0,3}}"
    rf"|(?P<speaking>this is|habla)(?:{_PARTICLE}\s+{_CAPITAL}[\w'’.-]*){{1,4}})"
)
# A house number and street; a span of time is none ("2 days on the way").
_ADDRESS = re.compile(
    r"(?i)\b\d+\s+(?!(?:minute|hour|day|week|month|year|time)s?\b)(?:[nsew]\.?\s+)?(?:[\w'’.-]+\s+){1,3}(?:st|street|ave|"
    r"avenue|rd|road|ln|lane|dr|drive|blvd|boulevard|ct|court|cir|circle|way|pl|place|hwy|highway|pkwy|parkway|trl|"
    r"trail)\b\.?"
)
_STREET_ES = re.compile(
    r"(?i)\b(?:calle|avenida|av\.|camino)\s+[\w'’.-]+(?:\s+[\w'’.-]+)?\s+(?:#\s*|n[oú]m\.?\s*)?\d+\b"
)


def masked(text: str) -> str:
    """Return the text with email addresses, links, long numbers, dates, named names and street addresses masked.

    What cannot be seen, such as a null byte or a space of no width between two digits, becomes a space.
    """
    text = "".join(character if character.isprintable() else " " for character in text)
    for pattern in (_LINK, _EMAIL, _ADDRESS, _STREET_ES, _DATE):
        text = pattern.sub(MASK, text)
    text = _NUMBER.sub(lambda found: found["money"] or MASK, text)
    text = _NAMED.sub(lambda found: f"{found['named'] or found['speaking']} {MASK}", text)
    return " ".join(text.split())
