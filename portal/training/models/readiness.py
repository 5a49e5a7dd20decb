"""What evidence makes somebody able to do a function. Set by seniors, shown to everyone."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

_MOST = 100


class Level(models.TextChoices):
    """How far a person is with a function."""

    NOT_STARTED = "not_started", "Not started"
    LEARNING = "learning", "Learning"
    WITH_HELP = "with_help", "Can do with help"
    ALONE = "alone", "Can do alone"


def _percent(default: int) -> Any:
    return models.PositiveSmallIntegerField(default=default, help_text="Percent, 0 to 100; 0 asks for nothing.")


class ReadinessRule(models.Model):
    """How much of each kind of evidence a function asks for: with help, and alone.

    The rule without a function holds for every function that has none of its own.
    """

    job_function = models.OneToOneField(
        "manuals.JobFunction",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="readiness_rule",
        help_text="Empty: the rule of every function that has none of its own.",
    )
    help_read = _percent(80)
    help_acknowledged = _percent(100)
    help_mark = _percent(70)
    help_signed = _percent(0)
    help_recalled = _percent(0)
    alone_read = _percent(100)
    alone_acknowledged = _percent(100)
    alone_mark = _percent(80)
    alone_signed = _percent(100)
    alone_recalled = _percent(70)
    to_move_up = models.CharField(
        "to move up",
        max_length=12,
        choices=[(Level.LEARNING.value, Level.LEARNING.label), *Level.choices[2:]],
        default=Level.WITH_HELP,
        help_text="How far a person of the position below must be with the function to be ready for the next position.",
    )

    class Meta:
        ordering = [F("job_function__order").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("job_function", 0),
                name="one_rule_for_a_function",
                violation_error_message="There is a rule for this function already.",
            ),
            models.CheckConstraint(
                condition=Q(to_move_up__in=[Level.LEARNING, Level.WITH_HELP, Level.ALONE]),
                name="readiness_to_move_up_is_known",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"alone_{kind}__gte": F(f"help_{kind}"), f"alone_{kind}__lte": _MOST}),
                    name=f"readiness_{kind}_alone_asks_for_no_less",
                    violation_error_message=(
                        "“Alone” cannot ask for less than “with help”, and neither for more than 100 percent."
                    ),
                )
                for kind in ("read", "acknowledged", "mark", "signed", "recalled")
            ),
        ]

    def __str__(self) -> str:
        return f"Rule for {self.job_function or 'every other function'}"
