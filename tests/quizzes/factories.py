"""Questions, quizzes and attempts for tests, made the way the portal makes them.

An answer is plain JSON as its type keeps it (see `quizzes.types.base`); `right`, `wrong` and `chosen` write one for you:

    fee = single_choice("Fee", "$25", "$30", "$35")
    quiz = make_quiz(fee, true_false("Waived"))
    attempt = take(quiz, UserFactory(), {fee: chosen(fee, "$30")})
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from portal.people.models import User
from portal.starter import demonstration_answers
from quizzes import attempts as life
from quizzes import marking, types
from quizzes.models import Attempt, Category, Question, QuizIndexPage, QuizPage, Response
from quizzes.types.base import raw
from tests.factories import publish

# ---- Questions


def make_category(name: str = "Payments") -> Category:
    """Return the category of that name, made if it is missing."""
    return Category.objects.get_or_create(name=name)[0]


def make_question(type: str, item: Mapping[str, Any], name: str = "Question", **fields: Any) -> Question:
    """Return a published question; parts of the item without an id get one. `category` may be a name."""
    category = fields.pop("category", "Payments")
    question = Question(
        name=name,
        stem=fields.pop("stem", f"<p>{name}?</p>"),
        body=body_of(type, item),
        category=make_category(category) if isinstance(category, str) else category,
        **fields,
    )
    question.save()
    return publish(question)


def rewrite(question: Question, item: Mapping[str, Any] | None = None, **fields: Any) -> Question:
    """Publish a question anew with another item or other fields, as an author does, and return it."""
    if item is not None:
        question.body = body_of(question.type, item)
    for name, value in fields.items():
        setattr(question, name, value)
    return publish(question)


def body_of(type: str, item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the answer part as the field stores it."""
    block = types.of(type).block()
    return [{"type": type, "id": str(uuid4()), "value": raw(block, item)}]


def options(right: tuple[str, ...], wrong: tuple[str, ...]) -> dict[str, Any]:
    """Return an item of options, the right ones first, with the usual credit and a word of feedback each."""
    return {
        "options": [
            {"text": text, "image": None, "right": is_right, "weight": None, "feedback": f"About {text}."}
            for texts, is_right in ((right, True), (wrong, False))
            for text in texts
        ]
    }


def accepted(*texts: str) -> list[dict[str, Any]]:
    """Return accepted texts that earn everything."""
    return [{"text": text, "weight": None, "feedback": ""} for text in texts]


def single_choice(name: str, right: str, *wrong: str, **fields: Any) -> Question:
    """Return a published question of one right option among wrong ones."""
    return make_question("single_choice", options((right,), wrong), name, **fields)


def multiple_choice(name: str, right: tuple[str, ...], wrong: tuple[str, ...], **fields: Any) -> Question:
    """Return a published question of several right options."""
    return make_question("multiple_choice", options(right, wrong), name, **fields)


def true_false(name: str, right: bool = True, **fields: Any) -> Question:
    """Return a published statement that is true, or false."""
    item = {"right": right, "feedback_true": "About true.", "feedback_false": "About false."}
    return make_question("true_false", item, name, **fields)


def numeric(name: str, value: str, tolerance: str | None = None, unit: str = "", **fields: Any) -> Question:
    """Return a published question for a number."""
    answer = {"value": value, "tolerance": tolerance, "low": None, "high": None, "weight": None, "feedback": ""}
    return make_question("numeric", {"answers": [answer], "unit": unit}, name, **fields)


def short_text(name: str, *texts: str, **fields: Any) -> Question:
    """Return a published question for a word or two."""
    item = {"answers": accepted(*texts), "case_matters": False, "accents_matter": False}
    return make_question("short_text", item, name, **fields)


def matching(name: str, pairs: Mapping[str, str], distractors: tuple[str, ...] = (), **fields: Any) -> Question:
    """Return a published question of pairs."""
    item = {
        "pairs": [{"prompt": prompt, "match": match} for prompt, match in pairs.items()],
        "distractors": [{"text": text} for text in distractors],
    }
    return make_question("matching", item, name, **fields)


def ordering(name: str, *texts: str, **fields: Any) -> Question:
    """Return a published question for the right order, which is that of the texts."""
    return make_question("ordering", {"items": [{"text": text} for text in texts]}, name, **fields)


def fill_blanks(name: str, text: str, *blanks: str, **fields: Any) -> Question:
    """Return a published text with blanks, {1}, {2} …, each with the word it takes."""
    item = {
        "text": text,
        "blanks": [{"answers": accepted(word)} for word in blanks],
        "case_matters": False,
        "accents_matter": False,
    }
    return make_question("fill_blanks", item, name, **fields)


