"""How long training takes, in words."""

from django import template

register = template.Library()

MINUTES_OF_AN_HOUR = 60
# Up to here minutes are said as minutes.
_LONG = 90
# From here hours are said without halves.
_MANY = 10


@register.filter
def duration(minutes: int) -> str:
    """Return so many minutes as they are said: "35 minutes", from an hour and a half on "about 7 hours"."""
    if minutes < _LONG:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours = minutes / MINUTES_OF_AN_HOUR
    return f"about {round(hours) if hours >= _MANY else round(hours * 2) / 2:g} hours"
