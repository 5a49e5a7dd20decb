"""Who may keep the search's words and questions."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission

from portal.people.positions import Position, ensure_groups

KEPT = ("synonymgroup", "goldenquestion")
ACTIONS = ("view", "add", "change", "delete")


def ensure(**kwargs: Any) -> None:
    """Let Seniors and Supervisors keep synonyms and golden questions. Runs after every migration; safe to run again."""
    # Django's own making of permissions may come after this.
    create_permissions(apps.get_app_config("search"), verbosity=0)
    groups = ensure_groups()
    codenames = [f"{action}_{model}" for model in KEPT for action in ACTIONS]
    permissions = Permission.objects.filter(content_type__app_label="search", codename__in=codenames)
    for position in (Position.SENIOR, Position.SUPERVISOR):
        groups[position].permissions.add(*permissions)
