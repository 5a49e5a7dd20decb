"""Enrolling people from a CSV file: looked at whole first, then written whole or not at all."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from portal.people.models import User
from portal.people.staff_import import LineError, decoded
from portal.training import enrolling
from portal.training.enrolment_days import day_fault
from portal.training.models import Enrolment, How, LearningPath

COLUMNS = ("username", "path", "start")
REQUIRED = ("username", "path")
MAX_ROWS = 5_000


@dataclass(frozen=True)
class FileRow:
    """One enrolment as the file has it, checked. Without a start, due dates count as the path says."""

    line: int
    person: User
    path: LearningPath
    start: date | None


@dataclass
class FilePlan:
    """What a file would do: the enrolments it makes, those there are already, and the errors."""

    new: list[FileRow] = field(default_factory=list)
    present: list[FileRow] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


class EnrolmentFileError(Exception):
    """The file has errors, and nothing was written. `errors` lists them by line."""

    def __init__(self, errors: list[LineError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


def plan(content: bytes) -> FilePlan:
    """Read a CSV file and return what it would do. Writes nothing; three queries however long the file."""
    found = FilePlan()
    try:
        lines = list(_lines(decoded(content), found.errors))
    except ValidationError as error:
        found.errors.append(LineError(1, error.messages[0]))
        return found
    people = {person.username.casefold(): person for person in User.objects.all()}
    paths = _by_name(LearningPath.objects.filter(live=True))
    here = set(Enrolment.objects.filter(left_at__isnull=True).values_list("person_id", "path_id"))
    seen: dict[tuple[int, int], int] = {}
    for line, cells in lines:
        row = _row(line, cells, people, paths, found.errors)
        if row is None:
            continue
        key = (row.person.pk, row.path.pk)
        if key in seen:
            found.errors.append(
                LineError(line, f"{row.person.username} and this path are on line {seen[key]} already.")
            )
            continue
        seen[key] = line
        (found.present if key in here else found.new).append(row)
    if not (seen or found.errors):
        found.errors.append(LineError(1, "The file names nobody. Write a line for each person below the first."))
    found.errors.sort(key=lambda error: error.line)
    return found


@transaction.atomic
def apply(content: bytes, by: User) -> list[Enrolment]:
    """Enrol the people of a file and return their new enrolments. Raises `EnrolmentFileError`, with nothing written.

    Three queries for each path and day that due dates count from.
    """
    found = plan(content)
    if found.errors:
        raise EnrolmentFileError(found.errors)
    together: dict[tuple[LearningPath, date | None], list[User]] = {}
    for row in found.new:
        together.setdefault((row.path, row.start), []).append(row.person)
    return [
        enrolment
        for (path, start), people in together.items()
        for enrolment in enrolling.enrol(people, path, by=by, how=How.FILE, starts_on=start)
    ]


def _by_name(paths: Iterable[LearningPath]) -> dict[str, list[LearningPath]]:
    """Return the paths by slug and by title; a slug is one path's alone."""
    found: dict[str, list[LearningPath]] = {}
    every = list(paths)
    for path in every:
        found.setdefault(path.title.casefold(), []).append(path)
    return found | {path.slug.casefold(): [path] for path in every}


def _lines(text: str, errors: list[LineError]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number and values, and append what cannot be read. Raises `ValidationError` for the header."""
    reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    try:
        header = [name.strip().casefold() for name in reader.fieldnames or []]
        reader.fieldnames = header
        _check_header(header)
        for count, raw in enumerate(reader, start=1):
            if count > MAX_ROWS:
                raise ValidationError(f"The file has more than {MAX_ROWS:,} lines. Split it and take the parts.")
            if None in raw or None in raw.values():
                errors.append(LineError(reader.line_num, "The number of values differs from the number of columns."))
                continue
            yield reader.line_num, {str(name): (value or "").strip() for name, value in raw.items()}
    except csv.Error as error:
        raise ValidationError(f"Line {reader.line_num} is not well-formed CSV: {error}.") from None


def _check_header(header: list[str]) -> None:
    """Raise `ValidationError` unless the header has the required columns and no unknown or repeated one."""
    known = ", ".join(COLUMNS)
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise ValidationError(f"The first line must name the columns. Missing: {', '.join(missing)}. Known: {known}.")
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        raise ValidationError(f"Unknown column: {', '.join(unknown)}. Known: {known}.")
    if len(set(header)) != len(header):
        raise ValidationError("A column is there twice. Keep one of them.")


def _row(
    line: int,
    cells: dict[str, str],
    people: dict[str, User],
    paths: dict[str, list[LearningPath]],
    errors: list[LineError],
) -> FileRow | None:
    """Return the checked row, or None after appending what is wrong with it; every error, not just the first."""
    faults = []
    person = people.get(cells["username"].casefold())
    if not cells["username"]:
        faults.append("username is empty.")
    elif person is None:
        faults.append(f"Nobody has the username “{cells['username']}”.")
    elif not person.is_active:
        faults.append(f"The account of {person.username} is closed.")
    named = paths.get(cells["path"].casefold(), [])
    if not cells["path"]:
        faults.append("path is empty.")
    elif not named:
        faults.append(f"No published path is called “{cells['path']}”. Write its title or its slug.")
    elif len(named) > 1:
        faults.append(f"More than one path is called “{cells['path']}”. Write its slug.")
    start: date | None = None
    if cells.get("start"):
        try:
            start = date.fromisoformat(cells["start"])
        except ValueError:
            faults.append(f"“{cells['start']}” is not a date. Write it as 2026-01-31.")
        else:
            faults += [fault for fault in [day_fault(start, timezone.localdate())] if fault]
    errors += [LineError(line, fault) for fault in faults]
    if faults or person is None:
        return None
    return FileRow(line, person, named[0], start)
