"""The editions of a page as people look through them: in force when, what changed where, by whom."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from manuals import sample_values
from manuals.comparing import label_of
from manuals.models import Edition, Section, Withdrawal

_LONG = ("content",)


@dataclass(frozen=True)
class Change:
    """A section or a field that is not as it was: what it is called, what became of it, and a section's address."""

    name: str
    state: str
    anchor: str = ""


@dataclass(frozen=True)
class Row:
    """One edition among the others of its page. `until` is the last day it was in force, None for today's."""

    edition: Edition
    before: Edition | None
    withdrawal: Withdrawal | None
    until: date | None
    is_in_force: bool
    changes: list[Change] = field(default_factory=list)

    @property
    def was_in_force(self) -> bool:
        """Whether there was any day on which it held."""
        return self.withdrawal is None and (self.until is None or self.until >= self.edition.effective_from)

    @property
    def state(self) -> str:
        """How it stands today, in words."""
        if self.withdrawal:
            return "Withdrawn"
        if self.edition.is_future:
            return "Planned"
        if self.is_in_force:
            return "Taken down" if self.edition.is_repeal else "In force"
        return "Past"


def of_page(page_id: int, today: date | None = None) -> list[Row]:
    """Return the editions of a page, the last written first; two or three queries, however many there are."""
    today = today or timezone.localdate()
    editions = list(Edition.objects.of(page_id).defer(*_LONG).select_related("withdrawal", "writer", "approver"))
    headings = _headings(page_id, editions)
    standing = [one for one in editions if not hasattr(one, "withdrawal")]
    in_order = sorted(standing, key=lambda one: (one.effective_from, one.sequence))
    follows = dict(zip((one.pk for one in in_order), in_order[1:], strict=False))
    precedes = dict(zip((one.pk for one in in_order[1:]), in_order, strict=False))
    rows = []
    for edition in reversed(editions):
        after, before = follows.get(edition.pk), precedes.get(edition.pk)
        ends = after.effective_from - timedelta(days=1) if after else None
        rows.append(
            Row(
                edition=edition,
                before=before,
                withdrawal=getattr(edition, "withdrawal", None),
                until=ends,
                is_in_force=edition in standing and edition.effective_from <= today and (ends is None or ends >= today),
                changes=_changes(edition, before, headings),
            )
        )
    return rows


def _headings(page_id: int, editions: list[Edition]) -> dict[str, str]:
    """Return what the sections are called, by address.

    There is a row for each that ever was published, unless the page was deleted. A section that is only planned is
    named by the edition it came with.
    """
    headings = dict(Section.objects.filter(page_id=page_id).values_list("anchor", "heading"))
    named = {anchor for edition in editions for anchor in (*edition.changed, *edition.added, *edition.removed)}
    unknown = named - headings.keys()
    if unknown:
        came_with = [edition.pk for edition in editions if unknown.intersection(edition.added)]
        for edition in Edition.objects.filter(pk__in=came_with).order_by("sequence"):
            headings |= {
                block["id"]: block["value"]["heading"] for block in edition.values["body"] if block["id"] in unknown
            }
    return headings


def _changes(edition: Edition, before: Edition | None, headings: dict[str, str]) -> list[Change]:
    """Return what changed in an edition; nothing for a first one, in which all is new, and for one taken down."""
    if edition.sequence == 1 or edition.is_repeal:
        return []
    named = [Change(label_of(name, edition.page_type), "changed") for name in edition.fields_changed]
    states = (("changed", edition.changed), ("new", edition.added), ("gone", edition.removed))
    sections = [
        Change(sample_values.plain(headings.get(anchor, anchor)), state, anchor)
        for state, anchors in states
        for anchor in anchors
    ]
    if before and not before.is_repeal and before.requires != edition.requires:
        named.append(Change("Who must acknowledge it", "changed"))
    if before and not named and not sections:
        return [Change("The order of the sections", "changed")]
    return named + sections
