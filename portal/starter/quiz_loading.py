"""Loading the sample city's questions and quizzes."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from manuals.models import JobFunction, ManualPage
from portal.people.models import User
from quizzes.importing import ImportRefused, import_questions
from quizzes.models import Category, QuizIndexPage, QuizPage

QUESTIONS = Path(__file__).parent / "questions"
QUIZZES = QUESTIONS / "quizzes.yaml"


class QuestionsRefused(Exception):
    """A file of the starter questions has errors. The message names the file and each line."""


def load(user: User) -> None:
    """Bring in the questions, and the quizzes that are missing; those that are there stay as they are.

    The library must be there, since questions name its sections. Call it inside a transaction. Raises
    `QuestionsRefused`.
    """
    for path in sorted(QUESTIONS.glob("*.gift")):
        try:
            import_questions(path.read_bytes(), "gift", user=user)
        except ImportRefused as refused:
            raise QuestionsRefused(f"{path.name}\n{refused}") from None
    for function in JobFunction.objects.all():
        Category.objects.filter(name=function.name, job_function=None).update(job_function=function)
    _load_quizzes(user)


def _load_quizzes(user: User) -> None:
    index = QuizIndexPage.objects.get()
    known = set(QuizPage.objects.child_of(index).values_list("slug", flat=True))
    manuals = {manual.slug: manual for manual in ManualPage.objects.all()}
    categories = {category.name: category.pk for category in Category.objects.all()}
    for row in yaml.safe_load(QUIZZES.read_text()):
        if row["slug"] in known:
            continue
        manual = manuals[row["manual"]]
        quiz = QuizPage(
            title=row["title"],
            slug=row["slug"],
            manual=manual,
            introduction=row["introduction"],
            contents=[_content(content, categories) for content in row["contents"]],
            pass_mark=row["pass_mark"],
            attempts_allowed=row["attempts"],
            time_limit_minutes=row["minutes"],
            feedback=row["feedback"],
            counts=row["counts"],
            show_answers=row["show_answers"],
            shuffle_questions=row["shuffle_questions"],
            shuffle_options=row["shuffle_options"],
            owner=user,
            job_functions=list(manual.job_functions.all()),
            audience=list(manual.audience.all()),
        )
        index.add_child(instance=quiz)
        quiz.save_revision(user=user).publish(user=user)


def _content(content: dict[str, Any], categories: dict[str, int]) -> dict[str, Any]:
    """Return a row of a quiz's contents as its stream field stores it."""
    if "question" in content:
        value = {"question": content["question"], "points": content["points"]}
        return {"type": "question", "id": str(uuid4()), "value": value}
    value = {
        "count": content["draw"],
        "category": categories[content["category"]],
        "difficulty": str(content.get("difficulty", "")),
        "tag": "",
        "language": content.get("language", ""),
        "points": content["points"],
    }
    return {"type": "draw", "id": str(uuid4()), "value": value}
