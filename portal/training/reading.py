"""How much of a chapter a person has read, section by section, and what of it came back.

A section counts as read once the person has read it as it stands: in an edition not older than the last major one that
changed it. A minor edition takes nothing back. What a major edition changed or added after the person had begun comes
back alone. A section that came with a minor edition is part of the chapter for those who are still reading it, and
nothing to come back for to those who had read the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from manuals.models import Edition, EditionKind, Section
from manuals.reading_time import WORDS_PER_MINUTE
from portal.people.models import User
from portal.training.models import SectionRead, Way
from portal.training.signals import sections_read

# On screen for this share of the time it takes to read, a section counts as read.
SHARE_OF_READING_TIME = 0.5
LEAST_SECONDS = 3


@dataclass(frozen=True)
class Asked:
    """A section that stands in a chapter today.

    `since` is the sequence of the last major edition that changed or added it (0: none since the first), `came` of the
    one that added it (0: the first), `came_minor` whether that one was minor; `due_from` and `within` are of `since`.
    """

    anchor: str
    words: int
    since: int = 0
    came: int = 0
    came_minor: bool = False
    due_from: date | None = None
    within: int = 0


@dataclass(frozen=True)
class Reading:
    """How far a person is with a chapter: `share` from 0 to 1 of its words, `unread` addresses in order.

    `back` are the unread sections that a major edition brought back to someone who had read the rest; empty for someone
    who is still reading it for the first time.
    """

    share: float = 0.0
    words_left: int = 0
    has_begun: bool = False
    unread: tuple[str, ...] = ()
    back: tuple[Asked, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every section is read as it stands."""
        return not self.unread


ALL_READ = Reading(share=1.0, has_begun=True)
# The first and the last sequence of the editions in which a section was read.
Span = tuple[int, int]


def of(asked: Sequence[Asked], reads: Mapping[str, Span]) -> Reading:
    """Return how far someone is with the sections of a chapter, given what they read of it by address."""
    if not asked:
        return Reading()
    unread = [one for one in asked if one.anchor not in reads or reads[one.anchor][1] < one.since]
    if not unread:
        return ALL_READ
    began = min((first for first, _ in reads.values()), default=None)
    others_are_read = all(one.anchor in reads for one in asked if not one.came_minor)
    if began is not None and others_are_read:
        unread = [one for one in unread if not (one.came_minor and one.anchor not in reads and began < one.came)]
    if not unread:
        return Reading(share=1.0, has_begun=began is not None)
    weights = {one.anchor: max(one.words, 1) for one in asked}
    left = sum(weights[one.anchor] for one in unread)
    is_back = began is not None and all(one.anchor in reads or one.came > began for one in unread)
    return Reading(
        share=1 - left / sum(weights.values()),
        words_left=left,
        has_begun=began is not None,
        unread=tuple(one.anchor for one in unread),
        back=tuple(unread) if is_back else (),
    )


def asked_of(sections: Sequence[Section], editions: Sequence[Edition]) -> list[Asked]:
    """Return what is asked of a reader of a page, given its sections and its editions in force, oldest first."""
    since: dict[str, Edition] = {}
    came: dict[str, Edition] = {}
    for edition in editions:
        if edition.sequence == 1:
            continue
        for anchor in edition.added:
            came[anchor] = edition
        if edition.kind == EditionKind.MAJOR:
            since.update(dict.fromkeys([*edition.changed, *edition.added], edition))
    found = []
    for section in sections:
        last, first = since.get(section.anchor), came.get(section.anchor)
        published = timezone.localdate(last.published_at) if last else None
        found.append(
            Asked(
                anchor=section.anchor,
                words=section.words,
                since=last.sequence if last else 0,
                came=first.sequence if first else 0,
                came_minor=bool(first and not last),
                due_from=max(published, last.effective_from) if last and published else None,
                within=last.within_days if last else 0,
            )
        )
    return found


def seconds_to_see(words: int) -> int:
    """Return for how many seconds a section must be on screen until it counts as read."""
    return max(LEAST_SECONDS, round(words / WORDS_PER_MINUTE * 60 * SHARE_OF_READING_TIME))


class NotThere(Exception):
    """The page has no such section, or is not published."""


@transaction.atomic
def record(person: User, page: Page, anchors: Sequence[str], way: Way, *, at: datetime | None = None) -> None:
    """Write that a person read sections of a page as it stands today, now or `at`. What was written before stays.

    Raises `NotThere`, and writes nothing then.
    """
    edition = Edition.objects.of(page.pk).in_force(timezone.localdate()).defer("content").first()
    standing = set(
        Section.objects.current().filter(page_id=page.pk, anchor__in=anchors).values_list("anchor", flat=True)
    )
    if edition is None or edition.is_repeal or standing != set(anchors):
        raise NotThere
    SectionRead.objects.bulk_create(
        [
            SectionRead(
                person=person, page_id=page.pk, edition=edition, anchor=anchor, way=way, at=at or timezone.now()
            )
            for anchor in dict.fromkeys(anchors)
        ],
        ignore_conflicts=True,
    )
    sections_read.send(SectionRead, person=person, page=page)
