"""Addresses of the learner part."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
