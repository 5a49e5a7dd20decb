"""What one person is granted beyond a quiz's rules."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel

from quizzes.models.quiz import QuizPage


class Allowance(models.Model):
    """More attempts or more time for one person in one quiz, with the reason."""

    quiz = models.ForeignKey(QuizPage, on_delete=models.CASCADE, related_name="allowances")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    extra_attempts = models.PositiveSmallIntegerField(default=0)
    extra_minutes = models.PositiveSmallIntegerField(default=0, help_text="Added to the time limit of each attempt.")
    reason = models.CharField(
        max_length=250, help_text="Such as “second attempt broken off by a fire alarm”. No medical particulars."
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    panels = [
        PageChooserPanel("quiz", "quizzes.QuizPage"),
        FieldPanel("learner"),
        FieldRowPanel([FieldPanel("extra_attempts"), FieldPanel("extra_minutes")]),
        FieldPanel("reason"),
    ]

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "learner"],
                name="one_allowance_each",
                violation_error_message="This person has an allowance for this quiz already: change that one.",
            ),
            models.CheckConstraint(
                condition=Q(extra_attempts__gt=0) | Q(extra_minutes__gt=0),
                name="allowance_allows_something",
                violation_error_message="Grant at least one more attempt or one more minute.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}, {self.quiz}"
