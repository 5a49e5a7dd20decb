"""The forms of the team: which rows, whom to put on a path, leaving, and leaves of absence."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from portal.people.models import User
from portal.people.positions import Position
from portal.training.enrolment_days import day_fault
from portal.training.models import LearningPath
from portal.training.models.enrolment import REASON_LENGTH
from portal.training.team import Standing, named

# So many people are offered at once; a longer list is narrowed first.
OFFERED = 100

WHOSE = [("mine", "My team"), ("all", "Everyone")]


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "usa-select"})


def _day_field(label: str, help_text: str, *, required: bool) -> "DayField":
    return DayField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"class": "usa-input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-01-31.", "required": "Enter a day."},
    )


class DayField(forms.DateField):
    """A day within some years of today."""

    def clean(self, value: Any) -> date | None:
        """Return the day, or None. Raises `ValidationError` for one that is too far away."""
        day: date | None = super().clean(value)
        fault = day_fault(day, timezone.localdate()) if day else ""
        if fault:
            raise forms.ValidationError(fault)
        return day


class PeopleFilterForm(forms.Form):
    """Which people."""

    whose = forms.ChoiceField(required=False, label="Whose", choices=WHOSE, widget=_select())
    name = forms.CharField(
        required=False, max_length=100, label="Name", widget=forms.TextInput(attrs={"class": "usa-input"})
    )
    position = forms.ChoiceField(
        required=False, label="Position", choices=[("", "Any"), *Position.choices], widget=_select()
    )

    def __init__(self, viewer: User, data: Any) -> None:
        """Take what was asked for; who asks for nothing gets their own team where they have one, or everyone."""
        asked = data.dict()
        if asked.get("whose") not in dict(WHOSE):
            has_team = User.objects.filter(supervisor=viewer, is_active=True).exists()
            asked["whose"] = "mine" if has_team else "all"
        super().__init__(asked)
        self.viewer = viewer
        self.is_valid()

    def chosen(self, name: str) -> Any:
        """Return what was chosen in a field; nothing where it was nonsense."""
        return self.cleaned_data.get(name) or ""

    @property
    def led_by(self) -> User | None:
        """Whose team is asked for, or None for everyone."""
        return self.viewer if self.chosen("whose") == "mine" else None

    def people(self) -> QuerySet[User]:
        """Return the people asked for, by name."""
        found = User.objects.filter(named(self.chosen("name")), is_active=True)
        if self.led_by:
            found = found.filter(supervisor=self.led_by)
        if self.chosen("position"):
            found = found.filter(position=self.chosen("position"))
        return found.order_by("last_name", "first_name", "username")


class TeamFilterForm(PeopleFilterForm):
    """Which rows of the team."""

    path = forms.ModelChoiceField(
        LearningPath.objects.filter(editions__isnull=False).distinct(),
        required=False,
        label="Path",
        empty_label="Any",
        widget=_select(),
    )
    standing = forms.ChoiceField(
        required=False,
        label="Standing",
        choices=[("", "Any"), *((one.value, one.label) for one in Standing)],
        widget=_select(),
    )

    field_order = ["whose", "name", "path", "position", "standing"]

    def enrolments_asked(self) -> dict[str, Any]:
        """Return what to ask `team.enrolments` for."""
        path = self.chosen("path")
        return {
            "led_by": self.led_by,
            "name": self.chosen("name"),
            "position": self.chosen("position"),
            "path": path.pk if path else None,
        }


class EnrolForm(forms.Form):
    """Whom to put on which path, and from when due dates count."""

    path = forms.ModelChoiceField(
        LearningPath.objects.filter(live=True, editions__isnull=False).distinct(),
        label="Path",
        empty_label="Choose a path",
        widget=_select(),
        error_messages={"required": "Choose a path.", "invalid_choice": "This path is not published any more."},
    )
    starts_on = _day_field(
        "Due dates count from",
        "Leave it empty to count as the path says: from the day of hire, or today.",
        required=False,
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="People",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one person.", "invalid_choice": "Somebody you ticked has left."},
    )

    def __init__(self, offered: list[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        field: Any = self.fields["people"]
        field.queryset = User.objects.filter(is_active=True)
        field.choices = [(person.pk, person) for person in offered]


class EnrolFileForm(forms.Form):
    """A file of enrolments."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class ReasonForm(forms.Form):
    """A form that asks for a reason."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "usa-input"}),
        error_messages={"required": "Say why, in a few words."},
    )


class LeaveForm(ReasonForm):
    """Taking somebody off a path."""

    prefix = "leave"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why they leave the path"
        self.fields["reason"].help_text = "It is kept, and the person sees it."


class AbsenceForm(ReasonForm):
    """A leave of absence."""

    prefix = "absence"

    since = _day_field("First day away", "", required=True)
    until = _day_field("First day back", "Leave it empty while nobody knows.", required=False)
    everywhere = forms.BooleanField(required=False, initial=True, label="For every path they are on")

    field_order = ["since", "until", "reason", "everywhere"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Such as “Leave of absence”. No medical particulars."

    def clean(self) -> dict[str, Any]:
        """Refuse a leave that ends before it begins."""
        found = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until <= since:
            self.add_error("until", "The first day back must come after the first day away.")
        return found


class BackForm(forms.Form):
    """The day somebody came back."""

    prefix = "back"

    until = _day_field("First day back", "", required=True)
    everywhere = forms.BooleanField(required=False, initial=True, label="For every path they are on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate
