"""The forms by which a supervisor signs, confirms and waives."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from portal.people.models import User
from portal.training import signing
from portal.training.models import Attendance, SignOff
from portal.training.models.enrolment import REASON_LENGTH
from portal.training.signing import Item

REMARKS_LENGTH = 2000
CHANGED = "What must be seen was changed while you had this open. Tick what you saw again."
SIGNED = "Meanwhile {name} signed this: {outcome}, {when}. Sign only if you saw it once more."


class Reason(forms.CharField):
    """A reason, in words."""

    def __init__(self, missing: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "usa-input"})
        super().__init__(max_length=REASON_LENGTH, widget=widget, error_messages={"required": missing}, **kwargs)
        self.missing = missing

    def clean(self, value: Any) -> str:
        """Refuse a reason that says nothing."""
        reason: str = super().clean(value)
        if not any(letter.isalpha() for letter in reason):
            raise ValidationError(self.missing)
        return reason


class Remarks(forms.CharField):
    """What else there is to say."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            max_length=REMARKS_LENGTH,
            help_text="The person reads them. Leave out callers' names, numbers and addresses.",
            widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 4}),
        )


class SignOffForm(forms.Form):
    """What was seen of a checklist, and whether it was met.

    `last` is the newest record there is: one that came since the form was shown is told before anything is written.
    """

    seen = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    outcome = forms.ChoiceField(
        choices=[("met", "Met"), ("not_yet", "Not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it was met."},
    )
    remarks = Remarks()
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, texts: list[str], last: SignOff | None, data: Any = None, **kwargs: Any) -> None:
        shown = sha256("\n".join(texts).encode()).hexdigest()[:16]
        after = str(last.pk if last else 0)
        self.is_another_list = self.is_signed_meanwhile = False
        if data is not None:
            data = data.copy()
            self.is_another_list = data.get("shown") != shown
            self.is_signed_meanwhile = data.get("after") != after
            if self.is_another_list:
                data.setlist("seen", [])
            data["shown"], data["after"] = shown, after
        super().__init__(data, initial={"shown": shown, "after": after, **kwargs.pop("initial", {})}, **kwargs)
        self.texts, self.last = texts, last
        self.fields["seen"].choices = [(str(n), text) for n, text in enumerate(texts)]  # type: ignore[attr-defined]

    @property
    def checklist(self) -> list[Item]:
        """What was to be seen, and whether it was."""
        seen = set(self.cleaned_data.get("seen", []))
        return [Item(text=text, seen=str(n) in seen) for n, text in enumerate(self.texts)]

    @property
    def met(self) -> bool:
        """Whether it was met."""
        return bool(self.cleaned_data["outcome"] == "met")

    def clean(self) -> dict[str, Any]:
        """Refuse what `signing.check` refuses, and say what happened since the form was shown."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_another_list:
            self.add_error("seen", CHANGED)
        elif cleaned.get("outcome"):
            try:
                signing.check(self.checklist, cleaned.get("remarks", ""), met=cleaned["outcome"] == "met")
            except ValidationError as error:
                self.add_error("outcome", error)
        if self.is_signed_meanwhile and self.last:
            when = date_format(timezone.localtime(self.last.at), "F j, Y, g:i a")
            outcome = "met" if self.last.met else "not yet"
            raise ValidationError(SIGNED.format(name=self.last.supervisor_name, when=when, outcome=outcome))
        return cleaned


class SignOffCorrectionForm(SignOffForm):
    """What takes the place of a record of a task, and why."""

    reason = Reason(
        "Say why the record is corrected.",
        label="Why is it corrected?",
        help_text="It stands beside both records: “Ticked for the wrong person.”",
    )

    def __init__(self, record: SignOff, data: Any = None) -> None:
        seen = [str(n) for n, item in enumerate(record.checklist) if item["seen"]]
        outcome = "met" if record.met else "not_yet"
        initial = {"seen": seen, "outcome": outcome, "remarks": record.remarks}
        super().__init__([item["text"] for item in record.checklist], record, data, initial=initial)


class AttendedDay(forms.DateField):
    """The day on which something was attended, not one to come."""

    def __init__(self) -> None:
        super().__init__(
            label="On which day?",
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "usa-input", "type": "date"}),
            error_messages={
                "required": "Enter the day.",
                "invalid": "This is not a day. Write it like 2026-03-05.",
            },
        )

    def clean(self, value: Any) -> date:
        """Refuse a day to come."""
        day: date = super().clean(value)
        if day > timezone.localdate():
            raise ValidationError("This day is still to come. Confirm it once people were there.")
        return day


class AttendanceForm(forms.Form):
    """Who was there, and on which day."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Who was there?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick who was there.",
            "invalid_choice": "Somebody you ticked is not on this path any more. Look at the list again.",
        },
    )
    day = AttendedDay()
    remarks = Remarks()

    def __init__(self, people: Any, data: Any = None, *, again: Mapping[int, date], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.again = again
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean(self) -> dict[str, Any]:
        """Refuse a day that renews nothing for somebody who has to attend again."""
        cleaned: dict[str, Any] = super().clean() or {}
        day: date | None = cleaned.get("day")
        for person in cleaned.get("people", ()):
            since = self.again.get(person.pk)
            if day and since and day < since:
                sentence = f"{person} renews a certificate: only {date_format(since, 'F j, Y')} or later counts."
                self.add_error("day", f"{sentence} Give the day they were there again, or take the tick away.")
        return cleaned

    @property
    def ticked(self) -> set[int]:
        """The keys of the people who are ticked."""
        return {int(key) for key in self["people"].value() or () if str(key).isdecimal()}


class AttendanceCorrectionForm(forms.Form):
    """What takes the place of a record of an attendance, and why."""

    attended = forms.ChoiceField(
        choices=[("yes", "Was there"), ("no", "Was not there")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the person was there."},
    )
    day = AttendedDay()
    remarks = Remarks()
    reason = Reason(
        "Say why the record is corrected.",
        label="Why is it corrected?",
        help_text="It stands beside both records: “It was the day before.”",
    )

    def __init__(self, record: Attendance, data: Any = None) -> None:
        initial = {"attended": "yes" if record.attended else "no", "day": record.day, "remarks": record.remarks}
        super().__init__(data, initial=initial)


class WaiverForm(forms.Form):
    """Why a person need not do a step."""

    reason = Reason(
        "Say why. The person and whoever looks at their progress read it.",
        label="Reason",
        help_text="“Did this for two years at the county.” No medical particulars.",
    )
    exempt = forms.BooleanField(
        required=False, label="Exempt from acknowledging the policy, too", widget=forms.CheckboxInput
    )

    def __init__(self, data: Any = None, *, may_exempt: bool) -> None:
        super().__init__(data)
        if not may_exempt:
            del self.fields["exempt"]

    @property
    def is_exempt(self) -> bool:
        """Whether the acknowledgement is to be asked for no more."""
        return bool(self.cleaned_data.get("exempt"))


class ToSignForm(forms.Form):
    """Whose sign-offs to list."""

    whose = forms.ChoiceField(
        required=False,
        label="Whose",
        choices=[("", "My team"), ("all", "Everyone")],
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    name = forms.CharField(
        required=False,
        max_length=100,
        label="Name",
        widget=forms.TextInput(attrs={"class": "usa-input", "type": "search", "autocomplete": "off"}),
    )
