"""Prepare a migrated database: fixed pages, positions, permissions, review workflow."""

from typing import Any

from django.core.management.base import BaseCommand

from manuals import setup


class Command(BaseCommand):
    """Argument parsing around `manuals.setup.ensure`."""

    help = "Make the fixed pages, the positions' permissions and the review workflow where missing. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it and say so."""
        setup.ensure()
        self.stdout.write("The portal is set up.")
