"""Who may change whose account, and giving positions what they may do."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from wagtail.snippets.models import create_extra_permissions

from portal.people.models import User
from portal.people.positions import Position, ensure_groups


def may_change(editor: User, person: User) -> bool:
    """Return whether an editor of accounts may change this one: only administrators touch an administrator's."""
    return editor.is_superuser or not person.is_superuser


def allow(app_label: str, allowed: Mapping[Position, Iterable[str]]) -> None:
    """Give the groups of positions these permissions of an app, by codename. Safe to run again; takes nothing away."""
    # Django's and Wagtail's own making of permissions may come after this.
    create_permissions(apps.get_app_config(app_label), verbosity=0)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))
    groups = ensure_groups()
    for position, codenames in allowed.items():
        own = Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
        groups[position].permissions.add(*own)
