"""Questions whose right answer is known, to measure search by."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as formatted
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

    last_place = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Where the answer came when the question was last run; 0 for nowhere."
    )
    last_run_at = models.DateTimeField(null=True, editable=False)

    panels = [FieldPanel("question"), PageChooserPanel("answer", "manuals.AnswerPage"), FieldPanel("language")]

    class Meta:
        ordering = ["answer__title", "question"]

    def __str__(self) -> str:
        return self.question

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; where it asks something else than before, or expects another answer, it has not been run."""
        before = GoldenQuestion.objects.filter(pk=self.pk).values_list("question", "answer_id").first()
        if before and before != (self.question, self.answer_id):
            self.last_place = self.last_run_at = None
        super().save(*args, **kwargs)

    @property
    def standing(self) -> str:
        """Where the answer came when the question was last run: "1st", "not found", or "not run yet"."""
        if self.last_place is None:
            return "not run yet"
        return str(ordinal(self.last_place)) if self.last_place else "not found"

    @property
    def last_run(self) -> str:
        """The same, with the day: "4th, March 1, 2026"."""
        if self.last_run_at is None:
            return self.standing
        return f"{self.standing}, {formatted(timezone.localtime(self.last_run_at), 'F j, Y')}"
