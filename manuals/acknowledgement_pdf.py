"""Reports of acknowledgements as PDF, to be printed and filed: tagged for screen readers (PDF/UA), with the hashes.

What is printed is handed to `templates/manuals/acknowledgements/report.typ` as JSON, so that nothing anyone typed is
read as markup. The fonts come with the typst package; nothing is fetched.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.dateformat import format as format_date

from manuals import acknowledgement_reports as reports
from manuals.acknowledgement_reports import EditionReport, Line, PersonReport
from manuals.models import Edition
from portal.people.models import User

TEMPLATE: Path = settings.BASE_DIR / "templates" / "manuals" / "acknowledgements" / "report.typ"
SEAL = (
    "How the seal is made: SHA-256, in hexadecimal, of the content of the edition, of what it states about itself and "
    "of the seal of the edition before it, in the form that the module manuals.canonical of the portal defines; "
    "the command “manage.py verify_editions” computes every seal again and names the first that does not agree."
)
Section = dict[str, Any]


def of_edition(report: EditionReport, printed_by: User, now: datetime, only: str = "") -> bytes:
    """Return the PDF of who acknowledged an edition; `only` says in words to whom it was narrowed down."""
    return compile(edition_data(report, printed_by, now, only))


def of_person(report: PersonReport, printed_by: User, now: datetime) -> bytes:
    """Return the PDF of everything a person acknowledged, owes and is exempt from."""
    return compile(person_data(report, printed_by, now))


def edition_data(report: EditionReport, printed_by: User, now: datetime, only: str = "") -> dict[str, Any]:
    """Return what the template prints about an edition."""
    edition, sentences = report.edition, report.sentences
    paragraphs = [SEAL]
    if only:
        paragraphs.insert(0, f"This report is about {only} only.")
    return {
        "city": settings.CITY_NAME,
        "title": f"{edition.title}, edition {edition.number}",
        "subtitle": "Record of acknowledgements",
        "facts": _edition_facts(edition),
        "paragraphs": paragraphs,
        "sections": [
            *_agreed(sentences),
            _acknowledged(report.of("acknowledged"), edition, sentences),
            _owing("Not yet acknowledged", report.of("due"), "Nobody has it before them."),
            _owing("Overdue", report.of("overdue"), "Nobody is late."),
            _exempt(report.of("exempt")),
        ],
        "footer": f"{edition.title}, edition {edition.number}. {_printed(printed_by, now)}",
    }


def person_data(report: PersonReport, printed_by: User, now: datetime) -> dict[str, Any]:
    """Return what the template prints about a person."""
    person = report.person
    sentences = list(dict.fromkeys(one.sentence for one in reversed(report.acknowledgements)))
    facts = [
        _fact("User name", person.username),
        _fact("Position", person.get_position_display()),
        _fact("Supervisor", str(person.supervisor or "None is entered.")),
        _fact("First day", _day(person.hire_date) if person.hire_date else "None is entered."),
        _fact("Works here", "Yes" if person.is_active else "No, this person has left."),
    ]
    return {
        "city": settings.CITY_NAME,
        "title": str(person),
        "subtitle": "Record of acknowledgements of a person",
        "facts": facts,
        "paragraphs": [SEAL],
        "sections": [
            *_agreed(sentences),
            _acknowledged_by(report, sentences),
            _owed(report),
            _exemptions(report),
        ],
        "footer": f"{reports.account(person)}. {_printed(printed_by, now)}",
    }


def compile(report: dict[str, Any]) -> bytes:
    """Return the PDF of a report. A name in letters that our fonts lack is printed with those of the system."""
    inputs = {"report": json.dumps(report)}
    try:
        return typst.compile(
            TEMPLATE, format="pdf", sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    except typst.TypstError:
        # PDF/UA is refused where a letter cannot be shown; a report without it is better than none.
        return typst.compile(TEMPLATE, format="pdf", sys_inputs=inputs)


def _edition_facts(edition: Edition) -> list[dict[str, Any]]:
    changed = reports.changes(edition)
    return [
        _fact("Kind", f"{reports.kind_of(edition)}. {edition.get_kind_display()}"),
        _fact("Effective from", _day(edition.effective_from)),
        _fact("Published", reports.moment(edition.published_at)),
        _fact("Written by", edition.writer_name or "Not known."),
        _fact("Approved by", edition.approver_name or "Not known."),
        _fact("What changed", edition.summary or "No summary was written."),
        _fact("Sections", "; ".join(changed) or "None changed."),
        _fact("Asks", ", ".join(edition.asks_labels) or "Nobody."),
        _fact("Time to do it", f"{edition.within_days} working days" if edition.asks else "None is set."),
        _fact("Seal (SHA-256)", edition.hash, is_code=True),
        _fact("Seal before it", edition.previous_hash or "None, it is the first.", is_code=bool(edition.previous_hash)),
    ]


def _agreed(sentences: list[str]) -> list[Section]:
    """Return what people agreed to, numbered where it was not always the same sentence."""
    if not sentences:
        return []
    if len(sentences) == 1:
        return [_section("What people agreed to", f"“{sentences[0]}”")]
    rows = [[str(number), sentence] for number, sentence in enumerate(sentences, start=1)]
    return [_section("What people agreed to", "", {"No.": 1, "Sentence": 14}, rows)]


def _acknowledged(lines: list[Line], edition: Edition, sentences: list[str]) -> Section:
    columns = {"Name": 34, "Position": 15, "Acknowledged": 32, "How": 18, "Read": 24}
    if len(sentences) > 1:
        columns["Sentence"] = 12
    rows = []
    for line in lines:
        given = line.acknowledgement
        if given is None:
            continue
        name = f"{line.name}. {line.note}" if line.note else line.name
        row: list[Any] = [name, line.position_label, reports.moment(given.at), given.get_method_display()]
        row.append(reports.read_as(given))
        if len(sentences) > 1:
            row.append(str(1 + sentences.index(given.sentence)))
        if given.edition_hash != edition.hash:
            row[0] = {"text": f"{name} The seal of what was agreed to:", "code": given.edition_hash}
        rows.append(row)
    unless = ", unless another seal is given" if any(isinstance(row[0], dict) for row in rows) else ""
    text = f"Each of them agreed to the text that the seal above stands for{unless}." if rows else "Nobody yet."
    return _section(f"Acknowledged ({len(rows)})", text, columns, rows)


def _owing(heading: str, lines: list[Line], nobody: str) -> Section:
    is_late = any(line.days_late for line in lines)
    columns = {"Name": 34, "Position": 15, "Due": 32, **({"Late by": 20} if is_late else {})}
    rows = [
        [line.name, line.position_label, _day(line.due), *([days(line.days_late)] if is_late else [])] for line in lines
    ]
    return _section(f"{heading} ({len(rows)})", "" if rows else nobody, columns, rows)


def _exempt(lines: list[Line]) -> Section:
    columns = {"Name": 30, "Position": 16, "Reason": 38, "Since": 37, "By": 22}
    rows = [
        [line.name, line.position_label, one.reason, reports.moment(one.granted_at), str(one.granted_by)]
        for line in lines
        if (one := line.exemption)
    ]
    return _section(f"Exempt ({len(rows)})", "" if rows else "Nobody.", columns, rows)


def _acknowledged_by(report: PersonReport, sentences: list[str]) -> Section:
    columns = {"Page and seal of the edition": 78, "Edition": 12, "Acknowledged": 30, "How": 17, "Read": 20}
    if len(sentences) > 1:
        columns["Sentence"] = 14
    rows = []
    for one in report.acknowledgements:
        page = {"text": one.edition.title, "code": one.edition_hash}
        row: list[Any] = [page, one.edition.number, reports.moment(one.at), one.get_method_display()]
        row.append(reports.read_as(one))
        if len(sentences) > 1:
            row.append(str(1 + sentences.index(one.sentence)))
        rows.append(row)
    return _section(f"Acknowledged ({len(rows)})", "" if rows else "Nothing yet.", columns, rows)


def _owed(report: PersonReport) -> Section:
    columns = {"Page": 50, "Edition": 12, "Due": 30, "Late by": 25}
    rows = [
        [due.page.title, due.edition.number, _day(due.due), days(due.days_late) if due.is_overdue else "–"]
        for due in report.dues
    ]
    return _section(f"Not yet acknowledged ({len(rows)})", "" if rows else "Nothing is owed.", columns, rows)


def _exemptions(report: PersonReport) -> Section:
    columns = {"Page": 30, "Reason": 40, "Since": 30, "Until": 30}
    rows = [
        [
            report.title_of(one),
            one.reason,
            f"{reports.moment(one.granted_at)}, by {one.granted_by}",
            f"{reports.moment(one.ended_at)}, by {one.ended_by}" if one.ended_at else "It still holds.",
        ]
        for one in report.exemptions
    ]
    return _section(f"Exempt ({len(rows)})", "" if rows else "From nothing, now or before.", columns, rows)


def days(late: int) -> str:
    """Return so many working days in words."""
    return f"{late} working day{'' if late == 1 else 's'}"


def _section(heading: str, text: str, columns: dict[str, int] | None = None, rows: list[Any] | None = None) -> Section:
    named = columns or {}
    return {
        "heading": heading,
        "text": text,
        "columns": list(named),
        "widths": list(named.values()),
        "rows": rows or [],
    }


def _fact(name: str, value: str, *, is_code: bool = False) -> dict[str, Any]:
    return {"name": name, "value": value, "is_code": is_code}


def _day(day: date | None) -> str:
    return format_date(day, "F j, Y") if day else "–"


def _printed(by: User, now: datetime) -> str:
    return f"Printed by {reports.account(by)} on {reports.moment(now)}."
