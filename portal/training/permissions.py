"""Who may write paths, put people on them, sign, and see how far others are."""

from typing import Any

from portal.people.models import User
from portal.people.permissions import allow
from portal.people.positions import Position

ALLOWED = {
    Position.SENIOR: [
        "add_learningpath",
        "change_learningpath",
        "view_learningpath",
        "add_task",
        "change_task",
        "view_task",
        "view_enrolment",
        "add_readinessrule",
        "change_readinessrule",
        "delete_readinessrule",
        "view_readinessrule",
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
        "add_readinessrule",
        "change_readinessrule",
        "delete_readinessrule",
        "view_readinessrule",
        "add_enrolment",
        "change_enrolment",
        "view_enrolment",
        "add_signoff",
        "view_signoff",
        "add_attendance",
        "view_attendance",
        "add_waiver",
        "change_waiver",
        "add_certificate",
        "add_certificatewithdrawal",
    ],
}


def ensure(**kwargs: Any) -> None:
    """Give Seniors and Supervisors their permissions. Runs after every migration; safe to run again."""
    allow("training", ALLOWED)


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


def may_certify(user: object, person: User) -> bool:
    """Return whether someone may withdraw a person's certificate and issue it again: a supervisor, never their own."""
    return (
        isinstance(user, User)
        and user.pk != person.pk
        and user.has_perms(["training.add_certificate", "training.add_certificatewithdrawal"])
    )
