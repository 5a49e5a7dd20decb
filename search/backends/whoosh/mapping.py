"""Which fields a model has in the index, what they are called there, and the document of one object.

A field is called after the model that defines it and its own name (`wagtailcore_page__title`), so that all page types
share the fields of Page, and two models that each have a `title` of their own do not. Behind a `RelatedFields` the
names of the relations come in between (`manuals_answerpage__also_asked_as__text`).
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Manager, Model, QuerySet
from modelsearch.backends.base import get_model_root
from modelsearch.index import AutocompleteField, FilterField, RelatedFields, SearchField, get_indexed_models
from whoosh import fields as whoosh_fields

from search.backends.whoosh import analysis, values

logger = logging.getLogger("search")

# The document's key, by which it is replaced and deleted: the root of its model's inheritance and its primary key.
KEY = "key"
# The column with everything that is filtered, sorted and counted by.
VALUES = "values"
# What the rows of that column say of every document.
MODEL = "model"
PK = "pk"

# Raised by one whenever documents are laid out another way; the system check then asks for a new index.
LAYOUT = 1

_BEGINNINGS_SUFFIX = "__begins"


@dataclass(frozen=True)
class Analysis:
    """How text is analysed: the language of fields that name none, and what makes the analyzers, if not we."""

    language: str | None = "en"
    factory: str | None = None


@dataclass(frozen=True)
class Entry:
    """One field of a model in the index: an entry of `search_fields`, and the relations that lead to it."""

    name: str
    search_field: Any
    relations: tuple[Any, ...] = ()
    field_type: str = "CharField"

    @property
    def boost(self) -> float:
        """How much a match in this field counts, 1.0 unless the field says otherwise."""
        return float(getattr(self.search_field, "boost", None) or 1.0)


@dataclass(frozen=True)
class TextField:
    """A field that is searched, with the boost it has for one model."""

    name: str
    boost: float
    analyzer: Any


def label(model: type[Model]) -> str:
    """Return the name a model's documents bear; proxies have their documents under the model they stand for."""
    concrete: type[Model] = model._meta.concrete_model or model
    return str(concrete._meta.label_lower)


def document_key(model: type[Model], pk: Any) -> str:
    """Return the key of an object's document; a page has the same one as Page and as its own type."""
    return f"{label(get_model_root(model))}:{pk}"


def _owner(search_field: Any, model: type[Model]) -> str:
    """Return the name of the class that defines a field, a mixin's where no model does."""
    owner = search_field.get_definition_model(model) or model
    if hasattr(owner, "_meta"):
        return str(owner._meta.label_lower).replace(".", "_")
    return re.sub(r"\W", "_", f"{owner.__module__}_{owner.__qualname__}").lower()


def _field_type(search_field: Any, model: type[Model]) -> str:
    try:
        return str(search_field.get_type(model))
    except (AttributeError, IndexError):
        # A relation that names no target field of its own, as some tag managers are.
        return "CharField"


def _entries(
    model: type[Model], search_fields: Iterable[Any], prefix: str = "", relations: tuple[Any, ...] = ()
) -> Iterator[Entry]:
    for search_field in search_fields:
        start = prefix or f"{_owner(search_field, model)}__"
        if isinstance(search_field, RelatedFields):
            related_model = search_field.get_field(model).related_model
            deeper = f"{start}{search_field.field_name}__"
            yield from _entries(related_model, search_field.fields, deeper, (*relations, search_field))
            continue
        name = start + search_field.get_attname(model)
        if isinstance(search_field, AutocompleteField):
            name += _BEGINNINGS_SUFFIX
        yield Entry(name, search_field, relations, _field_type(search_field, model))


