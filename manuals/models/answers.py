"""Answers to what callers ask."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from manuals import sample_values
from manuals.blocks import StepsBlock
from manuals.models.edition import Edition
from manuals.models.edition_panels import EditionedPageForm, editioned_tabs
from manuals.models.editioned_page import EditionedPage
from manuals.models.section import Section

SHORT_ANSWER_WORDS = 60

# What stands around the words to say, in the language in which they are said.
SPOKEN_EN = {
    "language": "en",
    "short_answer_label": "Short answer",
    "script_label": "Say this",
    "copy_label": "Copy",
    "copied_label": "Copied",
}
SPOKEN_ES = {
    "language": "es",
    "short_answer_label": "Respuesta breve",
    "script_label": "Diga esto",
    "copy_label": "Copiar",
    "copied_label": "Copiado",
}


class AnswerTag(TaggedItemBase):
    """A tag of an answer."""

    content_object = ParentalKey("manuals.AnswerPage", on_delete=models.CASCADE, related_name="tagged_items")


class Wording(Orderable):
    """Another way callers put the question ("also asked as"), in English or Spanish."""

    answer = ParentalKey("manuals.AnswerPage", on_delete=models.CASCADE, related_name="also_asked_as")
    text = models.CharField(max_length=250)

    panels = [FieldPanel("text")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["answer", "text"], name="wording_given_once")]

    def __str__(self) -> str:
        return self.text


class AnswerPolicySection(Orderable):
    """A policy section that an answer rests on."""

    answer = ParentalKey("manuals.AnswerPage", on_delete=models.CASCADE, related_name="policy_sections")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="answers_resting_on_it")

    panels = [FieldPanel("section")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["answer", "section"], name="policy_section_named_once")]

    def __str__(self) -> str:
        return str(self.section)


class AnswerIndexPage(Page):
    """Where answers are looked up."""

    parent_page_types = ["manuals.HomePage"]
    subpage_types = ["manuals.AnswerPage"]
    max_count = 1
    promote_panels: list[FieldPanel] = []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add all answers by policy. At its usual address, /answers/, `search.views` serves the search in its place."""
        from manuals import listing

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["groups"] = listing.answers_by_policy()
        return context


class AnswerForm(EditionedPageForm):
    """Says what a missing field is for."""

    required_messages = {
        "short_answer": f"Answer the question at once, in {SHORT_ANSWER_WORDS} words or fewer, ready to be read aloud.",
        "script_en": "Write the words an agent can say to the caller.",
    }


class AnswerPage(EditionedPage):
    """One caller question, answered: the unit that search returns."""

    question_es = models.CharField(
        max_length=255,
        blank=True,
        verbose_name="question in Spanish",
        help_text="As a Spanish-speaking caller asks it.",
    )
    short_answer = models.TextField(help_text=f"{SHORT_ANSWER_WORDS} words at most, made to be read aloud.")
    short_answer_es = models.TextField(
        blank=True, verbose_name="short answer in Spanish", help_text=f"{SHORT_ANSWER_WORDS} words at most."
    )
    script_en = models.TextField(
        verbose_name="script in English",
        help_text="What to say. An empty line starts a new paragraph. [[$30.00]] marks a sample value.",
    )
    script_es = models.TextField(blank=True, verbose_name="script in Spanish")
    steps = StreamField(StepsBlock(), blank=True, help_text="What the agent does, in order.")
    refer_to = models.TextField(blank=True, verbose_name="refer to", help_text="Whom to hand the caller to, and when.")
    tags = ClusterTaggableManager(through=AnswerTag, blank=True)

    content_panels = [
        TitleFieldPanel("title", help_text="The question, as a caller asks it.", placeholder="Question"),
        FieldPanel("short_answer"),
        InlinePanel("also_asked_as", heading="Also asked as", label="Wording", help_text="How callers put it."),
        MultiFieldPanel([FieldPanel("script_en"), FieldPanel("steps"), FieldPanel("refer_to")], heading="On the call"),
        MultiFieldPanel(
            [FieldPanel("question_es"), FieldPanel("short_answer_es"), FieldPanel("script_es")],
            heading="In Spanish",
        ),
        InlinePanel("policy_sections", heading="Policy it rests on", label="Policy section"),
    ]
    edit_handler = editioned_tabs(content_panels)
    search_fields = [
        *EditionedPage.search_fields,
        # A wording may be in either language, and so it is analysed as both.
        index.SearchField("asked_as_en", boost=3),
        index.SearchField("asked_as_es", boost=3, language="es"),
        index.SearchField("question_es", boost=2, language="es"),
        index.SearchField("short_answer"),
        index.SearchField("short_answer_es", language="es"),
        index.SearchField("script_en"),
        index.SearchField("script_es", language="es"),
        index.SearchField("steps", boost=0.5),
        index.AutocompleteField("question_es"),
        index.FilterField("questions"),
        index.FilterField("said_since"),
    ]
    parent_page_types = ["manuals.AnswerIndexPage"]
    subpage_types: list[str] = []
    base_form_class = AnswerForm

    # The day from which it says what it says; only where it was read to be put into the index.
    said_since: date | None = None

    class Meta:
        verbose_name = "answer"

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet["AnswerPage"]:
        """Return all answers, each with the day from which it says what it says."""
        editions = Edition.objects.standing().saying_anew().filter(effective_from__lte=timezone.localdate())
        last = editions.filter(page_id=models.OuterRef("pk")).order_by("-effective_from").values("effective_from")[:1]
        answers: models.QuerySet[AnswerPage] = super().get_indexed_objects()
        return answers.annotate(said_since=models.Subquery(last))

    def questions(self) -> list[str]:
        """Return the question in every wording, as search compares them with what a caller says."""
        return [text for text in (self.title, self.question_es, *self.asked_as_en()) if text]

    def asked_as_en(self) -> list[str]:
        """Return the other wordings, as search analyses them in English."""
        return [wording.text for wording in self.also_asked_as.all()]

    def asked_as_es(self) -> list[str]:
        """Return the other wordings, as search analyses them in Spanish."""
        return self.asked_as_en()

    def clean(self) -> None:
        """Refuse a short answer that is too long to be read to someone who is waiting."""
        super().clean()
        errors = {}
        for name in ("short_answer", "short_answer_es"):
            words = sample_values.count_words(getattr(self, name) or "")
            if words > SHORT_ANSWER_WORDS:
                errors[name] = (
                    f"This has {words} words, and a caller is waiting. Keep it to {SHORT_ANSWER_WORDS}, and put the "
                    "rest into the script."
                )
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what `spoken` returns, and itself as `answer`."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "answer": self, **self.spoken(request)}

    def spoken(self, request: HttpRequest) -> dict[str, Any]:
        """Return the words to say in each language, the language to show first, and the policy sections behind them.

        The language is the one asked for (`?script=es`), else the person's own; English where there is no Spanish.
        """
        parts = [SPOKEN_EN | {"short_answer": self.short_answer, "script": self.script_en}]
        if self.script_es:
            parts.append(SPOKEN_ES | {"short_answer": self.short_answer_es, "script": self.script_es})
        wanted = request.GET.get("script") or getattr(request.user, "preferred_language", "")
        keys = [link.section_id for link in self.policy_sections.all()]
        found = Section.objects.select_related("page").in_bulk(keys)
        return {
            "spoken_parts": parts,
            "has_spanish": len(parts) > 1,
            "language": wanted if wanted in {part["language"] for part in parts} else "en",
            "policy_links": [found[key] for key in keys if key in found],
        }
