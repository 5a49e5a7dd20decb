"""Which documents a queryset's filters let through, as sets of documents of a segment.

The database looks at every object again before it is shown. So a condition may let through more than the filter does,
as long as it says so (`exact=False`) and counting asks the database; it must never let through less.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from search.backends.whoosh.snapshot import View
from search.backends.whoosh.values import Scalar

Documents = set[int] | frozenset[int]


@dataclass(frozen=True)
class Condition:
    """A function from a segment to the documents it lets through, and whether that is all the filter says."""

    documents: Callable[[View], Documents]
    exact: bool = True


ANYTHING = Condition(lambda view: view.live)
NOTHING = Condition(lambda view: frozenset())
# What the index cannot tell: left to the database.
UNKNOWN = Condition(lambda view: view.live, exact=False)


def of_models(labels: Iterable[str]) -> Condition:
    """Return the condition that a document is of one of these models."""
    wanted = tuple(labels)
    return Condition(lambda view: set().union(*(view.segment.labels.get(label, ()) for label in wanted)))


def equal(name: str, wanted: Iterable[Scalar]) -> Condition:
    """Return the condition that a field has one of these values."""
    values = tuple(wanted)
    return Condition(lambda view: view.segment.column(name).equal(values))


def between(
    name: str, low: Scalar | None, high: Scalar | None, *, with_low: bool = True, with_high: bool = True
) -> Condition:
    """Return the condition that a field's value is in a range, of which None leaves an end open."""
    return Condition(lambda view: view.segment.column(name).between(low, high, with_low=with_low, with_high=with_high))


def beginning(name: str, text: str) -> Condition:
    """Return the condition that a field's value begins with a text."""
    return Condition(lambda view: view.segment.column(name).beginning(text))


def present(name: str) -> Condition:
    """Return the condition that a field has a value."""
    return Condition(lambda view: view.segment.column(name).present)


def negated(condition: Condition) -> Condition:
    """Return the opposite of a condition; of one that may let through too much, nothing can be told."""
    if not condition.exact:
        return UNKNOWN
    return Condition(lambda view: view.live - condition.documents(view))


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that all of several are met; ANYTHING if there are none."""
    parts = tuple(conditions)
    return Condition(
        lambda view: view.live.intersection(*(part.documents(view) for part in parts)),
        exact=all(part.exact for part in parts),
    )


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that at least one of several is met; NOTHING if there are none."""
    parts = tuple(conditions)
    return Condition(
        lambda view: frozenset().union(*(part.documents(view) for part in parts)),
        exact=all(part.exact for part in parts),
    )
