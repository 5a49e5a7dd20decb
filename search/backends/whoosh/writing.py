"""Writing to an index: changes, one process at a time, and rebuilding it beside the one that is searched."""

import logging
import re
import shutil
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from typing import Any

from django.db.models import Model
from whoosh.reading import SegmentReader

from search.backends.whoosh.changes import Change, documents, name_of
from search.backends.whoosh.folder import INDEX_NAME, IndexBusy, IndexFolder
from search.backends.whoosh.mapping import KEY

logger = logging.getLogger("search")

# Segments with fewer documents are merged with what is written next.
SMALL_SEGMENT = 8
# Segments with more documents are left alone as long as there are few: rewriting one would keep a save waiting.
LARGE_SEGMENT = 500
# An index never has more segments after a commit: the smallest are merged until it has not.
MAX_SEGMENTS = 10
# Megabytes of postings a rebuild keeps in memory before it writes some to disk.
REBUILD_MEMORY = 128
# Seconds a rebuild waits for the lock to put its index in place.
REBUILD_LOCK_TIMEOUT = 60.0

# What Whoosh's commit writes before it gives a new table of contents its name; left over only by a crash.
_TOC_DRAFT = re.compile(rf"_{INDEX_NAME}_\d+\.toc\..+")


def write(folder: IndexFolder, changes: Iterable[Change]) -> None:
    """Make changes to an index; nothing is raised, so that no save fails for the sake of the search index.

    If the index stays locked for the folder's timeout, or cannot be written, the changes are put by and logged, and
    made by whoever writes next: the process that has the lock looks for such changes once more after it let go.
    """
    changes = list(changes)
    try:
        with folder.locked("write"):
            _write_all(folder, changes)
    except IndexBusy:
        logger.exception("%d changes to the search index wait for the process that has it locked.", len(changes))
        _put_by(folder, changes)
    except Exception:
        logger.exception("%d changes could not be written to the search index in %s.", len(changes), folder.path)
        _put_by(folder, changes)
        return
    _write_waiting(folder)


def _put_by(folder: IndexFolder, changes: list[Change]) -> None:
    try:
        folder.waiting.put(changes)
    except OSError:
        logger.exception("%d changes to the search index are lost; run update_index: %s", len(changes), changes)


def _write_waiting(folder: IndexFolder) -> None:
    """Make the changes others had to leave, unless somebody else is at it."""
    try:
        while folder.waiting.batches():
            with folder.locked("write", timeout=0):
                _write_all(folder, [])
    except IndexBusy:
        return
    except Exception:
        logger.exception("Changes that wait could not be written to the search index in %s.", folder.path)


def _write_all(folder: IndexFolder, changes: list[Change]) -> None:
    """Make the changes that wait and these; the write lock is held."""
    batches = folder.waiting.batches()
    changes = [*folder.waiting.read(batches), *changes]
    if changes:
        if _is_being_rebuilt(folder):
            folder.rebuilding.put(changes)
        state = folder.state()
        if state is None:
            name = folder.new()
            _apply(folder, name, changes)
            folder.point_to(name, complete=False)
        else:
            _apply(folder, state.folder, changes)
    folder.waiting.remove(batches)


def _apply(folder: IndexFolder, name: str, changes: list[Change]) -> None:
    """Make changes to the index in a folder, in one commit."""
    index = folder.open(name)
    for file in index.storage.list():
        if _TOC_DRAFT.fullmatch(file):
            index.storage.delete_file(file)
    writer = index.writer(timeout=folder.lock_timeout)
    try:
        searcher = writer.searcher()
        for key, document in documents(changes, folder.catalogue):
            writer.delete_by_term(KEY, key, searcher=searcher)
            if document is not None:
                writer.add_document(**document)
        writer.commit(mergetype=merge)
    except BaseException:
        # It may be closed already; what matters is that it lets go of its lock.
        with suppress(Exception):
            writer.cancel()
        raise


def merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge small segments into the one that is being written, and return those that stay.

    A segment is merged if it is small, or no larger than all smaller ones together; so sizes at least double from one
    segment to the next, and a document is rewritten some log2(n) times while n documents are written. Large ones stay,
    unless there are more than `MAX_SEGMENTS`.
    """
    by_size = sorted((segment for segment in segments if segment.doc_count()), key=lambda segment: segment.doc_count())
    total, merged = 1, 0
    for segment in by_size:
        size = segment.doc_count()
        if size > max(SMALL_SEGMENT, total) or size > LARGE_SEGMENT:
            break
        total += size
        merged += 1
    # One more place is for the segment being written.
    merged = max(merged, len(by_size) + 1 - MAX_SEGMENTS)
    for segment in by_size[:merged]:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return by_size[merged:]


def reset(folder: IndexFolder) -> None:
    """Put an empty index in the place of the one that is searched."""
    with folder.locked("write"):
        batches = folder.waiting.batches()
        state = folder.state()
        folder.point_to(folder.new(), complete=False)
        folder.waiting.remove(batches)
        if state:
            shutil.rmtree(folder.path / state.folder, ignore_errors=True)


def _is_being_rebuilt(folder: IndexFolder) -> bool:
    if not folder.rebuilding.path.is_dir():
        return False
    try:
        with folder.locked("rebuild", timeout=0):
            # A rebuild that was broken off: what it left would only grow.
            shutil.rmtree(folder.rebuilding.path, ignore_errors=True)
            return False
    except IndexBusy:
        return True


class Rebuild:
    """A new index, built beside the one that is searched and then put in its place; raises if something goes wrong."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self._held = ExitStack()
        self._name = ""
        self._writer: Any = None
        self._keys: set[str] = set()
        self._again: list[Change] = []

    def start(self) -> None:
        """Begin; raise IndexBusy if another rebuild is under way."""
        with ExitStack() as held:
            held.enter_context(self._folder.locked("rebuild"))
            with self._folder.locked("write", REBUILD_LOCK_TIMEOUT):
                shutil.rmtree(self._folder.rebuilding.path, ignore_errors=True)
                self._folder.rebuilding.path.mkdir()
                self._sweep()
            self._name = self._folder.new()
            self._writer = self._folder.open(self._name).writer(limitmb=REBUILD_MEMORY)
            self._held = held.pop_all()

    def add(self, model: type[Model], objects: Iterable[Any]) -> None:
        """Add objects of a model; one whose document cannot be made is logged and left out."""
        mapping = self._folder.catalogue.mapping(model)
        for obj in objects:
            try:
                document = mapping.document(obj)
            except Exception:
                logger.exception("No search document could be made of %s %s.", name_of(obj), obj.pk)
                continue
            if document[KEY] in self._keys:
                # The row of a parent, and now that of its subclass; Whoosh replaces only what is committed.
                self._again.append(Change.of(obj))
                continue
            self._keys.add(document[KEY])
            self._writer.add_document(**document)

    def finish(self) -> None:
        """Put the new index in place, with the changes made in the meantime, and remove the old one."""
        folder = self._folder
        with self._held:
            self._writer.commit(merge=False)
            with folder.locked("write", REBUILD_LOCK_TIMEOUT):
                waiting, missed = folder.waiting.batches(), folder.rebuilding.batches()
                changes = [*self._again, *folder.rebuilding.read(missed), *folder.waiting.read(waiting)]
                if changes:
                    _apply(folder, self._name, changes)
                folder.point_to(self._name, complete=True)
                folder.waiting.remove(waiting)
                shutil.rmtree(folder.rebuilding.path, ignore_errors=True)
                self._sweep()
        _write_waiting(folder)

    def _sweep(self) -> None:
        try:
            self._folder.sweep()
        except Exception:
            # What cannot be read is what is to be replaced.
            logger.warning("The search index in %s is damaged and is replaced.", self._folder.path, exc_info=True)