class ModelMapping:
    """The fields of one model in the index."""

    def __init__(self, model: type[Model], default: Analysis) -> None:
        self.model = model
        self._default = default
        entries = list(_entries(model, model.get_search_fields()))  # type: ignore[attr-defined]
        self.texts = [entry for entry in entries if isinstance(entry.search_field, SearchField)]
        self.beginnings = [entry for entry in entries if isinstance(entry.search_field, AutocompleteField)]
        self.filters = [entry for entry in entries if isinstance(entry.search_field, FilterField)]

    def language(self, entry: Entry) -> str | None:
        """Return the language of a text field: its own (`SearchField("script_es", language="es")`) or the default."""
        language: str | None = entry.search_field.kwargs.get("language", self._default.language)
        return language

    def analyzer(self, entry: Entry) -> Any:
        """Return the analyzer of a text or autocomplete field."""
        if isinstance(entry.search_field, AutocompleteField):
            return analysis.analyzer_for_beginnings()
        return analysis.analyzer_for(self.language(entry), self._default.factory)

    def filter_name(self, path: list[Any]) -> str:
        """Return the name of a filter field, given the relations that lead to it and the field itself."""
        return next(e.name for e in self.filters if [*e.relations, e.search_field] == path)

    def document(self, obj: Model) -> dict[str, Any]:
        """Return what Whoosh is to write for an object: its key, its texts and the row of its values."""
        related: dict[tuple[str, ...], list[Any]] = {}
        document: dict[str, Any] = {KEY: document_key(self.model, obj.pk)}
        for entry in [*self.texts, *self.beginnings]:
            parts = [
                part
                for source in _sources(obj, entry.relations, related)
                for part in _text_parts(entry.search_field.get_value(source))
            ]
            if parts:
                document[entry.name] = analysis.join_parts(parts)
        row: dict[str, Any] = {
            MODEL: label(self.model),
            PK: obj.pk if isinstance(obj.pk, int) else str(obj.pk),
        }
        for entry in self.filters:
            row[entry.name] = self._filter_value(entry, obj, related)
        document[VALUES] = values.dump_row(row)
        return document

    @staticmethod
    def _filter_value(entry: Entry, obj: Model, related: dict[tuple[str, ...], list[Any]]) -> values.Stored:
        found = [
            values.to_stored(entry.search_field.get_value(source), entry.field_type)
            for source in _sources(obj, entry.relations, related)
        ]
        if not entry.relations:
            return found[0]
        return [item for stored in found for item in values.as_list(stored)]


def _sources(obj: Model, relations: tuple[Any, ...], known: dict[tuple[str, ...], list[Any]]) -> list[Any]:
    """Return the objects that relations lead to from one object; `known` spares fetching them twice."""
    if not relations:
        return [obj]
    path = tuple(relation.field_name for relation in relations)
    if path not in known:
        found: list[Any] = []
        for source in _sources(obj, relations[:-1], known):
            value = relations[-1].get_value(source)
            if isinstance(value, Manager | QuerySet):
                found.extend(value.all())
            elif value is not None:
                found.append(value)
        known[path] = found
    return known[path]


def _text_parts(value: Any) -> list[str]:
    """Return the texts of a value, which may be nested lists of anything."""
    if value is None:
        return []
    if isinstance(value, Manager | QuerySet):
        value = value.all()
    elif isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        text = str(value)
        return [text] if text else []
    return [part for item in value for part in _text_parts(item)]


