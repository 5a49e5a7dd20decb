"""Keeping what records stand on: who took an attempt, gave or got a sign-off, wrote an edition, and the like."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.people.models import User


def kept_by(objects: Iterable[models.Model]) -> dict[Any, list[str]]:
    """Return, by the key of each of these objects that may not be deleted, the kinds of records that need it.

    The objects are of one model. A record of any app counts whose foreign key protects what it points at; one query
    for each such key.
    """
    objects = list(objects)
    found: dict[Any, set[str]] = {}
    for relation in objects[0]._meta.get_fields(include_hidden=True) if objects else ():
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.PROTECT:
            continue
        model, name = relation.related_model, relation.field.name
        records = model._base_manager.filter(**{f"{name}__in": objects}).order_by()
        for key in records.values_list(f"{name}_id", flat=True).distinct():
            found.setdefault(key, set()).add(str(model._meta.verbose_name_plural))
    return {key: sorted(kinds) for key, kinds in found.items()}


def refuse_to_delete(request: HttpRequest, person: User) -> HttpResponse | None:
    """Return to the account instead of deleting it, where records need it; for Wagtail's `before_delete_user`."""
    if not _refused(request, [person]):
        return None
    return redirect("wagtailusers_users:edit", person.pk)


def refuse_to_delete_many(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Delete nobody where records need one of them; for Wagtail's `before_bulk_action`."""
    if action.model is not User or action_type != "delete" or not _refused(request, objects):
        return None
    return redirect("wagtailusers_users:index")


def _refused(request: HttpRequest, people: Sequence[User]) -> bool:
    kept = kept_by(people)
    for person in people:
        if person.pk in kept:
            kinds = ", ".join(kept[person.pk])
            messages.error(request, f"{person} stands in the records ({kinds}); make the account inactive instead.")
    return bool(kept)
