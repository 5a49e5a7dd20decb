"""What chapters, policies and answers have in common: every publishing that changes something makes an edition."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalManyToManyField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.log_actions import LogContext

from manuals.models.edition import Edition, EditionKind
from manuals.models.library_page import LibraryPage
from portal.people.positions import Position

ACKNOWLEDGE_WITHIN = 5
SUMMARY_LENGTH = 500


class EditionedPage(RoutablePageMixin, LibraryPage):
    """A page whose editions are kept (see `manuals.editions`), and which may have to be acknowledged.

    `change_kind`, `change_summary` and `change_concerns` say what the author states about the edition to be published;
    they travel with the draft through review and schedule, and are empty again once it is recorded.
    """

    # Set where the page is not what stands today but what one of its editions has (see `editions.as_page`).
    as_edition: Edition | None = None

    acknowledged_by = ParentalManyToManyField(
        "auth.Group",
        blank=True,
        limit_choices_to={"name__in": Position.labels},
        related_name="+",
        verbose_name="must be acknowledged by",
        help_text="The positions that must read this and agree to it. None ticked means nobody must.",
    )
    acknowledge_within = models.PositiveSmallIntegerField(
        default=ACKNOWLEDGE_WITHIN,
        verbose_name="working days to acknowledge",
        help_text="Counted from the day of publishing, or from the first day of a person who comes later.",
    )
    change_kind = models.CharField(
        max_length=10,
        blank=True,
        choices=[(kind.value, kind.label) for kind in (EditionKind.MAJOR, EditionKind.MINOR)],
        verbose_name="kind of change",
    )
    change_summary = models.TextField(
        blank=True,
        max_length=SUMMARY_LENGTH,
        verbose_name="what changed",
        help_text="A sentence or two for those who knew it before. A major change needs it.",
    )
    change_concerns = ParentalManyToManyField(
        "auth.Group",
        blank=True,
        limit_choices_to={"name__in": Position.labels},
        related_name="+",
        verbose_name="whom it concerns",
        help_text="Of the positions that must acknowledge this page, those that must read this change. "
        "None ticked means all of them.",
    )

    class Meta:
        abstract = True

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Publish as Wagtail does, page and edition together or not at all, and let the edition know by whom."""
        with transaction.atomic(), LogContext(user=user):
            return super().publish(revision, user=user, **kwargs)

    @cached_property
    def edition(self) -> Edition | None:
        """The edition in force today, or None before the page is published (one query)."""
        if not self.pk:
            return None
        return Edition.objects.of(self.pk).in_force(timezone.localdate()).first()

    @cached_property
    def coming_edition(self) -> Edition | None:
        """The edition that is planned for a day to come, or None (one query)."""
        if not self.pk:
            return None
        return Edition.objects.of(self.pk).standing().filter(effective_from__gt=timezone.localdate()).last()

    def serve(self, request: HttpRequest, view: Any = None, args: Any = None, kwargs: Any = None) -> HttpResponseBase:
        """Serve the page; with a day in the address (`?on=2026-03-01`), as it stood that day."""
        from manuals import edition_views

        if request.GET.get("on") and getattr(view, "__name__", "index_route") == "index_route":
            return edition_views.as_of(request, self)
        response: HttpResponseBase = super().serve(request, view, args, kwargs)
        return response

    @path("editions/", name="editions")
    def edition_history(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the list of the page's editions."""
        from manuals import edition_views

        return edition_views.history(request, self)

    @path("editions/compare/", name="compare_editions")
    def edition_comparison(self, request: HttpRequest) -> HttpResponseBase:
        """Serve two editions compared: `?from=2&to=3`, or the last two."""
        from manuals import edition_views

        return edition_views.compare(request, self)

    @path("editions/<str:number>/", name="edition")
    def fixed_edition(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Serve one edition, for as long as there is a portal."""
        from manuals import edition_views

        return edition_views.edition(request, self, number)

    @path("acknowledge/", name="acknowledge")
    def acknowledge(self, request: HttpRequest) -> HttpResponseBase:
        """Serve what a person has to read and agree to."""
        from manuals import acknowledgement_views

        return acknowledgement_views.acknowledge(request, self)

    def edition_url(self, number: str) -> str:
        """Return the address of one edition."""
        return f"{self.url}editions/{number}/"

    def url_on(self, on: date) -> str:
        """Return the address of the page as it stood on a day."""
        return f"{self.url}?on={on.isoformat()}"
