"""The kinds of things that people are told. Each app registers its own."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Kind:
    """A kind: its key, what it is called, and in a sentence when it comes."""

    key: str
    label: str
    when: str

    @property
    def is_mandatory(self) -> bool:
        """Whether the city lets nobody turn it off."""
        return self.key in settings.MANDATORY_NOTIFICATIONS


_registered: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let people be told things of these kinds; one with the same key takes the other's place."""
    _registered.update({kind.key: kind for kind in kinds})


def registered() -> list[Kind]:
    """Return every kind, in the order in which they were registered."""
    return list(_registered.values())
