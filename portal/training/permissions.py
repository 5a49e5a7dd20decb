"""Who may write paths, put people on them, sign, and see how far others are."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from wagtail.snippets.models import create_extra_permissions

from portal.people.models import User
from portal.people.positions import Position, ensure_groups

ALLOWED = {
    Position.SENIOR: [
        "add_learningpath",
        "change_learningpath",
        "view_learningpath",
        "add_task",
        "change_task",
        "view_task",
        "view_enrolment",
    ],
    Position.SUPERVISOR: [
        "add_learningpath",
        "change_learningpath",
        "publish_learningpath",
        "lock_learningpath",
        "unlock_learningpath",
        "view_learningpath",
        "add_task",
        "change_task",
        "delete_task",
        "view_task",
        "add_enrolment",
        "change_enrolment",
        "view_enrolment",
        "add_signoff",
        "view_signoff",
        "add_attendance",
        "view_attendance",
        "add_waiver",
        "change_waiver",
    ],
}


def ensure(**kwargs: Any) -> None:
    """Give Seniors and Supervisors their permissions. Runs after every migration; safe to run again."""
    # Django's and Wagtail's own making of permissions may come after this.
    create_permissions(apps.get_app_config("training"), verbosity=0)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))
    groups = ensure_groups()
    for position, codenames in ALLOWED.items():
        own = Permission.objects.filter(content_type__app_label="training", codename__in=codenames)
        groups[position].permissions.add(*own)


def may_see_progress_of(user: object, person: User) -> bool:
    """Return whether someone may see how far a person is: the person, and who keeps enrolments."""
    return isinstance(user, User) and (user.pk == person.pk or user.has_perm("training.view_enrolment"))


def may_enrol(user: object) -> bool:
    """Return whether someone may put people on paths, take them off, and enter leaves."""
    return isinstance(user, User) and user.has_perm("training.change_enrolment")


def may_sign_for(user: object, person: User) -> bool:
    """Return whether someone may sign what a person did: a supervisor, and never for themselves."""
    return isinstance(user, User) and user.pk != person.pk and user.has_perm("training.add_signoff")


def may_confirm_for(user: object, person: User) -> bool:
    """Return whether someone may confirm where a person was: a supervisor, and never for themselves."""
    return isinstance(user, User) and user.pk != person.pk and user.has_perm("training.add_attendance")


def may_waive_for(user: object, person: User) -> bool:
    """Return whether someone may waive a step for a person: a supervisor, and never for themselves."""
    return isinstance(user, User) and user.pk != person.pk and user.has_perm("training.add_waiver")
