"""Statistics and attempts as CSV and Excel files."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from quizzes.item_analysis import Choices, ItemRow
from quizzes.models import Attempt

FORMATS: tuple[str, ...] = SpreadsheetExportMixin.FORMATS

# What a spreadsheet program takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


def _as_text(text: str) -> str:
    """Return a text that no spreadsheet program runs: what looks like a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class Spreadsheet(SpreadsheetExportMixin):
    """A table to be downloaded: its columns by heading, which are the keys of its rows."""

    # Wagtail writes texts into Excel files as texts; in CSV they have no type.
    custom_value_preprocess = {
        **SpreadsheetExportMixin.custom_value_preprocess,
        str: {SpreadsheetExportMixin.FORMAT_CSV: _as_text},
    }

    def __init__(self, filename: str, columns: Iterable[str]) -> None:
        self.list_export = list(columns)
        self.export_headings = {column: column for column in self.list_export}
        self.export_filename = filename

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        """Return a row in the order of the columns."""
        return {column: item[column] for column in self.list_export}


def of_items(filename: str, rows: Iterable[ItemRow], format: str) -> HttpResponseBase:
    """Return a file with a row for each question."""
    sheet = Spreadsheet(filename, [*_OF_ITEM, "To look at"])
    table = (
        {**{column: value(row) for column, value in _OF_ITEM.items()}, "To look at": _sentences(row)} for row in rows
    )
    return _file(sheet, table, format)


def of_choices(
    filename: str, rows: Iterable[ItemRow], choices: Mapping[UUID, Choices], format: str
) -> HttpResponseBase:
    """Return a file with a row for each answer to each question."""
    sheet = Spreadsheet(filename, ["Question", "Answer", "Given", "Of"])
    table = (
        {"Question": row.version.name, "Answer": text, "Given": count, "Of": row.figures.asked}
        for row in rows
        for text, count in _counted(choices[row.uid])
    )
    return _file(sheet, table, format)


def of_attempts(filename: str, attempts: QuerySet[Attempt], format: str) -> HttpResponseBase:
    """Return a file with a row for each attempt, those last begun at the front."""
    return _file(Spreadsheet(filename, _OF_ATTEMPT), _attempts(attempts), format)


_OF_ITEM = {
    "Question": lambda row: row.version.name,
    "Type": lambda row: row.type_label,
    "Versions": lambda row: len(row.versions),
    "Asked": lambda row: row.figures.asked,
    "Facility index": lambda row: _rounded(row.figures.facility),
    "Discrimination index": lambda row: _rounded(row.figures.discrimination),
    "Median seconds": lambda row: row.figures.median_seconds,
}
_OF_ATTEMPT = [
    "Learner",
    "Account",
    "Attempt",
    "Started",
    "Handed in",
    "Minutes",
    "Score",
    "Passed",
    "State",
]


def _sentences(row: ItemRow) -> str:
    return " ".join(one.sentence for one in row.advice)


def _counted(choices: Choices) -> Iterator[tuple[str, int]]:
    yield from ((choice.text, choice.count) for choice in choices.rows)
    if choices.others:
        yield "(other answers)", choices.others
    yield "(no answer)", choices.unanswered


def _attempts(attempts: QuerySet[Attempt]) -> Iterator[Row]:
    fields = ("started_at", "handed_in_at", "score", "passed", "number")
    people = ("learner__first_name", "learner__last_name", "learner__username")
    found = attempts.order_by("-started_at", "pk").values_list(*fields, *people)
    for started, handed_in, score, passed, number, first, last, account in found.iterator(chunk_size=2000):
        minutes = round((handed_in - started).total_seconds() / 60, 1) if handed_in else None
        yield {
            "Learner": f"{first} {last}".strip() or account,
            "Account": account,
            "Attempt": number,
            "Started": _local(started),
            "Handed in": _local(handed_in),
            "Minutes": minutes,
            "Score": None if score is None else float(score),
            "Passed": {True: "yes", False: "no", None: ""}[passed],
            "State": "marked" if score is not None else "waits to be marked" if handed_in else "not handed in",
        }


def _local(moment: datetime | None) -> datetime | None:
    """Return the time on the wall: a spreadsheet has no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None


def _rounded(index: float | None) -> float | None:
    return None if index is None else round(index, 3)


def _file(sheet: Spreadsheet, table: Iterable[Row], format: str) -> HttpResponseBase:
    response: HttpResponseBase = sheet.as_spreadsheet(table, format)
    return response
