"""The answers that rest on policy sections, and which of them are to be looked at after a change of policy.

An answer rests on a policy through sections of it. A change of the rule stands above all sections, and touches every
answer that rests on the policy. An answer was looked at once it was verified, or had an edition of its own, after the
edition that brought the change.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Max
from django.urls import reverse
from wagtail.models import Page

from manuals.consequences import Touched, counted
from manuals.models import AnswerPage, AnswerPolicySection, Edition, EditionKind, PolicyPage, Verification
from portal.people.models import User

RULE = "rule"
# Stands for every section of a policy where others stand for one.
_ALL = ""


class AnswersToLookAt:
    """The published answers that rest on changed policy sections."""

    key = "answers"
    order = 20
    heading = "Answers to look at"
    done_word = "looked at"

    def label(self, count: int) -> str:
        """Return so many answers in words."""
        return counted(count, "answer", "answers")

    def touched(self, page: Page, anchors: Collection[str], edition: Edition | None = None) -> list[Touched]:
        """Return the answers with their owners (at most three queries)."""
        answers = list(resting_on(page, anchors, edition))
        seen = _looked_at([answer.pk for answer in answers]) if edition and edition.pk else {}
        return [
            Touched(
                title=answer.title,
                url=reverse("wagtailadmin_pages:edit", args=[answer.pk]),
                is_done=bool(edition and answer.pk in seen and seen[answer.pk] > edition.published_at),
                owner=str(answer.owner or ""),
                note="" if answer.owner else "It has no owner.",
            )
            for answer in answers
        ]


def resting_on(page: Page, anchors: Collection[str], edition: Edition | None = None) -> Iterable[AnswerPage]:
    """Return the published answers that rest on sections of a policy with these addresses, by title (one query).

    All that rest on the policy where the edition, which must not be a minor one, changes its rule.
    """
    resting = AnswerPolicySection.objects.filter(section__page_id=page.pk)
    if not _changes_rule(edition):
        if not anchors:
            return []
        resting = resting.filter(section__anchor__in=anchors)
    answers = AnswerPage.objects.live().filter(pk__in=resting.values("answer"))
    return answers.select_related("owner").defer_streamfields().order_by("title", "pk")


def waiting_for(person: User) -> list[AnswerPage]:
    """Return the answers that a person owns and has not looked at since a policy they rest on changed, by title.

    Five queries at most, however many answers, policies and editions.
    """
    links = AnswerPolicySection.objects.filter(answer__owner=person, answer__live=True)
    places = list(links.values_list("answer_id", "section__page_id", "section__anchor"))
    if not places:
        return []
    changed = _changed_at({page for _, page, _ in places})
    seen = _looked_at({answer for answer, _, _ in places}) if changed else {}
    waiting = {
        answer
        for answer, page, anchor in places
        for at in (changed.get((page, anchor)), changed.get((page, _ALL)))
        if at and at >= seen.get(answer, at)
    }
    if not waiting:
        return []
    return list(AnswerPage.objects.filter(pk__in=waiting).defer_streamfields().order_by("title", "pk"))


def _changed_at(pages: Collection[int]) -> dict[tuple[int, str], datetime]:
    """Return when an edition last changed each section, by page and address, and the rule above them (one query)."""
    editions = Edition.objects.standing().filter(page_id__in=pages, page_type=PolicyPage._meta.label_lower)
    changes = editions.exclude(kind=EditionKind.MINOR).filter(sequence__gt=1).order_by("published_at")
    found: dict[tuple[int, str], datetime] = {}
    for edition in changes.defer("content"):
        names = edition.touched | ({_ALL} if _changes_rule(edition) else set())
        found.update({(edition.page_id, name): edition.published_at for name in names})
    return found


def _changes_rule(edition: Edition | None) -> bool:
    is_of_policy = edition is not None and edition.page_type == PolicyPage._meta.label_lower
    return bool(is_of_policy and edition and edition.kind != EditionKind.MINOR and RULE in edition.fields_changed)


def _looked_at(keys: Collection[int]) -> dict[int, datetime]:
    """Return when each of the answers with these keys was last verified or had an edition (two queries)."""
    found: dict[int, datetime] = {}
    verified = Verification.objects.filter(page__in=keys).order_by().values_list("page").annotate(Max("at"))
    editions = Edition.objects.standing().filter(page__in=keys).exclude(kind=EditionKind.REPEAL)
    published = editions.order_by().values_list("page").annotate(Max("published_at"))
    for key, at in (*verified, *published):
        found[key] = max(at, found.get(key, at))
    return found
