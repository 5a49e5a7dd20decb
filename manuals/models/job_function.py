"""What a position must be able to do."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from portal.people.positions import Position

SLUG_LENGTH = 60
NAME_LENGTH = 150


class JobFunction(index.Indexed, models.Model):
    """An essential function of a position. Manuals, questions and sign-offs point at it; readiness is read off it."""

    slug = models.SlugField(max_length=SLUG_LENGTH, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    position = models.CharField(max_length=12, choices=Position, help_text="The first position that has this function.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Its place in the list, smallest first.")

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("position"), FieldPanel("order")]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("position"),
    ]

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position__in=Position.values), name="job_function_position_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
