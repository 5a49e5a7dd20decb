"""System checks of people's accounts."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from portal.people import demonstration


def check_demonstration_accounts(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return an error where settings refuse demonstration accounts and one is present.

    Asks the database only where Django says that checks may: in `migrate` and `check --database default`.
    """
    if not databases or "default" not in databases:
        return []
    sentence = demonstration.objection()
    return [Error(sentence, id="people.E001")] if sentence else []
