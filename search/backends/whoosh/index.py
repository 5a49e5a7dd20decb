"""The index as django-modelsearch sees it: what is added and deleted, and the new one that update_index builds."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from modelsearch.backends.base import BaseIndex
from modelsearch.index import class_is_indexed

from search.backends.whoosh import transactions, writing
from search.backends.whoosh.changes import Change
from search.backends.whoosh.folder import IndexFolder


class WhooshIndex(BaseIndex):
    """The one index of all models. Within a transaction it is written to when that is committed, or at `refresh()`."""

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self.folder: IndexFolder = backend.folder

    def get_key(self) -> str:
        """Return what tells this index from others."""
        return str(self.folder.path)

    def __str__(self) -> str:
        return self.get_key()

    def refresh(self) -> None:
        """Write what waits for the transaction to be committed; within one, for tests and scripts that search there."""
        transactions.flush(self.folder)

    def reset(self) -> None:
        """Delete everything from the index."""
        writing.reset(self.folder)

    def add_items(self, model: type[Model], items: Iterable[Any]) -> None:
        """Add or replace objects of a model."""
        if class_is_indexed(model):
            transactions.enqueue(self.folder, [Change.of(item) for item in items])

    def delete_item(self, item: Any) -> None:
        """Delete an object from the index."""
        if class_is_indexed(type(item)):
            transactions.enqueue(self.folder, [Change.of(item, gone=True)])


class NewIndex(WhooshIndex):
    """The index that a rebuild fills; it is written to at once."""

    def __init__(self, backend: Any, rebuild: writing.Rebuild) -> None:
        super().__init__(backend)
        self._rebuild = rebuild

    def add_items(self, model: type[Model], items: Iterable[Any]) -> None:
        """Add objects of a model."""
        if class_is_indexed(model):
            self._rebuild.add(model, items)


class WhooshRebuilder:
    """Builds the index anew while the old one is searched and written to, and then puts it in its place."""

    def __init__(self, index: WhooshIndex) -> None:
        self._index = index
        self._rebuild = writing.Rebuild(index.folder)

    def start(self) -> NewIndex:
        """Begin, and return the index to fill."""
        self._rebuild.start()
        return NewIndex(self._index.backend, self._rebuild)

    def finish(self) -> None:
        """Put the new index in place."""
        self._rebuild.finish()
