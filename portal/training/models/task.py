"""Something to be done at the desk while a supervisor watches."""

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

TITLE_LENGTH = 150


class Task(index.Indexed, ClusterableModel):
    """A task of the desk, with what must be seen before it is signed off, and how many times it must be seen."""

    slug = models.SlugField(max_length=80, unique=True, help_text="Its name in files.")
    title = models.CharField(
        max_length=TITLE_LENGTH, help_text="What the person does, such as “Closes a cash drawer to the penny”."
    )
    description = models.TextField(blank=True, help_text="What the supervisor sets up, in a sentence or two.")
    times = models.PositiveSmallIntegerField(default=1, help_text="How many times it must be seen and met.")
    minutes = models.PositiveSmallIntegerField(default=15, help_text="How long one time takes.")
    job_functions = ParentalManyToManyField(
        "manuals.JobFunction",
        blank=True,
        related_name="tasks",
        help_text="The functions that a sign-off is evidence for.",
    )
    retired = models.BooleanField(default=False, help_text="Kept for past sign-offs, and not put on paths any more.")

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("retired"),
    ]

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(times__gte=1),
                name="task_is_seen_once",
                violation_error_message="A task must be seen at least once.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="task_takes_a_minute",
                violation_error_message="Give at least one minute.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def whole_minutes(self) -> int:
        """Minutes for all its times."""
        return self.times * self.minutes


class TaskItem(Orderable):
    """One thing that the supervisor must see."""

    task = ParentalKey(Task, on_delete=models.CASCADE, related_name="checklist")
    text = models.CharField(max_length=200, help_text="One thing to see, such as “Counts the drawer twice”.")

    class Meta(Orderable.Meta):
        verbose_name = "thing to see"
        verbose_name_plural = "things to see"

    def __str__(self) -> str:
        return self.text
