from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "portal.training"
    label = "training"
    verbose_name = "Training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what happens when a path is published, a person comes or moves, and the library changes."""
        from manuals import append_only, consequences
        from portal.training import daily_jobs, models, notification_kinds, signal_handlers
        from portal.training.consequences import LearnersToRead

        kept = (models.SignOff, models.Attendance, models.Certificate, models.CertificateWithdrawal)
        append_only.keep(*(model._meta.db_table for model in kept))
        signal_handlers.connect(self)
        consequences.register(LearnersToRead())
        notification_kinds.register()
        daily_jobs.register()
