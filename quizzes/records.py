"""A question on its way into the bank or out of it: what every file format reads and writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.people.models import Language
from quizzes.models.question import Difficulty


@dataclass(frozen=True)
class QuestionRecord:
    """A question as plain data.

    `stem` is HTML of paragraphs, lists, bold, italics, links and images; an image's `src` is either a key of `images`
    (by file name) or, once it is in the bank, what Wagtail makes of it. `item` is the answer part as plain JSON (see
    `quizzes.types.base`); parts without an `id` get one when the record is saved, and an option's image is a key of
    `images` until then. `category` is a name, `job_functions` are slugs, `section` is a reference such as
    “deposits#amount” or empty, `uid` the question's UUID or empty. `line` is where it began in its file, 0 if nowhere.
    """

    name: str
    type: str
    stem: str
    item: Mapping[str, Any]
    general_feedback: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    job_functions: tuple[str, ...] = ()
    difficulty: int = Difficulty.MEDIUM.value
    language: str = Language.ENGLISH.value
    section: str = ""
    uid: str = ""
    images: Mapping[str, bytes] = field(default_factory=dict)
    line: int = 0
