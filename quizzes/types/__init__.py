"""The types of questions. Adding one is a module here, and its line in this list."""

from quizzes.types.base import QuestionType
from quizzes.types.fill_blanks import FillBlanks
from quizzes.types.free_response import FreeResponse
from quizzes.types.matching import Matching
from quizzes.types.multiple_choice import MultipleChoice
from quizzes.types.numeric import Numeric
from quizzes.types.ordering import Ordering
from quizzes.types.short_text import ShortText
from quizzes.types.single_choice import SingleChoice
from quizzes.types.true_false import TrueFalse

ALL: tuple[QuestionType, ...] = (
    SingleChoice(),
    MultipleChoice(),
    TrueFalse(),
    Numeric(),
    ShortText(),
    Matching(),
    Ordering(),
    FillBlanks(),
    FreeResponse(),
)
_BY_SLUG = {kind.slug: kind for kind in ALL}


def of(slug: str) -> QuestionType:
    """Return the type of that name. Raises `KeyError` for one there is not."""
    return _BY_SLUG[slug]


def choices() -> list[tuple[str, str]]:
    """Return the types as the choices of a field."""
    return [(kind.slug, kind.label) for kind in ALL]
