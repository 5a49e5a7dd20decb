"""Who may do what with the library as a whole."""

from django.http import HttpRequest
from wagtail.models import Page

from manuals import tree
from portal.people.models import User


def may_read(page: Page, request: HttpRequest) -> bool:
    """Return whether no privacy setting of a page, or of one above it, keeps it from whoever sends a request."""
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def may_publish_content(user: object) -> bool:
    """Return whether this person may add and publish pages in each part of the library."""
    if not isinstance(user, User):
        return False
    parts = (tree.answer_index(), tree.policy_index(), tree.manual_index())
    permissions = [part.permissions_for_user(user) for part in parts]
    return all(may.can_add_subpage() and may.can_publish_subpage() for may in permissions)
