"""The root of the library."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class HomePage(Page):
    """The root of the page tree. `portal.home` serves the site's front page in its place."""

    notice = models.CharField(
        max_length=250,
        blank=True,
        help_text="One sentence everyone should see today, such as a main break. Empty shows nothing.",
    )

    content_panels = [*Page.content_panels, FieldPanel("notice")]
    promote_panels: list[FieldPanel] = []
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "manuals.ManualIndexPage",
        "manuals.PolicyIndexPage",
        "manuals.AnswerIndexPage",
        "quizzes.QuizIndexPage",
    ]
    max_count = 1
    template = "home/front_page.html"

    class Meta:
        verbose_name = "home page"
