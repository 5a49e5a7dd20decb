"""What templates need of remarks."""

from typing import Any

from django import template
from django.template import Context

from manuals import remarks

register = template.Library()


@register.inclusion_tag("manuals/remarks/link.html", takes_context=True)
def remark_link(context: Context, anchor: str = "", heading: str = "") -> dict[str, Any]:
    """Link to the form for a remark on a section, or on the page as a whole; nothing where none are taken.

    Right after one was sent, thanks stand in its place.
    """
    page, request = context.get("page"), context.get("request")
    if page is None or request is None or not remarks.are_taken(page, request):
        return {}
    said = (message for message in context.get("messages") or () if message.extra_tags == f"remark-{page.pk}-{anchor}")
    return {"remarked": page, "anchor": anchor, "heading": heading, "thanks": next(said, "")}
