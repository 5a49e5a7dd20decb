"""Addresses of certificates."""

from typing import Any

urlpatterns: list[Any] = []
