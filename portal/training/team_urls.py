"""Addresses of the team, of a person's evidence, and of enrolments."""

from django.urls import path

from portal.training import enrolment_views, team_views

urlpatterns = [
    path("team/", team_views.team_grid, name="team"),
    path("people/<int:pk>/", team_views.person, name="person"),
    path("enrol/", enrolment_views.enrol, name="enrol"),
    path("enrol/file/", enrolment_views.enrol_file, name="enrol_file"),
    path("enrolments/<int:pk>/", enrolment_views.enrolment, name="enrolment"),
]