class Catalogue:
    """The fields of all indexed models together, for one way of analysing text."""

    def __init__(self, default: Analysis) -> None:
        self._mappings = {model: ModelMapping(model, default) for model in get_indexed_models()}
        self._default = default

    def mapping(self, model: type[Model]) -> ModelMapping:
        """Return the mapping of a model; one that is not indexed itself (a proxy) has one all the same."""
        return self._mappings.get(model) or ModelMapping(model, self._default)

    def descendants(self, model: type[Model]) -> list[type[Model]]:
        """Return the indexed models whose documents a search over a model finds, itself first."""
        concrete: type[Model] = model._meta.concrete_model or model
        found = [other for other in self._mappings if issubclass(other, concrete)]
        return sorted(found, key=lambda other: other is not concrete)

    def texts(self, model: type[Model], names: Iterable[str] | None = None) -> list[TextField]:
        """Return the text fields to search for a model: those named, or its own, its relations' and its subclasses'."""
        return self._fields(model, names, "texts")

    def beginnings(self, model: type[Model], names: Iterable[str] | None = None) -> list[TextField]:
        """Return the autocomplete fields to search for a model, as `texts` does."""
        return self._fields(model, names, "beginnings")

    def _fields(self, model: type[Model], names: Iterable[str] | None, kind: str) -> list[TextField]:
        if names is not None:
            wanted = set(names)
            mapping = self.mapping(model)
            own = [e for e in getattr(mapping, kind) if not e.relations and e.search_field.field_name in wanted]
            return [TextField(entry.name, entry.boost, mapping.analyzer(entry)) for entry in own]
        found: dict[str, TextField] = {}
        for other in self.descendants(model):
            mapping = self.mapping(other)
            for entry in getattr(mapping, kind):
                known = found.get(entry.name)
                # The searched model's own boost counts; where it has no such field, the highest of its subclasses'.
                if known is None or (
                    other is not model and known.boost < entry.boost and not self._is_own(model, entry)
                ):
                    found[entry.name] = TextField(entry.name, entry.boost, mapping.analyzer(entry))
        return list(found.values())

    def _is_own(self, model: type[Model], entry: Entry) -> bool:
        mapping = self.mapping(model)
        return any(own.name == entry.name for own in [*mapping.texts, *mapping.beginnings])

    @cached_property
    def signatures(self) -> dict[str, str]:
        """What each searched field is, by name; an index made for others wants building anew."""
        signatures = {}
        for mapping in self._mappings.values():
            for entry in mapping.texts:
                signatures[entry.name] = f"text {mapping.language(entry)} {self._default.factory or 'standard'}"
            for entry in mapping.beginnings:
                signatures[entry.name] = "beginnings"
        return signatures

    @cached_property
    def owners(self) -> dict[str, frozenset[str]]:
        """The labels of the models that have each searched field, by the field's name."""
        owners: dict[str, set[str]] = {}
        for model, mapping in self._mappings.items():
            for entry in [*mapping.texts, *mapping.beginnings]:
                owners.setdefault(entry.name, set()).add(label(model))
        return {name: frozenset(labels) for name, labels in owners.items()}

    @cached_property
    def like(self) -> dict[str, str]:
        """The fields that count as another one does, `SearchField("short", like="manuals.AnswerPage.short_answer")`.

        Each by its name, with the name of that other. Their words are as rare as that one's, and their texts as long.
        """
        found = {}
        for mapping in self._mappings.values():
            for entry in mapping.texts:
                other = entry.search_field.kwargs.get("like")
                if other:
                    model, _, name = other.rpartition(".")
                    texts = self.mapping(apps.get_model(model)).texts
                    found[entry.name] = next(e.name for e in texts if e.search_field.field_name == name)
        return found

    @cached_property
    def apart(self) -> frozenset[str]:
        """The labels of the models all of whose fields count as others do; they do not make a word rarer or less so."""
        return frozenset().union(*(self.owners[name] for name in self.like))

    def schema(self) -> Any:
        """Return a new Whoosh schema with every field of every indexed model."""
        schema = whoosh_fields.Schema()
        schema.add(KEY, whoosh_fields.ID(unique=True))
        schema.add(VALUES, whoosh_fields.COLUMN())
        for mapping in self._mappings.values():
            for entry in mapping.texts:
                if entry.name not in schema:
                    schema.add(entry.name, whoosh_fields.TEXT(analyzer=mapping.analyzer(entry)))
            for entry in mapping.beginnings:
                if entry.name not in schema:
                    schema.add(entry.name, whoosh_fields.TEXT(analyzer=mapping.analyzer(entry), phrase=False))
        return schema


@lru_cache
def catalogue(default: Analysis) -> Catalogue:
    """Return the catalogue for a way of analysing text, made once per process; the app registry must be ready."""
    return Catalogue(default)
