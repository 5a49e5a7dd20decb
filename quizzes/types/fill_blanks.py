"""Fill in the blanks: a text with gaps, each with the forms it accepts."""

import re
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
    mean,
    one_line,
    texts,
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

MAX_BLANKS = 20
MAX_TEXT = 5_000
_BLANK = re.compile(r"\{([1-9]\d?)\}", re.ASCII)


class BlankBlock(blocks.StructBlock):
    """One blank."""

    answers = blocks.ListBlock(
        AcceptedTextBlock(),
        min_num=1,
        max_num=50,
        label="Accepted answers",
        help_text="Tried from the top; the first that fits counts.",
    )

    class Meta:
        icon = "edit"
        label = "Blank"
        label_format = "{answers}"


class FillBlanksBlock(HowExactlyBlock, ItemBlock):
    """A text with blanks, and what each accepts."""

    type_slug = "fill_blanks"
    text = blocks.TextBlock(
        rows=4,
        max_length=MAX_TEXT,
        help_text="Write {1} where the first blank is, {2} for the second: “The deposit is {1}, due in {2} days.”",
    )
    blanks = blocks.ListBlock(
        BlankBlock(),
        min_num=1,
        max_num=MAX_BLANKS,
        help_text="The first one is {1}, the second {2}, and so on. Each earns the same share.",
    )

    class Meta:
        icon = "edit"
        label = "Fill in the blanks"
        help_text = "A text with blanks to type in. The question above says what to do, such as “Complete the rule.”"
        form_layout = ["text", "blanks", HOW_EXACTLY]


def _numbers(text: str) -> list[int]:
    """Return the numbers of the blanks that a text names, in their order there."""
    return [int(number) for number in _BLANK.findall(text)]


def _inputs(answer: Answer) -> dict[str, str]:
    return {key: text for key, text in texts(answer).items() if text.strip()}


class FillBlanks(QuestionType):
    """A text with several blanks, each typed."""

    slug = "fill_blanks"
    label = "Fill in the blanks"
    block = FillBlanksBlock
    is_typed = True

    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps it from being asked."""
        named, count = _numbers(item["text"]), len(item["blanks"])
        found = []
        if not count:
            found.append(Problem("Give at least one blank, and write {1} in the text where it is.", "blanks"))
        if count > MAX_BLANKS:
            found.append(Problem(f"There are {count} blanks, and {MAX_BLANKS} at most can be asked.", "blanks"))
        for number in range(1, count + 1):
            if number not in named:
                found.append(Problem(f"Write {{{number}}} in the text where blank {number} is.", "text"))
        for number in sorted(set(named)):
            if number > count:
                sentence = (
                    f"The text has {{{number}}}, and there is no blank {number}. Add it, or take {{{number}}} away."
                )
                found.append(Problem(sentence, "text"))
            elif named.count(number) > 1:
                found.append(Problem(f"The text has {{{number}}} more than once. Give each its own blank.", "text"))
        for number, blank in enumerate(item["blanks"], start=1):
            for problem in problems_of_texts(blank["answers"], "blanks", **strictness(item)):
                found.append(Problem(f"Blank {number}: {problem.sentence}", "blanks"))
        return found

    def canonical(self, item: Item) -> Item:
        """Number the blanks as they follow one another in the text, and write credit in the one way."""
        blanks = []
        for blank in item["blanks"]:
            answers = [{**answer, "text": one_line(answer["text"])} for answer in blank["answers"]]
            blanks.append({**blank, "answers": rewritten_weights(answers)})
        text, named = item["text"].strip(), _numbers(item["text"])
        if sorted(named) == list(range(1, len(blanks) + 1)):
            blanks = [blanks[number - 1] for number in named]
            text = _BLANK.sub(lambda found: f"{{{named.index(int(found[1])) + 1}}}", text)
        return {**item, "text": text, "blanks": blanks}

    def mark(self, item: Item, answer: Answer) -> Mark:
        """Return the mean of the blanks, each by the first accepted form that its text fits."""
        given, parts, feedback = texts(answer), {}, []
        for blank in item["blanks"]:
            accepted = accepted_as(blank["answers"], given.get(blank["id"]), **strictness(item))
            parts[blank["id"]] = credit_of(accepted) if accepted else NOTHING
            feedback += [accepted["feedback"]] if accepted and accepted["feedback"] else []
        return Mark(mean(parts), tuple(feedback), parts)

    def read(self, item: Item, posted: QueryDict, name: str) -> Answer:
        """Return what was typed in each blank; blanks left empty are left out."""
        typed = {blank["id"]: kept(posted.get(f"{name}-{blank['id']}", "")) for blank in item["blanks"]}
        return {key: text for key, text in typed.items() if text} or None

    def shown(
        self, item: Item, order: Sequence[str], answer: Answer, name: str, *, reveal: bool = False, is_open: bool = True
    ) -> Shown:
        """Return the text in pieces: what stands there, and the blanks with what is typed in them."""
        blanks = item["blanks"]
        given = texts(answer)
        parts: list[Mapping[str, Any]] = []
        # Every second piece is the number of a blank.
        for place, piece in enumerate(_BLANK.split(item["text"])):
            if place % 2 == 0:
                parts.append({"text": piece, "number": None})
            elif int(piece) > len(blanks):
                parts.append({"text": f"{{{piece}}}", "number": None})
            else:
                blank = blanks[int(piece) - 1]
                field = f"{name}-{blank['id']}"
                part = {"id": blank["id"], "number": int(piece), "field": field, "text": given.get(blank["id"], "")}
                parts.append({**part, **self._told(item, blank, part["text"])} if reveal else part)
        return Shown(name, parts, answer, reveal, is_open, {"blanks": len(blanks), "limit": MAX_TYPED})

    def _told(self, item: Item, blank: Mapping[str, Any], text: str) -> dict[str, Any]:
        """Return what may be told of a blank once the key is shown."""
        accepted = accepted_as(blank["answers"], text, **strictness(item))
        verdict = verdict_of(credit_of(accepted) if accepted else NOTHING) if text.strip() else "unanswered"
        feedback = accepted["feedback"] if accepted else ""
        return {"verdict": verdict, "right": right_texts(blank["answers"]), "feedback": feedback}

    def in_words(self, item: Item, answer: Answer) -> str:
        """Return what was typed, blank by blank."""
        given = _inputs(answer)
        numbered = enumerate(item["blanks"], start=1)
        return "; ".join(f"Blank {number}: {given[one['id']]}" for number, one in numbered if one["id"] in given)

    def right_in_words(self, item: Item) -> str:
        """Return what earns everything, blank by blank."""
        numbered = enumerate(item["blanks"], start=1)
        return "; ".join(f"Blank {number}: {right_texts(blank['answers'])}" for number, blank in numbered)

    def choices(self, item: Item, answer: Answer) -> list[str]:
        """Return what was typed, blank by blank, in small letters where case does not matter, to be counted."""
        given = {key: one_line(text) for key, text in _inputs(answer).items()}
        found = []
        for number, blank in enumerate(item["blanks"], start=1):
            if text := given.get(blank["id"]):
                found.append(f"Blank {number}: {text if item['case_matters'] else text.lower()}")
        return found
