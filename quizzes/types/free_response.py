"""Free response: a few sentences, marked by a person with a rubric."""

import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from wagtail import blocks

from quizzes.types.base import Answer, Item, ItemBlock, Mark, Problem, QuestionType, Shown, one_line

MAX_TYPED = 20_000
MAX_POINTS = 100
MAX_CRITERIA = 10
# What an answer without a rubric of its own is marked by.
WHOLE = {"criterion": "The answer as a whole", "points": 10}


class CriterionBlock(blocks.StructBlock):
    """One thing an answer is marked for."""

    criterion = blocks.CharBlock(max_length=300, help_text="For example “Says when the caller will hear back”.")
    points = blocks.IntegerBlock(
        min_value=1, max_value=MAX_POINTS, default=1, help_text="The most that can be earned for it."
    )

    class Meta:
        icon = "tasks"
        label_format = "{criterion}"


class FreeResponseBlock(ItemBlock):
    """How a free answer is marked."""

    type_slug = "free_response"
    rubric = blocks.ListBlock(
        CriterionBlock(),
        max_num=MAX_CRITERIA,
        help_text="Learners see them with their result. Without any, the answer is marked as a whole, out of 10.",
    )
    guidance = blocks.TextBlock(
        required=False,
        rows=4,
        label="Guidance for whoever marks",
        help_text="What a good answer says, and what is often missed. Learners never see it.",
    )
    words = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=3000,
        label="Suggested number of words",
        help_text="Shown under the field, and not enforced. Leave empty to suggest none.",
    )

    class Meta:
        icon = "comment"
        label = "Free response"
        help_text = "A few sentences are written. A senior marks them; until then the result waits."


class FreeResponse(QuestionType):
    """A few sentences, marked by a person."""

    slug = "free_response"
    label = "Free response"
    block = FreeResponseBlock
    is_typed = True
    is_marked_by_person = True

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        found = []
        for criterion in item["rubric"]:
            name, points = one_line(criterion["criterion"]), criterion["points"]
            if not name:
                found.append(Problem("Say what each criterion is, or take the empty one away.", "rubric"))
            elif type(points) is not int or not 1 <= points <= MAX_POINTS:
                found.append(Problem(f"Give “{name}” from 1 to {MAX_POINTS} points.", "rubric"))
        words = item["words"]
        if words is not None and (type(words) is not int or words < 1):
            found.append(
                Problem("The suggested number of words is 1 or more. Leave it empty to suggest none.", "words")
            )
        return found

    def canonical(self, item: Item) -> Item:
        """Give an item without a rubric the one criterion by which it is marked."""
        rubric = [{**criterion, "criterion": one_line(criterion["criterion"])} for criterion in item["rubric"]]
        return {**item, "rubric": rubric or [{"id": str(uuid4()), **WHOLE}], "guidance": item["guidance"].strip()}

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return no credit: a person gives it."""
        return Mark(credit=None)

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return what was written, its lines kept."""
        text = posted.get(name, "").replace("\r\n", "\n").replace("\r", "\n")[:MAX_TYPED]
        # A database takes no NUL.
        clean = "".join(
            letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
        )
        return clean.strip() or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return the criteria with their points, only with `reveal`; `extra` has the text and the suggested words."""
        parts: list[dict[str, Any]] = []
        if reveal:
            parts = [
                {"id": criterion["id"], "text": criterion["criterion"], "points": criterion["points"]}
                for criterion in item["rubric"]
            ]
        text = answer if isinstance(answer, str) else ""
        return Shown(name, parts, answer, reveal, is_open, {"text": text, "words": item["words"], "limit": MAX_TYPED})

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return what was written, on one line."""
        return one_line(answer) if isinstance(answer, str) else ""

    def right_in_words(self, item: Item) -> str:
        """Return nothing: there is no one right answer."""
        return ""

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return nothing: no two of them are alike, and counting them says nothing."""
        return []
