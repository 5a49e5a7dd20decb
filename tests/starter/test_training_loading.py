"""Starter paths go in whole or not at all, and say what they miss."""

import pytest

from portal.people.positions import Position
from portal.starter import training_loading
from portal.training.models import LearningPath
from tests.factories import UserFactory, make_chapter, make_manual

pytestmark = pytest.mark.django_db

FILE = """
title: A week at the desk
position: csr_1
introduction: One week.
stages:
  - title: Week 1
    steps:
      - chapter: taking-payments/opening-the-drawer
        due: 1
      - chapter: greeting/opening-the-drawer
        renews: true
      - quiz: no-such-quiz
        minutes: 10
"""


def test_a_path_with_steps_that_cannot_be_is_refused_with_each_of_them(monkeypatch, tmp_path):
    make_chapter(make_manual())
    (tmp_path / "week.yaml").write_text(FILE)
    monkeypatch.setattr(training_loading, "PATHS", tmp_path)
    senior, supervisor = UserFactory(position=Position.SENIOR), UserFactory(position=Position.SUPERVISOR)
    with pytest.raises(training_loading.PathsRefused) as refused:
        training_loading.load(senior, supervisor)
    assert str(refused.value).splitlines() == [
        "week.yaml: there is no chapter “greeting/opening-the-drawer”.",
        "week.yaml: there is no quiz “no-such-quiz”.",
        "week.yaml: chapter “greeting/opening-the-drawer” cannot renew a certificate; a quiz, a task or an attendance can.",
    ]
    assert not LearningPath.objects.exists()
