"""Addresses of acknowledgements; what is to be acknowledged is a route of its page."""

from django.urls import path

from manuals import acknowledgement_views

app_name = "acknowledgements"
urlpatterns = [
    path("acknowledgements/", acknowledgement_views.mine, name="mine"),
]
