"""What sections and answers say on other days than today, for the search as of a day."""

from manuals.models import Edition


def supersede(before: Edition | None, edition: Edition) -> None:
    """Keep what an edition takes the place of."""


def came_into_force(edition: Edition) -> None:
    """Move what an edition says from a day to come to today."""


def withdrawn(edition: Edition) -> None:
    """Forget what an edition would have said."""
