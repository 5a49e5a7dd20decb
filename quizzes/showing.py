"""What a learner is shown of a question: while it is open, and with its result. What may be told is decided here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe
from wagtail.images import get_image_model
from wagtail.rich_text import expand_db_html

from manuals.models import Section
from portal.people.models import Language
from quizzes import marking
from quizzes.models import Attempt, Feedback, Question, Response
from quizzes.models.version import QuestionVersion, unsaved
from quizzes.types.base import Mark, Shown

# Between stems that are made into HTML in one go; nothing a stem can hold.
_BREAK = "<!-- next -->"
# The size in which the templates of choices show a picture.
PICTURE = "max-480x360"


@dataclass(frozen=True)
class Telling:
    """What may be told of an attempt: how each answer did, and what would have been right."""

    marks: bool = False
    answers: bool = False


@dataclass
class ShownQuestion:
    """A question as a page shows it. `mark` is None while nothing may be told of it, or a person must mark it.

    `key` is the version by whose key it was marked again, if it was.
    """

    response: Response
    stem: SafeString
    shown: Shown
    tells: Telling = field(default_factory=Telling)
    mark: Mark | None = None
    message: str = ""
    conflict: str = ""
    key: QuestionVersion | None = None

    @property
    def version(self) -> QuestionVersion:
        """What was asked."""
        return self.response.version

    @property
    def template(self) -> str:
        """The template of its type."""
        return self.version.kind.template

    @property
    def language(self) -> str:
        """The language it is asked in where that is not the portal's; empty otherwise."""
        language = str(self.version.content["language"])
        return "" if language == Language.ENGLISH else language

    @property
    def section(self) -> Section | None:
        """Where to read why; only once something may be told."""
        return (self.key or self.version).section if self.tells.marks else None

    @property
    def general_feedback(self) -> str:
        """Why it is so; only once something may be told."""
        return str((self.key or self.version).content["general_feedback"]) if self.tells.marks else ""

    @property
    def verdict(self) -> str:
        """How the answer did: right, partly, wrong, unanswered, waiting; empty while nothing may be told."""
        if not self.tells.marks:
            return ""
        if not self.response.is_answered:
            return "unanswered"
        if self.response.credit is None:
            return "waiting"
        return "right" if self.response.credit == 1 else "partly" if self.response.credit > 0 else "wrong"


def telling(attempt: Attempt, *, has_passed: bool) -> Telling:
    """Return what a learner may be told of an attempt. `has_passed`: in any attempt at this quiz."""
    if attempt.is_open:
        return Telling()
    if attempt.rules["feedback"] == Feedback.AFTER_PASSING and not has_passed:
        return Telling()
    return Telling(marks=True, answers=bool(attempt.rules["show_answers"]))


def questions(
    attempt: Attempt,
    responses: Iterable[Response],
    tells: Telling,
    given: Mapping[int, Any] | None = None,
    keys: Mapping[UUID, QuestionVersion] | None = None,
) -> list[ShownQuestion]:
    """Return the questions of an attempt as its page shows them; an answer checked by the learner is told of.

    `given` are answers to show in place of the saved ones, by place; `keys` the versions by whose keys questions were
    marked again, by the questions' keys. The responses come with `version` and its section.
    One query for all pictures in stems, two for all pictures of options.
    """
    responses = list(responses)
    stems = expanded([response.version.content["stem"] for response in responses])
    pictures = pictures_of(response.version for response in responses)
    found = []
    for response, stem in zip(responses, stems, strict=True):
        own = tells
        if response.checked_at and not tells.marks:
            own = Telling(marks=True, answers=bool(attempt.rules["show_answers"]))
        answer = given[response.place] if given and response.place in given else response.answer
        is_open = attempt.is_open and not response.checked_at
        key = keys.get(response.version.question_uid) if keys else None
        found.append(_shown(response, stem, answer, own, pictures, response.name, is_open=is_open, key=key))
    return found


def _shown(
    response: Response,
    stem: SafeString,
    answer: Any,
    tells: Telling,
    pictures: Mapping[int, Any],
    name: str,
    *,
    is_open: bool,
    key: QuestionVersion | None = None,
) -> ShownQuestion:
    version = response.version
    kind = version.kind
    shown = kind.shown(
        version.item, response.order, answer, name, reveal=tells.answers and key is None, is_open=is_open
    )
    if key is not None:
        told = kind.shown(key.item, response.order, answer, name, reveal=tells.answers, is_open=is_open)
        shown = _told_by(told, shown)
    shown = with_pictures(shown, pictures)
    question = ShownQuestion(response, stem, shown, tells, key=key)
    if tells.marks and response.is_answered:
        question.mark = kind.mark((key or version).item, response.answer)
        if response._state.adding:
            response.credit = marking.credit_of(response)
    return question


def _told_by(told: Shown, asked: Shown) -> Shown:
    """Return what was asked, in its own words, with the verdicts of another key."""
    by_id = {part["id"]: part for part in told.parts if "id" in part}
    alone = told.parts[0] if len(asked.parts) == 1 else {}
    parts = [{**by_id.get(part.get("id"), alone), **part} for part in asked.parts]
    return Shown(asked.name, parts, asked.answer, told.reveal, asked.is_open, asked.extra)


def expanded(stems: Sequence[str]) -> list[SafeString]:
    """Return rich texts as HTML; links and pictures of all of them are looked up together."""
    if not stems:
        return []
    return [mark_safe(html) for html in expand_db_html(_BREAK.join(stems)).split(_BREAK)]  # noqa: S308 - cleaned when saved


def pictures_of(versions: Iterable[QuestionVersion]) -> dict[int, Any]:
    """Return the pictures of the options of some questions, by their keys (two queries, none if there are none)."""
    keys = {
        option["image"] for version in versions for option in version.item.get("options", ()) if option.get("image")
    }
    return dict(get_image_model().objects.prefetch_renditions(PICTURE).in_bulk(keys)) if keys else {}


def with_pictures(shown: Shown, pictures: Mapping[int, Any]) -> Shown:
    """Return what is shown with the pictures in place of their keys."""
    if not any(part.get("image") for part in shown.parts):
        return shown
    parts = [{**part, "image": pictures.get(part["image"])} if part.get("image") else part for part in shown.parts]
    return Shown(shown.name, parts, shown.answer, shown.reveal, shown.is_open, shown.extra)


def by_itself(question: Question, rng: Random, *, shuffle: bool = True) -> Response:
    """Return an unsaved response to a question as it is now: for a preview, or a check inside a chapter."""
    version = unsaved(question)
    order = question.kind.order(version.item, rng, shuffle=shuffle)
    return Response(place=1, version=version, order=order)


def alone(response: Response, tells: Telling | None = None, name: str = "") -> ShownQuestion:
    """Return one question that belongs to no attempt as it is shown; `name` is of its form field."""
    tells = tells or Telling()
    version = response.version
    [stem] = expanded([version.content["stem"]])
    pictures = pictures_of([version])
    return _shown(response, stem, response.answer, tells, pictures, name or response.name, is_open=not tells.marks)


def preview_of(question: Question) -> dict[str, Any]:
    """Return what the editor's preview of a question shows: as it is asked, and as its result is shown."""
    if not len(question.body):
        return {}
    # What comes from the editor's form has been neither stored nor saved.
    question.body = json.loads(json.dumps(question.body.get_prep_value(), cls=DjangoJSONEncoder))
    question.type = question.body.raw_data[0]["type"]
    response = by_itself(question, Random(0), shuffle=False)
    return {"asked": alone(response), "told": alone(response, Telling(marks=True, answers=True))}
