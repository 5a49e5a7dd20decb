"""Choosing what to be told."""

from typing import Any, NamedTuple

from django import forms

from portal.notifications import kinds
from portal.notifications.kinds import Kind


class Choice(NamedTuple):
    """A kind as it is shown: whether it is ticked."""

    kind: Kind
    is_wanted: bool


class ChoosingForm(forms.Form):
    """The kinds of things that a person wants to be told; those that are mandatory need no tick."""

    wanted = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": "There is no kind “%(value)s”. Choose among those below, and save again."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = [(kind.key, kind.label) for kind in kinds.registered()]  # type: ignore[attr-defined]

    @property
    def choices(self) -> list[Choice]:
        """Every kind, ticked if it was or is mandatory."""
        ticked = self["wanted"].value() or []
        return [Choice(kind, kind.is_mandatory or kind.key in ticked) for kind in kinds.registered()]
