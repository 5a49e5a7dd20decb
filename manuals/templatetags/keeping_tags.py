"""Who keeps a page true, and how it stands."""

from typing import Any

from django import template
from django.http import HttpRequest

from manuals import passages, reading_grade, verifications
from manuals.models.library_page import LibraryPage
from manuals.verification_views import VerificationForm

register = template.Library()


@register.inclusion_tag("components/last_look.html", takes_context=True)
def last_look(context: dict[str, Any], page: LibraryPage) -> dict[str, Any]:
    """Say who last looked at a page, and offer those who may to say that it is still correct (one query).

    Nothing on a preview, or on a page as it stood another day: neither is what readers go by today.
    """
    request: HttpRequest | None = context.get("request")
    # A page made from an edition was never published as such.
    if request is None or getattr(request, "is_preview", False) or not page.live or not page.last_published_at:
        return {}
    last = verifications.latest([page]).get(page.pk)
    found: dict[str, Any] = {"page": page, "last": last, "csrf_token": context.get("csrf_token")}
    if verifications.may_verify(page, request.user):
        found["reading"] = reading_grade.of(passages.of_page(page))
        found["form"] = VerificationForm(initial={"review_by": verifications.next_look(page, last)})
    return found
