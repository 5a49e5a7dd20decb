"""Remove the demonstration accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.people import demonstration


class Command(BaseCommand):
    """Argument parsing around `portal.people.demonstration.remove`."""

    help = "Delete the demonstration accounts. What they wrote stays; who stands in records is closed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and say whom."""
        removed = demonstration.remove()
        if removed.deleted:
            self.stdout.write(f"Removed: {', '.join(removed.deleted)}.")
        if removed.closed:
            self.stdout.write(f"Closed, because records need them: {', '.join(removed.closed)}.")
        if not any(removed):
            self.stdout.write("There are no demonstration accounts.")
