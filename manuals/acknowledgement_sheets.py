"""Reports of acknowledgements as CSV and Excel files. Times are texts with their distance from UTC."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone

from manuals import acknowledgement_reports as reports
from manuals.acknowledgement_reports import Asked, EditionReport, PersonLine, PersonReport
from manuals.models import Acknowledgement, Edition
from manuals.spreadsheets import Row, Spreadsheet

_ASKED = [
    "Page",
    "Kind",
    "Edition",
    "Effective from",
    "Asks",
    "Acknowledged",
    "Not yet",
    "Overdue",
    "Exempt",
    "SHA-256",
]
_EDITION = ["Page", "Edition", "Name", "Position", "Supervisor", "State", "Acknowledged at", "How", "Read", "Sentence"]
_EDITION += ["Due", "Working days late", "Reason", "Exempt since", "Exempted by", "Remark", "SHA-256"]
_PERSON = ["Name", "Page", "Edition", "State", "Acknowledged at", "Position then", "How", "Read", "Sentence", "Due"]
_PERSON += ["Working days late", "Reason", "Exempt since", "Exempted by", "Exempt until", "Ended by", "SHA-256"]
_PEOPLE = ["Name", "User name", "Position", "Supervisor", "Works here", "Acknowledged", "Not yet", "Overdue"]


def of_asked(filename: str, rows: Iterable[Asked], format: str) -> HttpResponseBase:
    """Return a file with a row for each edition that is asked of somebody."""
    table = (
        {
            **_edition(row.edition, row.page.title),
            "Kind": row.kind,
            "Effective from": row.edition.effective_from,
            "Asks": row.people,
            **{label: row.counts[state] for state, label in reports.STATES.items()},
        }
        for row in rows
    )
    return Spreadsheet(filename, _ASKED).file(table, format)


def of_edition(filename: str, report: EditionReport, format: str) -> HttpResponseBase:
    """Return a file with a row for each person who acknowledged an edition or is asked to."""
    return Spreadsheet(filename, _EDITION).file(_lines(report), format)


def of_person(filename: str, report: PersonReport, format: str) -> HttpResponseBase:
    """Return a file with a row for each acknowledgement, due and exemption of a person."""
    name = reports.account(report.person)
    empty = dict.fromkeys(_PERSON)
    table = ({**empty, "Name": name, **row} for row in _of_person(report))
    return Spreadsheet(filename, _PERSON).file(table, format)


def of_people(filename: str, rows: Iterable[PersonLine], format: str) -> HttpResponseBase:
    """Return a file with a row for each person."""
    table = (
        {
            "Name": str(row.person),
            "User name": row.person.username,
            "Position": row.person.get_position_display(),
            "Supervisor": str(row.person.supervisor or ""),
            "Works here": "yes" if row.person.is_active else "no",
            "Acknowledged": row.acknowledged,
            "Not yet": row.due,
            "Overdue": row.overdue,
        }
        for row in rows
    )
    return Spreadsheet(filename, _PEOPLE).file(table, format)


def _lines(report: EditionReport) -> Iterator[Row]:
    empty = dict.fromkeys(_EDITION)
    for line in report.lines:
        exemption = line.exemption
        yield {
            **empty,
            **_edition(report.edition, report.edition.title),
            **(_given(line.acknowledgement) if line.acknowledgement else {}),
            "Name": line.name,
            "Position": line.position_label,
            "Supervisor": str(line.person.supervisor or ""),
            "State": line.state_label,
            "Due": line.due if line.state in {"due", "overdue"} else None,
            "Working days late": line.days_late or None,
            "Reason": exemption.reason if exemption else None,
            "Exempt since": _moment(exemption.granted_at) if exemption else None,
            "Exempted by": str(exemption.granted_by) if exemption else None,
            "Remark": line.note,
        }


def _of_person(report: PersonReport) -> Iterator[dict[str, Any]]:
    for due in report.dues:
        yield {
            **_edition(due.edition, due.page.title),
            "State": reports.STATES["overdue" if due.is_overdue else "due"],
            "Due": due.due,
            "Working days late": due.days_late or None,
        }
    for one in report.acknowledgements:
        yield {
            **_edition(one.edition, one.edition.title),
            **_given(one),
            "State": reports.STATES["acknowledged"],
            "Position then": one.get_position_display(),
        }
    for exemption in report.exemptions:
        yield {
            "Page": report.title_of(exemption),
            "State": reports.STATES["exempt"] if exemption.ended_at is None else "Was exempt",
            "Reason": exemption.reason,
            "Exempt since": _moment(exemption.granted_at),
            "Exempted by": str(exemption.granted_by),
            "Exempt until": _moment(exemption.ended_at) if exemption.ended_at else None,
            "Ended by": str(exemption.ended_by or ""),
        }


def _edition(edition: Edition, title: str) -> dict[str, Any]:
    return {"Page": title, "Edition": edition.number, "SHA-256": edition.hash}


def _given(acknowledgement: Acknowledgement) -> dict[str, Any]:
    return {
        "Acknowledged at": _moment(acknowledgement.at),
        "How": acknowledgement.get_method_display(),
        "Read": reports.read_as(acknowledgement),
        "Sentence": acknowledgement.sentence,
        "SHA-256": acknowledgement.edition_hash,
    }


def _moment(at: datetime) -> str:
    """Return a time of the city to the second, as ISO 8601 writes it."""
    return timezone.localtime(at, timezone.get_default_timezone()).isoformat(" ", "seconds")
