"""Who may do what with the library as a whole."""

from manuals import tree
from portal.people.models import User


def may_publish_content(user: object) -> bool:
    """Return whether this person may add and publish pages in each part of the library."""
    if not isinstance(user, User):
        return False
    parts = (tree.answer_index(), tree.policy_index(), tree.manual_index())
    permissions = [part.permissions_for_user(user) for part in parts]
    return all(may.can_add_subpage() and may.can_publish_subpage() for may in permissions)
