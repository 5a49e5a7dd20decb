"""Addresses of calendars."""

from django.urls import path

from portal.training import calendar_views as views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<str:secret>.ics", views.feed, name="calendar_feed"),
]
