"""Changes wait for the database: what a transaction changed goes to the index once it is committed, all in one go."""

import threading
from collections.abc import Iterable
from functools import partial
from itertools import count
from weakref import WeakValueDictionary

from django.db import transaction

from search.backends.whoosh.changes import Change
from search.backends.whoosh.folder import IndexFolder
from search.backends.whoosh.writing import write


class _Pending:
    """Changes to an index that wait for a transaction to be committed."""

    def __init__(self, folder: IndexFolder, database: str, changes: list[Change]) -> None:
        self.folder = folder
        self.database = database
        self.changes = changes


class _Waiting(threading.local):
    """What waits in one thread, whose database connections are its own; in the order in which it came.

    Only Django's list of callbacks holds on to a pending change. When a transaction or a savepoint is rolled back,
    Django lets go of it, and it is gone from here too.
    """

    def __init__(self) -> None:
        self.numbers = count()
        self.pending: WeakValueDictionary[int, _Pending] = WeakValueDictionary()


_waiting = _Waiting()


def enqueue(folder: IndexFolder, changes: Iterable[Change]) -> None:
    """Make changes to an index when the open transaction is committed, or at once if there is none."""
    by_database: dict[str, list[Change]] = {}
    for change in changes:
        by_database.setdefault(change.database, []).append(change)
    for database, found in by_database.items():
        pending = _Pending(folder, database, found)
        _waiting.pending[next(_waiting.numbers)] = pending
        transaction.on_commit(partial(_committed, pending), using=database)


def _committed(pending: _Pending) -> None:
    # The first callback of a transaction takes along what the others are for: publishing a page saves it several times.
    if pending.changes:
        flush(pending.folder, pending.database)


def flush(folder: IndexFolder, database: str | None = None) -> None:
    """Make the changes of this thread that still wait for a commit, of one database or of all."""
    changes: list[Change] = []
    for _, pending in sorted(_waiting.pending.items()):
        if pending.folder is folder and database in (None, pending.database):
            changes.extend(pending.changes)
            pending.changes = []
    if changes:
        write(folder, changes)
