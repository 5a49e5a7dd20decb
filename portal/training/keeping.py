"""Keeping the paths and tasks that enrolments and sign-offs stand on."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.people import keeping
from portal.training.models import LearningPath, Task

INSTEAD = {LearningPath: "Unpublish it instead.", Task: "Mark it as retired instead."}


def refuse_to_delete(request: HttpRequest, instances: Sequence[Any]) -> HttpResponse | None:
    """Delete no path or task where records need one of them; for Wagtail's `before_delete_snippet`."""
    model = type(instances[0]) if instances else None
    if model not in INSTEAD:
        return None
    kept = keeping.kept_by(instances)
    for one in instances:
        if one.pk in kept:
            kinds = ", ".join(kept[one.pk])
            messages.error(request, f"“{one}” stands in the records ({kinds}) and is kept. {INSTEAD[model]}")
    return redirect(model.snippet_viewset.get_url_name("list")) if kept else None
