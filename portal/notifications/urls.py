"""Addresses of what people are told."""

from django.urls import path

from portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<int:pk>/", views.open_one, name="open"),
    path("read/", views.mark_read, name="mark_read"),
    path("preferences/", views.preferences, name="preferences"),
]
