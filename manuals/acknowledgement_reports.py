"""Who acknowledged what, who has not, and why: by edition and by person. The number of queries is fixed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Max, OuterRef, Subquery, prefetch_related_objects
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.text import capfirst
from wagtail.models import Page

from manuals import acknowledging, editions
from manuals.acknowledging import Due, State
from manuals.models import Acknowledgement, Edition, EditionKind, Exemption, ReadAs
from portal.people import working_days
from portal.people.models import User
from portal.people.positions import Position

STATES: dict[State, str] = {
    "acknowledged": "Acknowledged",
    "due": "Not yet",
    "overdue": "Overdue",
    "exempt": "Exempt",
}


@dataclass(frozen=True)
class Asked:
    """An edition that is still asked of somebody (without its content), with how many people stand how."""

    edition: Edition
    page: Page
    counts: Counter[State]

    @property
    def kind(self) -> str:
        """What the page is: chapter, policy or answer."""
        return kind_of(self.edition)

    @property
    def people(self) -> int:
        """How many it asks."""
        return self.counts.total()


@dataclass(frozen=True)
class Line:
    """How one person stands to an edition."""

    person: User
    name: str
    position: str
    state: State
    acknowledgement: Acknowledgement | None = None
    due: date | None = None
    days_late: int = 0
    exemption: Exemption | None = None
    note: str = ""

    @property
    def state_label(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def position_label(self) -> str:
        """The position in words."""
        return Position(self.position).label


@dataclass(frozen=True)
class EditionReport:
    """Everybody who acknowledged an edition or is asked to, by name."""

    edition: Edition
    page: Page | None
    lines: list[Line]

    @property
    def counts(self) -> Counter[State]:
        """How many people stand how."""
        return Counter(line.state for line in self.lines)

    def of(self, state: State) -> list[Line]:
        """Return the people who stand so; of those who are late, the latest at the front."""
        return sorted((line for line in self.lines if line.state == state), key=lambda line: -line.days_late)

    @property
    def sentences(self) -> list[str]:
        """What people agreed to, in the order in which it first was."""
        given = [line.acknowledgement for line in self.lines if line.acknowledgement]
        return list(dict.fromkeys(one.sentence for one in sorted(given, key=lambda one: one.at)))

    def narrowed(self, position: str = "", supervisor: User | None = None) -> "EditionReport":
        """Return the report on the people in a position, or of a supervisor, or both."""
        kept = [
            line
            for line in self.lines
            if (not position or line.position == position)
            and (supervisor is None or line.person.supervisor_id == supervisor.pk)
        ]
        return replace(self, lines=kept)


@dataclass(frozen=True)
class PersonReport:
    """Everything a person acknowledged, owes and is or was exempt from."""

    person: User
    acknowledgements: list[Acknowledgement]
    dues: list[Due]
    exemptions: list[Exemption]
    page_titles: dict[int, str]

    def title_of(self, exemption: Exemption) -> str:
        """Return the title of the page that an exemption is from."""
        return self.page_titles.get(exemption.page_id, "A page that was deleted")


@dataclass(frozen=True)
class PersonLine:
    """One person, with how much they acknowledged and owe."""

    person: User
    acknowledged: int
    due: int
    overdue: int


def asked(today: date | None = None) -> list[Asked]:
    """Return the editions that are still asked of a position, by the title of the page and the newest at the front."""
    today = today or timezone.localdate()
    found = _still_asked()
    people = list(User.objects.filter(is_active=True))
    done = _acknowledged_up_to({edition.page_id for edition in found})
    exempt = set(Exemption.objects.filter(ended_at__isnull=True).values_list("person_id", "page_id"))
    closed = working_days.holidays()
    rows = []
    for edition in found:
        counts: Counter[State] = Counter()
        for person in people:
            if person.position not in edition.asks:
                continue
            if done.get((person.pk, edition.page_id), 0) >= edition.sequence:
                counts["acknowledged"] += 1
            elif person.position in edition.still_required:  # type: ignore[attr-defined]
                if (person.pk, edition.page_id) in exempt:
                    counts["exempt"] += 1
                else:
                    is_late = acknowledging.deadline(person, edition, closed) < today
                    counts["overdue" if is_late else "due"] += 1
        rows.append(Asked(edition, edition.page, counts))
    return sorted(rows, key=lambda row: (row.page.title.lower(), row.page.pk, -row.edition.sequence))


def of_edition(edition: Edition, today: date | None = None) -> EditionReport:
    """Return who acknowledged an edition, those who left since too, and how everyone stands whom it still asks."""
    today = today or timezone.localdate()
    given = list(edition.acknowledgements.select_related("person", "since_edition").defer("since_edition__content"))
    for one in given:
        one.edition = edition
    lines = [_given(one) for one in given]
    known = {one.person_id for one in given}
    closed = working_days.holidays()
    for standing in acknowledging.standing_of(edition, today):
        person, later = standing.person, standing.acknowledgement
        if person.pk in known:
            continue
        late = working_days.between(standing.due, today, closed) if standing.state == "overdue" else 0
        note = f"Acknowledged edition {later.edition.number}, which came later." if later else ""
        line = Line(
            person=person,
            name=later.person_name if later else account(person),
            position=later.position if later else person.position,
            state=standing.state,
            acknowledgement=later,
            due=standing.due,
            days_late=late,
            exemption=standing.exemption if standing.state == "exempt" else None,
            note=note,
        )
        lines.append(line)
    prefetch_related_objects([line.person for line in lines], "supervisor")
    page = Page.objects.filter(pk=edition.page_id).first()
    lines.sort(key=lambda line: (line.person.last_name.lower(), line.person.first_name.lower(), line.person.pk))
    return EditionReport(edition, page, lines)


def of_person(person: User, today: date | None = None) -> PersonReport:
    """Return everything a person acknowledged (the newest at the front), owes (soonest first) and is exempt from."""
    given = person.acknowledgements.select_related("edition", "since_edition").defer("since_edition__content")
    exemptions = list(person.exemptions.select_related("granted_by", "ended_by"))
    titles = Page.objects.filter(pk__in={one.page_id for one in exemptions}).values_list("pk", "title")
    return PersonReport(
        person=person,
        acknowledgements=list(given),
        dues=acknowledging.due_for([person], today)[person.pk],
        exemptions=exemptions,
        page_titles=dict(titles),
    )


def of_people(people: Iterable[User], today: date | None = None) -> list[PersonLine]:
    """Return how much each of the people acknowledged and owes, in their order."""
    people = list(people)
    dues = acknowledging.due_for(people, today)
    given = Counter(Acknowledgement.objects.order_by().values_list("person_id", flat=True))
    lines = []
    for person in people:
        overdue = sum(due.is_overdue for due in dues[person.pk])
        lines.append(PersonLine(person, given[person.pk], len(dues[person.pk]) - overdue, overdue))
    return lines


def of_page(page_id: int) -> list[Edition]:
    """Return the editions of a page that asked anybody, the newest at the front, without their content."""
    return list(Edition.objects.of(page_id).exclude(asks=[]).defer("content").reverse())


def kind_of(edition: Edition) -> str:
    """Return what the page of an edition is, in words."""
    return capfirst(editions.MODELS[edition.page_type]._meta.verbose_name)


def account(person: User) -> str:
    """Return a person's name with their user name, which tells two of one name apart."""
    return f"{person} ({person.username})"


