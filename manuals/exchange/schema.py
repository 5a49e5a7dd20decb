"""Which front matter each kind of page has, and how a page's values get there and back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from manuals.exchange.errors import ErrorsOf
from manuals.exchange.front_matter import FrontMatter, as_date, as_number, as_text
from portal.people.positions import Position


@dataclass(frozen=True)
class Key:
    """One key of the front matter: its name, the kind of its value, and whether it must be there.

    Kinds are text, date, list and number.
    """

    name: str
    kind: str = "text"
    required: bool = False


BEFORE = (Key("title", required=True),)
AFTER = (
    Key("tags", "list"),
    Key("job_functions", "list"),
    Key("audience", "list"),
    Key("owner"),
    Key("review_by", "date"),
)
KEPT_IN_EDITIONS = (*AFTER, Key("acknowledged_by", "list"), Key("acknowledge_within", "number"))

KEYS: dict[str, tuple[Key, ...]] = {
    "manual": (*BEFORE, Key("introduction", required=True), *AFTER),
    "chapter": (*BEFORE, Key("summary", required=True), *KEPT_IN_EDITIONS),
    "policy": (
        *BEFORE,
        Key("code", required=True),
        Key("rule", required=True),
        Key("source", required=True),
        Key("source_url"),
        Key("effective_date", "date", required=True),
        Key("who_decides", required=True),
        *KEPT_IN_EDITIONS,
    ),
    "answer": (
        *BEFORE,
        Key("question_es"),
        Key("short_answer", required=True),
        Key("short_answer_es"),
        Key("also_asked_as", "list"),
        Key("policies", "list"),
        Key("refer_to"),
        *KEPT_IN_EDITIONS,
    ),
}
POSITIONS = list(Position.values)
MOST_DAYS = 250

_SENTENCES = {
    "text": "must be text. Put it between quotes if it looks like a number, a date or yes/no",
    "date": "must be a date, written 2026-01-31",
    "list": "must be a list of texts, each on a line of its own after “- ”",
    "number": "must be a whole number, written without quotes",
}


def _as_list(value: Any) -> list[str] | None:
    texts = [as_text(item) for item in value] if isinstance(value, list) else [None]
    return None if any(text is None for text in texts) else [" ".join(str(text).split()) for text in texts]


_READERS: dict[str, Callable[[Any], str | date | list[str] | int | None]] = {
    "text": as_text,
    "date": as_date,
    "list": _as_list,
    "number": as_number,
}


def checked(kind: str, front: FrontMatter, errors: ErrorsOf) -> dict[str, Any]:
    """Return the front matter of a page of this kind: text "", lists [], dates and numbers None where a key is missing.

    Adds an error for each key that is unknown, missing or of another kind.
    """
    keys = {key.name: key for key in KEYS[kind]}
    for name in front.values:
        if name not in keys:
            errors.add(front.line_of(name), f"“{name}” is not a key of this kind of page. Known: {', '.join(keys)}.")
    found: dict[str, Any] = {}
    for name, key in keys.items():
        empty: Any = {"text": "", "list": []}.get(key.kind)
        value = front.values.get(name)
        read = empty if value is None else _READERS[key.kind](value)
        if read is None and value is not None:
            errors.add(front.line_of(name), f"“{name}” {_SENTENCES[key.kind]}.")
            read = empty
        elif key.required and not read:
            errors.add(front.line_of(name), f"“{name}” is missing.")
        found[name] = read
    _check_lists(found, front, errors)
    _check_acknowledging(found, front, errors)
    return found


def _check_lists(found: dict[str, Any], front: FrontMatter, errors: ErrorsOf) -> None:
    """Refuse an unknown position, and what is in a list twice or empty."""
    for name, values in found.items():
        if not isinstance(values, list):
            continue
        for place, value in enumerate(values):
            if not value:
                errors.add(front.line_of(name, place), f"This item of “{name}” is empty.")
            elif value in values[:place]:
                errors.add(front.line_of(name, place), f"“{value}” is in “{name}” twice.")
    for name in ("audience", "acknowledged_by"):
        for place, position in enumerate(found.get(name, [])):
            if position not in POSITIONS:
                errors.add(
                    front.line_of(name, place),
                    f"“{position}” is not a position. Known: {', '.join(POSITIONS)}.",
                )


def _check_acknowledging(found: dict[str, Any], front: FrontMatter, errors: ErrorsOf) -> None:
    """Refuse a number of days that cannot be, or that stands without those who have them."""
    days = found.get("acknowledge_within")
    if days is None:
        return
    line = front.line_of("acknowledge_within")
    if not 1 <= days <= MOST_DAYS:
        errors.add(line, f"“acknowledge_within” is a number of working days, from 1 to {MOST_DAYS}.")
    elif not found["acknowledged_by"]:
        errors.add(
            line, "“acknowledge_within” says nothing without “acknowledged_by”: name the positions, or leave it out."
        )
