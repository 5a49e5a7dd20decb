"""Exempting a person from acknowledging a page, with a reason. An exemption is ended, never removed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from manuals.models import Edition, Exemption
from portal.people.models import User


class AlreadyExempt(Exception):
    """The person is exempt from the page already."""


class PersonChoice(forms.ModelChoiceField):
    """A choice of people, each with their position."""

    def label_from_instance(self, obj: Any) -> str:
        """Return how a person is named in the list."""
        return f"{obj} ({obj.username}), {obj.get_position_display()}"


class ExemptionForm(forms.Form):
    """Who of those that must acknowledge a page need not, and why."""

    person = PersonChoice(
        User.objects.none(),
        label="Person",
        error_messages={
            "required": "Choose whom to exempt.",
            "invalid_choice": "Choose somebody from the list: who is exempt already is not in it.",
        },
    )
    reason = forms.CharField(
        max_length=250,
        label="Reason",
        help_text="It is printed in the report: “On leave until June 1.”",
        error_messages={"required": "Say why. The reason stands in the report."},
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exempt = Exemption.objects.filter(page_id=edition.page_id, ended_at__isnull=True)
        people = User.objects.filter(is_active=True, position__in=edition.requires).exclude(
            pk__in=exempt.values("person_id")
        )
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """Refuse a reason that says nothing."""
        reason: str = self.cleaned_data["reason"]
        if not any(letter.isalpha() for letter in reason):
            raise ValidationError("Say why in words. The reason stands in the report.")
        return reason


def may_exempt(user: object, page: Page) -> bool:
    """Return whether this person may grant and end exemptions from a page: who may publish it."""
    return isinstance(user, User) and page.permissions_for_user(user).can_publish()


def grant(person: User, page: Page, reason: str, by: User) -> Exemption:
    """Write that a person need not acknowledge a page. Raises `AlreadyExempt`."""
    with transaction.atomic():
        exemption, is_new = Exemption.objects.get_or_create(
            person=person,
            page_id=page.pk,
            ended_at=None,
            defaults={"reason": reason, "granted_by": by},
        )
    if not is_new:
        raise AlreadyExempt(f"{person} is exempt already: {exemption.reason}")
    return exemption


def end(exemption: Exemption, by: User) -> bool:
    """End an exemption from now on, and return whether it still held."""
    still_open = Exemption.objects.filter(pk=exemption.pk, ended_at__isnull=True)
    return bool(still_open.update(ended_at=timezone.now(), ended_by=by))
