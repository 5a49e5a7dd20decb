"""A question of the bank."""

from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from taggit.models import TaggedItemBase
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from manuals.models import Section
from portal.people.models import Language
from quizzes import types
from quizzes.fields import AnswerPartField
from quizzes.models.category import Category
from quizzes.querysets import QuestionQuerySet
from quizzes.types.base import Item, QuestionType, flat

STEM_FEATURES = ["bold", "italic", "ol", "ul", "link", "image"]
NAME_LENGTH = 200


class Difficulty(models.IntegerChoices):
    """How hard a question is meant to be."""

    EASY = 1, "Easy"
    MEDIUM = 2, "Medium"
    HARD = 3, "Hard"


class QuestionTag(TaggedItemBase):
    """A tag of a question."""

    content_object = ParentalKey("quizzes.Question", on_delete=models.CASCADE, related_name="tagged_items")


class Question(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, index.Indexed, ClusterableModel
):
    """Something a learner is asked: a stem, an answer part of some type, and the section of a manual it is about.

    Its key is a UUID, the same in every portal the question is taken to, so that chapters and files can name it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=NAME_LENGTH, help_text="For the bank only; learners do not see it.")
    type = models.CharField(max_length=20, editable=False)
    stem = RichTextField(features=STEM_FEATURES, verbose_name="question", help_text="What is asked.")
    body = AnswerPartField(verbose_name="answer part", help_text="Choose a type, then say what is right.")
    general_feedback = models.TextField(
        blank=True, help_text="Shown to everyone with the result: why it is so, in two or three sentences."
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="questions")
    job_functions = ParentalManyToManyField(
        "manuals.JobFunction", blank=True, help_text="The functions this question is evidence for."
    )
    tags = ClusterTaggableManager(through=QuestionTag, blank=True)
    difficulty = models.PositiveSmallIntegerField(choices=Difficulty, default=Difficulty.MEDIUM)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    section = models.ForeignKey(
        Section,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="questions",
        verbose_name="section it tests",
        help_text="Where the right answer stands. A wrong answer leads the learner there.",
    )
    needs_check = models.BooleanField(
        "check this",
        default=False,
        help_text="Its section has changed since the question was last looked at. Take the tick away once it is true.",
    )
    retired = models.BooleanField(default=False, help_text="Kept for past results, and not asked again.")

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )

    objects = QuestionQuerySet.as_manager()

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("stem_text"),
        index.AutocompleteField("stem_text"),
        index.FilterField("category_id"),
        index.FilterField("type"),
        index.FilterField("difficulty"),
        index.FilterField("language"),
        index.FilterField("retired"),
        index.FilterField("needs_check"),
        index.FilterField("live"),
    ]

    class Meta:
        ordering = ["category__name", "name"]
        indexes = [models.Index(fields=["category", "difficulty"], name="question_drawn_by")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(difficulty__in=Difficulty.values), name="question_difficulty_is_known"
            ),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="question_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the type that the answer part is of."""
        if len(self.body):
            self.type = self.body.raw_data[0]["type"]
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "body" in update_fields:
            kwargs["update_fields"] = {*update_fields, "type"}
        super().save(*args, **kwargs)

    def stem_text(self) -> str:
        """Return what is asked as plain text."""
        return str(get_text_for_indexing(self.stem))

    def asks_something(self) -> bool:
        """Return whether there are words or a picture in the stem."""
        return bool(self.stem_text().strip()) or "<embed" in self.stem

    @property
    def note(self) -> str:
        """What whoever keeps the bank should know of it at a glance."""
        return "Retired" if self.retired else "Check this" if self.needs_check else ""

    @property
    def kind(self) -> QuestionType:
        """The type it is of."""
        return types.of(self.type)

    @property
    def type_label(self) -> str:
        """The type it is of, in words; empty for a draft that has none yet."""
        return self.kind.label if self.type else ""

    @property
    def approved_schedule(self) -> bool:
        """Whether it is to be published at a set time. The list of questions asks for all of them at once."""
        if hasattr(self, "scheduled_revisions"):
            return bool(self.scheduled_revisions)
        return bool(super().approved_schedule)

    @property
    def item(self) -> Item:
        """Its answer part as plain JSON (see `quizzes.types.base`)."""
        part = self.body.raw_data[0]
        found: Item = flat(self.body.stream_block.child_blocks[part["type"]], part["value"])
        return found

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the template of the editor's preview."""
        return "quizzes/question_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Return the question as a learner meets it, and as its results show it."""
        from quizzes.showing import preview_of

        return {**super().get_preview_context(request, mode_name), **preview_of(self)}

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The ways the editor can preview it."""
        return [("", "As it is asked"), ("result", "As its result is shown")]
