"""What chapters show of training to those who are to read them."""

from typing import Any

from django import template
from django.template import Context, RequestContext

from manuals import remarks
from manuals.models import ChapterPage
from portal.people.models import User
from portal.training import chapter_reading
from portal.training.chapter_reading import ChapterReading

register = template.Library()

KEPT = "training.chapter_reading"


@register.simple_tag(takes_context=True)
def reading_here(context: RequestContext) -> ChapterReading | None:
    """Return how the reader stands with the chapter in the context; None where nothing asks them to read it.

    Nothing on a preview, nor on a chapter as it stood on another day. Found once for a page, in one query where there
    is nothing, in four where there is.
    """
    kept = context.render_context
    if KEPT not in kept:
        kept[KEPT] = _reading_in(context)
    found: ChapterReading | None = kept[KEPT]
    return found


def _reading_in(context: RequestContext) -> ChapterReading | None:
    request, page = context.get("request"), context.get("page")
    person = getattr(request, "user", None)
    if request is None or not isinstance(page, ChapterPage) or not isinstance(person, User):
        return None
    # Remarks, too, are taken only on what readers have today.
    if page.as_edition or page.edition is None or not remarks.are_taken(page, request):
        return None
    return chapter_reading.of(person, page)


@register.inclusion_tag("training/reading/section.html", takes_context=True)
def section_reading(context: Context, anchor: str) -> dict[str, Any]:
    """Say at the end of a section whether the reader has read it, with a button to say so; nothing for other people."""
    found = context.get("reading")
    section = found.sections.get(anchor) if isinstance(found, ChapterReading) else None
    if section is None:
        return {}
    return {"reading": found, "section": section, "csrf_token": context.get("csrf_token")}
