from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Quizzes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what happens when the portal is set up and the library changes."""
        from manuals import consequences
        from portal.notifications import daily
        from quizzes import failing, signal_handlers
        from quizzes.consequences import QuestionsToCheck

        signal_handlers.connect(self)
        consequences.register(QuestionsToCheck())
        daily.register("questions that fail", failing.look)
