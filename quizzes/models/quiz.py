"""Quizzes in the page tree."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from manuals.models import ManualPage
from manuals.models.library_page import LibraryPage, LibraryPageForm, editor_tabs
from quizzes.blocks import QuizContentsBlock


class Feedback(models.TextChoices):
    """When a learner is told what was right."""

    AT_ONCE = "at_once", "At once, question by question"
    AT_THE_END = "end", "With the result"
    AFTER_PASSING = "after_passing", "Only once the quiz is passed"


class Counting(models.TextChoices):
    """Which of several attempts counts."""

    BEST = "best", "The best"
    LAST = "last", "The last"
    FIRST = "first", "The first"


class QuizTag(TaggedItemBase):
    """A tag of a quiz."""

    content_object = ParentalKey("quizzes.QuizPage", on_delete=models.CASCADE, related_name="tagged_items")


class QuizIndexPage(Page):
    """The list of quizzes."""

    parent_page_types = ["manuals.HomePage"]
    subpage_types = ["quizzes.QuizPage"]
    max_count = 1
    promote_panels: list[FieldPanel] = []

    class Meta:
        verbose_name = "list of quizzes"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `rows`: each published quiz with how this person stands (see `quizzes.standing`)."""
        from quizzes import standing

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        quizzes = QuizPage.objects.child_of(self).live().order_by("path").select_related("manual")
        context["rows"] = standing.of(list(quizzes), request.user)
        return context


class QuizForm(LibraryPageForm):
    """Refuses to publish a quiz that cannot be taken."""

    required_messages = {"introduction": "Say in a sentence or two what this quiz is about."}

    def clean(self) -> dict[str, Any]:
        """Refuse a quiz that asks nothing, or draws more than there is."""
        from quizzes import drawing

        cleaned: dict[str, Any] = super().clean()
        contents = cleaned.get("contents")
        if self.is_being_published and contents is not None:
            for sentence in drawing.problems(contents):
                self.add_error("contents", sentence)
        return cleaned


class QuizPage(LibraryPage):
    """A quiz: what it asks, and by which rules."""

    manual = models.ForeignKey(
        ManualPage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="quizzes",
        help_text="The manual it belongs to; the quiz is offered at its end.",
    )
    introduction = models.TextField(help_text="What it is about, in a sentence or two.")
    contents = StreamField(QuizContentsBlock(), blank=True, verbose_name="questions")
    shuffle_questions = models.BooleanField("shuffle the questions", default=True)
    shuffle_options = models.BooleanField("shuffle the options", default=True)
    pass_mark = models.PositiveSmallIntegerField(
        default=80, validators=[MaxValueValidator(100)], help_text="In percent of all points."
    )
    attempts_allowed = models.PositiveSmallIntegerField(default=3, help_text="0 for any number.")
    wait_minutes = models.PositiveIntegerField(
        "wait between attempts", default=0, help_text="Minutes from handing in until the next attempt may begin."
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        "time limit", default=0, help_text="Minutes for an attempt, kept by the server. 0 for no limit."
    )
    feedback = models.CharField(max_length=16, choices=Feedback, default=Feedback.AT_THE_END)
    counts = models.CharField("which attempt counts", max_length=8, choices=Counting, default=Counting.BEST)
    show_answers = models.BooleanField(
        "show the right answers",
        default=True,
        help_text="Off, a learner sees marks and feedback, and what was right stays untold.",
    )
    opens_at = models.DateTimeField("opens", null=True, blank=True, help_text="Empty: it is open from the start.")
    closes_at = models.DateTimeField(
        "closes",
        null=True,
        blank=True,
        help_text="No attempt begins after it; one that is open may be finished. Empty: it stays open.",
    )
    tags = ClusterTaggableManager(through=QuizTag, blank=True)

    content_panels = [
        TitleFieldPanel("title", help_text="What it tests, in two or three words.", placeholder="Quiz"),
        FieldPanel("introduction"),
        FieldPanel("manual"),
        FieldPanel("contents"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("shuffle_questions"), FieldPanel("shuffle_options")]),
                FieldRowPanel([FieldPanel("pass_mark"), FieldPanel("counts")]),
                FieldRowPanel([FieldPanel("attempts_allowed"), FieldPanel("wait_minutes")]),
                FieldRowPanel([FieldPanel("time_limit_minutes"), FieldPanel("feedback")]),
                FieldPanel("show_answers"),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
            ],
            heading="Rules",
        ),
    ]
    edit_handler = editor_tabs(content_panels)
    search_fields = [*LibraryPage.search_fields, index.SearchField("introduction")]
    parent_page_types = ["quizzes.QuizIndexPage"]
    subpage_types: list[str] = []
    base_form_class = QuizForm

    class Meta:
        verbose_name = "quiz"
        verbose_name_plural = "quizzes"
        constraints = [
            models.CheckConstraint(condition=models.Q(pass_mark__lte=100), name="quiz_pass_mark_is_a_percentage"),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="quiz_closes_after_it_opens",
            ),
        ]

    def clean(self) -> None:
        """Refuse a quiz that closes before it opens."""
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "It must close after it opens."})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `standing`: how this person stands in it, and whether they may begin."""
        from quizzes import standing

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        # The editor previews a quiz that is not saved yet.
        context["standing"] = standing.of([self], request.user)[0] if self.pk else standing.Standing(self)
        return context
