"""Inviting a new person to set their password."""

from collections.abc import Iterable

from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest

from portal.people.models import User


def send(people: Iterable[User], request: HttpRequest) -> int:
    """Email each person a link to set their password; return how many were sent."""
    sent = 0
    for person in people:
        form = PasswordResetForm({"email": person.email})
        if form.is_valid():
            form.save(
                request=request,
                use_https=request.is_secure(),
                subject_template_name="people/invitation_subject.txt",
                email_template_name="people/invitation_email.txt",
            )
            sent += 1
    return sent
