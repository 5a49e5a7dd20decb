"""How reports of acknowledgements name times and what was read."""

from datetime import datetime

from django import template

from manuals import acknowledgement_reports as reports
from manuals.acknowledgement_reports import PersonReport
from manuals.models import Acknowledgement, Exemption

register = template.Library()


@register.filter
def moment(at: datetime) -> str:
    """Return a time as the city's clocks showed it, with its distance from UTC."""
    return reports.moment(at)


@register.filter
def read_as(acknowledgement: Acknowledgement) -> str:
    """Return what a person was shown to read, in words."""
    return reports.read_as(acknowledgement)


@register.filter
def page_title(report: PersonReport, exemption: Exemption) -> str:
    """Return the title of the page that an exemption is from."""
    return report.title_of(exemption)
