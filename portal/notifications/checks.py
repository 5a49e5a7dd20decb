"""A system check of what the city marks mandatory."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from portal.notifications import kinds


def check_mandatory(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each name among the mandatory kinds that no app registered."""
    known = [kind.key for kind in kinds.registered()]
    return [
        Error(
            f"MANDATORY_NOTIFICATIONS names “{name}”, which is no kind of notification.",
            hint=f"The kinds are {', '.join(known)}; none makes none mandatory.",
            id="notifications.E001",
        )
        for name in settings.MANDATORY_NOTIFICATIONS
        if name not in known
    ]
