"""What a change of the library sets off here: questions about the sections that changed are to be checked."""

from collections.abc import Collection

from django.contrib.admin.utils import quote
from django.urls import reverse
from wagtail.models import Page

from manuals.consequences import Touched, counted
from manuals.models import Edition
from quizzes.models import Question


class QuestionsToCheck:
    """The questions anchored to changed sections, but for those that are asked no more."""

    key = "questions"
    order = 10
    heading = "Questions to check"
    done_word = "checked"

    def label(self, count: int) -> str:
        """Return so many questions in words."""
        return counted(count, "question", "questions")

    def touched(self, page: Page, anchors: Collection[str], edition: Edition | None = None) -> list[Touched]:
        """Return the questions by name; one is done once nobody is asked to check it any more (one query)."""
        if not anchors:
            return []
        about = Question.objects.filter(section__page_id=page.pk, section__anchor__in=anchors, retired=False)
        is_written = edition is not None and bool(edition.pk)
        name = Question.snippet_viewset.get_url_name("edit")
        return [
            Touched(
                title=question.name,
                url=reverse(name, args=[quote(question.pk)]),
                is_done=is_written and not question.needs_check,
            )
            for question in about.only("name", "needs_check").order_by("name", "pk")
        ]
