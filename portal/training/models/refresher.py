"""What a person remembers of the questions they were asked. Outside of all marks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quizzes.models import Question, Response


class RefresherCard(models.Model):
    """How well a person knows a question, as the scheduler of `fsrs` keeps it, and when it is worth asking again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="refresher_cards")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="refresher_cards")
    state = models.PositiveSmallIntegerField(help_text="1 learning, 2 review, 3 relearning.")
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(help_text="Days after which it is recalled with 90 percent.")
    difficulty = models.FloatField(help_text="From 1 to 10.")
    due = models.DateTimeField()
    last_review = models.DateTimeField()
    last_right = models.BooleanField(help_text="Whether it was right the last time.")

    class Meta:
        ordering = ["due"]
        indexes = [models.Index(fields=["person", "due"], name="refresher_card_due")]
        constraints = [
            models.UniqueConstraint(fields=["person", "question"], name="one_card_a_question"),
            models.CheckConstraint(condition=Q(state__in=[1, 2, 3]), name="refresher_card_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.question}"


class RefresherReview(models.Model):
    """That a question was answered: in a quiz, then `response` says where, or in a refresher."""

    card = models.ForeignKey(RefresherCard, on_delete=models.CASCADE, related_name="reviews")
    response = models.OneToOneField(Response, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    rating = models.PositiveSmallIntegerField(help_text="As fsrs has it: 1 again, 2 hard, 3 good, 4 easy.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["card", "at"], name="refresher_review_of_card")]
        constraints = [models.CheckConstraint(condition=Q(rating__in=[1, 2, 3, 4]), name="refresher_rating_is_known")]

    def __str__(self) -> str:
        return f"{self.card}, {self.at}"
