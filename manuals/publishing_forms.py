"""What an author states about an edition before it is published."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import Group

from manuals.models import EditionKind
from manuals.models.editioned_page import SUMMARY_LENGTH
from manuals.publishing import Statements
from portal.people.positions import Position

SAY_KIND = "Say whether people must read it again."
SAY_WHAT = "Say in a sentence or two what changed. Those who must read it again see this first."


class PublishingForm(forms.Form):
    """The statements, and which draft they are about."""

    kind = forms.ChoiceField(label="Kind of change", widget=forms.RadioSelect, error_messages={"required": SAY_KIND})
    summary = forms.CharField(
        label="What changed",
        required=False,
        max_length=SUMMARY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two for those who knew it before. A major change needs it.",
    )
    concerns = forms.MultipleChoiceField(
        label="Whom it concerns",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Of those who must acknowledge this page. The others need not read this change.",
    )
    stamp = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, numbers: Mapping[EditionKind, str], required: list[str], people: Counter[str], **kwargs: Any
    ) -> None:
        """Offer the kinds with the number each makes, and the positions that must acknowledge, with their people."""
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, f"{kind.label}. Makes edition {number}.") for kind, number in numbers.items()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.people = people
        self.positions = [position for position in Position if position.value in required]
        if not self.positions:
            del self.fields["concerns"]
            return
        choices = [(one.value, f"{one.label} ({_people(people[one.value])})") for one in self.positions]
        self.fields["concerns"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a major change that says nothing, or that concerns nobody."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == EditionKind.MAJOR:
            if not cleaned.get("summary") and "summary" not in self.errors:
                self.add_error("summary", SAY_WHAT)
            if self.positions and not cleaned.get("concerns") and "concerns" not in self.errors:
                self.add_error("concerns", "Tick whom it concerns. A change that concerns nobody is a minor one.")
        return cleaned

    def statements(self) -> Statements:
        """Return what was stated. Where it concerns all who must acknowledge the page, no group is named."""
        cleaned = self.cleaned_data
        chosen = [one for one in self.positions if one.value in cleaned.get("concerns", [])]
        is_for_some = cleaned["kind"] == EditionKind.MAJOR and len(chosen) < len(self.positions)
        names = [one.label for one in chosen] if is_for_some else []
        return Statements(cleaned["kind"], cleaned["summary"].strip(), list(Group.objects.filter(name__in=names)))


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
