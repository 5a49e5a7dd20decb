"""Whom a change of the library brings back to something they had read."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from wagtail.models import Page

from manuals.consequences import Touched, counted
from manuals.models import ChapterPage, Edition
from portal.training import readings
from portal.training.models import Enrolment, Kind, SectionRead, Step


class LearnersToRead:
    """The people on paths who have read a section that changed."""

    key = "learners"
    order = 80
    heading = "People in training who read it again"
    done_word = "read"

    def label(self, count: int) -> str:
        """Return so many people in words."""
        return counted(count, "person in training", "people in training")

    def touched(self, page: Page, anchors: Collection[str], edition: Edition | None = None) -> list[Touched]:
        """Return the people by name; one is done who has read the changed sections in that edition or a later one.

        Five queries at most.
        """
        if not anchors or not issubclass(page.specific_class or Page, ChapterPage):
            return []
        before = SectionRead.objects.filter(page_id=page.pk, anchor__in=anchors)
        if edition is not None and edition.pk:
            before = before.filter(edition__sequence__lt=edition.sequence)
        readers = set(before.values_list("person_id", flat=True))
        on_it = _on_a_path(readers, _asking_for(page))
        people = {enrolment.person_id: enrolment.person for enrolment in on_it.select_related("person")}
        done: set[int] = set()
        if edition is not None and edition.pk:
            asked = readings.asked_of([page.pk]).get(page.pk, [])
            reads = readings.reads_of(people.keys(), [page.pk])
            wanted = {one.anchor for one in asked} & set(anchors)
            done = {
                key
                for key in people
                if all(reads.get((key, page.pk), {}).get(anchor, (0, 0))[1] >= edition.sequence for anchor in wanted)
            }
        return [
            Touched(title=str(person), is_done=person.pk in done)
            for person in sorted(people.values(), key=lambda one: (one.last_name, one.first_name, one.username))
        ]


def asked_to_read(page: Page, people: Collection[int]) -> dict[int, tuple[int, UUID]]:
    """Return those of some people whose path asks to read a chapter, each with the enrolment and the step's key.

    Three queries.
    """
    asking = _asking_for(page)
    keys = dict(asking.order_by("-order").values_list("edition_id", "key"))
    on_it = _on_a_path(people, asking).order_by("pk").values_list("person_id", "pk", "edition_id")
    return {person: (enrolment, keys[edition]) for person, enrolment, edition in on_it}


def _asking_for(page: Page) -> QuerySet[Step]:
    """Return the steps that ask to read a chapter, by itself or with its manual."""
    manual = page.get_parent()
    is_asked = Q(page_id=page.pk, kind=Kind.CHAPTER) | Q(page_id=manual.pk if manual else 0, kind=Kind.MANUAL)
    return Step.objects.filter(is_asked)


def _on_a_path(people: Collection[int], asking: QuerySet[Step]) -> QuerySet[Enrolment]:
    """Return how those of some people who are in service are on a path with one of these steps."""
    return Enrolment.objects.filter(
        person__in=people, person__is_active=True, left_at__isnull=True, edition__in=asking.values("edition")
    )
