"""Which kinds of things a person wants to be told."""

from collections.abc import Collection

from django.db import transaction

from portal.notifications import kinds
from portal.notifications.models import Muted
from portal.people.models import User


def muted() -> set[tuple[int, str]]:
    """Return who turned off which kind, by primary key; what the city makes mandatory is never off (one query)."""
    found = Muted.objects.order_by().values_list("person_id", "kind")
    return {(person, kind) for person, kind in found if kind in _optional()}


def wanted_by(person: User) -> list[str]:
    """Return the keys of the kinds that a person is told (one query)."""
    off = set(Muted.objects.filter(person=person).values_list("kind", flat=True)) & _optional()
    return [kind.key for kind in kinds.registered() if kind.key not in off]


@transaction.atomic
def want(person: User, wanted: Collection[str]) -> None:
    """Have a person told these kinds and what is mandatory, and nothing else."""
    off = _optional() - set(wanted)
    Muted.objects.filter(person=person, kind__in=_optional() - off).delete()
    Muted.objects.bulk_create((Muted(person=person, kind=kind) for kind in sorted(off)), ignore_conflicts=True)


def _optional() -> set[str]:
    return {kind.key for kind in kinds.registered() if not kind.is_mandatory}
