"""Questions that fail, as the daily look at the answers finds them."""

from django.db import models

from quizzes.models.question import Question
from quizzes.models.quiz import QuizPage


class FailingQuestion(models.Model):
    """A question of a quiz whose answers say that something is wrong with it (see `quizzes.failing`)."""

    quiz = models.ForeignKey(QuizPage, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=40, help_text="The short form of what is wrong, as `quizzes.advice` says it.")
    found_at = models.DateTimeField(help_text="When it was found first, since it was published last.")

    class Meta:
        ordering = ["-found_at", "question__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["quiz", "question"], name="question_fails_once_in_a_quiz")]

    def __str__(self) -> str:
        return f"{self.question}: {self.label}"
