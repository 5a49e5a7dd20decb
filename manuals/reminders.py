"""What people are reminded of by email: what they have to acknowledge, and whose people are overdue.

A source of the daily email (see `portal.notifications.sources`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from manuals import acknowledging
from manuals.acknowledging import Due
from portal.notifications.kinds import Kind
from portal.notifications.sources import Line, Part, Round, Said
from portal.people import working_days
from portal.people.models import User

KIND = Kind("acknowledge", "Pages to read and acknowledge", "By email, when one is new, due soon or overdue.")
SOON = 2  # working days before something is due in which it is worth a reminder every day


@dataclass
class _Office:
    """What is the same for everyone on a day."""

    asked: Round
    dues: dict[int, list[Due]]
    reports: dict[int, list[User]]


def say(asked: Round) -> dict[int, Said]:
    """Return what each person owes and of whom of theirs something is overdue, for those to whom that has news.

    Six queries, for however many people and pages.
    """
    # Supervisors hear of their people also where these turned their own reminders off.
    everyone = User.objects.filter(is_active=True)
    office = _Office(asked, acknowledging.due_for(everyone, asked.today), _reports(everyone))
    return {person.pk: said for person in asked.people if (said := _said(person, office))}


def when(due: date, today: date, closed: Collection[date]) -> str:
    """Return in words when something is due, seen from a day."""
    if due == today:
        return "due today"
    if due < today:
        late = working_days.between(due, today, closed)
        by = f", {late} working day{'' if late == 1 else 's'} ago" if late else ""
        return f"was due on {_day(due)}{by}"
    return f"due on {_day(due)}"


def _reports(everyone: Iterable[User]) -> dict[int, list[User]]:
    reports: defaultdict[int, list[User]] = defaultdict(list)
    for person in everyone:
        if person.supervisor_id:
            reports[person.supervisor_id].append(person)
    return reports


def _said(person: User, office: _Office) -> Said | None:
    """Return what there is to say to a person, or None if it is nothing new."""
    dues = office.dues[person.pk]
    late = _late_people(person, office)
    if not any(_is_news(due, office) for due in dues) and not any(_became_late(person, one, office) for one in late):
        return None
    parts = []
    if dues:
        parts.append(Part("Please read and acknowledge", [_line(due, office) for due in dues]))
    if late:
        parts.append(Part("People who report to you", [_report(person, len(late))]))
    return Said(_subject(dues), parts)


def _subject(dues: list[Due]) -> str:
    if not dues:
        return "Acknowledgements of your people are overdue"
    overdue = sum(due.is_overdue for due in dues)
    pages = f"{len(dues)} page{'' if len(dues) == 1 else 's'} to read and acknowledge"
    return f"{pages}, {overdue} overdue" if overdue else pages


def _line(due: Due, office: _Office) -> Line:
    parts = due.page.get_url_parts()
    path = parts[2] if parts else "/"
    note = when(due.due, office.asked.today, office.asked.closed)
    return Line(due.page.title, f"{path}acknowledge/", note, due.is_overdue)


def _report(supervisor: User, late: int) -> Line:
    choice = urlencode({"supervisor": supervisor.pk, "state": "overdue"})
    text = f"{late} {'is' if late == 1 else 'are'} overdue with an acknowledgement: see who, and with what"
    return Line(text, f"{reverse('acknowledgement_report_people')}?{choice}")


def _is_news(due: Due, office: _Office) -> bool:
    """Return whether something owed is due soon or late, or was published since the person was last written to."""
    last = office.asked.last.get(due.person.pk)
    today = office.asked.today
    is_soon = due.due <= today or working_days.between(today, due.due, office.asked.closed) <= SOON
    return is_soon or last is None or due.edition.published_at > last


def _late_people(person: User, office: _Office) -> list[User]:
    """Return who of a supervisor's people is overdue; nobody for those who may not see the report."""
    if not person.writes_content:
        return []
    return [one for one in office.reports.get(person.pk, []) if any(due.is_overdue for due in office.dues[one.pk])]


def _became_late(supervisor: User, person: User, office: _Office) -> bool:
    """Return whether a person became overdue since their supervisor was last written to."""
    last = office.asked.last.get(supervisor.pk)
    overdue = [due.due for due in office.dues[person.pk] if due.is_overdue]
    return any(last is None or day >= timezone.localdate(last) for day in overdue)


def _day(day: date) -> str:
    return format_date(day, "l, F j")
