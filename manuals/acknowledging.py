"""Who owes an acknowledgement of which page and by when, and recording that one was given.

An edition **asks** the positions in `Edition.asks`. A person owes a page while its newest standing edition, in force or
planned, requires their position and they have acknowledged none of its standing editions as new as the newest that asks
their position. Acknowledging an edition covers all that was asked before it. A page that is not published asks nothing,
nor does an edition that was withdrawn; people who are inactive or exempt owe nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page

from manuals.models import Acknowledgement, AcknowledgementSettings, Edition, Exemption, Method, ReadAs
from portal.people import working_days
from portal.people.models import User

State = Literal["acknowledged", "due", "overdue", "exempt"]


@dataclass(frozen=True)
class Due:
    """That a person owes an acknowledgement of a page.

    `edition` is the newest that asks them, without its content; `since` the edition they acknowledged last, or None;
    `due` the last day to do it; `days_late` the working days gone by after it.
    """

    person: User
    page: Page
    edition: Edition
    due: date
    since: Edition | None
    is_overdue: bool
    days_late: int


@dataclass(frozen=True)
class Standing:
    """How a person whom an edition asks stands: what they gave, or until when it is due, or why they need not."""

    person: User
    state: State
    due: date
    acknowledgement: Acknowledgement | None
    exemption: Exemption | None


class Ask(NamedTuple):
    """What is needed of an edition that asks, to tell whom and until when."""

    pk: int
    page: int
    sequence: int
    published: datetime
    within: int


def due_for(people: Iterable[User], today: date | None = None) -> dict[int, list[Due]]:
    """Return what each of the people owes by their primary key, soonest first.

    The pages come without their specific fields, the editions without their content. Five queries, for however many
    people and pages; fewer where nobody owes anything.
    """
    today = today or timezone.localdate()
    people = list(people)
    found: dict[int, list[Due]] = {person.pk: [] for person in people}
    active = {person.pk: person for person in people if person.is_active}
    asks = newest_asks(Edition.objects.all())
    if not active or not asks:
        return found
    pages = {page for page, _ in asks}
    done = acknowledged_up_to(active.keys(), pages)
    exempt = set(open_exemptions(active.keys(), pages).values_list("person_id", "page_id"))
    owed = [
        (person, ask)
        for person in active.values()
        for (page, position), ask in asks.items()
        if position == person.position
        and ask.sequence > done.get((person.pk, page), 0)
        and (person.pk, page) not in exempt
    ]
    if not owed:
        return found
    closed = working_days.holidays()
    since = {(ask.page, done[person.pk, ask.page]) for person, ask in owed if (person.pk, ask.page) in done}
    wanted = Q(pk__in={ask.pk for _, ask in owed}) | Q(
        page_id__in={page for page, _ in since}, sequence__in={sequence for _, sequence in since}
    )
    editions = {
        (edition.page_id, edition.sequence): edition
        for edition in Edition.objects.filter(wanted).defer("content").select_related("page")
    }
    for person, ask in owed:
        edition = editions[ask.page, ask.sequence]
        due = deadline(person, edition, closed)
        found[person.pk].append(
            Due(
                person=person,
                page=edition.page,
                edition=edition,
                due=due,
                since=editions.get((ask.page, done.get((person.pk, ask.page), 0))),
                is_overdue=due < today,
                days_late=working_days.between(due, today, closed),
            )
        )
    for dues in found.values():
        dues.sort(key=lambda one: (one.due, one.page.title, one.page.pk))
    return found


def due_on(person: User, page: Page, today: date | None = None) -> Due | None:
    """Return what a person owes of one page, or None: then in one query."""
    editions = Edition.objects.filter(page_id=page.pk)
    given = Acknowledgement.objects.filter(person=person, edition__page_id=page.pk, edition__withdrawal__isnull=True)
    exempt = open_exemptions([person.pk], [page.pk])
    unanswered = (
        editions.exclude(page_id__in=exempt.values("page_id"))
        .alias(done=Subquery(given.order_by("-edition__sequence").values("edition__sequence")[:1]))
        .filter(Q(done__isnull=True) | Q(sequence__gt=F("done")))
    )
    if not person.is_active or (page.pk, person.position) not in newest_asks(unanswered):
        return None
    return next((due for due in due_for([person], today)[person.pk] if due.page.pk == page.pk), None)


def standing_of(edition: Edition, today: date | None = None) -> list[Standing]:
    """Return how everyone active whom an edition asks stands, by name.

    An acknowledgement of a later edition counts; the one shown is the first that counts. Of those whom the page no
    longer asks (it was taken down, or no longer requires their position), only who acknowledged is listed. An edition
    that was withdrawn asks nobody. For all who ever acknowledged an edition, also those who left or have another
    position now, see `edition.acknowledgements`. Five queries, for however many people.
    """
    today = today or timezone.localdate()
    newest = _newest().filter(page_id=edition.page_id).values_list("requires", "page__live", "pk").first()
    if newest is None or not edition.asks or hasattr(edition, "withdrawal"):
        return []
    requires = set(newest[0]) if newest[1] else set()
    people = User.objects.filter(is_active=True, position__in=edition.asks)
    given: dict[int, Acknowledgement] = {}
    counting = Acknowledgement.objects.filter(
        edition__page_id=edition.page_id, edition__sequence__gte=edition.sequence, edition__withdrawal__isnull=True
    )
    for one in counting.select_related("edition").defer("edition__content").order_by("-edition__sequence"):
        given[one.person_id] = one
    exempt = {one.person_id: one for one in open_exemptions(None, [edition.page_id]).select_related("granted_by")}
    closed = working_days.holidays()
    found = []
    for person in people:
        due = deadline(person, edition, closed)
        acknowledgement, exemption = given.get(person.pk), exempt.get(person.pk)
        if acknowledgement or person.position in requires:
            state = _state(acknowledgement, exemption, due < today)
            found.append(Standing(person, state, due, acknowledgement, exemption))
    return found


def deadline(person: User, edition: Edition, closed: Collection[date]) -> date:
    """Return the last day to acknowledge an edition, given the holidays: so many working days after it was published.

    For a person who came later, after their first day.
    """
    first_day = person.hire_date or timezone.localdate(person.date_joined)
    return working_days.add(max(timezone.localdate(edition.published_at), first_day), edition.within_days, closed)


def last_acknowledgement(person: User, page: Page) -> Acknowledgement | None:
    """Return a person's acknowledgement of the newest edition of a page they acknowledged that was not withdrawn."""
    given = Acknowledgement.objects.filter(person=person, edition__page_id=page.pk, edition__withdrawal__isnull=True)
    return given.select_related("edition").order_by("-edition__sequence").first()


