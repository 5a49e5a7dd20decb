"""Make what the search as of a day looks in anew: `manage.py rebuild_dated_texts [PAGE …]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from manuals import dated_texts


class Command(BaseCommand):
    """Reads all editions, or those of the pages named by their keys."""

    help = "Makes what pages said on other days anew from their editions, for the search as of a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the keys of pages."""
        parser.add_argument("pages", nargs="*", type=int, metavar="PAGE", help="the key of a page; none means all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how many texts there are."""
        pages = options["pages"]
        written = sum(map(dated_texts.rebuild, pages)) if pages else dated_texts.rebuild_all()
        self.stdout.write(f"{written} texts of other days.")
