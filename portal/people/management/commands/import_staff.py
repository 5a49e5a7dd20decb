"""Import staff from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.people import staff_import


class Command(BaseCommand):
    """Argument parsing around `portal.people.staff_import`."""

    help = "Import staff from a CSV file, whole or not at all. --dry-run only says what would be done."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and whether to write."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or say why not."""
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        try:
            plan = staff_import.plan(content) if options["dry_run"] else staff_import.apply(content)
        except staff_import.StaffImportError as error:
            raise CommandError(f"Nothing was imported.\n{error}") from None
        if plan.errors:
            listed = "\n".join(str(error) for error in plan.errors)
            raise CommandError(f"Nothing would be imported.\n{listed}")
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(f"{len(plan.created)} {would}added, {len(plan.changed)} {would}changed, ", ending="")
        self.stdout.write(f"{len(plan.unchanged)} as they were.")
