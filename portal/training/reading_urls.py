"""Addresses of the reading part."""

from django.urls import path

from portal.training import reading_views as views

urlpatterns = [
    path("read/<int:pk>/", views.read, name="read"),
    path("changes/<int:pk>/<uuid:key>/", views.to_read_again, name="changes"),
]
