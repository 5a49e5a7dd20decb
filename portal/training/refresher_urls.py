"""Addresses of refreshers."""

from django.urls import path

from portal.training import refresher_views as views

urlpatterns = [
    path("refresher/", views.refresher, name="refresher"),
]
