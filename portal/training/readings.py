"""How far people are with chapters, for many of both at once. The rule for one of each is `portal.training.reading`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone

from manuals.models import Edition, EditionKind, Section
from portal.training import reading
from portal.training.models import SectionRead
from portal.training.reading import Asked, Reading, Span


@dataclass
class Readings:
    """How far people are with chapters: `asked` are the sections of each chapter, `begun` is by person and chapter."""

    asked: dict[int, list[Asked]] = field(default_factory=dict)
    begun: dict[tuple[int, int], Reading] = field(default_factory=dict)
    _untouched: dict[int, Reading] = field(default_factory=dict)

    def of(self, person: int, page: int) -> Reading:
        """Return how far a person is with a chapter."""
        return self.begun.get((person, page)) or self.untouched(page)

    def untouched(self, page: int) -> Reading:
        """Return how far they are who have read nothing of a chapter."""
        if page not in self._untouched:
            self._untouched[page] = reading.of(self.asked.get(page, ()), {})
        return self._untouched[page]


def of(people: Collection[int], pages: Collection[int]) -> Readings:
    """Return how far each of these people is with each of these chapters (four queries at most)."""
    sections, editions = _standing(pages), _in_force(pages)
    found = Readings(_asked(sections, editions))
    settled = {page: _settled(own) for page, own in editions.items()}
    sequences = {edition.pk: edition.sequence for own in editions.values() for edition in own}
    rows: Any = (
        _of(people, list(found.asked))
        .values_list("person_id", "page_id")
        .annotate(Count("pk"), Min("edition"), Max("edition"))
    )
    closer = set()
    for person, page, count, first, last in rows:
        # Who read in one edition, and after the last change, has read it all once they have as many as there are.
        is_settled = first == last and sequences.get(first, 0) >= settled.get(page, 0)
        if is_settled and count == len(found.asked[page]):
            found.begun[person, page] = reading.ALL_READ
        else:
            closer.add((person, page))
    if closer:
        _look_closer(found, closer)
    return found


def asked_of(pages: Collection[int]) -> dict[int, list[Asked]]:
    """Return the sections that stand on each of these pages and what is asked of a reader (two queries)."""
    return _asked(_standing(pages), _in_force(pages))


def reads_of(people: Collection[int], pages: Collection[int]) -> dict[tuple[int, int], dict[str, Span]]:
    """Return what each of these people has read of each of these pages, by address (one query)."""
    found: dict[tuple[int, int], dict[str, Span]] = {}
    rows: Any = (
        _of(people, pages)
        .values_list("person_id", "page_id", "anchor")
        .annotate(Min("edition__sequence"), Max("edition__sequence"))
    )
    for person, page, anchor, first, last in rows:
        found.setdefault((person, page), {})[anchor] = (first, last)
    return found


def _of(people: Collection[int], pages: Collection[int]) -> Any:
    return SectionRead.objects.filter(person__in=people, page__in=pages).order_by()


def _look_closer(found: Readings, pairs: Collection[tuple[int, int]]) -> None:
    """Add how far people are with chapters, section by section. Those who read alike are looked at once."""
    alike: dict[tuple[int, frozenset[tuple[str, Span]]], Reading] = {}
    reads = reads_of({person for person, _ in pairs}, {page for _, page in pairs})
    for person, page in pairs:
        own = reads.get((person, page), {})
        key = (page, frozenset(own.items()))
        if key not in alike:
            alike[key] = reading.of(found.asked[page], own)
        found.begun[person, page] = alike[key]


def _standing(pages: Collection[int]) -> dict[int, list[Section]]:
    found: dict[int, list[Section]] = {}
    standing = Section.objects.current().filter(page_id__in=pages).order_by("order")
    for section in standing.only("page_id", "anchor", "words"):
        found.setdefault(section.page_id, []).append(section)
    return found


def _in_force(pages: Collection[int]) -> dict[int, list[Edition]]:
    """Return the editions in force of each page after its first, oldest first."""
    found: dict[int, list[Edition]] = {}
    in_force = Edition.objects.standing().filter(
        page_id__in=pages, effective_from__lte=timezone.localdate(), sequence__gt=1
    )
    for edition in in_force.defer("content", "summary").order_by("sequence"):
        found.setdefault(edition.page_id, []).append(edition)
    return found


def _asked(sections: Mapping[int, list[Section]], editions: Mapping[int, list[Edition]]) -> dict[int, list[Asked]]:
    return {page: reading.asked_of(own, editions.get(page, ())) for page, own in sections.items()}


def _settled(editions: Sequence[Edition]) -> float:
    """Return the sequence from which on a page has lost no section, and asked for none to be read again.

    Infinite where that cannot be told by the sequence: an edition took effect after one that was published later.
    """
    days = [one.effective_from for one in editions]
    if days != sorted(days):
        return inf
    # What only adds a section need not be looked for: who has not read that has fewer than there are.
    asking = (one for one in editions if one.removed or (one.changed and one.kind == EditionKind.MAJOR))
    return max((one.sequence for one in asking), default=0)
