"""Addresses of refreshers."""

from typing import Any

urlpatterns: list[Any] = []
