"""From a query of django-modelsearch to nodes: which words are looked for, in which fields."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import OrderBy
from modelsearch.backends.base import SearchFieldError
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from search.backends.whoosh import analysis, conditions, nodes
from search.backends.whoosh.conditions import Condition
from search.backends.whoosh.filters import FilterCompiler
from search.backends.whoosh.mapping import Catalogue, TextField, label
from search.backends.whoosh.nodes import Node

# Boosts of 0 and below would make a match look like none.
_LOWEST_BOOST = 1e-6

# Letters a word must have for one and for two typing errors to be forgiven.
_ONE_ERROR = 3
_TWO_ERRORS = 6


class SearchQueryCompiler(FilterCompiler):
    """Turns a search over whole words into a node, a condition and an order."""

    DEFAULT_OPERATOR = "or"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def __init__(self, queryset: Any, query: Any, *, catalogue: Catalogue, **options: Any) -> None:
        super().__init__(queryset, query, **options)
        self.catalogue = catalogue
        self.mapping = catalogue.mapping(queryset.model)
        self.text_fields = self._text_fields()

    def _text_fields(self) -> list[TextField]:
        return self.catalogue.texts(self.queryset.model, self.fields)

    @cached_property
    def node(self) -> Node:
        """What is looked for in the texts."""
        return self._compile(self.query, 1.0)

    @cached_property
    def condition(self) -> Condition:
        """What a document must be to count: of the searched model, and let through by the queryset's filters."""
        labels = [label(model) for model in self.catalogue.descendants(self.queryset.model)]
        condition = conditions.all_of([conditions.of_models(labels), self.filters()])
        # A proxy's own manager may leave rows out, which only the database knows.
        exact = condition.exact and not self.queryset.model._meta.proxy
        return Condition(condition.documents, exact=exact)

    @cached_property
    def order(self) -> list[tuple[str, bool]] | None:
        """The names of the filter fields to sort by, each with whether it is reversed.

        Empty if no order is asked for; results are then sorted by primary key, newest first.
        None if the order is for the database to make: by an expression, or the model's own.
        """
        query, meta = self.queryset.query, self.queryset.model._meta
        if any(isinstance(item, OrderBy) for item in query.order_by):
            return None
        if not query.order_by and query.default_ordering and meta.ordering:
            return None
        return [(self.mapping.filter_name([field]), reverse) for reverse, field in self._get_order_by()]

    def _compile(self, query: SearchQuery, boost: float) -> Node:
        if isinstance(query, MatchAll):
            return nodes.Everything(max(boost, _LOWEST_BOOST))
        if isinstance(query, PlainText):
            return self._words(query.query_string, query.operator, boost * query.boost, nodes.Word)
        if isinstance(query, Phrase):
            return self._phrase(query.query_string, boost)
        if isinstance(query, Fuzzy):
            return self._words(query.query_string, query.operator, boost, similar_word)
        if isinstance(query, Boost):
            return self._compile(query.subquery, boost * query.boost)
        if isinstance(query, Not):
            return nodes.Without(self._compile(query.subquery, boost))
        if isinstance(query, And | Or):
            kind = nodes.AllOf if isinstance(query, And) else nodes.AnyOf
            return kind([self._compile(subquery, boost) for subquery in query.subqueries])
        raise NotImplementedError(f"The Whoosh search backend does not support `{type(query).__name__}`.")

    def _words(self, text: str, operator: str, boost: float, make: Callable[[str, str, float], Node]) -> Node:
        """Return the node for any or every word of a text, each in any of the fields."""
        found = [self._word(word, boost, make) for word in analysis.query_words(text)]
        found = [fields for fields in found if fields]
        if operator == "and":
            return nodes.AllOf([nodes.AnyOf(fields) for fields in found])
        return nodes.AnyOf([node for fields in found for node in fields])

    def _word(self, word: str, boost: float, make: Callable[[str, str, float], Node]) -> list[Node]:
        """Return the nodes for one word, one for each field in which its analyzer leaves something of it."""
        known: dict[int, list[str]] = {}
        found = []
        for field in self.text_fields:
            terms = known.get(id(field.analyzer))
            if terms is None:
                terms = known[id(field.analyzer)] = analysis.terms(field.analyzer, word)
            weight = max(boost * field.boost, _LOWEST_BOOST)
            parts = [make(field.name, term, weight) for term in terms]
            if parts:
                found.append(parts[0] if len(parts) == 1 else nodes.AllOf(parts))
        return found

    def _phrase(self, text: str, boost: float) -> Node:
        """Return the node for the words of a text next to each other, in any of the fields."""
        found: list[Node] = []
        words = " ".join(analysis.WORD.findall(analysis.clean(text))[: analysis.MAX_QUERY_WORDS])
        for field in self.text_fields:
            terms = analysis.terms(field.analyzer, words)
            if terms:
                found.append(nodes.Phrase(field.name, tuple(terms), max(boost * field.boost, _LOWEST_BOOST)))
        return nodes.AnyOf(found)


class AutocompleteQueryCompiler(SearchQueryCompiler):
    """Turns a search over beginnings of words into a node; each further word narrows it."""

    DEFAULT_OPERATOR = "and"

    def _text_fields(self) -> list[TextField]:
        return self.catalogue.beginnings(self.queryset.model, self.fields)

    def check(self) -> None:
        """Raise a FieldError for what cannot be searched; autocomplete fields need not be searched as a whole too."""
        fields, self.fields = self.fields, None
        try:
            super().check()
        finally:
            self.fields = fields
        model = self.queryset.model
        known = {field.field_name for field in model.get_search_fields()}
        for name in fields or ():
            if name not in known:
                raise SearchFieldError(
                    f'Cannot autocomplete with field "{name}". '
                    f'Please add index.AutocompleteField("{name}") to {model.__name__}.search_fields.',
                    field_name=name,
                )

    def _phrase(self, text: str, boost: float) -> Node:
        return self._words(text, "and", boost, nodes.Word)

    def _compile(self, query: SearchQuery, boost: float) -> Node:
        if isinstance(query, Fuzzy):
            query = PlainText(query.query_string, operator=query.operator)
        return super()._compile(query, boost)


def similar_word(field: str, term: str, boost: float) -> Node:
    """Return the node for a word with the typing errors its length allows: none below 3 letters, two from 6 on."""
    distance = (len(term) >= _ONE_ERROR) + (len(term) >= _TWO_ERRORS)
    if not distance:
        return nodes.Word(field, term, boost)
    return nodes.SimilarWord(field, term, distance, boost=boost)
