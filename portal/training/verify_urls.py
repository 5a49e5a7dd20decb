"""Where anyone can check a certificate, signed in or not."""

from typing import Any

app_name = "verify"
urlpatterns: list[Any] = []
