"""What supervisors have witnessed of a person: sign-offs and attendances in one list."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, QuerySet, Value

from portal.people.models import User
from portal.training.models import Attendance, SignOff

SIGN_OFF, ATTENDANCE = "sign_off", "attendance"


def of(person: User) -> QuerySet[Any, Any]:
    """Return kind, key and time of each record of a person, newest first."""
    sign_offs, attendances = (
        model.objects.filter(person=person)
        .order_by()
        .annotate(kind=Value(kind, output_field=CharField()))
        .values_list("kind", "pk", "at")
        for model, kind in ((SignOff, SIGN_OFF), (Attendance, ATTENDANCE))
    )
    found: QuerySet[Any, Any] = sign_offs.union(attendances, all=True).order_by("-at", "kind", "-pk")
    return found


def fetched(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    """Return the kind and the record of each row of `of`, each record with its correction (two queries)."""
    rows = list(rows)
    found: dict[str, dict[int, Any]] = {
        kind: model.objects.select_related("correction").in_bulk([pk for own, pk, _ in rows if own == kind])
        for model, kind in ((SignOff, SIGN_OFF), (Attendance, ATTENDANCE))
    }
    return [(kind, found[kind][pk]) for kind, pk, _ in rows]
