"""Import a question file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.people.models import User
from quizzes import formats, importing
from quizzes.formats.decoding import MAX_BYTES, too_large


class Command(BaseCommand):
    """Argument parsing around `quizzes.importing`."""

    help = "Import questions from a GIFT, Aiken or Moodle XML file, whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, its format, where its questions go, whether to write, and in whose name."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=formats.SLUGS, help="told by the file's name where it is left out")
        parser.add_argument("--category", default="", help="for questions that the file puts in none")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--skip-invalid", action="store_true", help="leave out what is wrong, and list it")
        parser.add_argument("--as", dest="username", help="publish in the name of this person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or list what is wrong."""
        content = _content(options["file"])
        slug = options["format"] or formats.guess(options["file"].name, content)
        if not slug:
            raise CommandError(f"The format of {options['file']} cannot be told. Give it: --format gift.")
        try:
            summary = importing.import_questions(
                content,
                slug,
                category=options["category"],
                user=_person(options["username"]),
                dry_run=options["dry_run"],
                skip_invalid=options["skip_invalid"],
            )
        except importing.ImportRefused as refused:
            count = len(refused.errors)
            raise CommandError(f"Nothing was imported: {count} error{'s' if count != 1 else ''}.\n{refused}") from None
        self.stdout.write(f"Nothing was written. It would be: {summary}" if options["dry_run"] else str(summary))
        for error in summary.left_out:
            self.stdout.write(f"Left out. {error}")


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise CommandError(f"Nothing was imported. {too_large()}")
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None


def _person(username: str | None) -> User | None:
    if not username:
        return None
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(f"There is no person with the username “{username}”.")
    if not importing.may_import(user):
        raise CommandError(f"{user} may not publish questions. Name a Supervisor.")
    return user
