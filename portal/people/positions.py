"""The positions of the desk. Each is also a group, and a person is in the group of their position and no other's."""

from django.contrib.auth.models import Group
from django.db import models


class Position(models.TextChoices):
    """A position on the customer service desk, in order of seniority."""

    CSR_1 = "csr_1", "CSR I"
    CSR_2 = "csr_2", "CSR II"
    SENIOR = "senior", "Senior CSR"
    SUPERVISOR = "supervisor", "Supervisor"


def group_for(position: str) -> Group:
    """Return the group of a position, made now if it does not exist yet."""
    group, _ = Group.objects.get_or_create(name=Position(position).label)
    return group


def ensure_groups() -> dict[str, Group]:
    """Make the four groups where they are missing and return them by position. Safe to run again."""
    return {position.value: group_for(position.value) for position in Position}
