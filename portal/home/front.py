"""What stands on a person's front page."""

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.admin.utils import quote
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState

from manuals import tree
from manuals.models import AnswerPage, ChapterPage, ManualPage, PolicyPage, with_extent
from portal.people.models import User
from portal.people.positions import Position
from quizzes import permissions
from quizzes.models import Attempt, Question
from quizzes.querysets import waiting_for_a_marker

CHANGED = 6
WAITING = 8
# For how many days a result that a person has marked is announced.
ANNOUNCED = 7


class Entry(NamedTuple):
    """Something that waits, and where it is dealt with."""

    title: str
    url: str


@dataclass
class DeskPart:
    """Things of one kind that wait for a person who writes. `count` is of all of them, `entries` are the first."""

    heading: str
    entries: list[Entry]
    count: int


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


def marked_lately(person: User) -> list[Attempt]:
    """Return this person's quizzes that somebody has marked in the last days, newest first (one query)."""
    since = timezone.now() - timedelta(days=ANNOUNCED)
    own = Attempt.objects.filter(learner=person, marked_at__gte=since, responses__marked_by__isnull=False)
    return list(own.distinct().order_by("-marked_at"))


def desk_of(person: User) -> list[DeskPart]:
    """Return what waits for this person: to approve, to mark, drafts, questions to check, pages past their review.

    Parts of which nothing waits are left out. At most nine queries, however much it is.
    """
    pages = Page.objects.select_related("content_type", "latest_revision__user")
    drafts = pages.filter(has_unpublished_changes=True, latest_revision__user=person)
    today = timezone.localdate()
    reviewed = ("answerpage", "policypage", "manualpage", "chapterpage", "quizpage")
    past = reduce(or_, (Q(**{f"{kind}__review_by__lt": today}) for kind in reviewed))
    parts = [
        _part("To approve", _to_approve(person)),
        _part("To mark", _to_mark(person)),
        _part("Your drafts", [_page(page) for page in drafts.order_by("-latest_revision_created_at")]),
        _part("Questions to check", _to_check(person)),
        _part("Past their review date", [_page(page) for page in Page.objects.live().filter(past).order_by("title")]),
    ]
    return [part for part in parts if part.count]


def _part(heading: str, entries: list[Entry]) -> DeskPart:
    return DeskPart(heading, entries[:WAITING], len(entries))


def _page(page: Page) -> Entry:
    return Entry(page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _question(question: Question) -> Entry:
    name = Question.snippet_viewset.get_url_name("edit")
    return Entry(str(question), reverse(name, args=[quote(question.pk)]))


def _to_approve(person: User) -> list[Entry]:
    waiting = TaskState.objects.reviewable_by(person)
    kinds = waiting.values_list("revision__base_content_type__model", "revision__object_id")
    keys: dict[str, list[str]] = {}
    for kind, key in kinds:
        keys.setdefault(kind, []).append(key)
    pages = Page.objects.filter(pk__in=[int(key) for key in keys.get("page", [])])
    questions = Question.objects.filter(pk__in=keys.get("question", []))
    return [
        *(_page(page) for page in pages.select_related("content_type").order_by("latest_revision_created_at")),
        *(_question(question) for question in questions.defer("body")),
    ]


def _to_mark(person: User) -> list[Entry]:
    if not permissions.may_mark(person):
        return []
    waiting = waiting_for_a_marker(person).select_related("version", "attempt__learner")
    return [
        Entry(f"{response.attempt.learner}: {response.version.name}", reverse("quizzes:mark", args=[response.pk]))
        for response in waiting
    ]


def _to_check(person: User) -> list[Entry]:
    if not person.has_perm("quizzes.change_question"):
        return []
    questions = Question.objects.filter(needs_check=True, retired=False).defer("body").order_by("name")
    return [_question(question) for question in questions]
