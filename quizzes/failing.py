"""Questions that fail: a daily look at the answers to every published quiz, and what of it still asks for a look."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from quizzes import advice, drawing, item_analysis
from quizzes.item_analysis import ItemRow
from quizzes.models import Attempt, FailingQuestion, Question, QuizPage

# A question that everyone passes may be what training is for: it does not fail.
FAILS = frozenset({advice.AGAINST_THE_GRAIN, advice.TOO_MANY_FAIL})


def look(today: date) -> None:
    """Work out which questions fail, and keep those and no others; safe to run again.

    All marked attempts count, as on the pages of statistics. A question that was published again after it had been
    asked is judged by the attempts begun since, so that one that was mended is not found by its old answers. Quizzes
    with fewer attempts than anything can be told from are passed over. Queries: one, four for each of the other
    quizzes and one for each of its draws, one more for each question that was published again, three to write.
    """
    marked = Attempt.objects.filter(quiz__isnull=False, score__isnull=False).order_by()
    enough = marked.values("quiz").annotate(times=Count("pk")).filter(times__gte=advice.ENOUGH)
    quizzes = QuizPage.objects.live().filter(pk__in=enough.values("quiz")).order_by("pk")
    now = timezone.now()
    _keep({(quiz.pk, key): label for quiz in quizzes for key, label in _failing(quiz)}, now)


def open() -> QuerySet[FailingQuestion]:
    """Return what nobody has looked at yet, found last first: retired questions and those published since are left out.

    Quiz and question come with it, the question without its answer part.
    """
    asked = FailingQuestion.objects.filter(quiz__live=True, question__live=True, question__retired=False)
    waiting = asked.exclude(question__last_published_at__gt=F("found_at"))
    return waiting.select_related("question").defer("question__body")


def _failing(quiz: QuizPage) -> Iterator[tuple[UUID, str]]:
    """Yield the keys of the questions of a quiz that fail, each with what is wrong in short."""
    attempts = item_analysis.marked(quiz)
    rows = [row for row in item_analysis.of_items(attempts) if _label(row)]
    if not rows:
        return
    still_asked = drawing.could_ask(quiz)
    published = dict(Question.objects.filter(pk__in=still_asked).values_list("pk", "last_published_at"))
    for row in rows:
        if row.uid not in published:
            continue
        published_at = published[row.uid]
        label = _label(row)
        if published_at and published_at > row.versions[0].frozen_at:
            since = item_analysis.of_items(attempts.filter(started_at__gte=published_at))
            label = next((_label(one) for one in since if one.uid == row.uid), "")
        if label:
            yield row.uid, label


def _label(row: ItemRow) -> str:
    """Return the gravest thing that is wrong with a question in short, or nothing where it does not fail."""
    return next((one.label for one in row.problems if one.label in FAILS), "")


@transaction.atomic
def _keep(found: dict[tuple[int, UUID], str], now: datetime) -> None:
    """Write what was found: what was known keeps its time, unless the question was published again meanwhile."""
    known = {(row.quiz_id, row.question_id): row for row in FailingQuestion.objects.select_related("question")}
    gone = [row.pk for key, row in known.items() if key not in found]
    FailingQuestion.objects.filter(pk__in=gone).delete()
    rows = [
        FailingQuestion(
            quiz_id=quiz, question_id=question, label=label, found_at=_since(known.get((quiz, question)), now)
        )
        for (quiz, question), label in found.items()
    ]
    # Another run may write the same rows at the same moment.
    FailingQuestion.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["quiz", "question"], update_fields=["label", "found_at"]
    )


def _since(row: FailingQuestion | None, now: datetime) -> datetime:
    if row is None:
        return now
    published_at = row.question.last_published_at
    return now if published_at and published_at > row.found_at else row.found_at
