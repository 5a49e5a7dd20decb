"""The forms of remarks."""

from typing import Any, Self

from django import forms

from manuals import remarks
from manuals.models import Remark

MAX_LENGTH = 1000


class KeptTextForm(forms.Form):
    """A form with a text that is kept without a caller's particulars. `left_out` says whether there were any in it."""

    text = forms.CharField(max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 5}))

    left_out = False
    says_nothing = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = self.says_nothing

    def clean_text(self) -> str:
        """Return the text as it may be kept. Refuse one of which that leaves no word."""
        kept, self.left_out = remarks.without_particulars(self.cleaned_data["text"])
        if not any(character.isalnum() for character in kept):
            raise forms.ValidationError(self.says_nothing)
        return kept

    def as_kept(self) -> Self:
        """Return the form with the text as it may be kept, to be looked at before it is sent."""
        form = type(self)(initial=self.cleaned_data)
        form.left_out = self.left_out
        return form


class RemarkForm(KeptTextForm):
    """What is wrong with a section or a page."""

    says_nothing = "Say in a sentence or two what is wrong, and what you would expect to read."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "What is wrong?"
        self.fields["text"].help_text = "Leave out callers' names, numbers and addresses."


class ReplyForm(KeptTextForm):
    """What comes of a remark."""

    says_nothing = "Write an answer, or why nothing changes."

    state = forms.ChoiceField(
        choices=[(Remark.State.ANSWERED.value, "Answer"), (Remark.State.CLOSED.value, "Close with a reason")],
        error_messages={"required": "Choose whether you answer or close."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Your answer, or why you close it"
        self.fields["text"].help_text = "Whoever made the remark reads it. Leave out callers' particulars."


class FilterForm(forms.Form):
    """Which remarks to list."""

    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "All"), *Remark.State.choices],
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    whose = forms.ChoiceField(
        required=False,
        label="Whose",
        choices=[("", "Everyone's"), ("kept", "On my pages"), ("made", "Made by me")],
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
