"""What changed in the chapters of a step since a person read them: the sections, with their difference."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import timezone

from manuals import comparing, reading_time
from manuals.comparing import Comparison, SectionChange
from manuals.models import ChapterPage, Edition
from portal.people.models import User
from portal.training import evidence, reading, readings
from portal.training.models import Step
from portal.training.reading import Span


@dataclass(frozen=True)
class ChapterChanges:
    """What someone has to read again of a chapter: the sections, and how each differs from what they read last.

    `summaries` are the authors' own words on it, oldest first.
    """

    page: ChapterPage
    edition: Edition
    anchors: tuple[str, ...]
    comparison: Comparison
    summaries: tuple[str, ...]
    words: int

    @property
    def minutes(self) -> int:
        """Minutes to read the sections whole."""
        return reading_time.minutes(self.words)

    @property
    def shown(self) -> str:
        """What was shown, to be sent back with what is said about it: the page and its edition."""
        return f"{self.page.pk}:{self.edition.sequence}"


def of(person: User, step: Step) -> list[ChapterChanges]:
    """Return the chapters of a step that reads, in order, of which something changed since a person read it.

    Of a chapter that is still being read for the first time these are the sections that were read before they changed.
    The queries do not grow with sections; each chapter adds those of comparing it.
    """
    keys = [key for own in evidence.chapters_read_in([step]).values() for key in own]
    asked = readings.asked_of(keys)
    reads = {page: spans for (_, page), spans in readings.reads_of([person.pk], keys).items()}
    to_read = {key: _changed(asked.get(key, ()), reads.get(key, {})) for key in keys}
    to_read = {key: anchors for key, anchors in to_read.items() if anchors}
    if not to_read:
        return []
    pages = ChapterPage.objects.live().in_bulk(to_read)
    today = timezone.localdate()
    editions = {one.page_id: one for one in Edition.objects.in_force(today).filter(page_id__in=to_read)}
    before = _editions_read(to_read, reads)
    since = Edition.objects.standing().filter(page_id__in=to_read, effective_from__lte=today).exclude(summary="")
    said = list(since.defer("content").order_by("sequence"))
    found = []
    for key, anchors in to_read.items():
        if key not in pages or key not in editions:
            continue
        last = {anchor: reads[key][anchor][1] if anchor in reads[key] else 0 for anchor in anchors}
        found.append(
            ChapterChanges(
                page=pages[key],
                edition=editions[key],
                anchors=anchors,
                comparison=_compared(pages[key], editions[key], last, before),
                summaries=tuple(one.summary for one in said if one.page_id == key and _concerns(one, last)),
                words=sum(one.words for one in asked[key] if one.anchor in anchors),
            )
        )
    return found


def _changed(asked: Iterable[reading.Asked], reads: dict[str, Span]) -> tuple[str, ...]:
    """Return the sections that were read before they changed, and those that came since all others were read."""
    stand = reading.of(list(asked), reads)
    back = {one.anchor for one in stand.back}
    return tuple(anchor for anchor in stand.unread if anchor in reads or anchor in back)


def _editions_read(
    to_read: dict[int, tuple[str, ...]], reads: dict[int, dict[str, Span]]
) -> dict[tuple[int, int], Edition]:
    """Return the editions in which sections were read last, by page and sequence (one query)."""
    wanted = {(key, reads[key][one][1]) for key, anchors in to_read.items() for one in anchors if one in reads[key]}
    those = Q(pk__in=[])
    for page, sequence in wanted:
        those |= Q(page_id=page, sequence=sequence)
    return {(one.page_id, one.sequence): one for one in Edition.objects.filter(those)}


def _compared(
    page: ChapterPage, after: Edition, last: dict[str, int], before: dict[tuple[int, int], Edition]
) -> Comparison:
    """Return the sections compared, each with the edition in which it was read last; one that is new with none.

    Their addresses begin with the page's key, as sections of several chapters stand on one page.
    """
    read_in = {anchor: before.get((page.pk, sequence)) for anchor, sequence in last.items()}
    changes: dict[str, SectionChange] = {
        one.anchor: replace(one, anchor=f"{page.pk}-{one.anchor}")
        for one in comparing.compare_sections(read_in, after, page)
    }
    sections = [changes[anchor] for anchor in last if anchor in changes]
    return Comparison(before=None, after=after, fields=[], sections=sections)


def _concerns(edition: Edition, last: dict[str, int]) -> bool:
    """Return whether an edition changed or added one of the sections after it was read last."""
    touched = {*edition.changed, *edition.added}
    return any(anchor in touched and sequence < edition.sequence for anchor, sequence in last.items())
