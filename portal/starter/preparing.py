"""Making a portal on your own machine ready to serve, doing only what is left to do."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from manuals import setup
from portal.starter import loading


def prepare(say: Callable[[str], object]) -> None:
    """Migrate, set up, load the starter library into an empty database and update the search index.

    `say` gets a line before each step that takes a while. A portal that is ready already is left as it is; nothing
    that anyone put into it is changed. Raises `loading.LoadingError` where the starter library cannot be loaded.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    is_stale = has_unapplied_migrations()
    if is_stale:
        say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
    setup.ensure()
    if loading.is_empty():
        say("Loading the starter library …")
        loading.load()
        is_stale = True
    # From here on, every page that is published or taken down updates the index itself.
    if is_stale:
        say("Updating the search index …")
        call_command("update_index", verbosity=0)


def has_unapplied_migrations() -> bool:
    """Return whether the database lacks any migration of the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
