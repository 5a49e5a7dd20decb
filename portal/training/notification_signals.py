"""When people are told: an attempt was marked, an edition came into force, a certificate was issued."""

from typing import Any

from django.db.models.signals import post_save

from manuals.models import Edition
from manuals.signals import edition_published
from portal.training import telling_learners
from portal.training.models import Certificate
from quizzes.models import Attempt
from quizzes.signals import attempt_marked


def tell_of_marks(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    """Tell a learner that a person has marked their attempt."""
    telling_learners.marked(attempt)


def tell_of_change(sender: Any, page: Any, edition: Edition, **kwargs: Any) -> None:
    """Tell those who had read a chapter what came back to them."""
    telling_learners.changed(page, edition)


def tell_of_certificate(
    sender: type[Certificate], instance: Certificate, *, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """Tell a person of their certificate."""
    if created and not raw:
        telling_learners.certified([instance])


def connect() -> None:
    """Connect the handlers; called once when the app is ready."""
    attempt_marked.connect(tell_of_marks, dispatch_uid="training.tell_of_marks")
    edition_published.connect(tell_of_change, dispatch_uid="training.tell_of_change")
    post_save.connect(tell_of_certificate, sender=Certificate, dispatch_uid="training.tell_of_certificate")
