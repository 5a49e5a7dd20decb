"""Questions whose right answer is known, to measure search by."""

from django.db import models
from wagtail.admin.panels import FieldPanel, PageChooserPanel

from portal.people.models import Language


class GoldenQuestion(models.Model):
    """A caller's words, and the answer that should come first."""

    question = models.CharField(max_length=500, unique=True, help_text="As a caller says it.")
    answer = models.ForeignKey(
        "manuals.AnswerPage",
        on_delete=models.CASCADE,
        related_name="golden_questions",
        help_text="The answer that should come first.",
    )
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)

    panels = [FieldPanel("question"), PageChooserPanel("answer", "manuals.AnswerPage"), FieldPanel("language")]

    class Meta:
        ordering = ["answer__title", "question"]

    def __str__(self) -> str:
        return self.question
