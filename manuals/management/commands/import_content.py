"""Import a folder of content files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from manuals import permissions
from manuals.exchange import importing
from manuals.exchange.errors import ImportRefused
from manuals.models import EditionKind
from manuals.models.editioned_page import SUMMARY_LENGTH
from portal.people.models import User


class Command(BaseCommand):
    """Argument parsing around `manuals.exchange.importing`."""

    help = "Import a folder of Markdown files, whole or not at all. --dry-run only says what would be done."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, whether to write, in whose name, and what is stated about the editions of changed pages."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--as", dest="username", help="publish in the name of this person")
        parser.add_argument("--summary", default=importing.IMPORTED.summary, help="what changed, for those who knew it")
        parser.add_argument(
            "--major", action="store_true", help="the changes are major: those who must acknowledge a page do so again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or list what is wrong."""
        user = None
        if options["username"]:
            user = User.objects.filter(username__iexact=options["username"]).first()
            if user is None:
                raise CommandError(f"There is no person with the username “{options['username']}”.")
            if not permissions.may_publish_content(user):
                raise CommandError(f"{user} may not publish content. Name a Supervisor.")
        try:
            summary = importing.import_folder(
                options["folder"], user=user, dry_run=options["dry_run"], change=self._change(**options)
            )
        except ImportRefused as refused:
            count = len(refused.errors)
            raise CommandError(f"Nothing was imported: {count} error{'s' if count != 1 else ''}.\n{refused}") from None
        self.stdout.write(f"Nothing was written. It would be: {summary}" if options["dry_run"] else str(summary))

    def _change(self, major: bool, summary: str, **options: Any) -> importing.Change:
        """Return what is stated about the editions, or say what is missing."""
        if major and summary == importing.IMPORTED.summary:
            raise CommandError("Say with --summary what changed: those who read it again want to know.")
        if len(summary) > SUMMARY_LENGTH:
            raise CommandError(f"The summary is longer than {SUMMARY_LENGTH} characters. Say it in a sentence or two.")
        return importing.Change(EditionKind.MAJOR if major else EditionKind.MINOR, summary)
