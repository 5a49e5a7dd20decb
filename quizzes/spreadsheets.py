"""Statistics and attempts as CSV and Excel files."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase

from manuals.spreadsheets import FORMATS, Row, Spreadsheet, local
from quizzes.item_analysis import Choices, ItemRow
from quizzes.models import Attempt

__all__ = ["FORMATS", "of_attempts", "of_choices", "of_items"]


def of_items(filename: str, rows: Iterable[ItemRow], format: str) -> HttpResponseBase:
    """Return a file with a row for each question."""
    sheet = Spreadsheet(filename, [*_OF_ITEM, "To look at"])
    table = (
        {**{column: value(row) for column, value in _OF_ITEM.items()}, "To look at": _sentences(row)} for row in rows
    )
    return sheet.file(table, format)


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
    return sheet.file(table, format)


def of_attempts(filename: str, attempts: QuerySet[Attempt], format: str) -> HttpResponseBase:
    """Return a file with a row for each attempt, those last begun at the front."""
    return Spreadsheet(filename, _OF_ATTEMPT).file(_attempts(attempts), format)


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
            "Started": local(started),
            "Handed in": local(handed_in),
            "Minutes": minutes,
            "Score": None if score is None else float(score),
            "Passed": {True: "yes", False: "no", None: ""}[passed],
            "State": "marked" if score is not None else "waits to be marked" if handed_in else "not handed in",
        }


def _rounded(index: float | None) -> float | None:
    return None if index is None else round(index, 3)
