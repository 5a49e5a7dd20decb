"""What there is to know of a page's text, worked out once for each publishing and kept in memory.

Reading a page for its grade takes a millisecond or two; a report on ten thousand pages cannot do so each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from manuals import links, passages, reading_grade, sample_values
from manuals.links import Link
from manuals.models.library_page import LibraryPage
from manuals.passages import Passage, Reference
from manuals.reading_grade import Reading

Stamp = tuple[int | None, datetime | None]


@dataclass(frozen=True)
class Digest:
    """The links of a page, the policy sections chosen in it, its sample values, and how hard it reads."""

    links: tuple[Link, ...] = ()
    sections: tuple[Reference, ...] = ()
    sample_values: tuple[str, ...] = ()
    reading: Reading | None = None


_NOTHING = Digest()
_kept: dict[int, tuple[Stamp, Digest]] = {}


def of(pages: Iterable[LibraryPage]) -> dict[int, Digest]:
    """Return the digest of each page by its key. The pages may come without their bodies.

    Those that were published since they were last asked for are read: at most one query for each type of page.
    """
    pages = list(pages)
    for model in passages.READABLE:
        stale = {page.pk for page in pages if type(page) is model and not _is_kept(page)}
        # A list of very many keys is more than a database takes; all of them are wanted then anyway.
        found = model.objects.live() if len(stale) > len(pages) / 2 else model.objects.filter(pk__in=stale)
        for page in found if stale else ():
            _kept[page.pk] = (_stamp(page), digest(page))
    return {page.pk: _kept[page.pk][1] if _is_kept(page) else _NOTHING for page in pages}


def digest(page: LibraryPage) -> Digest:
    """Return the digest of a page that has its body."""
    parts = passages.of_page(page)
    texts = (part.text for part in parts if isinstance(part, Passage))
    return Digest(
        links=tuple(link for link in links.links_in(parts) if link.kind != "section"),
        sections=tuple(part for part in parts if isinstance(part, Reference) and part.kind == "section"),
        sample_values=tuple(value for text in texts for value in sample_values.SAMPLE_VALUE.findall(text)),
        reading=reading_grade.of(parts),
    )


def forget() -> None:
    """Forget all that is kept."""
    _kept.clear()


def _stamp(page: LibraryPage) -> Stamp:
    """Return what is another after each publishing."""
    return page.live_revision_id, page.last_published_at


def _is_kept(page: LibraryPage) -> bool:
    return page.pk in _kept and _kept[page.pk][0] == _stamp(page)
