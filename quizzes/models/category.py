"""Where a question belongs in the bank."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from manuals.models import JobFunction

NAME_LENGTH = 255


class Category(index.Indexed, models.Model):  # type: ignore[django-manager-missing]
    """A drawer of the question bank, as a rule one for each job function.

    Its name may be a path, as question files write it: “Payments/Deposits”.
    """

    name = models.CharField(
        max_length=NAME_LENGTH, unique=True, help_text="A slash makes a drawer inside another: Payments/Deposits."
    )
    job_function = models.ForeignKey(
        JobFunction,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="question_categories",
        help_text="The function whose questions these are.",
    )

    panels = [FieldPanel("name"), FieldPanel("job_function")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = "question category"
        verbose_name_plural = "question categories"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
