"""Export the question bank."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes import exporting, formats
from quizzes.models import Category


class Command(BaseCommand):
    """Argument parsing around `quizzes.exporting`."""

    help = "Write the published questions that are not retired as a GIFT, Aiken or Moodle XML file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, its format and the category."""
        parser.add_argument("file", help="the file to write, or - for the terminal")
        parser.add_argument("--format", choices=formats.SLUGS, help="told by the file's name where it is left out")
        parser.add_argument("--category", help="only this one, and those inside it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say what the format could not hold."""
        file, category = options["file"], None
        slug = options["format"] or formats.guess(file)
        if not slug:
            raise CommandError("The format cannot be told by the file's name. Give it: --format gift.")
        if options["category"]:
            category = Category.objects.filter(name=options["category"]).first()
            if category is None:
                raise CommandError(f"There is no category “{options['category']}”.")
        export = exporting.export(slug, category)
        if file == "-":
            self.stdout.write(export.text, ending="")
        else:
            try:
                Path(file).write_text(export.text, encoding="utf-8", newline="\n")
            except OSError as error:
                raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
        for note in export.notes:
            self.stderr.write(note)
        if file != "-":
            what = f"{export.count} question{'s' if export.count != 1 else ''}"
            self.stdout.write(f"{what} written to {file}{', but for what is named above' if export.notes else ''}.")
