"""Getting ready: what most questions need of a large index is read and added up before it is asked for.

A word that is in thousands of documents takes some ten milliseconds the first time, and a question has a dozen of them.
So a process that has opened a large index goes through the most frequent words once, in a thread beside its work.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from heapq import nlargest
from string import ascii_lowercase
from threading import Lock, Thread
from weakref import WeakSet

from wagtail.search.backends import get_search_backend

from search import stop_words
from search.backends.whoosh import WhooshSearchBackend
from search.backends.whoosh.readers import Readers
from search.backends.whoosh.snapshot import Snapshot
from search.counting import counts, sources
from search.fields import Field, fields
from search.question import parse

# With fewer documents, every question is quick from the first one on.
MANY_DOCUMENTS = 1000
# How many words of each field, the most frequent ones.
WORDS = 200
# Seconds left to others between two words.
PAUSE = 0.001

_begun: WeakSet[Readers] = WeakSet()
_lock = Lock()


def start() -> Thread | None:
    """Open the index and get ready in a thread, for a process that begins to serve; return the thread if begun."""
    backend = get_search_backend()
    if not isinstance(backend, WhooshSearchBackend):
        return None
    return _started(backend.readers, fields(backend.folder.catalogue))


def begin(readers: Readers, snapshot: Snapshot, own_fields: Sequence[Field]) -> Thread | None:
    """Get ready in a thread if that is worth it and was not begun yet; return the thread if it is begun."""
    if readers in _begun or snapshot.size < MANY_DOCUMENTS:
        return None
    return _started(readers, own_fields)


def _started(readers: Readers, own_fields: Sequence[Field]) -> Thread | None:
    with _lock:
        if readers in _begun:
            return None
        _begun.add(readers)
    thread = Thread(target=_run, args=(readers, own_fields), name="search-warming", daemon=True)
    thread.start()
    return thread


def _run(readers: Readers, own_fields: Sequence[Field]) -> None:
    try:
        with readers.reading() as snapshot:
            if snapshot.size >= MANY_DOCUMENTS:
                warm(snapshot, own_fields)
                # The collector would go through a million objects that stay, and keep everyone waiting meanwhile.
                gc.freeze()
    except Exception as error:
        # The next question meets the same, and says so.
        readers.complain(error)


def warm(snapshot: Snapshot, own_fields: Sequence[Field]) -> None:
    """Add up what the most frequent words count, and what may be meant by their first letters."""
    for text, partial in _texts(snapshot, own_fields):
        for word in parse(text, snapshot, own_fields, partial=partial).words:
            for number in range(len(snapshot.views)):
                counts(sources(word, snapshot, own_fields), snapshot, number)
        time.sleep(PAUSE)


def _texts(snapshot: Snapshot, own_fields: Sequence[Field]) -> Iterator[tuple[str, bool]]:
    """Yield single words, the most likely first, and beginnings, each with whether it is one."""
    yield from ((word, False) for word in sorted(stop_words.ALL))
    frequent: dict[str, None] = {}
    for field in own_fields:
        if field.is_question:
            having = {word: snapshot.document_frequency(field.name, word) for word in snapshot.words(field.name)}
            frequent.update(dict.fromkeys(nlargest(WORDS, having, key=having.__getitem__)))
    yield from ((word, False) for word in frequent)
    yield from ((letter, True) for letter in ascii_lowercase)
    yield from ((beginning, True) for beginning in sorted({word[:2] for word in frequent}))
