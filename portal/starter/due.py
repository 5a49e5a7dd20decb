"""Publishing what is due while the portal runs on your own machine. In production a timer does that."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.core.management import call_command
from django.db import close_old_connections

logger = logging.getLogger("portal")

SECONDS = 60.0


@contextmanager
def published_when_due(seconds: float = SECONDS) -> Iterator[None]:
    """Publish scheduled pages at once and then every so many seconds, until the block ends."""
    stop = Event()
    thread = Thread(target=_run, args=(stop, seconds), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(stop: Event, seconds: float) -> None:
    while True:
        try:
            call_command("publish_scheduled")
        except Exception:
            # The next round may fare better; meanwhile the portal answers.
            logger.exception("What is due was not published.")
        finally:
            close_old_connections()
        if stop.wait(seconds):
            return
