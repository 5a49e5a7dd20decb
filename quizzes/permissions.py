"""Who may keep the question bank, mark, regrade and see results."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from wagtail.snippets.models import create_extra_permissions

from portal.people.models import User
from portal.people.positions import Position, ensure_groups

ALLOWED = {
    Position.SENIOR: [
        "add_category",
        "change_category",
        "view_category",
        "add_question",
        "change_question",
        "view_question",
        "view_attempt",
        "change_response",
    ],
    Position.SUPERVISOR: [
        "add_category",
        "change_category",
        "delete_category",
        "view_category",
        "add_question",
        "change_question",
        "delete_question",
        "lock_question",
        "publish_question",
        "unlock_question",
        "view_question",
        "add_allowance",
        "change_allowance",
        "delete_allowance",
        "view_allowance",
        "view_attempt",
        "change_response",
        "add_regrade",
    ],
}


def ensure(**kwargs: Any) -> None:
    """Give Seniors and Supervisors their permissions. Runs after every migration; safe to run again."""
    # Django's and Wagtail's own making of permissions may come after this.
    create_permissions(apps.get_app_config("quizzes"), verbosity=0)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))
    groups = ensure_groups()
    for position, codenames in ALLOWED.items():
        own = Permission.objects.filter(content_type__app_label="quizzes", codename__in=codenames)
        groups[position].permissions.add(*own)


def may_see_results(user: object) -> bool:
    """Return whether this person may see the results of others, and statistics."""
    return isinstance(user, User) and user.has_perm("quizzes.view_attempt")


def may_mark(user: object) -> bool:
    """Return whether this person may mark free responses."""
    return isinstance(user, User) and user.has_perm("quizzes.change_response")


def may_regrade(user: object) -> bool:
    """Return whether this person may mark again by a mended key."""
    return isinstance(user, User) and user.has_perm("quizzes.add_regrade")


def may_preview(user: object) -> bool:
    """Return whether this person may see a quiz as a learner does, without its being recorded."""
    return isinstance(user, User) and user.has_perm("quizzes.view_question")
