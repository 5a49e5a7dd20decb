"""Export the library as a folder of content files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from manuals.exchange import exporting


class Command(BaseCommand):
    """Argument parsing around `manuals.exchange.exporting`."""

    help = "Write every published manual, policy and answer as Markdown into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, or say why not."""
        try:
            count = exporting.export_folder(options["folder"])
        except (exporting.ExportRefused, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{count} files written to {options['folder']}.")
