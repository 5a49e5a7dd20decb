"""Values of filter fields as they stand in the index: numbers and strings, in whose order the values come too.

Dates and times are ISO 8601 strings of one length, moments in UTC, so that sorting them as text sorts them in time.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Manager, Model, QuerySet
from django.utils import timezone

Scalar = int | float | str
Stored = Scalar | list[Scalar] | None

_MICROSECOND = timedelta(microseconds=1)


def to_stored(value: Any, field_type: str) -> Stored:
    """Return a value as the index keeps it; rows of other models become their primary keys.

    `field_type` is the internal type of the Django field, such as "DateTimeField".
    """
    if value is None:
        return None
    if isinstance(value, Manager | QuerySet):
        return to_stored(list(value.all().values_list("pk", flat=True)), field_type)
    if isinstance(value, list | tuple | set | frozenset):
        stored = [to_stored(item, field_type) for item in value]
        return [item for item in stored if item is not None and not isinstance(item, list)]
    return _scalar(value, field_type)


def _scalar(value: Any, field_type: str) -> Scalar | None:
    if isinstance(value, Model):
        return None if value.pk is None else _scalar(value.pk, field_type)
    if isinstance(value, date) and not isinstance(value, datetime) and field_type == "DateTimeField":
        value = datetime.combine(value, time.min)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, time):
        return value.replace(tzinfo=None).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float):
        return value
    return str(value)


def _moment(value: datetime) -> str:
    """Return a moment in UTC; one without a time zone is taken to be in the current one."""
    if timezone.is_naive(value):
        value = timezone.make_aware(value)
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def from_stored(value: Scalar | None, field_type: str) -> Any:
    """Return the Python value a stored one was made from, as a facet names it."""
    if value is None:
        return None
    match field_type:
        case "DateTimeField":
            return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
        case "DateField":
            return date.fromisoformat(str(value))
        case "TimeField":
            return time.fromisoformat(str(value))
        case "DurationField":
            return timedelta(microseconds=int(value))
        case "DecimalField":
            return Decimal(repr(value))
        case "BooleanField":
            return bool(value)
        case "UUIDField":
            return UUID(str(value))
    return value


def as_list(value: Stored) -> list[Scalar]:
    """Return the values of a field that may have none, one or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def dump_row(row: dict[str, Stored]) -> bytes:
    """Return the bytes one document's values are kept as."""
    return json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def load_rows(rows: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return the values of many documents; read in one go, their keys share memory."""
    loaded: list[dict[str, Any]] = json.loads(b"[" + b",".join(row or b"{}" for row in rows) + b"]")
    return loaded
