"""Addresses of training. Each part has its own file of them."""

from django.urls import include, path

app_name = "training"
urlpatterns = [
    path("", include("portal.training.learner_urls")),
    path("", include("portal.training.reading_urls")),
    path("", include("portal.training.signing_urls")),
    path("", include("portal.training.team_urls")),
    path("", include("portal.training.certificate_urls")),
    path("", include("portal.training.readiness_urls")),
    path("", include("portal.training.refresher_urls")),
    path("", include("portal.training.calendar_urls")),
]
