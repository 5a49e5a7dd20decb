"""What pages show of the acknowledgements that their reader owes."""

from datetime import date

from django import template
from django.template import RequestContext
from django.utils import timezone
from django.utils.formats import date_format

from manuals import acknowledging
from manuals.acknowledging import Due
from manuals.models import EditionedPage
from portal.people.models import User

register = template.Library()


@register.simple_tag(takes_context=True)
def owed_here(context: RequestContext) -> Due | None:
    """Return what the reader owes of the page in the context, or None: then in one query.

    A page as it stood on another day, a preview and what is not published ask nothing.
    """
    request, page = context.get("request"), context.get("page")
    if request is None or not isinstance(page, EditionedPage) or not page.pk or page.as_edition:
        return None
    person = getattr(request, "user", None)
    if not isinstance(person, User) or request.GET.get("on") or getattr(request, "is_preview", False):
        return None
    return acknowledging.due_on(person, page)


@register.filter
def weekday(day: date) -> str:
    """Return a day as it is said, "Friday, December 4", with the year where it is not this one."""
    is_this_year = day.year == timezone.localdate().year
    return date_format(day, "l, F j" if is_this_year else "l, F j, Y", use_l10n=False)
