"""What the daily email is made of: each app with something to say registers a source."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.people.models import User


@dataclass(frozen=True)
class Line:
    """One thing in an email: what, where to go (an address without the host), and until or since when, in words."""

    text: str
    url: str
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Part:
    """Lines under a heading."""

    heading: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Said:
    """What one source has to say to a person: in the subject of the email, and under headings in it."""

    subject: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Round:
    """What a source is asked: what there is to say to these people on a day.

    `people` are those who are active and did not turn its kind off; `closed` the office's holidays; `last` when each
    was written to last, by their primary key.
    """

    people: Sequence[User]
    today: date
    closed: Collection[date]
    last: Mapping[int, datetime]


# Returns what there is to say by the primary key of the person; nothing for those to whom it would be nothing new.
Source = Callable[[Round], dict[int, Said]]

_registered: dict[str, tuple[Source, str]] = {}


def register(name: str, source: Source, *, kind: str = "") -> None:
    """Let a source speak in the daily email; `kind` is the kind of notification by which people turn it off.

    A source with the same name takes the other's place.
    """
    _registered[name] = (source, kind)


def registered() -> list[tuple[Source, str]]:
    """Return every source with its kind, or an empty one, in the order in which they were registered."""
    return list(_registered.values())
