"""Short text: a word or a few, in any of several accepted forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from wagtail import blocks

from quizzes.types.base import (
    NOTHING,
    Answer,
    Item,
    ItemBlock,
    Mark,
    Problem,
    QuestionType,
    Shown,
    one_line,
    verdict_of,
)
from quizzes.types.text_matching import (
    HOW_EXACTLY,
    MAX_TYPED,
    AcceptedTextBlock,
    HowExactlyBlock,
    accepted_as,
    credit_of,
    kept,
    problems_of_texts,
    rewritten_weights,
    right_texts,
    strictness,
)


class ShortTextBlock(HowExactlyBlock, ItemBlock):
    """The texts that are accepted."""

    type_slug = "short_text"
    answers = blocks.ListBlock(
        AcceptedTextBlock(),
        min_num=1,
        max_num=50,
        label="Accepted answers",
        help_text="Tried from the top; the first that fits counts. Capital letters and accents do not matter.",
    )

    class Meta:
        icon = "pilcrow"
        label = "Short text"
        help_text = "A word or a few are typed. Give every form that is right: “30 days”, “thirty days”, “a month”."
        form_layout = ["answers", HOW_EXACTLY]


class ShortText(QuestionType):
    """A word or a few that are typed."""

    slug = "short_text"
    label = "Short text"
    block = ShortTextBlock
    is_typed = True

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        return problems_of_texts(item["answers"], "answers", **strictness(item))

    def canonical(self, item: Item) -> Item:
        """Write texts on one line and credit in the one way."""
        answers = [{**answer, "text": one_line(answer["text"])} for answer in item["answers"]]
        return {**item, "answers": rewritten_weights(answers)}

    def _accepted(self, item: Item, answer: Answer) -> Mapping[str, Any] | None:
        return accepted_as(item["answers"], answer, **strictness(item))

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the credit of the first accepted form that the text fits."""
        accepted = self._accepted(item, answer)
        if accepted is None:
            return Mark(NOTHING)
        return Mark(credit_of(accepted), (accepted["feedback"],) if accepted["feedback"] else ())

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return what was typed."""
        return kept(posted.get(name, "")) or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return one field."""
        part: dict[str, Any] = {"text": answer if isinstance(answer, str) else ""}
        if reveal:
            mark = self.mark(item, answer)
            verdict = verdict_of(mark.credit or NOTHING) if part["text"] else "unanswered"
            part.update(verdict=verdict, right=self.right_in_words(item), feedback=" ".join(mark.feedback))
        return Shown(name, [part], answer, reveal, is_open, {"limit": MAX_TYPED})

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return what was typed."""
        return answer if isinstance(answer, str) else ""

    def right_in_words(self, item: Item) -> str:
        """Return the forms that earn everything."""
        return right_texts(item["answers"])

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return what was typed, in small letters where case does not matter, to be counted."""
        words = one_line(self.in_words(item, answer))
        return [words if item["case_matters"] else words.lower()] if words else []
