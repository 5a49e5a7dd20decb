"""The sections of published pages, each with its permanent address."""

from django.db import models
from wagtail.search import index

from manuals.querysets import SectionQuerySet


class Section(index.Indexed, models.Model):  # type: ignore[django-manager-missing]
    """A section of a published chapter or policy.

    Written at publishing from the page's body (see `manuals.sections`). What points into a page points here, and the
    address outlives editing, reordering and even removal: a removed section is retired, never deleted.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="sections")
    anchor = models.CharField(max_length=64, help_text="The id of the section's block: its permanent address.")
    heading = models.CharField(max_length=150)
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True, help_text="The section in plain words, as search reads it.")
    words = models.PositiveIntegerField(default=0)
    since = models.DateField(null=True, blank=True, help_text="The day from which it says what it says.")
    retired = models.BooleanField(default=False, help_text="The published page has this section no longer.")

    objects = SectionQuerySet.as_manager()

    search_fields = [
        index.SearchField("heading", boost=2),
        index.SearchField("page_title"),
        index.SearchField("text"),
        index.FilterField("page_id"),
        index.FilterField("since"),
    ]

    class Meta:
        ordering = ["page", "order"]
        constraints = [models.UniqueConstraint(fields=["page", "anchor"], name="one_section_at_an_address")]

    def __str__(self) -> str:
        return self.heading

    def page_title(self) -> str:
        """Return the title of the page it stands on."""
        return str(self.page.title)

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet["Section"]:
        """Return the sections that stand on a published page today, with their pages."""
        return cls.objects.current().select_related("page")

    @property
    def url(self) -> str:
        """The address of this section on the portal."""
        return f"{self.page.url}#{self.anchor}"

    @property
    def reference(self) -> str:
        """The section as files name it: the slug of its page, and its anchor."""
        return f"{self.page.slug}#{self.anchor}"
