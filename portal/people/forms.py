"""The forms of people's accounts."""

from datetime import date
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.users.forms import UserCreationForm, UserEditForm

from portal.people.models import Holiday, User

STAFF_FIELDS = ("position", "hire_date", "supervisor", "preferred_language")


class StaffFormMixin:
    """An account by position: the groups follow from it, and only an administrator makes an administrator."""

    fields: dict[str, forms.Field]

    def offer_to(self, editor: User) -> None:
        """Leave out what this editor may not decide, and offer only those who can be someone's supervisor."""
        self.fields.pop("groups", None)
        if not editor.is_superuser:
            self.fields.pop("is_superuser", None)
        people = User.objects.filter(is_active=True).exclude(pk=getattr(self, "instance").pk)  # noqa: B009
        supervisor: Any = self.fields["supervisor"]
        supervisor.queryset = people.filter(position__in=["senior", "supervisor"])


class StaffCreationForm(StaffFormMixin, UserCreationForm):
    """A new account."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | set(STAFF_FIELDS)
        widgets = {"hire_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class StaffEditForm(StaffFormMixin, UserEditForm):
    """An account that is there."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | set(STAFF_FIELDS)
        widgets = {"hire_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class StaffImportForm(forms.Form):
    """The file of an import, and whether to write it."""

    file = forms.FileField(label="CSV file", help_text="The first line names the columns.")
    invite = forms.BooleanField(
        required=False, label="Email each new person a link to set their password", initial=True
    )


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What people decide about their own account."""

    class Meta:
        model = User
        fields = ["preferred_language", "uses_shortcuts"]
        labels = {
            "preferred_language": "Language to show scripts in first",
            "uses_shortcuts": "Use single-key shortcuts",
        }
        widgets = {"preferred_language": forms.RadioSelect}


class HolidayForm(WagtailAdminModelForm):
    """A day on which the office is closed; there is one holiday on a day."""

    class Meta:
        model = Holiday
        fields = ["day", "name"]
        widgets = {"day": AdminDateInput}
        error_messages = {
            "day": {"required": "Give the day on which the office is closed."},
            "name": {"required": "Name the holiday, such as Labor Day."},
        }
        help_texts = {
            "day": "The day the office is closed: for a holiday on a weekend, the working day on which it is observed."
        }

    def clean_day(self) -> date:
        """Return the day, unless it is taken; the error names the holiday that is there."""
        day: date = self.cleaned_data["day"]
        other = Holiday.objects.filter(day=day).exclude(pk=self.instance.pk).first()
        if other:
            raise forms.ValidationError(f"{day:%B} {day.day}, {day.year} is {other.name} already. Change that one.")
        return day
