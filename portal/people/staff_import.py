"""Bringing in staff from a CSV file: looked at whole first, then written whole or not at all."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import get_random_string

from portal.people.models import Language, User
from portal.people.positions import Position

REQUIRED = ("username", "email", "first_name", "last_name", "position")
OPTIONAL = ("hire_date", "supervisor", "preferred_language")
COLUMNS = REQUIRED + OPTIONAL
MAX_BYTES = 2_000_000
MAX_ROWS = 5_000

# Characters, as the fields of `User` have them.
LENGTHS = {"username": 150, "email": 254, "first_name": 150, "last_name": 150}

POSITIONS = {name.casefold(): p.value for p in Position for name in (p.value, p.label)}
LANGUAGES = {
    **{name.casefold(): language.value for language in Language for name in (language.value, language.label)},
    "spanish": Language.SPANISH.value,
}


@dataclass(frozen=True)
class LineError:
    """What is wrong on one line of the file. The header is line 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass
class StaffRow:
    """One person as the file has them, checked."""

    line: int
    username: str
    email: str
    first_name: str
    last_name: str
    position: str
    hire_date: date | None = None
    supervisor: str = ""
    preferred_language: str = Language.ENGLISH.value

    def values(self) -> dict[str, object]:
        """Return the fields of `User` that this row sets, the supervisor left out."""
        names = ("email", "first_name", "last_name", "position", "hire_date", "preferred_language")
        return {name: getattr(self, name) for name in names}


@dataclass
class StaffPlan:
    """What an import would do: the people it makes, those it changes with the names of the fields, and the errors."""

    rows: list[StaffRow] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


