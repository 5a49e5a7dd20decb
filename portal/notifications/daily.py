"""Jobs that are done once a day, before people are written to. Each app registers its own."""

import logging
from collections.abc import Callable
from datetime import date

logger = logging.getLogger("portal")

# Is given the day; must be safe to run twice a day, and after days on which it did not run.
Job = Callable[[date], None]

_registered: dict[str, Job] = {}


def register(name: str, job: Job) -> None:
    """Have a job done each day; one with the same name takes the other's place."""
    _registered[name] = job


def run(today: date) -> list[str]:
    """Do every job in the order in which they were registered, and return the names of those that failed.

    One that fails is logged and keeps none of the others from being done.
    """
    failed = []
    for name, job in _registered.items():
        try:
            job(today)
        except Exception:
            logger.exception("The daily job “%s” failed.", name)
            failed.append(name)
    return failed
