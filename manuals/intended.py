"""The edition that publishing a draft would make, told before it is made."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from wagtail.models import Page, Revision

from manuals import canonical, editions
from manuals.models import Edition, EditionedPage, EditionKind


@dataclass
class Intended:
    """A page whose draft differs from its edition in force: `base`, the edition that publishing `revision` follows."""

    page: EditionedPage
    revision: Revision
    base: Edition
    known: list[Edition]
    today: date

    @cached_property
    def draft(self) -> EditionedPage:
        """The page as the draft has it."""
        draft: EditionedPage = self.revision.as_object()
        return draft

    @property
    def stamp(self) -> str:
        """What tells this state of the draft from any other: a draft that is saved again has another."""
        return f"{self.revision.pk}@{self.revision.created_at.isoformat()}"

    @cached_property
    def requires(self) -> list[str]:
        """The positions that must acknowledge the page as the draft has it."""
        return self.edition(EditionKind.MINOR).requires

    @property
    def effective_from(self) -> date:
        """The day from which it is in force: the one in the draft's schedule, else today."""
        go_live_at = self.draft.go_live_at
        is_scheduled = go_live_at is not None and go_live_at > timezone.now()
        return timezone.localdate(go_live_at) if is_scheduled else self.today

    @property
    def is_planned(self) -> bool:
        """Whether it is to be published on a day to come."""
        return self.effective_from > self.today

    @property
    def planned(self) -> list[Edition]:
        """The editions planned for a day to come, which publishing this withdraws."""
        return [one for one in self.known if one.effective_from > self.today and not hasattr(one, "withdrawal")]

    @property
    def planned_already(self) -> Edition | None:
        """The planned edition that this very draft is, if it is one."""
        return next((one for one in self.planned if one.revision_id == self.revision.pk), None)

    @property
    def stated_edition(self) -> Edition | None:
        """The edition of the kind that the draft states, or None where it states none."""
        kind = self.draft.change_kind
        return self.edition(kind) if kind else None

    def edition(self, kind: str, concerns: list[int] | None = None) -> Edition:
        """Return the edition as publishing would write it, unsaved, given its kind and the groups it concerns.

        Without groups, those that the draft states.
        """
        content = {**self.revision.content, "change_kind": kind}
        if concerns is not None:
            content["change_concerns"] = concerns
        stating = Revision(content_type=self.revision.content_type, object_id=self.revision.object_id, content=content)
        edition = editions.state(type(self.page), stating, self.base)
        edition.page_id = self.page.pk
        edition.content = canonical.content_of(edition.page_type, content)
        edition.effective_from = self.effective_from
        editions.compare(edition, self.base)
        editions.number(edition, self.known, self.base)
        return edition


def of(page: Page, today: date | None = None) -> Intended | None:
    """Return what publishing the latest draft of a page would make, or None where nothing follows an edition in force.

    That is where the page has no edition in force, or the draft says what that edition says. Four queries at most,
    five where someone must acknowledge the page.
    """
    if not isinstance(page, EditionedPage) or not page.pk:
        return None
    today = today or timezone.localdate()
    known = list(Edition.objects.of(page.pk).select_related("withdrawal").defer("content"))
    past = [one for one in known if one.effective_from <= today and not hasattr(one, "withdrawal")]
    base = max(past, key=lambda one: (one.effective_from, one.sequence), default=None)
    revision = page.get_latest_revision()
    if base is None or base.is_repeal or revision is None:
        return None
    found = Intended(page, revision, base, known, today)
    edition = found.edition(EditionKind.MINOR)
    if edition.content == base.content and edition.requires == base.requires:
        return None
    return found
