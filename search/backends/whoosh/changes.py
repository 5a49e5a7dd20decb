"""Changes to be made to an index: which objects are to be read anew, or are gone. They name objects and hold none."""

import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from modelsearch.index import class_is_indexed

from search.backends.whoosh.mapping import Catalogue, document_key, label

logger = logging.getLogger("search")

# Objects fetched with one query.
CHUNK = 500


@dataclass(frozen=True)
class Change:
    """An object whose document is to be written anew from the database, or removed."""

    model: str
    pk: str
    gone: bool = False
    database: str = DEFAULT_DB_ALIAS

    @classmethod
    def of(cls, obj: Model, *, gone: bool = False) -> "Change":
        """Return the change of an object."""
        return cls(label(type(obj)), str(obj.pk), gone, obj._state.db or DEFAULT_DB_ALIAS)

    @property
    def key(self) -> str:
        """The key of the object's document."""
        return document_key(apps.get_model(self.model), self.pk)


class Spool:
    """A folder of changes that wait, one file for each batch; put in and taken out by any process, without a lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, changes: Iterable[Change]) -> None:
        """Add changes; a batch is there whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}-{uuid4().hex}"
        draft = self.path / f"{name}.draft"
        draft.write_text(json.dumps([asdict(change) for change in changes]), encoding="utf-8")
        draft.rename(self.path / f"{name}.json")

    def batches(self) -> list[Path]:
        """Return the files of the batches that wait, oldest first."""
        return sorted(self.path.glob("*.json"))

    def read(self, batches: Iterable[Path]) -> list[Change]:
        """Return the changes of some batches; a damaged one is logged and passed over."""
        changes: list[Change] = []
        for batch in batches:
            try:
                changes.extend(Change(**change) for change in json.loads(batch.read_text("utf-8")))
            except (OSError, ValueError, TypeError):
                logger.exception("Changes to the search index were lost with %s; run update_index.", batch)
        return changes

    def remove(self, batches: Iterable[Path]) -> None:
        """Remove batches that were dealt with."""
        for batch in batches:
            batch.unlink(missing_ok=True)


def last_of_each(changes: Iterable[Change]) -> dict[str, Change]:
    """Return the last change of each document by its key; changes of models that are gone are left out."""
    last: dict[str, Change] = {}
    for change in changes:
        try:
            last[change.key] = change
        except LookupError:
            logger.warning(
                "There is no model %s any more; its change to the search index is passed over.", change.model
            )
    return last


def documents(changes: Iterable[Change], catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield the key and the document of each change, None for one that is to be removed.

    What is read is what the database says now, with all relations of a saved object, so that the order in which
    several processes get to write does not matter. An object that its model no longer counts among
    `get_indexed_objects()` is to be removed. One whose document cannot be made is logged and left as it is.
    """
    wanted: dict[tuple[str, str], dict[str, Change]] = {}
    for key, change in last_of_each(changes).items():
        if change.gone:
            yield key, None
        else:
            wanted.setdefault((change.model, change.database), {})[key] = change
    for (name, database), by_key in wanted.items():
        model = apps.get_model(name)
        keys = list(by_key)
        for start in range(0, len(keys), CHUNK):
            yield from _documents(
                model, database, {key: by_key[key].pk for key in keys[start : start + CHUNK]}, catalogue
            )


def _documents(
    model: Any, database: str, pks: dict[str, str], catalogue: Catalogue
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    missing = set(pks)
    if class_is_indexed(model):
        mapping = catalogue.mapping(model)
        for obj in model.get_indexed_objects().using(database).filter(pk__in=pks.values()):
            key = document_key(model, obj.pk)
            if key not in missing:
                continue
            missing.discard(key)
            try:
                document = mapping.document(obj)
            except Exception:
                logger.exception("No search document could be made of %s %s.", name_of(obj), obj.pk)
            else:
                yield key, document
    for key in missing:
        yield key, None


def name_of(obj: Model) -> str:
    """Return the name of an object's model, for log lines."""
    return str(obj._meta.label)
