"""Addresses of the reading part."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
