"""What a question type is: how an item of it is written, checked, shown, answered and marked.

An **item** is what an author wrote beside the stem (options, pairs, values), as plain JSON: an attempt freezes it, and
marking needs nothing else, so that a result means the same whatever becomes of the question. An **answer** is what a
learner gave, as plain JSON too; None is no answer.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any, ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import QueryDict
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

Item = Mapping[str, Any]
Answer = Any
NOTHING = Fraction(0)
EVERYTHING = Fraction(1)


@dataclass(frozen=True)
class Mark:
    """What an answer earns.

    `credit` is from 0 to 1, or None where a person must mark. `feedback` is what the author has to say to this
    answer. `parts` is the credit of each part that is judged by itself (a pair, a place, a blank), by its id.
    """

    credit: Fraction | None
    feedback: tuple[str, ...] = ()
    parts: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """What is wrong with an item: a sentence, and the field it belongs to, or None for the whole."""

    sentence: str
    field: str | None = None


@dataclass(frozen=True)
class Shown:
    """What a template needs to show a question's answer part: the type's own choices, and how far it may tell.

    `name` is the name of the form field, or its beginning where there are several. `parts` are the type's own rows,
    as its template wants them. While `reveal` is False nothing in them tells right from wrong.
    """

    name: str
    parts: Sequence[Mapping[str, Any]]
    answer: Answer
    reveal: bool
    is_open: bool
    extra: Mapping[str, Any] = field(default_factory=dict)


class QuestionType(ABC):
    """One kind of question. Adding one is a module here and a line in the list in `quizzes.types`."""

    slug: ClassVar[str]
    label: ClassVar[str]
    # How an author writes an item; its `Meta` has icon, label and help text.
    block: ClassVar[type[blocks.StructBlock]]
    is_marked_by_person: ClassVar[bool] = False
    # Whether its answer is typed, and is saved in pauses of typing.
    is_typed: ClassVar[bool] = False

    @property
    def template(self) -> str:
        """The template that shows it, open or answered; it gets `shown` (a `Shown`) and `language`."""
        return f"quizzes/types/{self.slug}.html"

    @abstractmethod
    def problems(self, item: Item) -> list[Problem]:
        """Return what is wrong with an item that has its fields; none for one that can be asked."""

    def canonical(self, item: Item) -> Item:
        """Return the item as it is kept: two items that mean the same are equal but for the ids of their parts."""
        return item

    @abstractmethod
    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return what an answer earns. Anything may be in the answer; what makes no sense earns nothing."""

    def order(self, item: Item, rng: Random, *, shuffle: bool) -> list[str]:
        """Return the ids of the parts in the order in which to show them; empty for a type that shows none."""
        return []

    @abstractmethod
    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return the answer in a posted form, None where nothing was answered; only what the item offers is taken."""

    @abstractmethod
    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return what the template needs. With `reveal`, what is right and the feedback of each part are in it."""

    @abstractmethod
    def in_words(self, item: Item, answer: Answer) -> str:
        """Return an answer as a line of text, for lists and exports; empty for no answer."""

    @abstractmethod
    def right_in_words(self, item: Item) -> str:
        """Return what earns everything as a line of text; empty where there is no such thing."""

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return what of an answer statistics count: the texts of the options chosen, or the answer itself."""
        words = self.in_words(item, answer)
        return [words] if words else []

    def offered(self, item: Item) -> list[str]:
        """Return the texts that can be chosen, in the author's order, for statistics to list; empty for a free one."""
        return []


