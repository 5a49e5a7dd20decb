from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ManualsConfig(AppConfig):
    name = "manuals"
    verbose_name = "Manuals, policies and answers"

    def ready(self) -> None:
        """Connect what happens at publishing."""
        from manuals import append_only, asked_again, consequences, reminders, resting, signal_handlers
        from portal.notifications import kinds, sources

        signal_handlers.connect()
        consequences.register(resting.AnswersToLookAt())
        consequences.register(asked_again.PeopleToRead())
        kinds.register(reminders.KIND)
        sources.register("acknowledge", reminders.say, kind=reminders.KIND.key)
        post_migrate.connect(append_only.ensure, sender=self, dispatch_uid="manuals.append_only")
