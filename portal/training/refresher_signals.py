"""What refreshers take up from quizzes."""

from typing import Any

from portal.training import refreshing
from quizzes.models import Attempt
from quizzes.signals import attempt_marked


def learn_from_attempt(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    """Take up how the questions of an attempt were answered."""
    refreshing.learn_from(attempt)


def connect() -> None:
    """Connect the handler; called once when the app is ready."""
    attempt_marked.connect(learn_from_attempt, sender=Attempt, dispatch_uid="training.learn_from_attempt")
