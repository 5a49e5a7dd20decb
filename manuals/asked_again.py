"""The people who must read a page again after a change, and who of them has."""

from collections import Counter
from collections.abc import Collection

from django.db.models import QuerySet
from wagtail.models import Page

from manuals import acknowledging
from manuals.consequences import Touched, counted
from manuals.models import Edition, Exemption
from portal.people.models import User


class PeopleToRead:
    """The active people in the positions that an edition asks, but for those who are exempt."""

    key = "people"
    order = 90
    heading = "People who must read it again"
    done_word = "acknowledged"

    def label(self, count: int) -> str:
        """Return so many people in words."""
        return counted(count, "person", "people")

    def touched(self, page: Page, anchors: Collection[str], edition: Edition | None = None) -> list[Touched]:
        """Return the people by name (one query for an edition still to be written, five for one that was)."""
        if edition is None or not edition.asks:
            return []
        if not edition.pk:
            return [_named(person) for person in people_in(page, edition.asks)]
        found = acknowledging.standing_of(edition)
        return [
            _named(one.person, is_done=one.state == "acknowledged", note="overdue" if one.state == "overdue" else "")
            for one in found
            if one.state != "exempt"
        ]


def people_in(page: Page, positions: Collection[str]) -> QuerySet[User]:
    """Return the active people in these positions whom nobody has exempted from a page, by name."""
    exempt = Exemption.objects.filter(page_id=page.pk, ended_at__isnull=True)
    return User.objects.filter(is_active=True, position__in=positions).exclude(pk__in=exempt.values("person"))


def by_position(page: Page, positions: Collection[str]) -> Counter[str]:
    """Return how many people there are in each of these positions to be asked (one query)."""
    return Counter(people_in(page, positions).order_by().values_list("position", flat=True))


def _named(person: User, *, is_done: bool = False, note: str = "") -> Touched:
    return Touched(title=f"{person}, {person.get_position_display()}", is_done=is_done, note=note)
