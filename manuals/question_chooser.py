"""Choosing a question of the bank, which is above this app and named by string."""

from collections.abc import Iterable
from copy import copy
from typing import Any
from uuid import UUID

from wagtail.snippets.blocks import SnippetChooserBlock


class QuestionChooserBlock(SnippetChooserBlock):
    """A question, by its key: a UUID, the same in every portal.

    Chapters come into a portal before its questions do. So the key is kept where no question has it: the value is then
    a question of that key that was never saved, and not live. It is not shown, but saved, exported and looked for like
    any other. (Wagtail's own block makes None of such a key, and of every UUID it reads from the database: the text
    there is not among the UUIDs that `in_bulk` returns.)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("quizzes.Question", **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the question with this key, one that was never saved where there is none, None for what is no key."""
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        """Return the questions with these keys, with what showing them needs (one query, none without keys)."""
        keys = [_key(value) for value in values]
        wanted = {key for key in keys if key}
        found = self.model_class.objects.select_related("section").in_bulk(wanted) if wanted else {}
        return [key and (copy(found[key]) if key in found else self._absent(key)) for key in keys]

    def _absent(self, key: UUID) -> Any:
        return self.model_class(pk=key, name=f"Question {key}", live=False)

    def get_prep_value(self, value: Any) -> str | None:
        """Return the question's key as text."""
        return None if value is None else str(value.pk)

    def value_from_form(self, value: Any) -> Any:
        """Return the question that the form names, whether it is here or not."""
        return value if value is None or isinstance(value, self.model_class) else self.to_python(value)

    def clean(self, value: Any) -> Any:
        """Let a question that is not here pass, so that the page around it can be worked on."""
        return value if _is_absent(value) else super().clean(value)

    def get_form_state(self, value: Any) -> dict[str, Any] | None:
        """Return what the editor shows of the question, and why readers will not see it if they will not."""
        state: dict[str, Any] | None = super().get_form_state(value)
        if state is None:
            return None
        reason = _why_not_shown(value)
        title = f"{state['string']} ({reason}, so not shown)" if reason else state["string"]
        edit_url = None if _is_absent(value) else state["edit_url"]
        # A UUID has no form in JSON of its own.
        return {**state, "id": str(value.pk), "string": title, "edit_url": edit_url}

    class Meta:
        icon = "help"


def _key(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _is_absent(question: Any) -> bool:
    return question is not None and question._state.adding


def _why_not_shown(question: Any) -> str:
    if _is_absent(question):
        return "not in this portal yet"
    if question.retired:
        return "retired"
    return "" if question.live else "not published"
