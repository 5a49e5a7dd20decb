"""What single and multiple choice share: options, each with its credit and feedback."""

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.images.blocks import ImageChooserBlock

from quizzes.types.base import NOTHING, Item, Problem, arranged, one_line
from quizzes.types.numbers import exact, rewritten

MIN_OPTIONS = 2
MAX_OPTIONS = 20
HUNDRED = Fraction(100)
# Thirds of a hundred are written with so many places.
NEAR = Fraction(1, 100)


class OptionBlock(blocks.StructBlock):
    """One option."""

    text = blocks.CharBlock(
        required=False, max_length=500, help_text="One line. It may stay empty if the option is a picture."
    )
    right = blocks.BooleanBlock(required=False, label="This is right")
    feedback = blocks.TextBlock(
        required=False,
        rows=2,
        help_text="Shown to whoever chose this. Say why: “No. That is the fee for a second visit.”",
    )
    image = ImageChooserBlock(
        required=False, label="Picture", help_text="Its description is read out to those who cannot see it."
    )
    weight = blocks.DecimalBlock(
        required=False,
        min_value=-100,
        max_value=100,
        max_digits=8,
        decimal_places=5,
        label="Credit in percent",
        help_text="Leave empty for the usual share.",
    )

    class Meta:
        icon = "radio-full"
        label = "Option"
        label_format = "{text}"
        form_layout = BlockGroup(
            children=[
                "text",
                "right",
                "feedback",
                BlockGroup(["image", "weight"], heading="Picture and credit", classname="collapsed"),
            ]
        )


def options_block() -> blocks.ListBlock:
    """Return the list of options as an author writes it: three to begin with."""
    option = OptionBlock()
    return blocks.ListBlock(
        option, min_num=MIN_OPTIONS, max_num=MAX_OPTIONS, default=[option.get_default() for _ in range(3)]
    )


def weight_of(option: Any, usual: Fraction) -> Fraction:
    """Return the credit of an option in percent: its own, or the usual share."""
    own = exact(option["weight"])
    return usual if own is None else Fraction(own)


def without_usual_weights(item: Item, usual: Sequence[Fraction]) -> Item:
    """Return the item with no weight where it is the usual share, which is what an empty weight means.

    The other weights are written in the one way: “50”, not “50.0”.
    """
    options = [
        {**option, "weight": None} if abs(weight_of(option, share) - share) < NEAR else rewritten(option, "weight")
        for option, share in zip(item["options"], usual, strict=True)
    ]
    return {**item, "options": options}


def name_of(option: Any) -> str:
    """Return what an option is called in a line of text."""
    return option["text"] or "(picture)"


def problems_of_options(item: Item) -> list[Problem]:
    """Return what is wrong with the options of any choice."""
    options = item["options"]
    found = []
    if len(options) < MIN_OPTIONS:
        found.append(Problem("Give at least two options to choose from.", "options"))
    if any(not option["text"].strip() and not option["image"] for option in options):
        found.append(Problem("Give each option a text or a picture.", "options"))
    faces = [(one_line(option["text"]), option["image"]) for option in options]
    for text in sorted({face[0] for face in faces if faces.count(face) > 1 and any(face)}):
        what = f"say “{text}”" if text else "show the same picture"
        found.append(Problem(f"Two options {what}. Nobody could tell them apart.", "options"))
    if not any(option["right"] for option in options):
        found.append(Problem("Tick at least one option as right.", "options"))
    for option in options:
        weight = exact(option["weight"])
        if option["weight"] is not None and (weight is None or abs(weight) > HUNDRED):
            sentence = f"The credit of “{name_of(option)}” is a number from -100 to 100. Leave it empty for the usual."
            found.append(Problem(sentence, "options"))
    return found


def shown_options(
    item: Item, order: Sequence[str], chosen: Collection[str], usual: Sequence[Fraction], *, reveal: bool
) -> list[dict[str, Any]]:
    """Return the options in their order, each with whether it is chosen; with `reveal`, its verdict and feedback.

    The verdict is right, partly or wrong for what was chosen, missed for what is right and was not, or empty.
    """
    shares = {option["id"]: share for option, share in zip(item["options"], usual, strict=True)}
    parts = []
    for option in arranged(item["options"], order):
        is_chosen = option["id"] in chosen
        part = {"id": option["id"], "text": option["text"], "image": option["image"], "is_chosen": is_chosen}
        if reveal:
            verdict = _verdict(option, weight_of(option, shares[option["id"]]), is_chosen=is_chosen)
            part.update(is_right=option["right"], verdict=verdict, feedback=option["feedback"])
        parts.append(part)
    return parts


def _verdict(option: Any, weight: Fraction, *, is_chosen: bool) -> str:
    if option["right"]:
        return "right" if is_chosen else "missed"
    if not is_chosen:
        return ""
    return "partly" if weight > NOTHING else "wrong"
