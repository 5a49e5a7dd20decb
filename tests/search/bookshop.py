"""What a process of the tests can do with the bookshop: `python -m tests.search.bookshop stock|add|find|…`."""

import json
import os
import signal
import sys
import time
from datetime import date
from typing import Any

import django

TITLES = [
    "Amber gardens",
    "Bronze bridges",
    "Copper kettles",
    "Delicate clocks",
    "Emerald islands",
    "Fading letters",
    "Golden hours",
    "Hidden harbors",
]


def say(what: Any) -> None:
    """Tell the test something."""
    print(json.dumps(what), flush=True)  # noqa: T201


def stock() -> None:
    """Make the database and the index."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for title in TITLES:
        add(title)
    rebuild()


def rebuild() -> None:
    """Build the index anew."""
    from django.core.management import call_command

    call_command("rebuild_modelsearch_index", verbosity=0)
    say("rebuilt")


def add(title: str) -> None:
    """Save a book; the index is written to by the same signal as when an editor saves."""
    from modelsearch.test.testapp.models import Book

    Book.objects.create(title=title, publication_date=date(2020, 1, 1), number_of_pages=100)


def found(words: str) -> list[str]:
    """Return the titles of the books that are found."""
    from modelsearch.backends import get_search_backend
    from modelsearch.test.testapp.models import Book

    return [book.title for book in get_search_backend().search(words, Book)]


def add_all(*titles: str) -> None:
    """Save books one after the other."""
    for title in titles:
        add(title)
    say("added")


def find_each(*words: str) -> None:
    """Say what is found for each of several words."""
    say([found(word) for word in words])


def watch(words: str) -> None:
    """Search until something is found and then until it is no longer, and say when, as seconds of the epoch."""
    found(words)
    say("watching")
    while not found(words):
        time.sleep(0.01)
    say(time.time())
    while found(words):
        time.sleep(0.01)
    say(time.time())


def publish_and_remove(title: str) -> None:
    """Save a book, and delete it once told to; say when each was done."""
    from modelsearch.test.testapp.models import Book

    add(title)
    say(time.time())
    sys.stdin.readline()
    Book.objects.get(title=title).delete()
    say(time.time())


def hold() -> None:
    """Keep the index locked until told to let go."""
    from modelsearch.backends import get_search_backend

    with get_search_backend().folder.locked("write"):
        say("locked")
        sys.stdin.readline()


def die_at(moment: str, title: str) -> None:
    """Save a book, and be killed at a moment of writing it to the index."""
    from whoosh import index, writing
    from whoosh.filedb.filestore import FileStorage

    def die(*args: Any, **kwargs: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    moments = {
        "before the segment": (writing.SegmentWriter, "_flush_segment"),
        "after the segment": (index.TOC, "write"),
        "before the rename": (FileStorage, "rename_file"),
        "before the cleaning": (index, "clean_files"),
    }
    owner, name = moments[moment]
    setattr(owner, name, die)
    add(title)


def rebuild_slowly() -> None:
    """Build the index anew, and wait for a line before putting it in place."""
    from django.core.management import call_command

    from search.backends.whoosh.index import WhooshRebuilder

    finish = WhooshRebuilder.finish

    def wait_and_finish(self: WhooshRebuilder) -> None:
        say("built")
        sys.stdin.readline()
        finish(self)

    WhooshRebuilder.finish = wait_and_finish
    call_command("rebuild_modelsearch_index", verbosity=0)
    say("rebuilt")


COMMANDS = {
    "stock": stock,
    "rebuild": rebuild,
    "add": add_all,
    "find": find_each,
    "watch": watch,
    "publish-and-remove": publish_and_remove,
    "hold": hold,
    "die-at": die_at,
    "rebuild-slowly": rebuild_slowly,
}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.search.modelsearch_settings"
    django.setup()
    COMMANDS[sys.argv[1]](*sys.argv[2:])
