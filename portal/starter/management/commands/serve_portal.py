"""Prepare and serve the portal on your own machine."""

from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.starter import loading, preparing, serving


def port_number(text: str) -> int:
    """Return the port that was typed. Raises `ArgumentTypeError`, a sentence, where it is none."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ArgumentTypeError(f"“{text}” is not a port: give a number from 1 to 65535.")
    return int(text)


class Command(BaseCommand):
    """Argument parsing around `portal.starter.preparing` and `portal.starter.serving`."""

    help = "Prepare the portal's database and serve it on this machine. Nothing that is there is lost."
    requires_migrations_checks = False
    # Before the portal is prepared they would find missing what preparing makes; they run after it.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port, and whether to serve at all."""
        parser.add_argument("--port", type=port_number, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="prepare the database, and do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and serve, or say in a sentence why not."""
        if not settings.DEBUG:
            raise CommandError("This is for your own machine. In production, gunicorn serves portal.wsgi.")
        try:
            # Listening first: a taken port is said at once, and no other can take it while we prepare.
            server = None if options["prepare_only"] else serving.listen(options["port"])
            preparing.prepare(self.say)
            self.check()
        except (serving.PortError, loading.LoadingError) as error:
            raise CommandError(str(error)) from None
        if server:
            self.say(serving.greeting(options["port"]))
            serving.serve(server)

    def say(self, line: str) -> None:
        """Write a line now, not when a buffer is full."""
        self.stdout.write(line)
        self.stdout.flush()
