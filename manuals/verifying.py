"""Telling whether the record of editions is as it was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from wagtail.models import Revision

from manuals import append_only, canonical
from manuals.models import Acknowledgement, Edition

CHUNK = 200


@dataclass(frozen=True)
class Break:
    """Something that is not as it was written: where, and what. `edition` is None where it is about the database."""

    edition: Edition | None
    what: str

    def __str__(self) -> str:
        if self.edition is None:
            return self.what
        return f"Page {self.edition.page_id}, edition {self.edition.number} ({self.edition.title}): {self.what}"


def breaks() -> Iterator[Break]:
    """Yield everything that is wrong, page by page in the order of writing.

    Recomputes each seal and the chain, compares every revision that still exists with what was sealed, and every
    acknowledgement with the edition it is of. Reads editions in chunks, so that memory does not grow with them.
    """
    missing = append_only.missing()
    if missing:
        yield Break(None, f"The database does not refuse changes: {', '.join(sorted(missing))} missing. Run migrate.")
    found = Edition.objects.order_by("page_id", "sequence").iterator(chunk_size=CHUNK)
    for _, editions in groupby(found, key=lambda edition: edition.page_id):
        yield from _of_page(editions)
    acknowledged = Acknowledgement.objects.select_related("edition").iterator(chunk_size=CHUNK)
    for one in acknowledged:
        if one.edition_hash != one.edition.hash:
            yield Break(one.edition, f"{one.person_name} acknowledged another text ({one.edition_hash[:12]}…).")


def _of_page(editions: Iterator[Edition]) -> Iterator[Break]:
    previous, place = "", 0
    for edition in editions:
        place += 1
        if edition.sequence != place:
            yield Break(edition, f"It is number {edition.sequence} in writing, and {place} was expected: one is gone.")
            place = edition.sequence
        if edition.previous_hash != previous:
            yield Break(edition, "It does not follow the edition before it.")
        if canonical.seal(edition) != edition.hash:
            yield Break(edition, "What it states is not what was sealed.")
        previous = edition.hash
        revision = Revision.objects.filter(pk=edition.revision_id).first() if edition.revision_id else None
        if revision and canonical.content_of(edition.page_type, revision.content) != edition.content:
            yield Break(edition, f"Its revision {revision.pk} holds another text.")
