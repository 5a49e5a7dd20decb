"""How a learner stands with a chapter that they have open: what they have read of it, and where they go on."""

from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from manuals import sample_values
from manuals.models import ChapterPage
from portal.people.models import User
from portal.training import reading, readings
from portal.training.models import Enrolment, Kind, Step, Waiver

# changed: read as it was before. new: came after the rest was read.
State = Literal["read", "unread", "changed", "new"]


class Asking(NamedTuple):
    """What asks someone to read a chapter: their enrolment, the key of its step, and the title of the path."""

    enrolment: int
    step: UUID
    path: str


@dataclass(frozen=True)
class SectionReading:
    """A section that a learner is to read, and how they stand with it.

    `seconds` is how long it must be on screen to count as read.
    """

    anchor: str
    heading: str
    state: State
    seconds: int

    @property
    def is_read(self) -> bool:
        """Whether it is read as it stands."""
        return self.state == "read"


@dataclass(frozen=True)
class ChapterReading:
    """A chapter that a learner is to read, and its sections in order.

    `is_back` says that they had read all of it, and that all that is left is what changed or came since.
    """

    page: ChapterPage
    asking: Asking
    sections: dict[str, SectionReading]
    is_back: bool

    @property
    def read_count(self) -> int:
        """How many sections are read."""
        return sum(section.is_read for section in self.sections.values())

    @property
    def left(self) -> list[SectionReading]:
        """The sections that are still to be read, in order."""
        return [section for section in self.sections.values() if not section.is_read]

    @property
    def has_begun(self) -> bool:
        """Whether anything of it was read, be it as it was before."""
        return any(section.state != "unread" for section in self.sections.values())


def asking(person: User, page: ChapterPage) -> Asking | None:
    """Return what asks someone to read a chapter, the enrolment they have longest first (one query).

    None where no path that they are on does, or where it is waived.
    """
    manual = page.get_parent()
    is_asked = Q(kind=Kind.CHAPTER, page_id=page.pk) | Q(kind=Kind.MANUAL, page_id=manual.pk if manual else 0)
    waived = Waiver.objects.filter(enrolment=OuterRef(OuterRef("pk")), ended_at__isnull=True)
    steps = Step.objects.filter(is_asked, edition=OuterRef("edition")).exclude(key__in=waived.values("key"))
    found = (
        Enrolment.objects.filter(person=person, left_at__isnull=True)
        .annotate(key=Subquery(steps.order_by("order").values("key")[:1]))
        .filter(key__isnull=False)
        .order_by("enrolled_at", "pk")
        .values_list("pk", "key", "path__title")
        .first()
    )
    return Asking(*found) if found else None


def of(person: User, page: ChapterPage) -> ChapterReading | None:
    """Return how someone stands with a published chapter; None where nothing asks them to read it.

    One query then, and four for a learner.
    """
    ask = asking(person, page)
    if ask is None:
        return None
    asked = readings.asked_of([page.pk]).get(page.pk, [])
    reads = readings.reads_of([person.pk], [page.pk]).get((person.pk, page.pk), {})
    stand = reading.of(asked, reads)
    headings = {block["id"]: sample_values.plain(block["value"]["heading"]) for block in page.body.raw_data}
    sections = {}
    for one in asked:
        state: State = "read"
        if one.anchor in stand.unread:
            state = "changed" if one.anchor in reads else "new" if one in stand.back else "unread"
        elif one.anchor not in reads:
            # It came with a minor edition, and asks nothing of those who had read the rest.
            continue
        seconds = reading.seconds_to_see(one.words)
        sections[one.anchor] = SectionReading(one.anchor, headings.get(one.anchor, ""), state, seconds)
    return ChapterReading(page, ask, sections, is_back=bool(stand.back))
