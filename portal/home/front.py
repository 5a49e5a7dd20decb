"""What stands on a person's front page."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page, TaskState

from manuals import tree
from manuals.models import AnswerPage, ChapterPage, ManualPage, PolicyPage, with_extent
from portal.people.models import User
from portal.people.positions import Position

CHANGED = 6
WAITING = 8


@dataclass
class Desk:
    """What waits for a person who writes: pages to approve, drafts of theirs, pages of theirs past their review."""

    to_approve: list[Page]
    drafts: list[Page]
    past_review: list[Page]

    def __bool__(self) -> bool:
        return bool(self.to_approve or self.drafts or self.past_review)


def notice() -> str:
    """Return the sentence everyone should see today, or nothing."""
    return tree.home_page().notice


def recently_changed() -> list[Page]:
    """Return the answers, policies and chapters published last, newest first."""
    pages = Page.objects.live().type(AnswerPage, PolicyPage, ChapterPage).filter(last_published_at__isnull=False)
    return list(pages.select_related("content_type").order_by("-last_published_at", "title")[:CHANGED])


def manuals_for(person: User) -> list[ManualPage]:
    """Return the published manuals written for this person's position, or for everyone, with their extent.

    Where there is none, as for a Supervisor of a portal that trains new hires, all manuals. At most three queries,
    however many there are.
    """
    own = Q(audience__name=Position(person.position).label) | Q(audience__isnull=True)
    manuals = ManualPage.objects.live().order_by("path")
    return with_extent(list(manuals.filter(own).distinct()) or list(manuals))


def desk_of(person: User) -> Desk:
    """Return what waits for this person. Three queries, however much it is."""
    waiting = TaskState.objects.reviewable_by(person).values_list("revision__object_id", flat=True)
    pages = Page.objects.select_related("content_type", "latest_revision__user")
    drafts = pages.filter(has_unpublished_changes=True, latest_revision__user=person)
    today = timezone.localdate()
    reviewed = ("answerpage", "policypage", "manualpage", "chapterpage")
    past = reduce(or_, (Q(**{f"{kind}__review_by__lt": today}) for kind in reviewed))
    return Desk(
        to_approve=list(pages.filter(pk__in=[int(key) for key in waiting]).order_by("latest_revision_created_at")),
        drafts=list(drafts.order_by("-latest_revision_created_at")[:WAITING]),
        past_review=list(Page.objects.live().filter(past).order_by("title")[:WAITING]),
    )
