"""A question inside a chapter: marked at once, recorded nowhere."""

from random import Random
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.models import Page, ReferenceIndex

from manuals import permissions
from quizzes import showing
from quizzes.models import Question, Response
from quizzes.showing import Telling


@never_cache
@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how an answer does. Only for a question that stands in a published chapter: others keep their key."""
    question = get_object_or_404(Question.objects.askable().select_related("section__page"), pk=pk)
    chapter = chapter_with(question, request)
    if chapter is None:
        raise Http404
    response = asked(question)
    response.answer = question.kind.read(question.item, request.POST, field_name(question))
    tells = Telling(marks=True, answers=True) if response.is_answered else Telling()
    shown = showing.alone(response, tells, name=field_name(question))
    context = {"question": shown, "chapter": chapter, "is_unanswered": not tells.marks}
    template = "knowledge_check.html" if request.headers.get("HX-Request") else "knowledge_check_page.html"
    return render(request, f"quizzes/{template}", context)


def chapter_with(question: Question, request: HttpRequest) -> Page | None:
    """Return a published page that this request may see and in which the question stands, or None."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Question),
        to_object_id=str(question.pk),
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    # A quiz refers to its questions as well, and must not give them away.
    pages = Page.objects.live().exclude(content_type__app_label="quizzes")
    found = pages.filter(pk__in=[int(key) for key in references.values_list("object_id", flat=True)])
    return next((page for page in found if permissions.may_read(page, request)), None)


def asked(question: Question) -> Response:
    """Return an unsaved response to a question as a chapter asks it: in the same order each time."""
    return showing.by_itself(question, Random(str(question.pk)))


def field_name(question: Question) -> str:
    """Return the name of a question's form field in a chapter."""
    return f"check-{question.pk.hex[:12]}"
