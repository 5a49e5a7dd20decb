"""What templates need of quizzes."""

from decimal import Decimal
from typing import Any

from django import template
from django.template import RequestContext

from manuals.models import ManualPage
from quizzes import knowledge_checks, showing, standing
from quizzes.models import Question, QuizPage

register = template.Library()


@register.filter
def points(value: Decimal | None) -> str:
    """Return points without needless zeros: 1, 0.5, 0.33."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("quizzes/knowledge_check.html", takes_context=True)
def knowledge_check(context: RequestContext, question: Question | None) -> dict[str, Any]:
    """Show a question inside a chapter; nothing for one that is gone, retired or not published."""
    if question is None or not question.live or question.retired:
        return {}
    response = knowledge_checks.asked(question)
    shown = showing.alone(response, name=knowledge_checks.field_name(question))
    return {"question": shown, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("quizzes/of_manual.html", takes_context=True)
def quizzes_of(context: RequestContext, manual: ManualPage) -> dict[str, Any]:
    """List the published quizzes of a manual, each with how the reader stands (four queries)."""
    quizzes = list(QuizPage.objects.live().filter(manual=manual).order_by("path"))
    return {"rows": standing.of(quizzes, context["request"].user) if quizzes else []}