class StaffImportError(Exception):
    """The file has errors, and nothing was written. `errors` lists them by line."""

    def __init__(self, errors: list[LineError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


def plan(content: bytes) -> StaffPlan:
    """Read a CSV file and return what importing it would do. Writes nothing; three queries however long the file."""
    found = StaffPlan()
    try:
        text = decoded(content)
        found.rows = list(_rows(text, found.errors))
    except ValidationError as error:
        found.errors.append(LineError(1, error.messages[0]))
        return found
    _check_duplicates(found)
    known = {user.username.casefold(): user for user in User.objects.select_related("supervisor")}
    _check_against(known, found)
    for row in found.rows:
        user = known.get(row.username.casefold())
        if user is None:
            found.created.append(row.username)
            continue
        fields = [name for name, value in row.values().items() if getattr(user, name) != value]
        current = user.supervisor.username if user.supervisor else ""
        if current.casefold() != row.supervisor.casefold():
            fields.append("supervisor")
        if fields:
            found.changed[user.username] = fields
        else:
            found.unchanged.append(user.username)
    found.errors.sort(key=lambda error: error.line)
    return found


@transaction.atomic
def apply(content: bytes) -> StaffPlan:
    """Import the file and return what was done. Raises `StaffImportError`, with nothing written, if it has any error.

    A new person gets a password nobody knows, and sets their own through the link in their invitation.
    """
    found = plan(content)
    if found.errors:
        raise StaffImportError(found.errors)
    touched = {name.casefold() for name in (*found.created, *found.changed)}
    people = {user.username.casefold(): user for user in User.objects.all()}
    new = set(found.created)
    for row in found.rows:
        key = row.username.casefold()
        if key not in touched:
            continue
        user = people.get(key) or User(username=row.username)
        for name, value in row.values().items():
            setattr(user, name, value)
        if row.username in new:
            user.set_password(get_random_string(50))
        user.save()
        people[key] = user
    for row in found.rows:
        key = row.username.casefold()
        if key in touched:
            user = people[key]
            user.supervisor = people[row.supervisor.casefold()] if row.supervisor else None
            user.save(update_fields=["supervisor"])
    return found


def decoded(content: bytes) -> str:
    """Return the file's text. Raises `ValidationError` for what is no UTF-8 text of a sensible size."""
    if len(content) > MAX_BYTES:
        raise ValidationError(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it and import the parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError("The file is not UTF-8 text. In Excel, save it as “CSV UTF-8”.") from None
    if "\0" in text:
        raise ValidationError("The file is not text. Save the sheet as “CSV UTF-8” and import that.")
    if not text.strip():
        raise ValidationError("The file is empty.")
    return text


def _rows(text: str, errors: list[LineError]) -> Iterator[StaffRow]:
    """Yield the rows that can be read, and append what is wrong with the others. Raises for a wrong header."""
    reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    try:
        header = [name.strip().casefold() for name in reader.fieldnames or []]
        reader.fieldnames = header
        _check_header(header)
        for count, raw in enumerate(reader, start=1):
            if count > MAX_ROWS:
                raise ValidationError(f"The file has more than {MAX_ROWS:,} people. Split it and import the parts.")
            row = _row(reader.line_num, raw, errors)
            if row:
                yield row
    except csv.Error as error:
        raise ValidationError(f"Line {reader.line_num} is not well-formed CSV: {error}.") from None


def _check_header(header: list[str]) -> None:
    """Raise `ValidationError` unless the header has the required columns and no unknown or repeated one."""
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise ValidationError(
            f"The first line must name the columns. Missing: {', '.join(missing)}. Known: {', '.join(COLUMNS)}."
        )
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        raise ValidationError(f"Unknown column: {', '.join(unknown)}. Known: {', '.join(COLUMNS)}.")
    if len(set(header)) != len(header):
        raise ValidationError("A column is there twice. Keep one of them.")


def _row(line: int, raw: dict[str | None, str | None], errors: list[LineError]) -> StaffRow | None:
    """Return the checked row, or None after appending what is wrong with it; every error, not just the first."""
    before = len(errors)
    if None in raw or None in raw.values():
        errors.append(LineError(line, "The number of values differs from the number of columns."))
        return None
    cells = {str(name): (value or "").strip() for name, value in raw.items()}
    for name in REQUIRED:
        if not cells[name]:
            errors.append(LineError(line, f"{name} is empty."))
    for name, value in cells.items():
        limit = LENGTHS.get(name)
        if limit and len(value) > limit:
            errors.append(LineError(line, f"{name} is longer than {limit} characters."))
    if cells["username"]:
        _collect(errors, line, lambda: User.username_validator(cells["username"]), "username may have letters, digits "
                 "and @ . + - _ only.")  # fmt: skip
    if cells["email"]:
        _collect(
            errors,
            line,
            lambda: validate_email(cells["email"]),
            f"“{cells['email']}” is not an email address.",
        )
    position = POSITIONS.get(cells["position"].casefold(), "")
    if cells["position"] and not position:
        known = ", ".join(Position.labels)
        errors.append(LineError(line, f"“{cells['position']}” is not a position. Known: {known}."))
    hired: date | None = None
    if cells.get("hire_date"):
        try:
            hired = date.fromisoformat(cells["hire_date"])
        except ValueError:
            errors.append(LineError(line, f"“{cells['hire_date']}” is not a date. Write it as 2026-01-31."))
    language = LANGUAGES.get(cells.get("preferred_language", "").casefold() or "en", "")
    if not language:
        errors.append(LineError(line, f"“{cells['preferred_language']}” is not a language. Known: English, Spanish."))
    if len(errors) > before:
        return None
    return StaffRow(
        line=line,
        username=cells["username"],
        email=cells["email"],
        first_name=cells["first_name"],
        last_name=cells["last_name"],
        position=position,
        hire_date=hired,
        supervisor=cells.get("supervisor", ""),
        preferred_language=language,
    )


def _collect(errors: list[LineError], line: int, check: Callable[[], object], message: str) -> None:
    """Run a validator and append the message if it refuses."""
    try:
        check()
    except ValidationError:
        errors.append(LineError(line, message))


def _check_duplicates(found: StaffPlan) -> None:
    """Append an error for each person who is in the file twice."""
    seen: dict[str, int] = {}
    for row in found.rows:
        key = row.username.casefold()
        if key in seen:
            found.errors.append(LineError(row.line, f"{row.username} is on line {seen[key]} already."))
        seen.setdefault(key, row.line)


def _check_against(known: dict[str, User], found: StaffPlan) -> None:
    """Append errors about who is named as supervisor, and about accounts that an import may not touch."""
    positions = {row.username.casefold(): row.position for row in found.rows}
    for row in found.rows:
        user = known.get(row.username.casefold())
        if user is not None and user.is_superuser:
            found.errors.append(LineError(row.line, f"{row.username} is an administrator. Change them by hand."))
        name = row.supervisor.casefold()
        if not name:
            continue
        if name == row.username.casefold():
            found.errors.append(LineError(row.line, f"{row.username} cannot be their own supervisor."))
        elif name not in positions and name not in known:
            found.errors.append(
                LineError(row.line, f"The supervisor {row.supervisor} is neither in the file nor on the portal.")
            )
