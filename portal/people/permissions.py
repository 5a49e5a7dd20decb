"""Who may change whose account."""

from portal.people.models import User


def may_change(editor: User, person: User) -> bool:
    """Return whether an editor of accounts may change this one: only administrators touch an administrator's."""
    return editor.is_superuser or not person.is_superuser
