"""Addresses of the signing part."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
