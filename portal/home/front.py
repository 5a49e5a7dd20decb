"""What stands on a person's front page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib.admin.utils import quote
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from wagtail.models import Page, TaskState

from manuals import acknowledging, remarks, resting, tree
from manuals.acknowledging import Due
from manuals.models import AnswerPage, ChapterPage, ManualPage, PolicyPage, Remark, with_extent
from portal.people.models import User
from portal.people.positions import Position
from portal.training import progress, readiness, team, waiting
from portal.training.models import SignOff, uncorrected
from portal.training.readiness import Ready
from portal.training.team import Row, Standing
from quizzes import failing, permissions
from quizzes.models import Attempt, FailingQuestion, Question, Response
from quizzes.querysets import waiting_for_a_marker

CHANGED = 6
WAITING = 8
# How many of a supervisor's reports the front page shows, and who comes first.
TEAM = 12
_NEED = [Standing.OVERDUE, Standing.NOT_BEGUN, Standing.IN_HAND, Standing.AWAY, Standing.DONE]
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


@dataclass(frozen=True)
class Team:
    """A supervisor's reports on their paths: those first who need them most, how many more there are.

    `to_sign` are the sign-offs and attendances that are due by the end of the week.
    """

    rows: list[Row]
    more: int
    to_sign: int

    @property
    def standings(self) -> list[Standing]:
        """What the pictures of the rows can say."""
        return list(Standing)


def notice() -> str:
    """Return the sentence everyone should see today, or nothing."""
    return tree.home_page().notice


def dues_of(person: User) -> list[Due]:
    """Return what this person has to read and acknowledge, soonest first (five queries at most)."""
    return acknowledging.due_for([person])[person.pk]


def recently_changed(manuals: Iterable[ManualPage]) -> list[Page]:
    """Return the answers, policies, and chapters of some manuals that were published last, newest first."""
    concerns = Page.objects.type_q(AnswerPage, PolicyPage)
    for manual in manuals:
        concerns |= Page.objects.type_q(ChapterPage) & Q(path__startswith=manual.path)
    pages = Page.objects.live().filter(concerns, last_published_at__isnull=False)
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


def signed_lately(person: User) -> list[SignOff]:
    """Return the sign-offs that supervisors gave this person in the last days, newest first (one query)."""
    since = timezone.now() - timedelta(days=ANNOUNCED)
    own = uncorrected(SignOff.objects.filter(person=person, at__gte=since))
    return list(own.order_by("-at")[:WAITING])


def team_of(person: User) -> Team | None:
    """Return how a supervisor's reports stand, or None for who signs nothing (twenty-one queries at most)."""
    if not person.has_perm("training.add_signoff"):
        return None
    today = timezone.localdate()
    known = progress.of(team.enrolments(led_by=person), today).values()
    rows = sorted(team.of(known), key=lambda row: (_NEED.index(row.standing), -row.days_late))
    sunday = today + timedelta(days=6 - today.weekday())
    return Team(rows[:TEAM], len(rows[TEAM:]), waiting.count_due(known, sunday))


def ready_of(person: User) -> list[Ready]:
    """Return those of a supervisor's own team who are ready for the next position, by name (22 queries at most)."""
    if not person.has_perm("training.add_signoff"):
        return []
    return readiness.ready_among(person.reports.filter(is_active=True))


def settled_lately(person: User) -> list[Remark]:
    """Return this person's remarks that were answered or closed in the last days, newest first (one query)."""
    return list(remarks.settled_lately(person)[:WAITING])


def desk_of(person: User) -> list[DeskPart]:
    """Return what waits for this person: to approve, to mark, remarks, answers, drafts, questions, pages past review.

    Parts of which nothing waits are left out. At most twenty-three queries, however much it is.
    """
    pages = Page.objects.select_related("content_type", "latest_revision__user")
    drafts = pages.filter(has_unpublished_changes=True, latest_revision__user=person)
    today = timezone.localdate()
    reviewed = ("answerpage", "policypage", "manualpage", "chapterpage", "quizpage")
    past = reduce(or_, (Q(**{f"{kind}__review_by__lt": today}) for kind in reviewed))
    to_approve = _to_approve(person)
    parts = [DeskPart("To approve", to_approve, len(to_approve))]
    if permissions.may_mark(person):
        unmarked = waiting_for_a_marker(person).select_related("version", "attempt__learner")
        parts.append(_part("To mark", unmarked, _answer))
    parts.append(_part("Remarks on your pages", remarks.open_for(person), _remark))
    answers = [_page(answer) for answer in resting.waiting_for(person)]
    parts.append(DeskPart("Answers to look at after a change of policy", answers[:WAITING], len(answers)))
    parts.append(_part("Your drafts", drafts.order_by("-latest_revision_created_at"), _page))
    if person.has_perm("quizzes.change_question"):
        stale = Question.objects.filter(needs_check=True, retired=False).defer("body").order_by("name")
        parts.append(_part("Questions to check", stale, _question))
        parts.append(_part("Questions that fail", failing.open(), _failing))
    parts.append(_part("Past their review date", Page.objects.live().filter(past).order_by("title"), _page))
    return [part for part in parts if part.count]


def _part(heading: str, things: QuerySet[Any], entry: Callable[[Any], Entry]) -> DeskPart:
    """Return a part of which the first are fetched, and the others only counted."""
    first = [entry(one) for one in things[: WAITING + 1]]
    return DeskPart(heading, first[:WAITING], things.count() if len(first) > WAITING else len(first))


def _page(page: Page) -> Entry:
    return Entry(page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _remark(remark: Remark) -> Entry:
    return Entry(
        f"“{Truncator(remark.text).chars(80)}”, {remark.page.title}", reverse("remarks:remark", args=[remark.pk])
    )


def _question(question: Question) -> Entry:
    name = Question.snippet_viewset.get_url_name("edit")
    return Entry(str(question), reverse(name, args=[quote(question.pk)]))


def _failing(row: FailingQuestion) -> Entry:
    address = reverse("quiz_question_statistics", args=[row.quiz_id, row.question_id])
    return Entry(f"{row.question}: {row.label[0].lower()}{row.label[1:]}", address)


def _answer(response: Response) -> Entry:
    title = f"{response.attempt.learner}: {response.version.name}"
    return Entry(title, reverse("quizzes:mark", args=[response.pk]))


def _to_approve(person: User) -> list[Entry]:
    keys: dict[str, list[str]] = {}
    states = TaskState.objects.reviewable_by(person)
    for kind, key in states.values_list("revision__base_content_type__model", "revision__object_id"):
        keys.setdefault(kind, []).append(key)
    pages = Page.objects.filter(pk__in=[int(key) for key in keys.get("page", [])])
    questions = Question.objects.filter(pk__in=keys.get("question", []))
    return [
        *(_page(page) for page in pages.select_related("content_type").order_by("latest_revision_created_at")),
        *(_question(question) for question in questions.defer("body")),
    ]
