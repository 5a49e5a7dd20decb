"""The nouns of quizzes, one module each."""

from quizzes.models.allowance import Allowance
from quizzes.models.attempt import Attempt, Response
from quizzes.models.category import Category
from quizzes.models.failing import FailingQuestion
from quizzes.models.question import Difficulty, Question, QuestionTag
from quizzes.models.quiz import Counting, Feedback, QuizIndexPage, QuizPage, QuizTag
from quizzes.models.regrade import Regrade, RegradedResponse
from quizzes.models.version import QuestionVersion

__all__ = [
    "Allowance",
    "Attempt",
    "Category",
    "Counting",
    "Difficulty",
    "FailingQuestion",
    "Feedback",
    "Question",
    "QuestionTag",
    "QuestionVersion",
    "QuizIndexPage",
    "QuizPage",
    "QuizTag",
    "Regrade",
    "RegradedResponse",
    "Response",
]
