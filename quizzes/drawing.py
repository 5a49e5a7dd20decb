"""From the contents of a quiz to the questions one attempt asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Q

from quizzes.models import Question, QuizPage
from quizzes.querysets import QuestionQuerySet


@dataclass(frozen=True)
class Drawn:
    """A question of an attempt, and its points."""

    question: Question
    points: int


def draw(quiz: QuizPage, rng: Random) -> list[Drawn]:
    """Return what an attempt asks, in the order asked; no question twice, none that is retired or not published.

    A draw that finds fewer questions than it wants takes those there are. Queries: one for each draw, one for all the
    questions.
    """
    contents = _contents(quiz.contents.raw_data)
    taken = {fixed["question"] for kind, fixed in contents if kind == "question"}
    wanted: list[tuple[str, int]] = []
    for kind, value in contents:
        if kind == "question":
            wanted.append((value["question"], value["points"]))
            continue
        pool = [str(key) for key in pool_of(value).values_list("pk", flat=True).order_by("pk") if str(key) not in taken]
        found = rng.sample(pool, min(value["count"], len(pool)))
        taken.update(found)
        wanted += [(key, value["points"]) for key in found]
    askable = Question.objects.askable().select_related("section__page").in_bulk(UUID(key) for key, _ in wanted)
    drawn = [Drawn(askable[UUID(key)], points) for key, points in dict(wanted).items() if UUID(key) in askable]
    if quiz.shuffle_questions:
        rng.shuffle(drawn)
    return drawn


def could_ask(quiz: QuizPage) -> set[UUID]:
    """Return the keys of all questions that an attempt could ask now (a query for each draw, one for the questions)."""
    contents = _contents(quiz.contents.raw_data)
    fixed = [UUID(value["question"]) for kind, value in contents if kind == "question"]
    found = set(Question.objects.askable().filter(pk__in=fixed).values_list("pk", flat=True))
    return found.union(*(pool_of(value).values_list("pk", flat=True) for kind, value in contents if kind == "draw"))


def pool_of(value: Any) -> QuestionQuerySet:
    """Return the questions that a draw draws from."""
    condition = Q(category_id=_key(value["category"]))
    if value.get("difficulty"):
        condition &= Q(difficulty=int(value["difficulty"]))
    if value.get("language"):
        condition &= Q(language=value["language"])
    if value.get("tag"):
        condition &= Q(tags__name__iexact=value["tag"])
    pool: QuestionQuerySet = Question.objects.askable().filter(condition).distinct()
    return pool


def problems(contents: Any) -> list[str]:
    """Return in sentences what keeps a quiz with these contents from being taken."""
    found = []
    rows = [(block.block_type, block.value) for block in contents]
    fixed = [value["question"] for kind, value in rows if kind == "question" and value["question"]]
    if not rows:
        found.append("A quiz needs at least one question before it is published.")
    for question in fixed:
        if question.retired:
            found.append(f"“{question}” is retired. Choose another question, or bring it back in the bank.")
        elif not question.live:
            found.append(f"“{question}” is not published yet. Publish it first.")
    for question in {question for question in fixed if fixed.count(question) > 1}:
        found.append(f"“{question}” is in the quiz twice.")
    taken = {question.pk for question in fixed}
    before: list[tuple[set[UUID], int]] = []
    for kind, value in rows:
        if kind != "draw":
            continue
        pool, count = set(pool_of(value).values_list("pk", flat=True)) - taken, value["count"]
        # Draws may share questions; those above may happen to take all that they share.
        lost = sum(min(other, len(pool & others)) for others, other in before)
        before.append((pool, count))
        if count > len(pool) - lost:
            found.append(
                f"The draw of {count} from “{value['category']}” may find only {max(0, len(pool) - lost)}. "
                "Lower the number, loosen the conditions, or write more questions"
                + (", or put the draw with fewer to choose from first." if lost else ".")
            )
    return found


def _contents(raw_data: Iterable[Any]) -> list[tuple[str, Any]]:
    """Return the rows of a quiz's contents as stored, those of a draft that are not filled in left out."""
    needed = {"question": ("question", "points"), "draw": ("category", "count", "points")}
    rows = [(row["type"], row["value"]) for row in raw_data]
    return [(kind, value) for kind, value in rows if all(value.get(name) for name in needed[kind])]


def _key(category: Any) -> Any:
    return getattr(category, "pk", category)
