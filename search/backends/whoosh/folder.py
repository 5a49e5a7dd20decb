"""The folder of an index: where its files are, which index is searched, and who may write.

- `current` names the folder of the index that is searched, and says what it was made for (JSON).
- `index-…/` is a Whoosh index; a rebuild makes a new one and then changes `current`.
- `waiting/` holds changes that found the index busy, for whoever writes next.
- `rebuilding/` holds changes made while the index is rebuilt, for the new one.
- `write.lock` is held while something is written; Whoosh's own lock lies within it.
- `rebuild.lock` is held by a rebuild from beginning to end.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.util.filelock import FileLock, try_for

from search.backends.whoosh.changes import Spool
from search.backends.whoosh.mapping import LAYOUT, Catalogue

# How often a process that waits for a lock looks whether it is free, in seconds.
LOCK_POLL = 0.02

INDEX_NAME = "MAIN"


class IndexUnavailable(Exception):
    """There is no index, or it cannot be read; the message says which and what to do."""


class IndexBusy(Exception):
    """Another process kept the index locked for longer than the timeout."""


@dataclass(frozen=True)
class State:
    """What `current` says: the index's folder, what its fields are, and whether everything is in it."""

    folder: str
    complete: bool
    layout: int
    signatures: dict[str, str] = field(default_factory=dict)


class IndexFolder:
    """An index on disk; safe for several threads and processes."""

    def __init__(self, path: Path, catalogue: Catalogue, lock_timeout: float) -> None:
        self.path = path
        self.catalogue = catalogue
        self.lock_timeout = lock_timeout
        self.waiting = Spool(path / "waiting")
        self.rebuilding = Spool(path / "rebuilding")
        self._state: tuple[tuple[int, int, int], State] | None = None

    @contextmanager
    def locked(self, name: str, timeout: float | None = None) -> Iterator[None]:
        """Hold a lock, "write" or "rebuild"; raise IndexBusy if it is not to be had within so many seconds."""
        timeout = self.lock_timeout if timeout is None else timeout
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / f"{name}.lock"))
        if not try_for(lock.acquire, timeout=timeout, delay=LOCK_POLL):
            raise IndexBusy(f"Another process kept the search index in {self.path} locked for {timeout:g} seconds.")
        try:
            yield
        finally:
            lock.release()

    def state(self) -> State | None:
        """Return what `current` says, None if there is no index; raise IndexUnavailable if it cannot be read."""
        file = self.path / "current"
        try:
            stat = file.stat()
            version = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            known = self._state
            if known is None or known[0] != version:
                known = self._state = (version, State(**json.loads(file.read_text("utf-8"))))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable(f"{file} cannot be read.") from error
        return known[1]

    def point_to(self, folder: str, *, complete: bool) -> None:
        """Make a folder the one that is searched, at once for all processes; call it under the write lock."""
        state = State(folder, complete, LAYOUT, self.catalogue.signatures)
        draft = self.path / f"current.{uuid4().hex}"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / "current")

    def new(self) -> str:
        """Make an empty index beside the one that is searched, and return its folder's name."""
        name = f"index-{uuid4().hex}"
        folder = self.path / name
        folder.mkdir(parents=True)
        FileIndex.create(FileStorage(str(folder)), self.catalogue.schema(), INDEX_NAME)
        return name

    def open(self, name: str) -> Any:
        """Return the Whoosh index in a folder; the fields are the catalogue's, not those it was made with."""
        storage = FileStorage(str(self.path / name))
        return FileIndex(storage, schema=self.catalogue.schema(), indexname=INDEX_NAME)

    def sweep(self) -> None:
        """Remove what a rebuild that was broken off left behind; call it under both locks."""
        state = self.state()
        for folder in self.path.glob("index-*"):
            if state is None or folder.name != state.folder:
                shutil.rmtree(folder, ignore_errors=True)
        for draft in self.path.glob("current.*"):
            draft.unlink(missing_ok=True)
