"""Numbers: as items keep them, and as people type them."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

MAX_TYPED = 100
# Bounded in length and exponent, so that no number takes long to reckon with.
_KEPT = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_TYPED = re.compile(
    r"(?P<head>[-+$ ]*)(?P<digits>[\d., ]*\d[., ]*)(?P<exponent>e[+-]?\d{1,2}(?!\w))?(?P<tail>.*)", re.ASCII
)
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-"})
_HEADS = {"": "", "+": "", "-": "-", "$": "", "+$": "", "-$": "-", "$+": "", "$-": "-"}
_FORMS: tuple[tuple[re.Pattern[str], dict[str, str]], ...] = (
    # 1250.50
    (re.compile(r"\d+(\.\d*)?|\.\d+"), {}),
    # 1,250.50
    (re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?"), {",": ""}),
    # 1 250.50
    (re.compile(r"[1-9]\d{0,2}( \d{3})+(\.\d*)?"), {" ": ""}),
    # 1250,50 and 0,125
    (re.compile(r"\d*,\d{1,2}|0,\d+"), {",": "."}),
    # 1 250,50
    (re.compile(r"[1-9]\d{0,2}( \d{3})+,\d{1,2}"), {" ": "", ",": "."}),
    # 1.250,50
    (re.compile(r"[1-9]\d{0,2}(\.\d{3})+,\d{1,2}"), {".": "", ",": "."}),
)
_SAME_WORDS = (
    "dollar $ usd us$ dolar buck",
    "percent % pct porcentaje porciento",
    "gallon gal galon",
    "cubic cu",
    "foot feet ft pie",
    "inch in inche pulgada",
    "yard yd",
    "mile mi milla",
    "pound lb libra",
    "ounce oz",
    "ton tonne tonelada",
    "acre ac",
    "square sq",
    "second sec s segundo",
    "minute min minuto",
    "hour hr h hora",
    "day d dia",
    "week wk semana",
    "month mo mese mes",
    "year yr ano",
    "kwh kilowatthour",
    "per / a por",
)
_ONE_WORD = {word: words.split()[0] for words in _SAME_WORDS for word in words.split()}
_MONEY = "dollar"
_ALWAYS = (["dollar"], ["percent"])


def exact(text: Any) -> Decimal | None:
    """Return a number as an item keeps it, a decimal string, exactly; None for anything else."""
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        return None
    return Decimal(str(text)) if _KEPT.fullmatch(str(text).strip()) else None


def written(number: Decimal) -> str:
    """Return a number in full, without an exponent and without zeros that say nothing: the reverse of `exact`."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rewritten(part: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a part of an item with the numbers of these names written in the one way; what is no number stays."""
    numbers = {name: exact(part[name]) for name in names}
    return {**part, **{name: written(number) for name, number in numbers.items() if number is not None}}


def typed(text: Any, unit: str = "") -> Decimal | None:
    """Return the number that somebody typed, exactly, or None for what is none.

    Understood are `1250.5`, `1,250.50`, `1 250.50`, `1250,50`, `1.250,50`, `−5`, `1e3`, a dollar sign before it, and
    the unit after it in its usual spellings (`350 gal` for gallons). Where the item has no unit, dollars and percent
    are let pass; where it has one, no other is. A comma before three digits parts thousands: `1,250` is 1250.
    """
    if not isinstance(text, str) or len(text) > MAX_TYPED:
        return None
    plain = " ".join(_compatible(text).translate(_MINUS).casefold().split())
    found = _TYPED.fullmatch(plain)
    head = found["head"].replace(" ", "") if found else None
    if found is None or head not in _HEADS:
        return None
    if not _is_unit(found["tail"], unit, has_dollar="$" in head):
        return None
    digits = found["digits"].strip()
    for form, changes in _FORMS:
        if form.fullmatch(digits):
            return exact(_HEADS[head] + _changed(digits, changes) + (found["exponent"] or ""))
    return None


def _compatible(text: str) -> str:
    """Return a text with wide letters and odd spaces made plain; but 10² is not 102."""
    raised = ("<super>", "<sub>")
    return "".join(
        letter if unicodedata.decomposition(letter).startswith(raised) else unicodedata.normalize("NFKC", letter)
        for letter in text
    )


def _changed(digits: str, changes: Mapping[str, str]) -> str:
    return "".join(changes.get(letter, letter) for letter in digits)


def _is_unit(tail: str, unit: str, *, has_dollar: bool) -> bool:
    said, wanted = _words(tail), _words(unit)
    if not has_dollar:
        return not said or said == wanted or (not wanted and said in _ALWAYS)
    if wanted and wanted[0] != _MONEY:
        return False
    return not said or said == [_MONEY] or said in (wanted, wanted[1:])


def _words(unit: str) -> list[str]:
    """Return the words of a unit, each in the one form that all its spellings share."""
    decomposed = unicodedata.normalize("NFKD", unit.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = [word.strip(".") for word in _HYPHEN.sub(" ", letters.replace("/", " / ")).split()]
    return [_one_word(word) for word in words if word]


def _one_word(word: str) -> str:
    for form in (word, word.removesuffix("s"), word.removesuffix("es")):
        if form in _ONE_WORD:
            return _ONE_WORD[form]
    return word.removesuffix("s")
