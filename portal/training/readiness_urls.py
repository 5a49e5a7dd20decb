"""Addresses of readiness."""

from typing import Any

urlpatterns: list[Any] = []
