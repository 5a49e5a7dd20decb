"""A person's due dates as a calendar (iCalendar, RFC 5545): one event of a whole day for each step that is left."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vDuration

from portal.people.models import User
from portal.training import lines, progress
from portal.training.at_hand import LEFT_TO_DO, once
from portal.training.lines import Line
from portal.training.models import Enrolment

# How often a calendar program is asked to look again.
REFRESH = timedelta(hours=6)
DAY = timedelta(days=1)


def of(person: User, now: datetime | None = None) -> bytes:
    """Return the calendar of a person. It says what is due and when, and no result. Eighteen queries at most."""
    now = now or timezone.now()
    enrolments = Enrolment.objects.filter(person=person, left_at__isnull=True).select_related("person", "path")
    known = progress.of(enrolments, timezone.localdate(now)).values()
    steps = once(line for one in known for line in lines.of(one) if _is_left(line))
    return _calendar(_event(line, line.due, now) for line in steps if line.due).to_ical()


def _is_left(line: Line) -> bool:
    """Return whether a step is left for the person to do; what waits to be marked is not."""
    return line.progress.counts and line.progress.state in LEFT_TO_DO


def _calendar(events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//Training//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Training due dates")
    calendar.add("name", "Training due dates")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(line: Line, due: date, now: datetime) -> Event:
    url = _in_full(f"{reverse('training:path', args=[line.enrolment.pk])}#step-{line.step.key}")
    event = Event()
    # The same step keeps its event when its due date moves.
    event.add("uid", f"{line.enrolment.pk}-{line.step.key}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", due)
    event.add("dtend", due + DAY)
    event.add("summary", line.step.title)
    event.add("description", f"{line.kind}. Learning path: {line.enrolment.path}\n{url}")
    event.add("url", url)
    # It is due that day, which leaves the person free otherwise.
    event.add("transp", "TRANSPARENT")
    return event


def _in_full(path: str) -> str:
    return urljoin(settings.WAGTAILADMIN_BASE_URL, path)
