"""The app of search: the Whoosh backend and what is built on it."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check of the index, run golden questions anew after a change, and give permissions in time."""
        from manuals import consequences
        from search import golden_rerun, permissions
        from search.checks import check_search_indexes
        from search.consequences import GoldenQuestionsToRun

        consequences.register(GoldenQuestionsToRun())
        golden_rerun.connect()
        checks.register(check_search_indexes)
        post_migrate.connect(permissions.ensure, sender=self, dispatch_uid="search.permissions")
