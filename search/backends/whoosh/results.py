"""Running a search: which documents are found, in which order, and the objects of the database they stand for."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connections
from modelsearch.backends.base import BaseSearchResults, FilterFieldError

from search.backends.whoosh import values
from search.backends.whoosh.compiler import SearchQueryCompiler
from search.backends.whoosh.folder import IndexUnavailable
from search.backends.whoosh.mapping import PK
from search.backends.whoosh.nodes import Everything
from search.backends.whoosh.snapshot import Snapshot

# Objects fetched from the database with one query.
CHUNK = 200

Found = TypeVar("Found")


@dataclass(frozen=True)
class Hit:
    """A document that was found: its score, and the values it is filtered and sorted by."""

    score: float
    row: dict[str, Any]

    @property
    def pk(self) -> Any:
        """The primary key of the object the document stands for."""
        return self.row[PK]


class WhooshSearchResults(BaseSearchResults):
    """Behaves like a queryset; searches when it is looked into."""

    supports_facet = True
    query_compiler: SearchQueryCompiler

    def _do_search(self) -> Iterator[Any]:
        compiler = self.query_compiler
        if not compiler.order_by_relevance and compiler.order is None:
            yield from self._in_database_order()
        elif compiler.condition.exact:
            yield from self._objects(self._hits(self.stop)[self.start :])
        else:
            # The database throws out some of the hits, so only then is it known which come first.
            for number, obj in enumerate(self._objects(self._hits(None))):
                if self.stop is not None and number >= self.stop:
                    break
                if number >= self.start:
                    yield obj

    def _do_count(self) -> int:
        if self.query_compiler.condition.exact:
            count = self._search(lambda snapshot: len(self._matches(snapshot)), 0)
        else:
            count = len(self._verified(self._hits(None, sort=False)))
        stop: int = count if self.stop is None else min(count, self.stop)
        start: int = self.start
        return max(stop - start, 0)

    def facet(self, field_name: str) -> "OrderedDict[Any, int]":
        """Return how many of the results have each value of a filter field, most frequent first; None for no value."""
        compiler = self.query_compiler
        field = compiler._get_filterable_field(field_name)
        if field is None:
            model = compiler.queryset.model.__name__
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". '
                f'Please add index.FilterField("{field_name}") to {model}.search_fields.',
                field_name=field_name,
            )
        name = compiler.mapping.filter_name([field])
        field_type = field.get_type(compiler.queryset.model)
        hits = self._hits(None, sort=False)
        if not compiler.condition.exact:
            hits = self._verified(hits)
        counter = Counter[Any]()
        for hit in hits:
            having: list[Any] = [*values.as_list(hit.row.get(name))] or [None]
            counter.update(having)
        return OrderedDict((values.from_stored(value, field_type), count) for value, count in counter.most_common())

    # The index

    def _hits(self, limit: int | None, *, sort: bool = True) -> list[Hit]:
        """Return the hits up to a limit, in order if that matters."""
        compiler = self.query_compiler
        order = None if compiler.order_by_relevance else compiler.order

        def find(snapshot: Snapshot) -> list[Hit]:
            found = self._matches(snapshot)
            if order is None and sort:
                # The same score: the order of the index, so that pages of results do not overlap.
                found = sorted(found) if limit is None else nsmallest(limit, found)
            hits = [Hit(-score, snapshot.views[number].segment.rows[document]) for score, number, document in found]
            if order is not None and sort:
                self._sort(hits, order)
            return hits[:limit]

        return [] if limit == 0 else self._search(find, [])

    def _search(self, find: Callable[[Snapshot], Found], nothing: Found) -> Found:
        """Return what a function finds in the index; nothing, with a line in the log, if it cannot be searched."""
        readers = self.backend.readers
        try:
            with readers.reading() as snapshot:
                return find(snapshot)
        except IndexUnavailable as error:
            readers.complain(error)
        except Exception as error:
            # Damage that shows only where it is read.
            readers.complain(error)
            readers.forget()
        return nothing

    def _matches(self, snapshot: Snapshot) -> list[tuple[float, int, int]]:
        """Return the negated score, the segment and the number in it of each document that is found."""
        node, condition = self.query_compiler.node, self.query_compiler.condition
        found: list[tuple[float, int, int]] = []
        for number, view in enumerate(snapshot.views):
            allowed = condition.documents(view) & view.live
            if isinstance(node, Everything):
                found.extend((-node.score, number, document) for document in allowed)
            elif allowed:
                scores = node.find(snapshot, number)
                found.extend((-score, number, document) for document, score in scores.items() if document in allowed)
        return found

    def _sort(self, hits: list[Hit], order: list[tuple[str, bool]]) -> None:
        nulls_first = connections[self.query_compiler.queryset.db].features.order_by_nulls_first
        for name, reverse in reversed(order or [(PK, True)]):
            keyed = [(_sort_key(hit.row.get(name), nulls_first), hit) for hit in hits]
            keyed.sort(key=itemgetter(0), reverse=reverse)
            hits[:] = [hit for _, hit in keyed]

    # The database

    def _objects(self, hits: list[Hit]) -> Iterator[Any]:
        """Yield the objects of hits in their order; those the database no longer has, or filters out, are left out."""
        queryset = self.query_compiler.queryset
        for start in range(0, len(hits), CHUNK):
            chunk = hits[start : start + CHUNK]
            found = {str(obj.pk): obj for obj in queryset.filter(pk__in=[hit.pk for hit in chunk])}
            for hit in chunk:
                obj = found.get(str(hit.pk))
                if obj is not None:
                    yield self._annotated(obj, hit.score)

    def _in_database_order(self) -> Iterator[Any]:
        """Yield the objects of all hits in the order only the database can make."""
        queryset = self.query_compiler.queryset
        hits = {str(hit.pk): hit for hit in self._hits(None)}
        most = connections[queryset.db].features.max_query_params
        if most is None or len(hits) < most // 2:
            chosen = queryset.filter(pk__in=[hit.pk for hit in hits.values()])[self.start : self.stop]
            for obj in chosen:
                yield self._annotated(obj, hits[str(obj.pk)].score)
            return
        ordered = [pk for pk in queryset.values_list("pk", flat=True) if str(pk) in hits]
        yield from self._objects([hits[str(pk)] for pk in ordered[self.start : self.stop]])

    def _verified(self, hits: list[Hit]) -> list[Hit]:
        """Return the hits whose objects the database lets through."""
        queryset = self.query_compiler.queryset
        verified: list[Hit] = []
        for start in range(0, len(hits), CHUNK):
            chunk = hits[start : start + CHUNK]
            pks = queryset.order_by().filter(pk__in=[hit.pk for hit in chunk]).values_list("pk", flat=True)
            known = {str(pk) for pk in pks}
            verified.extend(hit for hit in chunk if str(hit.pk) in known)
        return verified

    def _annotated(self, obj: Any, score: float) -> Any:
        if self._score_field:
            setattr(obj, self._score_field, score)
        return obj


def _sort_key(value: Any, nulls_first: bool) -> tuple[bool, bool, Any]:
    """Return what a value is sorted by, several by their first: as the database sorts it, nulls included."""
    first = next(iter(values.as_list(value)), None)
    if first is None:
        return not nulls_first, False, 0
    return nulls_first, isinstance(first, str), first