class ItemBlock(blocks.StructBlock):
    """The editor of an item. A subclass names its fields, and its type by `type_slug`."""

    type_slug: ClassVar[str]

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse what cannot be asked, each problem beside its field, and keep the rest in its canonical form.

        A draft may be unfinished: where Wagtail defers what is required, this waits until it is published, too.
        """
        from quizzes import types

        cleaned: blocks.StructValue = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        kind = types.of(self.type_slug)
        item = plain(self, cleaned)
        by_field: dict[str, list[str]] = {}
        whole: list[str] = []
        for problem in kind.problems(item):
            (by_field.setdefault(problem.field, []) if problem.field else whole).append(problem.sentence)
        if by_field or whole:
            raise StructBlockValidationError(
                block_errors={name: self._error(name, sentences) for name, sentences in by_field.items()},
                non_block_errors=[ValidationError(sentence) for sentence in whole],
            )
        return self.to_python(raw(self, kind.canonical(item)))

    def _error(self, name: str, sentences: list[str]) -> ValidationError:
        if isinstance(self.child_blocks[name], blocks.ListBlock):
            of_list: ValidationError = ListBlockValidationError(
                non_block_errors=[ValidationError(s) for s in sentences]
            )
            return of_list
        return ValidationError(sentences)


def plain(block: blocks.Block, value: Any) -> Any:
    """Return a block's value as plain JSON; the parts of a list are dicts with their `id`."""
    return flat(block, json.loads(json.dumps(block.get_prep_value(value), cls=DjangoJSONEncoder)))


def flat(block: blocks.Block, stored: Any) -> Any:
    """Return what a stream field stores of a block as plain JSON: the reverse of `raw`. Asks no database."""
    if isinstance(block, blocks.ListBlock):
        return [{"id": part["id"], **flat(block.child_block, part["value"])} for part in stored or ()]
    if isinstance(block, blocks.StructBlock):
        return {
            name: flat(child, stored[name]) if name in stored else plain(child, child.get_default())
            for name, child in block.child_blocks.items()
        }
    # What nobody has touched yet is None to Wagtail.
    if stored is None and isinstance(block, blocks.CharBlock | blocks.TextBlock):
        return ""
    if stored is None and isinstance(block, blocks.BooleanBlock):
        return False
    return stored


def raw(block: blocks.Block, item: Any) -> Any:
    """Return plain JSON as a stream field stores it. Parts without an id get a new one."""
    if isinstance(block, blocks.ListBlock):
        return [
            {"type": "item", "id": part.get("id") or str(uuid4()), "value": raw(block.child_block, part)}
            for part in item or ()
        ]
    if isinstance(block, blocks.StructBlock):
        return {name: raw(child, item[name]) for name, child in block.child_blocks.items() if name in item}
    return item


def without_ids(item: Any) -> Any:
    """Return an item without the ids of its parts, to compare what two of them say."""
    if isinstance(item, list):
        return [without_ids(part) for part in item]
    if isinstance(item, Mapping):
        return {name: without_ids(value) for name, value in item.items() if name != "id"}
    return item


def arranged(parts: Sequence[Mapping[str, Any]], order: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the parts in the order that was kept for them; those it does not name come last, as they stand."""
    left = {part["id"]: part for part in parts}
    return [left.pop(key) for key in order if key in left] + list(left.values())


def shuffled(ids: Sequence[str], rng: Random, *, shuffle: bool = True) -> list[str]:
    """Return ids in random order, or as they are."""
    found = list(ids)
    if shuffle:
        rng.shuffle(found)
    return found


def bounded(credit: Fraction) -> Fraction:
    """Return a credit that is neither below nothing nor above everything."""
    return min(EVERYTHING, max(NOTHING, credit))


def mean(parts: Mapping[str, Fraction]) -> Fraction:
    """Return the mean credit of parts that count alike; nothing where there are none."""
    return sum(parts.values(), NOTHING) / max(len(parts), 1)


def verdict_of(credit: Fraction) -> str:
    """Return in a word how a part did, for templates: right, partly or wrong."""
    if credit >= EVERYTHING:
        return "right"
    return "partly" if credit > NOTHING else "wrong"


def one_line(text: str) -> str:
    """Return a text on one line, with one space where there was any white space."""
    return " ".join(text.split())


def texts(answer: Answer) -> dict[str, str]:
    """Return the texts of an answer that has one for each part; empty for anything else."""
    if not isinstance(answer, Mapping):
        return {}
    return {key: text for key, text in answer.items() if isinstance(key, str) and isinstance(text, str)}
