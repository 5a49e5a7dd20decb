"""Issuing certificates as soon as what was recorded may have finished a path.

What is recorded within a transaction is looked at once, after its commit, however much it was.
"""

import threading
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone

from manuals.models import Acknowledgement, Exemption
from portal.training import certifying, reading, readings
from portal.training.models import Attendance, SectionRead, SignOff, Waiver
from portal.training.signals import attendance_confirmed, sections_read
from quizzes.models import Attempt
from quizzes.signals import attempt_marked


class _Waiting(threading.local):
    """The people who may have finished something, and those who may have finished reading a page."""

    def __init__(self) -> None:
        self.people: set[int] = set()
        self.readers: set[tuple[int, int]] = set()


_waiting = _Waiting()


def look_after_commit(*people: int) -> None:
    """Have certificates issued to people once the transaction is committed, if they have earned any."""
    _waiting.people.update(people)
    _look_once()


def _look_once() -> None:
    # The first to run after the commit does it for all; a transaction that was rolled back leaves nothing but a look.
    transaction.on_commit(_look, robust=True)


def _look() -> None:
    people, readers = _waiting.people, _waiting.readers
    _waiting.people, _waiting.readers = set(), set()
    people |= _have_read(readers - {(person, page) for person, page in readers if person in people})
    if people:
        certifying.issue(people)


def _have_read(readers: set[tuple[int, int]]) -> set[int]:
    """Return those who have read the whole of a page and can earn something by it."""
    earning = certifying.earning(timezone.localdate()).filter(person__in={person for person, _ in readers})
    people = set(earning.values_list("person_id", flat=True)) if readers else set()
    pages = {page for person, page in readers if person in people}
    if not pages:
        return set()
    asked, reads = readings.asked_of(pages), readings.reads_of(people, pages)
    return {
        person
        for person, page in readers
        if person in people and reading.of(asked.get(page, ()), reads.get((person, page), {})).is_complete
    }


def _read(sender: Any, person: Any, page: Any, **kwargs: Any) -> None:
    _waiting.readers.add((person.pk, page.pk))
    _look_once()


def _confirmed(sender: Any, people: Any, **kwargs: Any) -> None:
    look_after_commit(*(person.pk for person in people))


def _marked(sender: Any, attempt: Attempt, **kwargs: Any) -> None:
    if attempt.score is not None:
        look_after_commit(attempt.learner_id)


def _recorded(sender: Any, instance: Any, *, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        look_after_commit(instance.enrolment.person_id if isinstance(instance, Waiver) else instance.person_id)


def connect() -> None:
    """Connect the handlers; called once when the app is ready."""
    sections_read.connect(_read, sender=SectionRead, dispatch_uid="training.certify_reader")
    attendance_confirmed.connect(_confirmed, sender=Attendance, dispatch_uid="training.certify_attended")
    attempt_marked.connect(_marked, dispatch_uid="training.certify_marked")
    for model in (Acknowledgement, Exemption, SignOff, Attendance, Waiver):
        post_save.connect(_recorded, sender=model, dispatch_uid=f"training.certify_{model.__name__.lower()}")
