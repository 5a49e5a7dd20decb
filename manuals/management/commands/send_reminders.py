"""Emails people what they have to acknowledge."""

from typing import Any

from django.core.management.base import BaseCommand

from manuals import reminders


class Command(BaseCommand):
    """To be run once a working day; running it again sends nothing twice."""

    help = "Email everyone what they have to acknowledge: one message a day at most, on working days only."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many."""
        outcome = reminders.send()
        self.stdout.write(f"{_people(outcome.sent)} reminded.")
        if outcome.without_email:
            self.stdout.write(f"{_people(outcome.without_email)} skipped, for want of an email address.")
        if outcome.failed:
            self.stderr.write(f"{_people(outcome.failed)} could not be reached. The next run tries again.")


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
