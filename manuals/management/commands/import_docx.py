"""Import a Word file into a manual."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from manuals.exchange.errors import ImportRefused
from manuals.exchange.word import import_docx
from manuals.models import ManualPage
from portal.people.models import User


class Command(BaseCommand):
    """Argument parsing around `manuals.exchange.word`."""

    help = "Append the chapters of a Word file (.docx) to a manual, whole or not at all. They come in as drafts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the manual, in whose name, and whether to publish."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--into", dest="manual", required=True, help="the slug of the manual")
        parser.add_argument("--as", dest="username", help="import in the name of this person")
        parser.add_argument("--publish", action="store_true", help="publish the chapters at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or list what is wrong."""
        manual = ManualPage.objects.filter(slug=options["manual"]).first()
        if manual is None:
            known = ", ".join(ManualPage.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no manual with the slug “{options['manual']}”. Known: {known}.")
        user = None
        if options["username"]:
            user = User.objects.filter(username__iexact=options["username"]).first()
            if user is None:
                raise CommandError(f"There is no person with the username “{options['username']}”.")
        try:
            summary = import_docx(options["file"], manual, user=user, publish=options["publish"])
        except ImportRefused as refused:
            count = len(refused.errors)
            raise CommandError(f"Nothing was imported: {count} error{'s' if count != 1 else ''}.\n{refused}") from None
        state = "published" if options["publish"] else "drafts: read them through, and publish them in the editor"
        self.stdout.write(f"{summary} They are in “{manual.title}”, {state}.")
        for remark in summary.remarks:
            self.stdout.write(f"- {remark}")