def free_response(name: str, rubric: Mapping[str, int] | None = None, **fields: Any) -> Question:
    """Return a published question that a person marks."""
    rubric = rubric or {"Says when the caller will hear back": 2, "Is friendly": 1}
    criteria = [{"criterion": criterion, "points": points} for criterion, points in rubric.items()]
    return make_question("free_response", {"rubric": criteria, "guidance": "", "words": None}, name, **fields)


def item_of_each_type(**fields: Any) -> dict[str, Question]:
    """Return a published question of each type, by type."""
    made = [
        single_choice("Fee for a returned check", "$25", "$30", "$35", **fields),
        multiple_choice("What to bring", ("A photo ID", "The lease"), ("A birth certificate",), **fields),
        true_false("A deposit comes back after a year", **fields),
        numeric("Gallons in a unit", "748", "1", "gallons", **fields),
        short_text("The form for a refund", "form 12", "12", **fields),
        matching("Who takes what", {"Broken main": "Water", "Missed pickup": "Solid waste"}, ("Parks",), **fields),
        ordering("Opening the drawer", "Count", "Sign", "Open", **fields),
        fill_blanks("Deposit", "The deposit is {1}, due in {2} days.", "$150", "10", **fields),
        free_response("Write to the caller", **fields),
    ]
    found = {question.type: question for question in made}
    assert found.keys() == {kind.slug for kind in types.ALL}
    return found


# ---- Answers


def chosen(question: Question, *texts: str) -> Any:
    """Return the answer that chooses the options with these texts."""
    keys = {option["text"]: option["id"] for option in question.item["options"]}
    found = [keys[text] for text in texts]
    return found[0] if question.type == "single_choice" else sorted(found)


def right(question: Question) -> Any:
    """Return an answer that earns everything; of a free response, one that could."""
    if question.type == "free_response":
        return "Someone will call you back by Friday."
    return _known(demonstration_answers.right_to(question.type, question.item), question)


def wrong(question: Question) -> Any:
    """Return an answer that earns nothing; a free response has none."""
    return _known(demonstration_answers.wrong_to(question.type, question.item), question)


def _known(answer: Any, question: Question) -> Any:
    if answer is None:
        raise ValueError(question.type)
    return answer


# ---- Quizzes


def make_quiz(
    *questions: Question,
    title: str = "Payments quiz",
    draws: Any = (),
    points: int | tuple[int, ...] = 1,
    **rules: Any,
) -> QuizPage:
    """Return a published quiz of these questions, and of draws: `[{"count": 2, "category": …}]`.

    `points` are for each question alike, or one for each. Without other rules any number of attempts is allowed.
    """
    worth = (points,) * len(questions) if isinstance(points, int) else points
    contents = [
        {"type": "question", "id": str(uuid4()), "value": {"question": str(question.pk), "points": own}}
        for question, own in zip(questions, worth, strict=True)
    ]
    for draw in draws:
        category = draw["category"]
        value = {"difficulty": "", "tag": "", "language": "", "points": 1, **draw, "category": category.pk}
        contents.append({"type": "draw", "id": str(uuid4()), "value": value})
    quiz = QuizPage(
        title=title, contents=contents, **{"introduction": "What you know.", "attempts_allowed": 0, **rules}
    )
    QuizIndexPage.objects.get().add_child(instance=quiz)
    return publish(quiz)


# ---- Attempts


def begin(quiz: QuizPage, learner: User, now: datetime | None = None, rng: Random | None = None) -> Attempt:
    """Begin an attempt."""
    return life.start(quiz, learner, now, rng)


def answer(attempt: Attempt, answers: Mapping[Any, Any], now: datetime | None = None) -> None:
    """Save answers, by question, by its key or by place; what is not among them stays unanswered."""
    given = {getattr(key, "pk", key): value for key, value in answers.items()}
    for response in attempt.responses.select_related("version", "attempt").order_by("place"):
        for key in (response.version.question_uid, response.place):
            if key in given:
                life.save(response, given[key], response.saves, now)


