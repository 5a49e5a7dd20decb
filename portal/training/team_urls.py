"""Addresses of the team part."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
