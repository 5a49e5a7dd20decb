"""The people app."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class PeopleConfig(AppConfig):
    """People, positions and signing in."""

    name = "portal.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        """Register the system checks."""
        from portal.people import checks

        register(checks.check_demonstration_accounts, Tags.database)
