"""From the attempts at a quiz to its figures: what the database adds up, and what the formulas make of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from quizzes import advice, statistics, types
from quizzes.advice import Advice
from quizzes.models import Attempt, Counting, QuestionVersion, QuizPage, Response
from quizzes.statistics import Counts, ItemFigures, ScoreFigures, Sums

# One pass over the responses. The score on the rest of the questions needs the sums of a whole attempt beside each
# response, and Django cannot group by what comes out of a window. Casts, because SQLite keeps a credit of 1 as an
# integer, and divides integers to integers. %s stands for the query of the attempts.
_ITEMS = """
WITH asked AS (
    SELECT version_id, answer IS NOT NULL AS answered, seconds, points, CAST(credit AS DOUBLE PRECISION) AS x,
        SUM(points) OVER attempt AS possible,
        SUM(CAST(credit AS DOUBLE PRECISION) * points) OVER attempt AS earned
    FROM quizzes_response
    WHERE attempt_id IN (%s)
    WINDOW attempt AS (PARTITION BY attempt_id)
), compared AS (
    SELECT version_id, x, CASE WHEN answered THEN seconds END AS seconds,
        (earned - x * points) / NULLIF(possible - points, 0) AS y
    FROM asked
)
SELECT version_id, seconds, COUNT(*), SUM(x), COUNT(y),
    SUM(x) FILTER (WHERE y IS NOT NULL), SUM(y), SUM(x * x) FILTER (WHERE y IS NOT NULL), SUM(y * y), SUM(x * y)
FROM compared
GROUP BY version_id, seconds
"""


# Beyond so many rows a table of answers says nothing any more.
LISTED = 30


@dataclass(frozen=True)
class QuizRow:
    """One quiz in the list of quizzes."""

    quiz: QuizPage
    figures: ScoreFigures


@dataclass(frozen=True)
class ItemRow:
    """One question of a quiz, all its versions together; `version` is the newest of them that was asked."""

    version: QuestionVersion
    versions: tuple[QuestionVersion, ...]
    figures: ItemFigures

    @property
    def uid(self) -> UUID:
        """The question's key."""
        return self.version.question_uid

    @property
    def type_label(self) -> str:
        """What its type is called."""
        return str(self.version.kind.label)

    @property
    def advice(self) -> list[Advice]:
        """What is to be said of it."""
        return advice.of_item(self.figures)

    @property
    def problems(self) -> list[Advice]:
        """What of that asks for a look."""
        return [one for one in self.advice if one.is_problem]


@dataclass
class Item:
    """What the database has added up for one question."""

    asked: int = 0
    credit: float = 0.0
    pairs: Sums = field(default_factory=Sums)
    seconds: Counter[float] = field(default_factory=Counter)

    @property
    def figures(self) -> ItemFigures:
        """What the formulas make of it."""
        return statistics.of_item(self.asked, self.credit, self.pairs, self.seconds)


@dataclass(frozen=True)
class Choice:
    """Something that was answered, or could have been, and how often it was."""

    text: str
    count: int


@dataclass(frozen=True)
class Choices:
    """What was answered to a question: what is listed, how often something else was answered, and how often nothing."""

    rows: list[Choice]
    others: int
    unanswered: int


def marked(quiz: QuizPage, *, only_counting: bool = False) -> QuerySet[Attempt]:
    """Return the attempts that statistics count: all that are marked, or of each learner the one that counts.

    Which one counts is said by the same rule as in `quizzes.standing.counting`.
    """
    every = Attempt.objects.filter(quiz=quiz, score__isnull=False).order_by()
    if not only_counting:
        return every
    first = {
        Counting.BEST: [F("score").desc(), F("number").asc()],
        Counting.LAST: [F("number").desc()],
        Counting.FIRST: [F("number").asc()],
    }[Counting(quiz.counts)]
    return every.annotate(rank=Window(RowNumber(), partition_by=F("learner"), order_by=first)).filter(rank=1)


def of_quizzes() -> list[QuizRow]:
    """Return all quizzes by title, each with its figures (two queries)."""
    scores: dict[int, Counter[float]] = {}
    passed: Counter[int] = Counter()
    every = Attempt.objects.filter(quiz__isnull=False, score__isnull=False).order_by()
    for key, score, times, passes in every.values_list("quiz", "score").annotate(times=Count("pk"), passes=_passes()):
        scores.setdefault(key, Counter())[float(score)] += times
        passed[key] += passes
    quizzes = QuizPage.objects.defer_streamfields().order_by("title")
    return [QuizRow(quiz, statistics.of_scores(scores.get(quiz.pk, {}), passed[quiz.pk])) for quiz in quizzes]