def record(
    person: User,
    edition: Edition,
    *,
    method: Method,
    read_as: ReadAs,
    since: Edition | None,
    at: datetime | None = None,
) -> Acknowledgement:
    """Write that a person read an edition and agreed with the city's sentence, now or `at`.

    Return what they gave before, if any.
    """
    acknowledgement, _ = Acknowledgement.objects.get_or_create(
        person=person,
        edition=edition,
        defaults={
            "person_name": f"{person} ({person.username})",
            "position": person.position,
            "edition_hash": edition.hash,
            "since_edition": since,
            "read_as": read_as,
            "sentence": AcknowledgementSettings.load().sentence,
            "method": method,
            "at": at or timezone.now(),
        },
    )
    return acknowledgement


def _newest() -> QuerySet[Edition]:
    """Return the newest standing edition of each page; one that is planned is newer than the one in force."""
    newest = Edition.objects.standing().filter(page_id=OuterRef("page_id")).order_by("-sequence")
    return Edition.objects.filter(pk=Subquery(newest.values("pk")[:1]))


def newest_asks(editions: QuerySet[Edition]) -> dict[tuple[int, str], Ask]:
    """Return the newest edition that asks, by page and each position that the page still requires (one query)."""
    newest = Edition.objects.standing().filter(page_id=OuterRef("page_id")).order_by("-sequence")
    asking = (
        editions.filter(withdrawal__isnull=True, page__live=True)
        .exclude(asks=[])
        .annotate(still_required=Subquery(newest.values("requires")[:1]))
        .order_by("page_id", "sequence")
    )
    found: dict[tuple[int, str], Ask] = {}
    names = ("pk", "page_id", "sequence", "published_at", "within_days", "asks", "still_required")
    for *ask, asks, required in asking.values_list(*names):
        for position in set(asks) & set(required):
            found[ask[1], position] = Ask(*ask)
    return found


def acknowledged_up_to(people: Collection[int], pages: Collection[int]) -> dict[tuple[int, int], int]:
    """Return, by person and page, the sequence of the newest standing edition they acknowledged (one query)."""
    given: Any = (
        Acknowledgement.objects.filter(edition__withdrawal__isnull=True, edition__page_id__in=pages)
        .filter(person_id__in=people)
        .order_by()
        .values_list("person_id", "edition__page_id")
        .annotate(Max("edition__sequence"))
    )
    return {(person, page): sequence for person, page, sequence in given}


def open_exemptions(people: Collection[int] | None, pages: Collection[int]) -> QuerySet[Exemption]:
    """Return the exemptions from these pages that nobody has ended, of these people or of all."""
    found = Exemption.objects.filter(ended_at__isnull=True, page_id__in=pages)
    return found if people is None else found.filter(person_id__in=people)


def _state(acknowledgement: Acknowledgement | None, exemption: Exemption | None, is_late: bool) -> State:
    if acknowledgement:
        return "acknowledged"
    if exemption:
        return "exempt"
    return "overdue" if is_late else "due"
