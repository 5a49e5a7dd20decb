"""Load the starter library."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.starter import loading


class Command(BaseCommand):
    """Argument parsing around `portal.starter.loading.load`."""

    help = "Load the sample city's library and its demonstration people. Loading again updates what changed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, or say why not."""
        try:
            summary = loading.load()
        except loading.LoadingError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The starter library is loaded. {summary}")
