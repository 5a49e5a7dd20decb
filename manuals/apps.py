from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ManualsConfig(AppConfig):
    name = "manuals"
    verbose_name = "Manuals, policies and answers"

    def ready(self) -> None:
        """Connect what happens at publishing."""
        from manuals import append_only, asked_again, consequences, resting, signal_handlers

        signal_handlers.connect()
        consequences.register(resting.AnswersToLookAt())
        consequences.register(asked_again.PeopleToRead())
        post_migrate.connect(append_only.ensure, sender=self, dispatch_uid="manuals.append_only")
