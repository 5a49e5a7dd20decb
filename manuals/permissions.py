"""Who may do what with the library as a whole."""

from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from manuals import tree
from portal.people.models import User


def may_read(page: Page, request: HttpRequest) -> bool:
    """Return whether no privacy setting of a page, or of one above it, keeps it from whoever sends a request."""
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def hidden_from(user: User) -> list[str]:
    """Return the paths of the pages that privacy settings keep from a person, with all under them (two queries)."""
    if user.is_superuser:
        return []
    restrictions = PageViewRestriction.objects.exclude(restriction_type=PageViewRestriction.LOGIN)
    paths: dict[int, str] = {}
    admitted: dict[int, set[int]] = {}
    for key, kind, path, group in restrictions.values_list("pk", "restriction_type", "page__path", "groups"):
        paths[key] = path
        if kind == PageViewRestriction.GROUPS and group is not None:
            admitted.setdefault(key, set()).add(group)
    own = set(user.groups.values_list("pk", flat=True)) if admitted else set()
    return [path for key, path in paths.items() if own.isdisjoint(admitted.get(key, ()))]


def may_see_acknowledgements(user: object) -> bool:
    """Return whether this person may see who acknowledged what: who writes content."""
    return isinstance(user, User) and user.is_active and user.writes_content


def may_publish_content(user: object) -> bool:
    """Return whether this person may add and publish pages in each part of the library."""
    if not isinstance(user, User):
        return False
    parts = (tree.answer_index(), tree.policy_index(), tree.manual_index())
    permissions = [part.permissions_for_user(user) for part in parts]
    return all(may.can_add_subpage() and may.can_publish_subpage() for may in permissions)
