"""That somebody looked at a page and found it still correct, and until when it may stand then."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from manuals.models import Verification
from manuals.models.library_page import LibraryPage
from portal.people.models import User

LOG_ACTION = "manuals.verify"
# A page whose review was nearer than this to the last look was about to be reviewed; that is no interval to keep to.
SHORTEST_INTERVAL = timedelta(days=28)


def latest(pages: Iterable[Page] | None = None) -> dict[int, Verification]:
    """Return the latest look at each page by the page's key, with the person (one query).

    Of all pages if none are given. A page that nobody has looked at is not in it.
    """
    of_page = Verification.objects.filter(page_id=OuterRef("page_id")).order_by("-at", "-pk")
    newest = Verification.objects.filter(pk=Subquery(of_page.values("pk")[:1])).select_related("person")
    if pages is not None:
        newest = newest.filter(page_id__in=[page.pk for page in pages])
    return {verification.page_id: verification for verification in newest}


def may_verify(page: LibraryPage, person: object) -> bool:
    """Return whether a person may say that a page is still correct: its owner, and those who write."""
    return isinstance(person, User) and (person.pk == page.owner_id or person.writes_content)


def next_look(page: LibraryPage, last: Verification | None, today: date | None = None) -> date | None:
    """Return by when somebody should look again, if somebody looks today; None for a page without a day of review.

    The page keeps the interval it had: from the last look, else from publishing, to its day of review. Where that is
    none to keep to, it is a year.
    """
    if page.review_by is None:
        return None
    today = today or timezone.localdate()
    since = last.at if last else page.last_published_at
    interval = page.review_by - timezone.localdate(since) if since else timedelta(0)
    return today + interval if interval >= SHORTEST_INTERVAL else _a_year_after(today)


@transaction.atomic
def verify(page: LibraryPage, person: User, review_by: date | None = None) -> Verification:
    """Write that a person found a published page still correct today, and move its day of review on.

    `review_by` is the new day, in place of the one that `next_look` proposes. No edition is made and no draft comes
    to be. Raises `PermissionDenied` if this person may not.
    """
    if not may_verify(page, person):
        raise PermissionDenied(f"{person} may not say that {page} is still correct.")
    Page.objects.select_for_update().filter(pk=page.pk).values_list("pk").first()
    page = type(page).objects.get(pk=page.pk)
    review_by = review_by or next_look(page, latest([page]).get(page.pk))
    if review_by != page.review_by:
        _move_on(page, review_by)
    log(instance=page, action=LOG_ACTION, user=person)
    return Verification.objects.create(page=page, person=person, at=timezone.now())


def _move_on(page: LibraryPage, review_by: date | None) -> None:
    """Give a page another day of review, and its revisions with it, lest one published later bring back the old.

    A draft in which the author has set another day keeps it: that is the author's to say.
    """
    before = page.review_by.isoformat() if page.review_by else None
    page.review_by = review_by
    page.save(update_fields=["review_by"], clean=False)
    after = review_by.isoformat() if review_by else None
    revisions = [one for one in _to_come(page) if one.content.get("review_by") == before]
    for revision in revisions:
        revision.content["review_by"] = after
    Revision.objects.bulk_update(revisions, ["content"])


def _to_come(page: LibraryPage) -> list[Revision]:
    """Return the revisions of a page that may be edited or published next: live, newest, scheduled."""
    known: Any = page.revisions
    kept = [page.latest_revision_id, page.live_revision_id]
    return [*known.filter(pk__in=kept), *known.filter(approved_go_live_at__isnull=False).exclude(pk__in=kept)]


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
