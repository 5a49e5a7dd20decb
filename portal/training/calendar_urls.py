"""Addresses of calendars."""

from typing import Any

urlpatterns: list[Any] = []
