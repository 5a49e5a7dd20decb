"""Queries that have names."""

from typing import TYPE_CHECKING

from django.db import models
from wagtail.search.queryset import SearchableQuerySetMixin

if TYPE_CHECKING:
    from manuals.models import Section  # noqa: F401 - named in quotes below


class SectionQuerySet(SearchableQuerySetMixin, models.QuerySet["Section"]):
    """Sections, by where they stand and whether they still do."""

    def current(self) -> "SectionQuerySet":
        """Return the sections that stand on a published page today."""
        return self.filter(retired=False, page__live=True)

    def of_policies(self) -> "SectionQuerySet":
        """Return the sections of policies."""
        return self.filter(page__content_type__app_label="manuals", page__content_type__model="policypage")

    def at(self, page_slug: str, anchor: str) -> "SectionQuerySet":
        """Return the policy section with that address, if there is one."""
        return self.of_policies().filter(page__slug=page_slug, anchor=anchor)
