"""Who may keep the question bank, mark, regrade and see results."""

from typing import Any

from portal.people.models import User
from portal.people.permissions import allow
from portal.people.positions import Position

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
    allow("quizzes", ALLOWED)


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
