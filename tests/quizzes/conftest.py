"""Who keeps the bank, signed in; and what quizzes tell the apps above."""

import pytest

from portal.people.positions import Position
from quizzes.signals import attempt_marked
from tests.factories import UserFactory


@pytest.fixture
def senior(client):
    person = UserFactory(position=Position.SENIOR, first_name="Ana", last_name="Okafor")
    client.force_login(person)
    return person


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


@pytest.fixture
def signals():
    """The attempts that were told of as marked, each with its score then."""
    told = []

    def hear(sender, attempt, **kwargs):
        told.append((attempt.pk, attempt.score))

    attempt_marked.connect(hear)
    yield told
    attempt_marked.disconnect(hear)
