"""Who stands in the record of editions and acknowledgements, and therefore is not deleted."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.people.models import User


def with_evidence(people: Iterable[User]) -> list[User]:
    """Return those of the people whom something of the library keeps, one query for each kind of record."""
    people = list(people)
    kept: set[int] = set()
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.PROTECT:
            continue
        model, name = relation.related_model, relation.field.name
        if model._meta.app_label == "manuals":
            found = model._default_manager.filter(**{f"{name}__in": people}).order_by()
            kept.update(found.values_list(f"{name}_id", flat=True).distinct())
    return [person for person in people if person.pk in kept]


def refuse_to_delete(request: HttpRequest, person: User) -> HttpResponse | None:
    """Return to the account instead of deleting it, where the record needs it; for Wagtail's `before_delete_user`."""
    if not _refused(request, [person]):
        return None
    return redirect("wagtailusers_users:edit", person.pk)


def refuse_to_delete_many(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Delete nobody where the record needs one of them; for Wagtail's `before_bulk_action`."""
    if action.model is not User or action_type != "delete" or not _refused(request, objects):
        return None
    return redirect("wagtailusers_users:index")


def _refused(request: HttpRequest, people: Iterable[User]) -> bool:
    kept = with_evidence(people)
    for person in kept:
        messages.error(
            request,
            f"{person} stands in the record of editions and acknowledgements; make the account inactive instead.",
        )
    return bool(kept)
