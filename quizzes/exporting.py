"""Writing the bank, or a category of it, as a question file."""

from dataclasses import dataclass

from django.db.models import Q

from quizzes import bank, formats
from quizzes.models import Category, Question


@dataclass(frozen=True)
class Export:
    """A question file: its text, how many questions were to go into it, and what of them the format cannot hold."""

    text: str
    count: int
    notes: list[str]


def export(slug: str, category: Category | None = None) -> Export:
    """Return the published questions that are not retired as a file of this format, by category and name.

    With `category`, only those in it and in the categories inside it. Raises `KeyError` for a format there is not.
    """
    questions = Question.objects.askable().select_related("category", "section__page")
    if category is not None:
        questions = questions.filter(Q(category=category) | Q(category__name__startswith=f"{category.name}/"))
    records = bank.exported(questions)
    text, notes = formats.write(records, slug)
    return Export(text, len(records), notes)
