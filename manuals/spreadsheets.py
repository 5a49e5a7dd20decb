"""Tables to be downloaded, as CSV and Excel files."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin

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

    def file(self, table: Iterable[Row], format: str) -> HttpResponseBase:
        """Return the rows as a file, in one of `FORMATS`."""
        response: HttpResponseBase = self.as_spreadsheet(table, format)
        return response


def local(moment: datetime | None) -> datetime | None:
    """Return the time on the wall: a spreadsheet has no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None
