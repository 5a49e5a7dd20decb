"""What a change sets off. The library does not know the apps above it: each registers how to tell what it touches.

A consequence counts and lists things of one kind (questions, answers, people) that a change of a page touches, both
before it is published, so that the author can decide, and afterwards, when some of them are done.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from wagtail.models import Page

from manuals.models import Edition, EditionKind


@dataclass(frozen=True)
class Touched:
    """One thing that a change touches.

    `url` is where it is dealt with, if there is such a place; `owner` who is to do so; `note` how it stands, in words.
    """

    title: str
    url: str = ""
    is_done: bool = False
    note: str = ""
    owner: str = ""


class Consequence(Protocol):
    """Things of one kind that a change touches."""

    key: str
    order: int
    heading: str
    done_word: str

    def label(self, count: int) -> str:
        """Return so many of them in words: "4 questions"."""

    def touched(self, page: Page, anchors: Collection[str], edition: Edition | None = None) -> list[Touched]:
        """Return what a change of a page touches, in the order in which it is to be read.

        `anchors` are the addresses of the sections that say something else, or are gone: none for a minor change.
        `edition` is the one that brings the change: written, or still to be written (it has no primary key then, and
        nothing is done). A fixed number of queries, however much is touched.
        """


@dataclass(frozen=True)
class Effect:
    """What a change touches of one kind, and how much of it is done."""

    key: str
    heading: str
    label: str
    done_word: str
    items: list[Touched] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.items)

    @property
    def done(self) -> list[Touched]:
        """Those that are done."""
        return [item for item in self.items if item.is_done]

    @property
    def waiting(self) -> list[Touched]:
        """Those that are not."""
        return [item for item in self.items if not item.is_done]


_registered: dict[str, Consequence] = {}


def register(consequence: Consequence) -> None:
    """Let a change set off what a consequence tells; one that has the same key takes the other's place."""
    _registered[consequence.key] = consequence


def registered() -> list[Consequence]:
    """Return every consequence, in the order in which they are shown."""
    return sorted(_registered.values(), key=lambda consequence: consequence.order)


def of(page: Page, edition: Edition) -> list[Effect]:
    """Return what an edition sets off, kind by kind; kinds of which nothing is touched are left out.

    A minor edition changes nothing that others rest on. At the most it asks people who were never asked before.
    """
    anchors = edition.touched if sets_off(edition) else set()
    effects = []
    for consequence in registered():
        items = consequence.touched(page, anchors, edition)
        if items:
            label = consequence.label(len(items))
            effects.append(Effect(consequence.key, consequence.heading, label, consequence.done_word, items))
    return effects


def sets_off(edition: Edition) -> bool:
    """Return whether an edition changes what others rest on: a major one, or one that takes the page down."""
    return edition.kind != EditionKind.MINOR


def in_words(effects: list[Effect], minutes: int) -> str:
    """Return what is set off in a few words: "4 questions, 2 answers, 31 people, about 6 minutes each"."""
    labels = [effect.label for effect in effects]
    if any(effect.key == "people" for effect in effects):
        labels.append(f"about {minutes} minute{'' if minutes == 1 else 's'} each")
    return ", ".join(labels) or "nothing"


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun: "1 answer", "4 answers"."""
    return f"{count} {one if count == 1 else many}"
