"""What quizzes need before anyone can use them: their list in the page tree, and the review of questions."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Workflow, WorkflowContentType

from manuals.models import HomePage
from quizzes.models import Question, QuizIndexPage


def ensure(home: HomePage, workflow: Workflow, **kwargs: Any) -> None:
    """Make what is missing. Safe to run again; takes nothing away that a city has changed."""
    if not QuizIndexPage.objects.exists():
        home.add_child(instance=QuizIndexPage(title="Quizzes", slug="quizzes", show_in_menus=True))
    question = ContentType.objects.get_for_model(Question)
    WorkflowContentType.objects.get_or_create(content_type=question, defaults={"workflow": workflow})
