"""Addresses of a learner's own paths."""

from django.urls import path

from portal.training import learner_views as views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("path/<int:pk>/", views.path, name="path"),
]
