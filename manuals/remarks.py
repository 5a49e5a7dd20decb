"""What people remark about a page they work with: writing it down, for whom it waits, and what comes of it."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page

from manuals import remark_telling
from manuals.masking import MASK, masked
from manuals.models import EditionedPage, Remark, Section
from manuals.permissions import hidden_from
from portal.people.models import User
from portal.people.positions import Position

# For how many days it is announced that a remark was settled.
ANNOUNCED = 7

# On a page whose owner is gone, or no longer writes content, or that has none.
_NOBODY_KEEPS = (
    Q(page__owner__isnull=True)
    | Q(page__owner__is_active=False)
    | Q(page__owner__is_superuser=False, page__owner__position__in=[Position.CSR_1, Position.CSR_2])
)


def without_particulars(text: str) -> tuple[str, bool]:
    """Return a text as it may be kept, a caller's particulars masked, and whether there were any.

    Its lines stay, unless a particular runs over the end of one.
    """
    whole = masked(text)
    lines = "\n".join(masked(line) for line in text.splitlines()).strip()
    kept = lines if " ".join(lines.split()) == whole else whole
    return kept, kept.count(MASK) > text.count(MASK)


def are_taken(page: Page, request: HttpRequest) -> bool:
    """Return whether a request shows a page as readers have it today: no preview, no other edition, no other day."""
    if not isinstance(page, EditionedPage) or not page.live or getattr(request, "is_preview", False):
        return False
    parts = page.get_url_parts(request)
    return bool(parts) and request.path == parts[2] and "on" not in request.GET


@transaction.atomic
def make(page: EditionedPage, section: Section | None, text: str, by: User) -> Remark:
    """Write down a remark on a section, or on the page as a whole, and return it; who keeps the page is told by email.

    What could tell who called is masked. The same remark that is open already, as after a second click, is returned.
    """
    # Two clicks at once come one after the other.
    User.objects.select_for_update().get(pk=by.pk)
    remark, is_new = Remark.objects.get_or_create(
        page_id=page.pk,
        anchor=section.anchor if section else "",
        text=without_particulars(text)[0],
        by=by,
        state=Remark.State.OPEN,
        defaults={
            "heading": section.heading if section else "",
            "edition_number": page.edition.number if page.edition else "",
        },
    )
    if is_new:
        # A mail server that fails is logged, and the remark stays.
        transaction.on_commit(lambda: remark_telling.tell(remark, told(page, by)), robust=True)
    return remark


def settle(remark: Remark, state: Remark.State, reply: str, by: User) -> bool:
    """Answer or close a remark, with a reply; where somebody has done so meanwhile, change nothing, and return False.

    Raises `ValueError` without a reply.
    """
    if state == Remark.State.OPEN or not reply:
        raise ValueError("A remark is settled with a reply.")
    still_open = Remark.objects.filter(pk=remark.pk, state=Remark.State.OPEN)
    written = still_open.update(
        state=state, reply=without_particulars(reply)[0], settled_by=by, settled_at=timezone.now()
    )
    return bool(written)


def keeper(page: Page) -> User | None:
    """Return who keeps a page: its owner, while they are here and write content. None leaves it to the Supervisors."""
    owner = page.owner
    return owner if isinstance(owner, User) and owner.is_active and owner.writes_content else None


def told(page: Page, by: User) -> list[User]:
    """Return to whom a remark on a page is mailed: who keeps it, else the Supervisors; never its author.

    Those who have no address or may not read the page are left out.
    """
    owner = keeper(page)
    people = [owner] if owner and owner.email else User.objects.filter(is_active=True, position=Position.SUPERVISOR)
    return [
        person
        for person in people
        if person.email and person != by and not any(page.path.startswith(path) for path in hidden_from(person))
    ]


def visible_to(person: User) -> QuerySet[Remark]:
    """Return the remarks that a person may see, the open ones first: all for those who write, else their own.

    None on a page that is kept from them. Page, author and who settled it come with each.
    """
    found = Remark.objects.select_related("page__owner", "by", "settled_by")
    if not person.writes_content:
        found = found.filter(by=person)
    first = Case(When(state=Remark.State.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return _readable(found, person).order_by(first, "-at", "-pk")


def on_pages_of(person: User, remarks: QuerySet[Remark]) -> QuerySet[Remark]:
    """Return those of the remarks that are on a person's pages; a Supervisor has those nobody keeps as well."""
    if not person.writes_content:
        return remarks.none()
    own = Q(page__owner=person)
    if person.position == Position.SUPERVISOR:
        own |= _NOBODY_KEEPS
    return remarks.filter(own)


def open_for(person: User) -> QuerySet[Remark]:
    """Return the open remarks that wait for a person, oldest first, with their pages."""
    waiting = Remark.objects.filter(state=Remark.State.OPEN).select_related("page")
    return _readable(on_pages_of(person, waiting), person).order_by("at", "pk")


def settled_lately(person: User) -> QuerySet[Remark]:
    """Return the person's own remarks that somebody else has settled in the last days, newest first, with pages."""
    since = timezone.now() - timedelta(days=ANNOUNCED)
    settled = Remark.objects.filter(by=person, settled_at__gte=since).exclude(settled_by=person)
    return settled.select_related("page").order_by("-settled_at")


def _readable(remarks: QuerySet[Remark], person: User) -> QuerySet[Remark]:
    hidden = hidden_from(person)
    if not hidden:
        return remarks
    return remarks.exclude(reduce(or_, (Q(page__path__startswith=path) for path in hidden)))
