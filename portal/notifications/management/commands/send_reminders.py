"""Does what is done each day, and emails people what there is to tell them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.notifications import daily, digest


class Command(BaseCommand):
    """To be run once a day; running it again sends nothing twice, and days on which it did not run are made up for."""

    help = "Do the daily jobs, then email everyone what is new: one message a day at most, on working days only."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the jobs, send, and say how many were written to. Raises `CommandError` at the end if a job failed."""
        today = timezone.localdate()
        failed = daily.run(today)
        outcome = digest.send(today)
        self.stdout.write(f"{_people(outcome.sent)} reminded.")
        if outcome.without_email:
            self.stdout.write(f"{_people(outcome.without_email)} skipped, for want of an email address.")
        if outcome.failed:
            self.stderr.write(f"{_people(outcome.failed)} could not be reached. The next run tries again.")
        if failed:
            raise CommandError(
                f"Daily jobs that failed: {', '.join(failed)}. The log says why; the next run tries again."
            )


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
