"""Golden questions run again after a change of what they expect.

Once an edition is in force and the index has been written, the golden questions that expect the answer, or an answer
that rests on a policy section that changed, are put to the live search. The place where the answer came is kept with
each. At most `AT_ONCE` are run after one commit, those that have waited longest at the front, so that publishing stays
quick; the others count as not run since the change until somebody measures all of them (Reports → Answer search, or
`evaluate_search --golden`).
"""

import threading
from collections.abc import Collection
from typing import Any
from weakref import WeakSet

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from manuals import resting
from manuals.models import AnswerPage, Edition, EditionedPage, PolicyPage
from manuals.signals import edition_published
from search import golden
from search.models import GoldenQuestion

AT_ONCE = 50


class _Wanted:
    """The golden questions that an open transaction wants to be run; gone with it where it is rolled back."""

    def __init__(self, keys: set[int]) -> None:
        self.keys = keys

    def committed(self) -> None:
        """Run them, with all that others of the transaction want: an import publishes many pages."""
        if not self.keys:
            return
        keys: set[int] = set()
        for one in list(_waiting.wanted):
            keys |= one.keys
            one.keys = set()
        longest_waiting = F("last_run_at").asc(nulls_first=True)
        golden.run(GoldenQuestion.objects.filter(pk__in=keys).order_by(longest_waiting, "pk")[:AT_ONCE])


class _Waiting(threading.local):
    """What waits in one thread. Only Django's list of callbacks holds on to it."""

    def __init__(self) -> None:
        self.wanted: WeakSet[_Wanted] = WeakSet()


_waiting = _Waiting()


def touched_by(page: Page, anchors: Collection[str], edition: Edition | None = None) -> QuerySet[GoldenQuestion]:
    """Return the golden questions whose expected answer a change touches (one query besides)."""
    if isinstance(page, AnswerPage):
        return GoldenQuestion.objects.filter(answer_id=page.pk)
    if not isinstance(page, PolicyPage):
        return GoldenQuestion.objects.none()
    return GoldenQuestion.objects.filter(
        answer__in=[answer.pk for answer in resting.resting_on(page, anchors, edition)]
    )


def run_after_edition(sender: type[Page], page: Page, edition: Edition, anchors: set[str], **kwargs: Any) -> None:
    """Run what an edition that is in force touches, once it is committed. A planned one has changed nothing yet."""
    if not edition.is_future:
        _want(touched_by(page, anchors, edition))


def run_after_planned(sender: type[Page], instance: Page, revision: Revision, **kwargs: Any) -> None:
    """Run what an edition touches that was planned and whose day has come: it was recorded before its publishing."""
    if not isinstance(instance, EditionedPage):
        return
    edition = Edition.objects.standing().filter(revision=revision, effective_from__lte=timezone.localdate()).last()
    if edition:
        _want(touched_by(instance, edition.touched, edition))


def connect() -> None:
    """Connect the handlers; called once when the app is ready."""
    edition_published.connect(run_after_edition, dispatch_uid="search.run_after_edition")
    page_published.connect(run_after_planned, dispatch_uid="search.run_after_planned")


def _want(questions: QuerySet[GoldenQuestion]) -> None:
    keys = set(questions.values_list("pk", flat=True))
    if keys:
        wanted = _Wanted(keys)
        _waiting.wanted.add(wanted)
        # Later than the index, whose changes began to wait when the page was saved. Nothing here may fail a publishing.
        transaction.on_commit(wanted.committed, robust=True)
