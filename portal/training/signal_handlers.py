"""What training does when a path is published, and when a person comes or moves."""

from typing import Any

from django.db.models.signals import post_migrate, post_save
from wagtail.log_actions import get_active_log_context
from wagtail.signals import published

from manuals.signals import portal_set_up
from portal.people.models import User
from portal.training import enrolling, recording
from portal.training.models import LearningPath


def record_path(sender: type[LearningPath], instance: LearningPath, **kwargs: Any) -> None:
    """Record the edition that publishing a path makes."""
    recording.record(instance, get_active_log_context().user)


def enrol_by_position(
    sender: type[User], instance: User, *, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Put a person on the paths of their position; a new account and a transfer need nothing else."""
    if not raw and (update_fields is None or {"position", "is_active"} & update_fields):
        enrolling.by_position_of(instance)


def connect(app: Any) -> None:
    """Connect the handlers; called once when the app is ready."""
    from manuals import append_only
    from portal.training import (
        certificate_signals,
        notification_signals,
        permissions,
        readiness_rules,
        refresher_signals,
    )

    published.connect(record_path, sender=LearningPath, dispatch_uid="training.record_path")
    post_save.connect(enrol_by_position, sender=User, dispatch_uid="training.enrol_by_position")
    post_migrate.connect(permissions.ensure, sender=app, dispatch_uid="training.permissions")
    post_migrate.connect(append_only.ensure, sender=app, dispatch_uid="training.append_only")
    portal_set_up.connect(readiness_rules.ensure, dispatch_uid="training.readiness")
    certificate_signals.connect()
    refresher_signals.connect()
    notification_signals.connect()
