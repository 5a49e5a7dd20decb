"""Choosing a section in the editor, instead of pasting a link to it: one of a policy, or one of any page."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.blocks import ChooserBlock


class SectionFilterForm(BaseFilterForm):
    """Finds a section by words of its heading or of its page's title, or by its policy's code."""

    q = forms.CharField(
        label="Search", required=False, widget=forms.TextInput(attrs={"placeholder": "Heading or page"})
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Return the sections that have every word that was typed."""
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q") or None
        self.is_searching = bool(self.search_query)
        for word in (self.search_query or "").split():
            objects = objects.filter(
                Q(heading__icontains=word) | Q(page__title__icontains=word) | Q(page__policypage__code__icontains=word)
            )
        return objects


class SectionsMixin:
    """Which sections are offered, and what is said of each."""

    filter_form_class = SectionFilterForm
    page_label = "Stands in"

    @property
    def columns(self) -> list[Column]:
        """The section's heading and the page it belongs to."""
        title: Column = self.title_column  # type: ignore[attr-defined]
        return [title, Column("page", label=self.page_label, accessor="page.title")]

    def get_object_list(self) -> QuerySet[Any]:
        """Return the sections that stand in a published page today."""
        sections: QuerySet[Any] = self.model_class.objects.current()  # type: ignore[attr-defined]
        return sections.select_related("page").order_by("page__path", "order")


class SectionChooseView(SectionsMixin, chooser_views.ChooseView):
    """The chooser when it opens."""


class SectionChooseResultsView(SectionsMixin, chooser_views.ChooseResultsView):
    """The chooser's results as the search is typed or a page is turned."""


class PolicySectionsMixin(SectionsMixin):
    """The sections of policies only."""

    page_label = "Policy"

    def get_object_list(self) -> QuerySet[Any]:
        """Return the sections that stand in a published policy today."""
        sections = self.model_class.objects.current().of_policies()  # type: ignore[attr-defined]
        return sections.select_related("page")


class PolicySectionChooseView(PolicySectionsMixin, chooser_views.ChooseView):
    """The chooser when it opens."""


class PolicySectionChooseResultsView(PolicySectionsMixin, chooser_views.ChooseResultsView):
    """The chooser's results as the search is typed or a page is turned."""


class SectionBlockBase(ChooserBlock):
    """A block that holds one section, and fetches its page along with it."""

    def bulk_to_python(self, values: list[int | None]) -> list[Any]:
        """Return the sections of these keys, in order, with their pages: one query for a whole body."""
        found = self.model_class.objects.select_related("page").in_bulk([value for value in values if value])
        return [found.get(value) if value else None for value in values]


class PolicySectionChooserViewSet(ChooserViewSet):
    """The chooser for policy sections, and the field and block that use it."""

    model = "manuals.Section"
    icon = "link"
    choose_one_text = "Choose a policy section"
    choose_another_text = "Choose another section"
    page_title = "Choose a policy section"
    choose_view_class = PolicySectionChooseView
    choose_results_view_class = PolicySectionChooseResultsView
    base_block_class = SectionBlockBase
    per_page = 15


class SectionChooserViewSet(ChooserViewSet):
    """The chooser for the sections of any page; a form names its widget, for the policies' is the usual one."""

    model = "manuals.Section"
    icon = "link"
    choose_one_text = "Choose a section"
    choose_another_text = "Choose another section"
    page_title = "Choose a section"
    choose_view_class = SectionChooseView
    choose_results_view_class = SectionChooseResultsView
    register_widget = False
    per_page = 15


section_chooser = SectionChooserViewSet("section_chooser")
policy_section_chooser = PolicySectionChooserViewSet("policy_section_chooser")
PolicySectionChooserBlock = policy_section_chooser.get_block_class(
    name="PolicySectionChooserBlock", module_path="manuals.chooser"
)
