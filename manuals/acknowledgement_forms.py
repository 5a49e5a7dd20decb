"""The form by which a person agrees to what they have read."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.forms import BoundField
from django.http import HttpRequest
from django.utils import timezone

from manuals.models import Method
from portal.people.models import User

# For how long a sign-in stands for the password.
FRESH = timedelta(minutes=5)

WRONG = "This is not your password. Mind capital letters."
LOCKED = "The password was wrong too many times. Wait fifteen minutes and try again; what you read stays on this page."
NONE_GIVEN = "Give your password: it shows that it is you who agrees, and your sign-in is more than five minutes old."
NOT_AGREED = "Tick this if you agree. Without it nothing is recorded."
SENTENCE_CHANGED = "This sentence was changed while you read. Read it again and tick it if you agree."


class AcknowledgementForm(forms.Form):
    """What was read, the city's sentence, and the password unless the sign-in is fresh.

    `parts` are the names of what must be read, each with the sentence that says so where it is not ticked. After
    `is_valid`, `method` says how the person made sure that it is they; `is_locked_out` that no password counts now.
    """

    agree = forms.BooleanField(error_messages={"required": NOT_AGREED})
    password = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "usa-input"}),
    )

    def __init__(
        self, data: Any = None, *, request: HttpRequest, person: User, parts: dict[str, str], sentence: str
    ) -> None:
        is_another_sentence = data is not None and data.get("sentence") != sentence
        if is_another_sentence:
            data = data.copy()
            data.pop("agree", None)
        super().__init__(data, auto_id="%s")
        self.request, self.person, self.parts = request, person, parts
        self.method = Method.SIGN_IN
        self.is_locked_out = False
        if is_another_sentence:
            self.fields["agree"].error_messages["required"] = SENTENCE_CHANGED
        for name, message in parts.items():
            self.fields[name] = forms.BooleanField(error_messages={"required": message})

    @property
    def fresh_until(self) -> datetime | None:
        """Until when no password is needed, or None."""
        until = self.person.last_login + FRESH if self.person.last_login else None
        return until if until and until > timezone.now() else None

    def ticks(self) -> list[BoundField]:
        """Return the fields that say what was read."""
        return [self[name] for name in self.parts]

    def faults(self) -> list[BoundField]:
        """Return the fields that are not as they must be, in the order in which they stand on the page."""
        return [field for field in (*self.ticks(), self["agree"], self["password"]) if field.errors]

    def clean_password(self) -> str:
        """Refuse a password that is wrong, one given too often wrong, and none where the sign-in is not fresh."""
        password: str = self.cleaned_data["password"]
        if not password:
            if not self.fresh_until:
                raise forms.ValidationError(NONE_GIVEN)
            return ""
        # By Django's own way in, so that wrong guesses are counted and lock out as at the sign-in.
        found = authenticate(self.request, username=self.person.get_username(), password=password)
        if getattr(self.request, "axes_locked_out", False):
            # Said beside the field instead of on a page of its own, where what was ticked would be lost.
            self.request.axes_locked_out = False  # type: ignore[attr-defined]
            self.is_locked_out = True
            raise forms.ValidationError(LOCKED)
        if found is None or found.pk != self.person.pk:
            raise forms.ValidationError(WRONG)
        self.method = Method.PASSWORD
        return password
