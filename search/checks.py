"""System check: is there an index to search, can it be read, and was it made for the fields the models have now?

All are warnings. An error would keep `update_index` from running, which is what puts them right.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError, connection
from modelsearch.backends import get_search_backends_with_name
from modelsearch.index import get_indexed_models

from search.backends.whoosh import WhooshSearchBackend
from search.backends.whoosh.folder import IndexUnavailable
from search.backends.whoosh.mapping import LAYOUT

_HINT = "Run `manage.py update_index`. Until then searches find nothing."
_PARTLY = "Run `manage.py update_index`. Until then searches find only part of what there is."


def check_search_indexes(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning for each Whoosh index that wants building; none without a database that has its tables."""
    messages: list[CheckMessage] = []
    for name, backend in get_search_backends_with_name():
        if isinstance(backend, WhooshSearchBackend):
            messages.extend(_check(name, backend))
    return messages if messages and _has_tables() else []


def _check(name: str, backend: WhooshSearchBackend) -> list[CheckMessage]:
    folder = backend.folder
    try:
        state = folder.state()
        if state is None:
            return [
                Warning(f"The search backend {name!r} has no index in {folder.path}.", hint=_HINT, id="search.W001")
            ]
        with backend.readers.reading():
            pass
    except IndexUnavailable as error:
        return [
            Warning(f"The index of the search backend {name!r} cannot be read: {error}", hint=_HINT, id="search.W002")
        ]
    if not state.complete:
        message = f"The index of the search backend {name!r} has only what was saved since it was begun."
        return [Warning(message, hint=_PARTLY, id="search.W003")]
    if state.layout != LAYOUT or state.signatures != folder.catalogue.signatures:
        message = f"The index of the search backend {name!r} was made for other fields than the models have now."
        return [Warning(message, hint=_PARTLY, id="search.W004")]
    if folder.waiting.batches():
        message = f"Changes wait to be written to the index of the search backend {name!r}; the log says why."
        return [Warning(message, hint="The next save writes them, and so does update_index.", id="search.W005")]
    return []


def _has_tables() -> bool:
    """Return whether the database is there and set up; before that there is nothing an index could hold."""
    tables = {model._meta.db_table for model in get_indexed_models()}
    try:
        return not tables.isdisjoint(connection.introspection.table_names())
    except DatabaseError:
        return False
