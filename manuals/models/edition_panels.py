"""What the editor of a page with editions asks about the edition to be published, and how it is checked."""

from typing import Any

from django.forms import CheckboxSelectMultiple, RadioSelect
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel, TabbedInterface

from manuals.models.edition import EditionKind
from manuals.models.library_page import LibraryPageForm, editor_tabs

SAY_KIND = "Say whether people must read it again. Whoever approves this publishes it with what you say here."
SAY_WHAT = "Say in a sentence or two what changed. Those who must read it again see this first."
UNSAID = ("", "Not said yet")


class EditionedPageForm(LibraryPageForm):
    """The editor's form. A change that is sent to review says what kind of change it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "change_kind" in self.fields:
            kinds = [(kind.value, kind.label) for kind in (EditionKind.MAJOR, EditionKind.MINOR)]
            self.fields["change_kind"].choices = [UNSAID, *kinds]
        if "acknowledge_within" in self.fields:
            self.fields["acknowledge_within"].required = False

    @property
    def is_being_submitted(self) -> bool:
        """Whether the page goes to review, or is approved there."""
        is_approved = "action-workflow-action" in self.data and self.data.get("workflow-action-name") == "approve"
        return is_approved or "action-submit" in self.data or "action-restart-workflow" in self.data

    def clean_acknowledge_within(self) -> int:
        """Return how many working days people have: as before where nothing is said."""
        given: int | None = self.cleaned_data["acknowledge_within"]
        return self.instance.acknowledge_within if given is None else given

    def clean(self) -> dict[str, Any]:
        """Refuse to send a change to review without its kind, or a major one without a word on what changed."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_being_submitted and "change_kind" in self.fields and self._makes_an_edition():
            kind = cleaned.get("change_kind")
            if not kind:
                self.add_error("change_kind", SAY_KIND)
            if kind == EditionKind.MAJOR and not cleaned.get("change_summary"):
                self.add_error("change_summary", SAY_WHAT)
        return cleaned

    def _makes_an_edition(self) -> bool:
        """Return whether an edition is in force, and the draft or what was typed since differs from it."""
        from manuals import canonical, intended

        page = self.instance
        if not page.pk or page.edition is None or page.edition.is_repeal:
            return False
        said = {*canonical.FIELDS[page._meta.label_lower], "acknowledged_by"}
        is_typed = not said.isdisjoint(self.changed_data)
        has_links = "policy_sections" in self.formsets and self.formsets["policy_sections"].has_changed()
        return is_typed or has_links or intended.of(page) is not None


class SetsOffPanel(Panel):
    """Leads to the screen that tells what publishing the draft changes and sets off."""

    class BoundPanel(Panel.BoundPanel):
        """Shown once the page is published: the first edition sets nothing off."""

        template_name = "manuals/admin/publishing_panel.html"

        def is_shown(self) -> bool:
            """Return whether there is an edition to compare the draft with."""
            return bool(self.instance.pk and self.instance.edition)


def editioned_tabs(content_panels: list[Panel]) -> TabbedInterface:
    """Return the editor of a page with editions."""
    keeping = MultiFieldPanel(
        [
            FieldPanel("acknowledged_by", widget=CheckboxSelectMultiple),
            FieldRowPanel([FieldPanel("acknowledge_within")]),
        ],
        heading="Who must acknowledge it",
    )
    stated = MultiFieldPanel(
        [
            FieldPanel("change_kind", widget=RadioSelect),
            FieldPanel("change_summary"),
            FieldPanel("change_concerns", widget=CheckboxSelectMultiple),
        ],
        heading="What you say about this change",
        help_text="Asked for when a change of a published page goes to review, and once more before it is published.",
    )
    sets_off = SetsOffPanel(heading="What publishing this sets off")
    return editor_tabs(content_panels, keeping=[keeping], publishing=[sets_off, stated])
