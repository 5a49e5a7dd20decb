"""What people were told about due dates, so that they hear of each once, however many are told together."""

from django.db import models

from portal.training.models.enrolment import Enrolment


class ToldDue(models.Model):
    """That a person was told that a step of theirs is due soon by a day, or overdue since it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="told_dues")
    key = models.UUIDField(help_text="The key of the step.")
    due = models.DateField()
    is_overdue = models.BooleanField()

    class Meta:
        ordering = ["enrolment", "due"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "key", "due", "is_overdue"], name="told_of_a_due_date_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}, {self.due.isoformat()}"
