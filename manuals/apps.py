from django.apps import AppConfig


class ManualsConfig(AppConfig):
    name = "manuals"
    verbose_name = "Manuals, policies and answers"

    def ready(self) -> None:
        """Connect what happens at publishing."""
        from manuals import signal_handlers

        signal_handlers.connect()
