"""Training manuals and their chapters."""

from itertools import chain, islice
from typing import Any

from django.db import models
from django.db.models import Prefetch, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from manuals import reading_time
from manuals.blocks import BodyBlock
from manuals.models.edition_panels import EditionedPageForm, editioned_tabs
from manuals.models.editioned_page import EditionedPage
from manuals.models.library_page import LibraryPage, LibraryPageForm, editor_tabs
from manuals.models.section import Section


class ManualTag(TaggedItemBase):
    """A tag of a manual."""

    content_object = ParentalKey("manuals.ManualPage", on_delete=models.CASCADE, related_name="tagged_items")


class ChapterTag(TaggedItemBase):
    """A tag of a chapter."""

    content_object = ParentalKey("manuals.ChapterPage", on_delete=models.CASCADE, related_name="tagged_items")


def _with_words(chapters: models.QuerySet["ChapterPage"]) -> models.QuerySet["ChapterPage"]:
    """Return the chapters with `words`, the words of the sections that stand in them."""
    return chapters.annotate(words=Sum("sections__words", filter=models.Q(sections__retired=False)))


def with_extent(manuals: list["ManualPage"]) -> list["ManualPage"]:
    """Return the manuals with `chapter_count` and `reading_minutes` of their published chapters (one query)."""
    own: dict[str, list[int]] = {}
    for place, words in _with_words(ChapterPage.objects.live()).values_list("path", "words"):
        own.setdefault(place[: -Page.steplen], []).append(reading_time.minutes(words))
    for manual in manuals:
        minutes = own.get(manual.path, [])
        manual.chapter_count, manual.reading_minutes = len(minutes), sum(minutes)
    return manuals


class ManualIndexPage(Page):
    """The list of manuals."""

    parent_page_types = ["manuals.HomePage"]
    subpage_types = ["manuals.ManualPage"]
    max_count = 1
    promote_panels: list[FieldPanel] = []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `manuals`: the published manuals in the order of the tree, with chapter counts and minutes to read."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        manuals = ManualPage.objects.child_of(self).live().order_by("path").prefetch_related("audience")
        context["manuals"] = with_extent(list(manuals))
        return context


class ManualForm(LibraryPageForm):
    """Refuses to publish a manual that has nothing to read in it."""

    required_messages = {"introduction": "Say in two or three sentences what this manual teaches and to whom."}

    def clean(self) -> dict[str, Any]:
        """Refuse publishing while there is no chapter."""
        cleaned: dict[str, Any] = super().clean()
        has_chapters = self.instance.pk and self.instance.get_children().exists()
        if self.is_being_published and not has_chapters:
            self.add_error(
                "title",
                "A manual needs at least one chapter before it is published. Save this draft, add a chapter under it, "
                "and publish then.",
            )
        return cleaned


class ManualPage(RoutablePageMixin, LibraryPage):
    """A training manual: an introduction, and chapters under it."""

    chapter_count: int
    reading_minutes: int

    introduction = models.TextField(help_text="What the manual teaches and to whom, in two or three sentences.")
    tags = ClusterTaggableManager(through=ManualTag, blank=True)

    content_panels = [
        TitleFieldPanel("title", help_text="What the manual teaches, in two or three words.", placeholder="Manual"),
        FieldPanel("introduction"),
    ]
    edit_handler = editor_tabs(content_panels)
    search_fields = [*LibraryPage.search_fields, index.SearchField("introduction")]
    parent_page_types = ["manuals.ManualIndexPage"]
    subpage_types = ["manuals.ChapterPage"]
    base_form_class = ManualForm

    class Meta:
        verbose_name = "manual"

    @cached_property
    def chapters(self) -> list["ChapterPage"]:
        """The published chapters in order, each with its words and the sections that stand in it (two queries)."""
        standing = Prefetch(
            "sections",
            queryset=Section.objects.filter(retired=False).order_by("order"),
            to_attr="standing_sections",
        )
        chapters = ChapterPage.objects.child_of(self).live().order_by("path").defer_streamfields()
        return list(_with_words(chapters).prefetch_related(standing))

    @property
    def minutes(self) -> int:
        """Minutes to read all of it."""
        return sum(chapter.minutes for chapter in self.chapters)

    @path("print/", name="print")
    def print_whole(self, request: HttpRequest) -> HttpResponse:
        """Serve the whole manual as one document, made to be printed."""
        chapters = list(ChapterPage.objects.child_of(self).live().order_by("path"))
        # As one stream, so that everything the sections refer to is fetched at once and not chapter by chapter.
        bodies = [list(chapter.body.raw_data) for chapter in chapters]
        sections = iter(BodyBlock().to_python(list(chain.from_iterable(bodies))))
        printed = [(chapter, list(islice(sections, len(body)))) for chapter, body in zip(chapters, bodies, strict=True)]
        return self.render(request, context_overrides={"printed": printed}, template="manuals/manual_print.html")


class ChapterForm(EditionedPageForm):
    """Says what a missing field is for."""

    required_messages = {"summary": "Say in one or two sentences what the reader can do after this chapter."}


class ChapterPage(EditionedPage):
    """A chapter of a manual: a run of sections."""

    summary = models.TextField(max_length=400, help_text="What the reader can do afterwards, in a sentence or two.")
    body = StreamField(BodyBlock())
    tags = ClusterTaggableManager(through=ChapterTag, blank=True)

    words: int | None
    standing_sections: list[Section]

    content_panels = [
        TitleFieldPanel("title", help_text="What the reader learns to do.", placeholder="Chapter"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    edit_handler = editioned_tabs(content_panels)
    search_fields = [*EditionedPage.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["manuals.ManualPage"]
    subpage_types: list[str] = []
    base_form_class = ChapterForm

    class Meta:
        verbose_name = "chapter"

    @property
    def minutes(self) -> int:
        """Minutes to read it; needs `words`, which `ManualPage.chapters` fetches."""
        return reading_time.minutes(self.words)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the manual, its chapters, and where this one stands among them."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        manual = self.get_parent().specific
        chapters = manual.chapters
        place = next((i for i, chapter in enumerate(chapters) if chapter.pk == self.pk), None)
        context["manual"] = manual
        context["chapters"] = chapters
        if place is not None:
            context["place"] = place + 1
            context["minutes"] = chapters[place].minutes
            context["previous_chapter"] = chapters[place - 1] if place else None
            context["next_chapter"] = chapters[place + 1] if place + 1 < len(chapters) else None
        return context
