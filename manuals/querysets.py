"""Queries that have names."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from wagtail.search.queryset import SearchableQuerySetMixin

if TYPE_CHECKING:
    from manuals.models import DatedText, Edition, Section  # noqa: F401 - named in quotes below


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


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, by when they are in force."""

    def of(self, page_id: int) -> "EditionQuerySet":
        """Return the editions of a page, whether it still exists or not, in the order of their writing."""
        return self.filter(page_id=page_id).order_by("sequence")

    def standing(self) -> "EditionQuerySet":
        """Return the editions that were not withdrawn."""
        return self.filter(withdrawal__isnull=True)

    def saying_anew(self) -> "EditionQuerySet":
        """Return the editions that say something else than the one before, and not just to whom it is to be known."""
        return self.exclude(kind__in=["major", "minor"], fields_changed=[], changed=[], added=[], removed=[], words=0)

    def in_force(self, on: date) -> "EditionQuerySet":
        """Return the edition of each page that is in force on a day; one that took its page down is among them.

        Of those that stand and begin on that day or before, the one that begins last; of several that begin on the
        same day, the one written last.
        """
        later = (
            self.model.objects.standing()
            .filter(page_id=models.OuterRef("page_id"), effective_from__lte=on)
            .filter(
                models.Q(effective_from__gt=models.OuterRef("effective_from"))
                | models.Q(effective_from=models.OuterRef("effective_from"), sequence__gt=models.OuterRef("sequence"))
            )
        )
        return self.standing().filter(effective_from__lte=on).filter(~models.Exists(later))


class DatedTextQuerySet(SearchableQuerySetMixin, models.QuerySet["DatedText"]):
    """What was said, and what will be, by day."""

    def on(self, day: date) -> "DatedTextQuerySet":
        """Return what is said on a day."""
        return self.filter(since__lte=day).exclude(until__lte=day)

    def planned(self) -> "DatedTextQuerySet":
        """Return what will be said from a day to come."""
        return self.filter(until__isnull=True)
