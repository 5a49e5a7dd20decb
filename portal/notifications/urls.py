"""Addresses of what people are told."""

from typing import Any

app_name = "notifications"
urlpatterns: list[Any] = []
