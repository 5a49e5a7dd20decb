"""Who comes onto a path and who leaves it: by their position, by hand, or from a file."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from portal.people.models import User
from portal.training import telling_learners
from portal.training.models import CountsFrom, Enrolment, How, LearningPath, PathEdition

MOVED_ON = "Has another position now."


class NotPublished(Exception):
    """The path has never been published, so there is nothing to be on."""


@transaction.atomic
def enrol(
    people: Iterable[User],
    path: LearningPath,
    *,
    by: User | None = None,
    how: How = How.HAND,
    starts_on: date | None = None,
    today: date | None = None,
) -> list[Enrolment]:
    """Put people on the newest edition of a path and return their new enrolments; those who are on it stay as they are.

    Due dates count from `starts_on`; without one from the day of hire or today, as the path says. What they have done
    before counts. Whoever comes onto it is told. Five queries, for however many people. Raises `NotPublished`.
    """
    edition = newest_edition(path)
    if edition is None:
        raise NotPublished(f"“{path}” has never been published. Publish it first.")
    today = today or timezone.localdate()
    people = list(people)
    present = set(
        Enrolment.objects.filter(path=path, person__in=people, left_at__isnull=True).values_list("person", flat=True)
    )
    new = Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            path=path,
            edition=edition,
            starts_on=starts_on or _first_day(person, path, today),
            how=how,
            enrolled_by=by,
        )
        for person in {person.pk: person for person in people}.values()
        if person.pk not in present
    )
    telling_learners.assigned(new, today)
    return new


def by_rule_of(path: LearningPath) -> list[Enrolment]:
    """Put everyone in a path's position on it who never was, where its rule says so; return the new enrolments."""
    if not (path.live and path.enrols_position):
        return []
    people = User.objects.filter(is_active=True, position=path.position)
    return enrol(people.exclude(enrolments__path=path), path, how=How.RULE)


@transaction.atomic
def by_position_of(person: User) -> list[Enrolment]:
    """Put a person on the paths that their position brings, and end those that only another position brought.

    What they did counts on the new paths. Return the new enrolments.
    """
    if not person.is_active:
        return []
    own = Enrolment.objects.filter(person=person, left_at__isnull=True, how=How.RULE)
    own.exclude(path__position=person.position).update(left_at=timezone.now(), left_because=MOVED_ON)
    paths = LearningPath.objects.filter(live=True, enrols_position=True, position=person.position)
    # Whom somebody took off a path stays off it; who comes back to a position comes back to its paths.
    kept = Enrolment.objects.filter(person=person).exclude(left_at__isnull=False, left_because=MOVED_ON)
    return [
        enrolment
        for path in paths.exclude(pk__in=kept.values("path"))
        for enrolment in enrol([person], path, how=How.RULE)
    ]


def leave(enrolment: Enrolment, reason: str, by: User) -> None:
    """Take a person off a path. Their enrolment stays, with the reason."""
    enrolment.left_at, enrolment.left_because, enrolment.left_by = timezone.now(), reason, by
    enrolment.save(update_fields=["left_at", "left_because", "left_by"])


def newest_edition(path: LearningPath) -> PathEdition | None:
    """Return the newest edition of a path, or None before it was published."""
    return path.editions.order_by("-number").first()


def _first_day(person: User, path: LearningPath, today: date) -> date:
    return (person.hire_date or today) if path.counts_from == CountsFrom.HIRE else today