def form_of(attempt: Attempt, answers: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the form of a sitting's page as a browser posts it, filled in with these answers (see `answer`)."""
    given = {getattr(key, "pk", key): value for key, value in answers.items()}
    form: dict[str, Any] = {}
    for response in attempt.responses.select_related("version").order_by("place"):
        form[f"seen-{response.place}"] = str(response.saves)
        value = given.get(response.version.question_uid, given.get(response.place, response.answer))
        if isinstance(value, dict):
            form |= {f"{response.name}-{key}": str(part) for key, part in value.items()}
        elif value is not None:
            form[response.name] = value
    return form


def take(
    quiz: QuizPage,
    learner: User,
    answers: Mapping[Any, Any] | None = None,
    *,
    now: datetime | None = None,
    minutes: int = 5,
    rng: Random | None = None,
) -> Attempt:
    """Take a quiz from start to end, and return the attempt as the database has it then; `answers` as in `answer`."""
    now = now or timezone.now()
    attempt = begin(quiz, learner, now, rng)
    answer(attempt, answers or {}, now + timedelta(minutes=minutes) / 2)
    life.hand_in(attempt, now + timedelta(minutes=minutes))
    return Attempt.objects.get(pk=attempt.pk)


def take_in_bulk(quiz: QuizPage, number: int, *, each: int = 1, seed: int = 1) -> None:
    """Make so many marked attempts at once, `each` to a learner, half of them by better learners than the others.

    They are what `take` would leave behind: questions, credit and scores come from the real functions, and only the
    saving is done in bulk. The quiz asks no free response and draws nothing. Questions late by name are easier.
    """
    rng = Random(seed)
    learners = User.objects.bulk_create(
        User(username=f"{quiz.pk}-{seed}-{place}", first_name="Sam", last_name=f"Rivera {place}", password="!")
        for place in range(-(-number // each))
    )
    pattern = begin(quiz, learners[0])
    asked = list(pattern.responses.select_related("version__question").order_by("version__question__name"))
    pattern.delete()
    ways = {(place, good): _answered(response, good) for place, response in enumerate(asked) for good in (True, False)}
    columns, stored = _columns(ways)
    outcomes: dict[tuple[bool, ...], Decimal] = {}
    start = timezone.now() - timedelta(days=400)
    attempts, rows = [], []
    for place in range(number):
        ability = 0.3 if rng.random() < 0.5 else 0.7
        goods = tuple(rng.random() < ability + 0.25 * (rank / len(asked) - 0.5) for rank in range(len(asked)))
        if goods not in outcomes:
            outcomes[goods] = marking.score(ways[one] for one in enumerate(goods)) or Decimal(0)
        score, begun = outcomes[goods], start + timedelta(minutes=10 * place)
        ended = begun + timedelta(minutes=8)
        attempt = Attempt(
            quiz=quiz, quiz_title=quiz.title, learner=learners[place // each], number=place % each + 1,
            rules=life.rules_of(quiz), started_at=begun, active_at=begun, handed_in_at=ended, marked_at=ended,
            score=score, passed=score >= quiz.pass_mark,
        )  # fmt: skip
        attempts.append(attempt)
        key = Response._meta.get_field("attempt").get_db_prep_save(attempt.pk, connection)
        rows += [(key, rng.randint(5, 120), *stored[one]) for one in enumerate(goods)]
    with transaction.atomic():
        Attempt.objects.bulk_create(attempts, batch_size=1000)
        with connection.cursor() as cursor:
            names = ", ".join(f'"{column}"' for column in ("attempt_id", "seconds", *columns))
            marks = ", ".join(["%s"] * (len(columns) + 2))
            cursor.executemany(f"INSERT INTO quizzes_response ({names}) VALUES ({marks})", rows)  # noqa: S608


def _answered(response: Response, is_right: bool) -> Response:
    """Return an unsaved response to the same question, answered well or badly, and marked."""
    question = response.version.question
    given = right(question) if is_right else wrong(question)
    found = Response(
        place=response.place, version=response.version, points=response.points, order=response.order, answer=given,
        saves=1,
    )  # fmt: skip
    found.credit = marking.credit_of(found)
    return found


def _columns(ways: Mapping[Any, Response]) -> tuple[list[str], dict[Any, list[Any]]]:
    """Return columns of responses, and what the database stores in them, but for attempt and time."""
    fields = [field for field in Response._meta.local_fields if field.name not in ("id", "attempt", "seconds")]
    stored = {
        key: [field.get_db_prep_save(getattr(response, field.attname), connection) for field in fields]
        for key, response in ways.items()
    }
    return [field.column for field in fields], stored


def response_to(attempt: Attempt, question: Question | UUID) -> Response:
    """Return the response of an attempt to a question."""
    return attempt.responses.select_related("version", "attempt").get(
        version__question_uid=getattr(question, "pk", question)
    )
