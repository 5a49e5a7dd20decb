"""Whom a change of the library brings back to something they had read."""

from collections.abc import Collection

from django.db.models import Q
from wagtail.models import Page

from manuals.consequences import Touched, counted
from manuals.models import ChapterPage, Edition
from portal.training import evidence
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
        manual = page.get_parent()
        is_asked = Q(page_id=page.pk, kind=Kind.CHAPTER) | Q(page_id=manual.pk if manual else 0, kind=Kind.MANUAL)
        asking = Step.objects.filter(is_asked)
        on_it = Enrolment.objects.filter(
            person__in=readers, person__is_active=True, left_at__isnull=True, edition__in=asking.values("edition")
        )
        people = {enrolment.person_id: enrolment.person for enrolment in on_it.select_related("person")}
        done: set[int] = set()
        if edition is not None and edition.pk:
            asked = evidence.asked_of([page.pk]).get(page.pk, [])
            reads = evidence.reads_of(people.keys(), [page.pk])
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
