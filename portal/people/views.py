"""What people see of their own account."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from portal.people.forms import PreferencesForm
from portal.people.models import User


def account(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's account, and save what they may decide about it."""
    person = cast(User, request.user)
    form = PreferencesForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("people:account")
    return render(request, "people/account.html", {"form": form})


class SignIn(auth_views.LoginView):
    """Signs a person in."""

    template_name = "people/sign_in.html"
    redirect_authenticated_user = True


class ChangePassword(auth_views.PasswordChangeView):
    """Changes the signed-in person's password."""

    template_name = "people/change_password.html"
    success_url = reverse_lazy("people:account")

    def form_valid(self, form: object) -> HttpResponse:
        """Save, and say so on the account page."""
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)  # type: ignore[arg-type]


class ForgottenPassword(auth_views.PasswordResetView):
    """Emails a link to set a new password. The answer is the same whether the address is known or not."""

    template_name = "people/forgotten_password.html"
    email_template_name = "people/password_email.txt"
    subject_template_name = "people/password_subject.txt"
    success_url = reverse_lazy("people:password_link_sent")


class PasswordLinkSent(auth_views.PasswordResetDoneView):
    """Says that a link is on its way."""

    template_name = "people/password_link_sent.html"


class SetPassword(auth_views.PasswordResetConfirmView):
    """Sets a password by the link of an email or an invitation."""

    template_name = "people/set_password.html"
    success_url = reverse_lazy("people:sign_in")

    def form_valid(self, form: object) -> HttpResponse:
        """Save, and say so on the sign-in page."""
        messages.success(self.request, "Your password is set. Sign in with it.")
        return super().form_valid(form)  # type: ignore[arg-type]
