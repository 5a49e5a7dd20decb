"""Where anyone can check a certificate, signed in or not."""

from django.urls import path

from portal.training import verify_views as views

app_name = "verify"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("<str:code>/", views.check, name="check"),
]
