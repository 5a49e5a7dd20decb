"""How the code of a certificate is shown."""

from django import template

from portal.training import certificate_codes

register = template.Library()


@register.filter
def in_groups(code: str) -> str:
    """Return a code in groups of four."""
    return certificate_codes.grouped(code)
