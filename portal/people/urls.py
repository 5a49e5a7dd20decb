"""Addresses of signing in and out, and of one's own account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from portal.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePassword.as_view(), name="change_password"),
    path("password/", views.ForgottenPassword.as_view(), name="forgotten_password"),
    path("password/sent/", views.PasswordLinkSent.as_view(), name="password_link_sent"),
    path("password/<uidb64>/<token>/", views.SetPassword.as_view(), name="set_password"),
]
