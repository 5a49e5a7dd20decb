"""What was asked and what was chosen. Never who called: whatever could tell is masked before it is stored."""

from django.conf import settings
from django.db import models

from manuals.masking import masked

MAX_LENGTH = 255


class SearchQuery(models.Model):
    """A question put to the search, by whom of the desk, and how many answers it had."""

    text = models.CharField(max_length=MAX_LENGTH, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="search_queries", editable=False
    )
    found = models.PositiveSmallIntegerField(editable=False)
    asked_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "search query"
        verbose_name_plural = "search queries"
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: object, **kwargs: object) -> None:
        """Save, with everything masked that could tell who called."""
        self.text = masked(self.text)[:MAX_LENGTH]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class SearchChoice(models.Model):
    """The page somebody opened from the results of a search, and the place it had there."""

    query = models.ForeignKey(SearchQuery, null=True, on_delete=models.CASCADE, related_name="choices", editable=False)
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="search_choices", editable=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="search_choices", editable=False
    )
    place = models.PositiveSmallIntegerField(editable=False, help_text="1 for the first result.")
    chosen_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-chosen_at"]

    def __str__(self) -> str:
        return f"{self.page} ({self.place})"
