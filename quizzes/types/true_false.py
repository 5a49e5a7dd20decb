"""True or false: a statement, and whether it holds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from wagtail import blocks

from quizzes.types.base import (
    EVERYTHING,
    NOTHING,
    Answer,
    Item,
    ItemBlock,
    Mark,
    Problem,
    QuestionType,
    Shown,
)

_WORDS = {"true": "True", "false": "False"}


class TruthBlock(blocks.FieldBlock):
    """True or false, one of which must be said: a box left unticked by mistake would say false."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.ChoiceField(choices=list(_WORDS.items()), widget=forms.RadioSelect)
        super().__init__(**kwargs)

    def value_for_form(self, value: Any) -> Any:
        """Return what the form's choice is for a truth value, or nothing where none has been said."""
        return _key(value) if isinstance(value, bool) else value

    def value_from_form(self, value: Any) -> Any:
        """Return the truth value that a choice stands for, None for no choice."""
        return {"true": True, "false": False}.get(value)


class TrueFalseBlock(ItemBlock):
    """Whether the statement holds, and what to say to either answer."""

    type_slug = "true_false"
    right = TruthBlock(label="The statement in the question is")
    feedback_true = blocks.TextBlock(
        required=False, rows=2, label="To whoever answers “true”", help_text="Why that is right, or not."
    )
    feedback_false = blocks.TextBlock(
        required=False, rows=2, label="To whoever answers “false”", help_text="Why that is right, or not."
    )

    class Meta:
        icon = "check"
        label = "True or false"
        help_text = "Write the question as a statement: “A deposit is returned after 12 months of paying on time.”"


def _key(truth: Any) -> str:
    return "true" if truth else "false"


class TrueFalse(QuestionType):
    """A statement that is true or false."""

    slug = "true_false"
    label = "True or false"
    block = TrueFalseBlock

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        if isinstance(item["right"], bool):
            return []
        return [Problem("Say whether the statement is true or false.", "right")]

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return everything for the right word, with the feedback to the word given."""
        if not isinstance(answer, str) or answer not in _WORDS:
            return Mark(NOTHING)
        feedback = item[f"feedback_{answer}"]
        return Mark(EVERYTHING if answer == _key(item["right"]) else NOTHING, (feedback,) if feedback else ())

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return the word chosen."""
        chosen = posted.get(name)
        return chosen if chosen in _WORDS else None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return both words, true first, each with whether it is chosen."""
        parts = []
        for key, word in _WORDS.items():
            part: dict[str, Any] = {"id": key, "text": word, "image": None, "is_chosen": key == answer}
            if reveal:
                is_right = key == _key(item["right"])
                verdict = ("right" if is_right else "wrong") if key == answer else "missed" if is_right else ""
                part.update(is_right=is_right, verdict=verdict, feedback=item[f"feedback_{key}"])
            parts.append(part)
        return Shown(name, parts, answer, reveal, is_open)

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return the word chosen."""
        return _WORDS.get(answer, "") if isinstance(answer, str) else ""

    def right_in_words(self, item: Item) -> str:
        """Return the right word."""
        return _WORDS[_key(item["right"])]

    def offered(self, item: Item) -> list[str]:
        """Return both words."""
        return list(_WORDS.values())
