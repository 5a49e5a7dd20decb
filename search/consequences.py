"""What a change of the library sets off here: golden questions whose answer it touches are put to the search again."""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from manuals.consequences import Touched, counted, sets_off
from manuals.models import Edition
from search import golden_rerun
from search.models import GoldenQuestion


class GoldenQuestionsToRun:
    """The golden questions that expect an answer which changed, or which rests on a section that did."""

    key = "golden_questions"
    order = 30
    heading = "Golden questions, put to the search again"
    done_word = "answered first"

    def label(self, count: int) -> str:
        """Return so many golden questions in words."""
        return counted(count, "golden question", "golden questions")

    def touched(self, page: Page, anchors: Collection[str], edition: Edition | None = None) -> list[Touched]:
        """Return the golden questions; one is done once its answer came first since the change (two queries)."""
        if edition is not None and not sets_off(edition):
            return []
        questions = golden_rerun.touched_by(page, anchors, edition).select_related("answer")
        return [_as_touched(question, edition) for question in questions.order_by("question")]


def _as_touched(question: GoldenQuestion, edition: Edition | None) -> Touched:
    url = reverse("wagtailsnippets_search_goldenquestion:edit", args=[question.pk])
    if edition is None or not edition.pk:
        return Touched(question.question, url)
    at = question.last_run_at
    is_fresh = at is not None and at >= edition.published_at and timezone.localdate(at) >= edition.effective_from
    note = question.standing if is_fresh else "not run since"
    return Touched(question.question, url, is_done=is_fresh and question.last_place == 1, note=note)
