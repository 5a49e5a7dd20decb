"""From the filters of a Django queryset to conditions on the documents of the index."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Subquery
from django.db.models.expressions import Col
from django.db.models.functions.datetime import ExtractYear
from django.db.models.lookups import Lookup
from django.db.models.sql import Query
from django.db.models.sql.constants import MULTI
from django.db.models.sql.where import AND, OR, NothingNode, WhereNode
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.index import RelatedFields

from search.backends.whoosh import conditions
from search.backends.whoosh.conditions import Condition
from search.backends.whoosh.mapping import PK, ModelMapping
from search.backends.whoosh.values import Scalar, as_list, to_stored

# A subquery that returns more is left to the database, which then looks at the documents that were found.
MAX_SUBQUERY_ROWS = 10_000


class FilterCompiler(BaseSearchQueryCompiler):
    """Turns the filters of the searched queryset into one condition."""

    mapping: ModelMapping
    fields: list[str] | None

    def filters(self) -> Condition:
        """Return what the queryset's filters ask of a document, its model aside."""
        condition: Condition | None = self._get_filters_from_queryset()
        return condition or conditions.ANYTHING

    def _get_filters_from_where_node(self, where_node: Any, check_only: bool = False) -> Condition | None:
        if isinstance(where_node, NothingNode | WhereNode):
            result: Condition | None = super()._get_filters_from_where_node(where_node, check_only)
            return result
        if not _is_plain(where_node):
            # Functions, comparisons of two columns, Exists() and their like: fields are checked by the database.
            return None if check_only else conditions.UNKNOWN
        if _column(where_node).target.attname.endswith("_ptr_id"):
            return None if check_only else self._pointer(where_node)
        result = super()._get_filters_from_where_node(where_node, check_only)
        return result

    def _pointer(self, lookup: Any) -> Condition:
        """Return the condition on the primary key of a subclass, which points to the row of its parent."""
        column = _column(lookup)
        if column.alias != self.queryset.query.get_initial_alias() or lookup.lookup_name not in ("exact", "in"):
            return conditions.UNKNOWN
        wanted = self._wanted(lookup.lookup_name, lookup.rhs, "BigAutoField")
        return conditions.UNKNOWN if wanted is None else conditions.equal(PK, wanted)

    def _process_match_none(self) -> Condition:
        return conditions.NOTHING

    def _connect_filters(self, filters: list[Condition], connector: str, negated: bool) -> Condition | None:
        if not filters:
            return None
        if connector == AND:
            joined = conditions.all_of(filters)
        elif connector == OR:
            joined = conditions.any_of(filters)
        else:
            joined = conditions.UNKNOWN
        return conditions.negated(joined) if negated else joined

    def _process_lookup(self, field_path: list[Any], lookup: str, value: Any) -> Condition:
        name = self.mapping.filter_name(field_path)
        field_type = next(entry.field_type for entry in self.mapping.filters if entry.name == name)
        condition = self._condition_for(name, field_type, lookup, value)
        if any(isinstance(field, RelatedFields) for field in field_path):
            # Two conditions on a relation must be met by the same row of it, which only the database knows.
            return Condition(condition.documents, exact=False)
        return condition

    def _condition_for(self, name: str, field_type: str, lookup: str, value: Any) -> Condition:
        if lookup == "isnull":
            present = conditions.present(name)
            return conditions.negated(present) if value else present
        if lookup in ("exact", "in"):
            wanted = self._wanted(lookup, value, field_type)
            return conditions.UNKNOWN if wanted is None else conditions.equal(name, wanted)
        if isinstance(value, Query | Subquery):
            return conditions.UNKNOWN
        if lookup == "startswith":
            return conditions.beginning(name, str(value))
        if lookup == "range":
            low, high = (_stored(bound, field_type) for bound in value)
            return conditions.between(name, low, high)
        if lookup in ("gt", "gte"):
            return conditions.between(name, _stored(value, field_type), None, with_low=lookup == "gte")
        if lookup in ("lt", "lte"):
            return conditions.between(name, None, _stored(value, field_type), with_high=lookup == "lte")
        return conditions.UNKNOWN

    def _wanted(self, lookup: str, value: Any, field_type: str) -> list[Scalar] | None:
        """Return the values that `exact` or `in` asks for, those of a subquery fetched; None for too many."""
        if isinstance(value, Query | Subquery):
            return self._rows(value, field_type)
        wanted = list(value) if lookup == "in" else [value]
        if any(hasattr(item, "resolve_expression") for item in wanted):
            return None
        return as_list(to_stored(wanted, field_type))

    def _rows(self, subquery: Any, field_type: str) -> list[Scalar] | None:
        query = subquery.query if isinstance(subquery, Subquery) else subquery
        alias = self.queryset._db or DEFAULT_DB_ALIAS
        found: list[Scalar] = []
        for chunk in query.get_compiler(alias).execute_sql(result_type=MULTI):
            found.extend(as_list(to_stored([row[0] for row in chunk], field_type)))
            if len(found) > MAX_SUBQUERY_ROWS:
                return None
        return found


def _stored(value: Any, field_type: str) -> Scalar | None:
    stored = to_stored(value, field_type)
    return None if isinstance(stored, list) else stored


def _column(lookup: Any) -> Any:
    return lookup.lhs.lhs if isinstance(lookup.lhs, ExtractYear) else lookup.lhs


def _is_plain(node: Any) -> bool:
    """Return whether a node compares a column, or the year in it, with values or a subquery."""
    if not isinstance(node, Lookup) or not isinstance(_column(node), Col):
        return False
    return isinstance(node.rhs, Query | Subquery) or not hasattr(node.rhs, "resolve_expression")
