"""Addresses of readiness."""

from django.urls import path

from portal.training import readiness_views

urlpatterns = [
    path("readiness/", readiness_views.mine, name="readiness"),
    path("readiness/<int:pk>/", readiness_views.of_person, name="readiness_of"),
    path("team/readiness/", readiness_views.team, name="team_readiness"),
]
