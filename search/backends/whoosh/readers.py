"""The state of an index that one process searches: opened once, shared by its threads, replaced after each commit."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from whoosh.index import EmptyIndexError

from search.backends.whoosh.folder import LOCK_POLL, IndexFolder, IndexUnavailable, State
from search.backends.whoosh.snapshot import Snapshot

logger = logging.getLogger("search")

# Times to open an index whose files went meanwhile, because another process had just committed; Whoosh tries again too.
OPEN_ATTEMPTS = 2
# Seconds before an index that could not be opened is tried again, so that a damaged one does not keep searches waiting.
TRY_AGAIN_AFTER = 0.5
# Seconds between two log lines about the same index being unavailable.
COMPLAIN_EVERY = 60.0


class Readers:
    """Gives the newest state of an index; looking whether there is a newer one takes some 50 microseconds."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._lock = Lock()
        self._index: tuple[str, Any] | None = None
        self._snapshot: tuple[tuple[str, int], Snapshot] | None = None
        self._users: dict[Snapshot, int] = {}
        self._failed: tuple[State, float, IndexUnavailable] | None = None
        self._complained: float | None = None

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Give the newest state of the index; raise IndexUnavailable if there is none that can be read."""
        with self._lock:
            snapshot = self._newest()
            self._users[snapshot] += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._users[snapshot] -= 1
                self._close_unused()

    def forget(self) -> None:
        """Let go of what is open, so that the next search opens the index anew."""
        with self._lock:
            self._index = self._snapshot = self._failed = None
            self._close_unused()

    def complain(self, error: BaseException) -> None:
        """Log that searches find nothing and why, at most once in `COMPLAIN_EVERY` seconds."""
        now = time.monotonic()
        if self._complained is None or now - self._complained >= COMPLAIN_EVERY:
            self._complained = now
            logger.error("Searches find nothing until update_index is run: %s", error, exc_info=error)

    def _newest(self) -> Snapshot:
        state = self._folder.state()
        if state is None:
            raise IndexUnavailable(f"There is no search index in {self._folder.path}.")
        if self._failed and self._failed[0] == state and time.monotonic() < self._failed[1]:
            raise IndexUnavailable(str(self._failed[2])) from self._failed[2]
        for attempt in range(1, OPEN_ATTEMPTS + 1):
            try:
                return self._open(state)
            except (OSError, EmptyIndexError) as error:
                self._index = None
                problem = IndexUnavailable(f"The search index in {self._folder.path} cannot be opened.")
                problem.__cause__ = error
            except Exception as error:
                # A damaged file raises whatever its bytes happen to lead to.
                self._index = None
                problem = IndexUnavailable(f"The search index in {self._folder.path} is damaged.")
                problem.__cause__ = error
                break
            if attempt < OPEN_ATTEMPTS:
                time.sleep(LOCK_POLL)
                state = self._folder.state() or state
        self._failed = (state, time.monotonic() + TRY_AGAIN_AFTER, problem)
        raise problem

    def _open(self, state: State) -> Snapshot:
        if self._index is None or self._index[0] != state.folder:
            self._index = (state.folder, self._folder.open(state.folder))
        index = self._index[1]
        known = self._snapshot
        if known and known[0] == (state.folder, index.latest_generation()):
            return known[1]
        reader = index.reader()
        snapshot = Snapshot(reader, self._folder.catalogue, known[1] if known else None)
        self._snapshot = ((state.folder, _generation(reader)), snapshot)
        self._users[snapshot] = 0
        self._close_unused()
        return snapshot

    def _close_unused(self) -> None:
        current = self._snapshot[1] if self._snapshot else None
        for snapshot in [known for known, users in self._users.items() if not users and known is not current]:
            del self._users[snapshot]
            snapshot.close()


def _generation(reader: Any) -> int:
    """Return the commit a reader reads; one of an index without segments does not know, and is not kept."""
    generation = reader.generation()
    return -1 if generation is None else int(generation)
