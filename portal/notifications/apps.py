from django.apps import AppConfig
from django.core.checks import register


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the app itself does each day and says in the email, and its system check."""
        from portal.notifications import checks, daily, forgetting, sources, unread

        daily.register("forget", forgetting.forget)
        sources.register("unread", unread.say)
        register(checks.check_mandatory)