def of_quiz(attempts: QuerySet[Attempt]) -> tuple[ScoreFigures, Counts]:
    """Return the figures of these attempts, and how often each score came (one query)."""
    scores: Counter[float] = Counter()
    passed = 0
    for score, times, passes in attempts.values_list("score").annotate(times=Count("pk"), passes=_passes()):
        scores[float(score)] += times
        passed += passes
    return statistics.of_scores(scores, passed), scores


def not_marked(quiz: QuizPage) -> tuple[int, int]:
    """Return how many attempts wait to be marked, and how many are open (one query)."""
    handed_in = Q(handed_in_at__isnull=False)
    rest = Attempt.objects.filter(quiz=quiz, score__isnull=True)
    found = rest.aggregate(waiting=Count("pk", filter=handed_in), open=Count("pk", filter=~handed_in))
    return found["waiting"], found["open"]


def of_items(attempts: QuerySet[Attempt]) -> list[ItemRow]:
    """Return the questions of these attempts, the hardest first (two queries, whatever their number)."""
    sums = _sums(attempts)
    by_question: dict[UUID, list[QuestionVersion]] = {}
    for version in QuestionVersion.objects.filter(pk__in=list(sums)).order_by("frozen_at", "pk"):
        by_question.setdefault(version.question_uid, []).append(version)
    rows = []
    for versions in by_question.values():
        whole = _together(sums[version.pk] for version in versions)
        rows.append(ItemRow(versions[-1], tuple(versions), whole.figures))
    return sorted(rows, key=lambda row: (row.figures.facility or 0.0, row.version.name, str(row.uid)))


def choices(attempts: QuerySet[Attempt], rows: Iterable[ItemRow]) -> dict[UUID, Choices]:
    """Return what was answered to these questions (one query).

    Equal answers are added up by the database; which choices an answer is made of, its type says.
    """
    versions = {version.pk: version for row in rows for version in row.versions}
    counted: dict[UUID, Counter[str]] = {version.question_uid: Counter() for version in versions.values()}
    unanswered: Counter[UUID] = Counter()
    # No two free texts are alike, and their type counts nothing of them.
    asked = Response.objects.filter(attempt__in=attempts.values("pk"), version__in=list(versions)).exclude(
        version__type__in=[kind.slug for kind in types.ALL if kind.is_marked_by_person], answer__isnull=False
    )
    for key, answer, times in asked.order_by().values_list("version", "answer").annotate(Count("pk")):
        version = versions[key]
        if answer is None:
            unanswered[version.question_uid] += times
        for text in version.kind.choices(version.item, answer):
            counted[version.question_uid][text] += times
    newest = {version.question_uid: version for version in versions.values()}
    return {
        uid: _listed(newest[uid].kind.offered(newest[uid].item), found, unanswered[uid])
        for uid, found in counted.items()
    }


def _listed(offered: list[str], counted: Counter[str], unanswered: int) -> Choices:
    """Return what is offered in the author's order, chosen or not, then what else was answered, most frequent first.

    Where there is more of it than anyone reads, such as every item in every place, what was most frequent is listed.
    """
    rows = [Choice(text, counted.pop(text, 0)) for text in offered] if len(offered) <= LISTED else []
    most = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    room = max(0, LISTED - len(rows))
    rows += [Choice(text, times) for text, times in most[:room]]
    return Choices(rows, sum(times for _, times in most[room:]), unanswered)


def _passes() -> Count:
    return Count("pk", filter=Q(passed=True))


def _sums(attempts: QuerySet[Attempt]) -> dict[int, Item]:
    """Return what the database adds up for each version that these attempts asked (one query)."""
    chosen, parameters = attempts.values("pk").query.sql_with_params()
    found: dict[int, Item] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS % chosen, parameters)
        for key, seconds, asked, credit, *pairs in cursor:
            item = found.setdefault(key, Item())
            item.asked += asked
            item.credit += credit
            item.pairs += Sums(*(number or 0 for number in pairs))
            if seconds is not None:
                item.seconds[seconds] += asked
    return found


def _together(items: Iterable[Item]) -> Item:
    whole = Item()
    for item in items:
        whole.asked += item.asked
        whole.credit += item.credit
        whole.pairs += item.pairs
        whole.seconds += item.seconds
    return whole