def moment(at: datetime) -> str:
    """Return a time as the city's clocks showed it, with its distance from UTC: “Mar 3, 2026, 4:05 PM −06:00”."""
    there = timezone.localtime(at, timezone.get_default_timezone())
    offset = there.strftime("%z").replace("-", "−")
    return f"{format_date(there, 'M j, Y, g:i A')} {offset[:3]}:{offset[3:]}"


def read_as(acknowledgement: Acknowledgement) -> str:
    """Return what a person was shown to read, in words."""
    since = acknowledgement.since_edition
    if acknowledgement.read_as == ReadAs.DIFFERENCE and since:
        return f"What changed since edition {since.number}"
    return acknowledgement.get_read_as_display()


def changes(edition: Edition) -> list[str]:
    """Return the sections and fields that an edition changed, added and took away, each in a phrase."""
    if not (edition.changed or edition.removed or edition.fields_changed):
        return ["All of it is new"] if edition.kind == EditionKind.MAJOR else []
    headings = _headings(edition)
    missing = set(edition.removed) - headings.keys()
    if missing:
        earlier = Edition.objects.of(edition.page_id).filter(sequence__lt=edition.sequence).reverse()
        for one in earlier.iterator(chunk_size=20):
            headings = {**_headings(one), **headings}
            if missing <= headings.keys():
                break
    model = editions.MODELS[edition.page_type]
    fields = [capfirst(str(model._meta.get_field(name).verbose_name)) for name in edition.fields_changed]
    return [
        *(f"{name} (changed)" for name in fields),
        *(f"{headings.get(anchor, anchor)} (changed)" for anchor in edition.changed),
        *(f"{headings.get(anchor, anchor)} (new)" for anchor in edition.added),
        *(f"{headings.get(anchor, anchor)} (taken out)" for anchor in edition.removed),
    ]


def _given(acknowledgement: Acknowledgement) -> Line:
    person = acknowledgement.person
    return Line(
        person=person,
        name=acknowledgement.person_name,
        position=acknowledgement.position,
        state="acknowledged",
        acknowledgement=acknowledgement,
        note="" if person.is_active else "Has left since.",
    )


def _headings(edition: Edition) -> dict[str, Any]:
    return {block["id"]: block["value"]["heading"] for block in edition.values.get("body", [])}


def _still_asked() -> list[Edition]:
    """Return the standing editions of live pages that are, for a position still required, the newest to ask it."""
    newest = Edition.objects.standing().filter(page_id=OuterRef("page_id")).order_by("-sequence")
    asking = (
        Edition.objects.standing()
        .filter(page__live=True)
        .exclude(asks=[])
        .annotate(still_required=Subquery(newest.values("requires")[:1]))
        .order_by("page_id", "-sequence")
        .select_related("page")
        .defer("content")
    )
    found: list[Edition] = []
    taken: set[tuple[int, str]] = set()
    for edition in asking:
        positions = {(edition.page_id, position) for position in set(edition.asks) & set(edition.still_required)}
        if positions - taken:
            found.append(edition)
            taken |= positions
    return found


def _acknowledged_up_to(pages: set[int]) -> dict[tuple[int, int], int]:
    """Return, by person and page, the sequence of the newest standing edition they acknowledged."""
    given: Any = (
        Acknowledgement.objects.filter(edition__withdrawal__isnull=True, edition__page_id__in=pages)
        .order_by()
        .values_list("person_id", "edition__page_id")
        .annotate(Max("edition__sequence"))
    )
    return {(person, page): sequence for person, page, sequence in given}
