"""Recomputes the seals of all editions, and names what is not as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from manuals import verifying
from manuals.models import Edition


class Command(BaseCommand):
    """Ends with exit code 1 at the first break; with --all it names every one."""

    help = "Check that every edition is as it was written: its seal, the one before it, and the revision it froze."

    def add_arguments(self, parser: Any) -> None:
        """Add --all."""
        parser.add_argument("--all", action="store_true", help="Name every break, not only the first.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify."""
        found = verifying.breaks()
        first = next(found, None)
        if first is None:
            self.stdout.write(f"{Edition.objects.count()} editions are as they were written.")
            return
        self.stderr.write(str(first))
        if options["all"]:
            for one in found:
                self.stderr.write(str(one))
        raise CommandError("The record of editions was altered.")
