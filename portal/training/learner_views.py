"""A person's own paths, and a path with all its steps."""

from typing import NamedTuple, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.people.models import User
from portal.training import at_hand, certifying, charts, permissions, progress
from portal.training.lines import Line
from portal.training.models import Certificate, Enrolment
from portal.training.progress import StageProgress


class StageOfLines(NamedTuple):
    """A stage with its steps as they are listed."""

    stage: StageProgress
    lines: list[Line]


class Finished(NamedTuple):
    """A path that is finished, and the certificate it brought, if any that stands."""

    enrolment: Enrolment
    certificate: Certificate | None


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List the paths that the signed-in person is on, has finished or has left."""
    person = cast(User, request.user)
    enrolments = list(Enrolment.objects.filter(person=person).select_related("person", "path"))
    known = progress.of([enrolment for enrolment in enrolments if enrolment.is_open])
    certificates = certifying.by_path(person)
    context = {
        "at_hand": at_hand.among(known.values()),
        "finished": [
            Finished(one.enrolment, certificates.get(one.enrolment.path_id))
            for one in known.values()
            if one.is_finished
        ],
        "left": [enrolment for enrolment in enrolments if not enrolment.is_open],
    }
    return render(request, "training/mine.html", context)


@never_cache
@require_safe
def path(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a path that a person is on: every stage and step, and how each stands."""
    found = Enrolment.objects.select_related("person", "path", "left_by")
    enrolment = get_object_or_404(found, pk=pk)
    person = enrolment.person
    if not permissions.may_see_progress_of(request.user, person):
        raise PermissionDenied
    known = progress.of([enrolment])[enrolment.pk]
    context = {
        "enrolment": enrolment,
        "progress": known,
        "at_hand": at_hand.among([known]),
        "certificate": certifying.newest([person]).get((person.pk, enrolment.path_id)),
        "bar": charts.stage_bar(known),
        "stages": [StageOfLines(stage, [Line(enrolment, step) for step in stage.steps]) for stage in known.stages],
        "is_own": cast(User, request.user).pk == person.pk,
        "may_sign": enrolment.is_open and permissions.may_sign_for(request.user, person),
        "may_confirm": enrolment.is_open and permissions.may_confirm_for(request.user, person),
        "may_waive": enrolment.is_open and permissions.may_waive_for(request.user, person),
    }
    return render(request, "training/path.html", context)
