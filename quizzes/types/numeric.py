"""Numeric: a number, with a tolerance or in a range."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

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
    verdict_of,
)
from quizzes.types.numbers import MAX_TYPED, exact, rewritten, typed, written
from quizzes.types.text_matching import credit_of, kept, problems_of_weights, rewritten_weights

_NUMBERS = {"value": "number", "tolerance": "tolerance", "low": "lower end", "high": "upper end"}


def _number_block(label: str, help_text: str, **kwargs: Any) -> blocks.DecimalBlock:
    return blocks.DecimalBlock(
        required=False, max_digits=20, decimal_places=10, label=label, help_text=help_text, **kwargs
    )


class AcceptedNumberBlock(blocks.StructBlock):
    """A number that is accepted, or a range."""

    value = _number_block("Number", "For example 1250.50. Leave it empty to give a range below.")
    tolerance = _number_block(
        "Tolerance", "By how much an answer may be off, either way. Empty: not at all.", min_value=0
    )
    low = _number_block("From", "The lowest number that is accepted.")
    high = _number_block("To", "The highest number that is accepted.")
    feedback = blocks.TextBlock(required=False, rows=2, help_text="Shown to whoever answers this.")
    weight = blocks.DecimalBlock(
        required=False,
        min_value=0,
        max_value=100,
        max_digits=8,
        decimal_places=5,
        label="Credit in percent",
        help_text="Leave empty for 100. 50 for a number that is nearly right, 0 for a mistake you want to explain.",
    )

    class Meta:
        icon = "decimal"
        label = "Accepted answer"
        label_format = "{value}"
        form_layout = BlockGroup(
            children=[
                "value",
                "tolerance",
                BlockGroup(["low", "high"], heading="A range instead", classname="collapsed"),
                BlockGroup(["feedback", "weight"], heading="Feedback and credit", classname="collapsed"),
            ]
        )


class NumericBlock(ItemBlock):
    """The numbers that are accepted, and their unit."""

    type_slug = "numeric"
    answers = blocks.ListBlock(
        AcceptedNumberBlock(), min_num=1, max_num=10, help_text="Tried from the top; the first that fits counts."
    )
    unit = blocks.CharBlock(
        required=False,
        max_length=30,
        help_text="Shown behind the field: gallons, days, %. Answers are understood with it and without: “350 gal”.",
    )

    class Meta:
        icon = "decimal"
        label = "Number"
        help_text = "A number is typed. “$1,250.50”, “1250.5” and “1250,50” are the same."


def _ends(answer: Mapping[str, Any]) -> tuple[Fraction, Fraction] | None:
    """Return the lowest and the highest number that an answer accepts, None where it has no numbers."""
    value, low, high = (exact(answer[name]) for name in ("value", "low", "high"))
    if value is not None:
        off = Fraction(exact(answer["tolerance"]) or 0)
        return Fraction(value) - off, Fraction(value) + off
    return None if low is None or high is None else (Fraction(low), Fraction(high))


def _in_words(answer: Mapping[str, Any], unit: str) -> str:
    exactly = {name: exact(answer[name]) for name in _NUMBERS}
    numbers = {name: "" if number is None else written(number) for name, number in exactly.items()}
    if numbers["value"]:
        off = numbers["tolerance"]
        words = numbers["value"] + (f" ± {off}" if off and off != "0" else "")
    else:
        words = f"{numbers['low']} to {numbers['high']}"
    return f"{words} {unit}".strip()


class Numeric(QuestionType):
    """A number that is typed; near ones may earn part of the credit."""

    slug = "numeric"
    label = "Number"
    block = NumericBlock
    is_typed = True

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        answers = item["answers"]
        if not answers:
            return [Problem("Give at least one number that is accepted.", "answers")]
        found = [Problem(sentence, "answers") for answer in answers for sentence in _problems_of_one(answer)]
        if found:
            return found
        names = [_in_words(answer, item["unit"]) for answer in answers]
        found = problems_of_weights(answers, names, "answers")
        ends = [_ends(answer) or (NOTHING, NOTHING) for answer in answers]
        for place, (answer, (low, high)) in enumerate(zip(answers, ends, strict=True)):
            for before in range(place):
                covers = ends[before][0] <= low and high <= ends[before][1]
                if covers and credit_of(answers[before]) < credit_of(answer):
                    sentence = f"“{names[before]}” stands above “{names[place]}” and accepts all of it, for less."
                    found.append(Problem(f"{sentence} Put “{names[place]}” first.", "answers"))
        return found

    def canonical(self, item: Item) -> Item:
        """Write each number in the one way, and drop what an empty field says, too."""
        answers = [rewritten(answer, *_NUMBERS) for answer in item["answers"]]
        answers = [{**one, "tolerance": None if one["tolerance"] == "0" else one["tolerance"]} for one in answers]
        return {**item, "answers": rewritten_weights(answers), "unit": item["unit"].strip()}

    def _accepted(self, item: Item, answer: Answer) -> Mapping[str, Any] | None:
        number = typed(answer, item["unit"])
        if number is None:
            return None
        for one in item["answers"]:
            ends = _ends(one)
            if ends and ends[0] <= Fraction(number) <= ends[1]:
                found: Mapping[str, Any] = one
                return found
        return None

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the credit of the first accepted answer that the number fits, exactly reckoned."""
        accepted = self._accepted(item, answer)
        if accepted is None:
            return Mark(NOTHING)
        return Mark(credit_of(accepted), (accepted["feedback"],) if accepted["feedback"] else ())

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return what was typed."""
        return kept(posted.get(name, ""), MAX_TYPED) or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return one field, with its unit."""
        part: dict[str, Any] = {"text": answer if isinstance(answer, str) else ""}
        if reveal:
            mark = self.mark(item, answer)
            verdict = verdict_of(mark.credit or NOTHING) if part["text"] else "unanswered"
            part.update(verdict=verdict, right=self.right_in_words(item), feedback=" ".join(mark.feedback))
        return Shown(name, [part], answer, reveal, is_open, {"unit": item["unit"], "limit": MAX_TYPED})

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return what was typed."""
        return answer if isinstance(answer, str) else ""

    def right_in_words(self, item: Item) -> str:
        """Return the numbers that earn everything, with their unit."""
        full = [answer for answer in item["answers"] if credit_of(answer) == EVERYTHING]
        return " / ".join(_in_words(answer, item["unit"]) for answer in full)

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return the number, however it was typed, or what was typed where it is none."""
        number = typed(answer, item["unit"])
        return super().choices(item, answer) if number is None else [f"{written(number)} {item['unit']}".strip()]


def _problems_of_one(answer: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the numbers of one accepted answer."""
    for name, label in _NUMBERS.items():
        if answer[name] is not None and exact(answer[name]) is None:
            return [f"The {label} “{str(answer[name])[:40]}” is not a number that can be used. Write it like 1250.50."]
    value, tolerance, low, high = (exact(answer[name]) for name in _NUMBERS)
    if value is not None and (low is not None or high is not None):
        return [f"The answer {written(value)} has a range, too. Give either a number or a range, not both."]
    if value is None and (low is None or high is None):
        return ["Give each accepted answer a number, or both ends of a range."]
    if value is None and tolerance is not None:
        return ["A tolerance belongs to a number. A range needs none: write its ends as far apart as you mean."]
    if tolerance is not None and tolerance < 0:
        return [f"The tolerance {written(tolerance)} is below zero. Write by how much an answer may be off."]
    if low is not None and high is not None and low > high:
        return [f"The range from {written(low)} to {written(high)} is upside down. Write the lower end first."]
    return []
