"""Remove the demonstration accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.people import demonstration


class Command(BaseCommand):
    """Argument parsing around `portal.people.demonstration.remove`."""

    help = "Delete the demonstration accounts. What they wrote stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and say whom."""
        usernames = demonstration.remove()
        self.stdout.write(f"Removed: {', '.join(usernames)}." if usernames else "There are no demonstration accounts.")
