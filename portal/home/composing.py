"""Which parts a person's front page has, and in which order: by their position and by what they may do."""

from dataclasses import dataclass
from typing import Any

from manuals.acknowledging import Due
from portal.home import front
from portal.people.models import User
from portal.people.positions import Position
from portal.training import at_hand, refresher_showing, refreshing
from portal.training.at_hand import AtHand


@dataclass(frozen=True)
class Part:
    """A part of the front page: the name of its template, what that shows, and whether it takes the whole width."""

    name: str
    content: Any
    is_wide: bool = True

    @property
    def template(self) -> str:
        """The part's template."""
        return f"home/parts/{self.name}.html"


@dataclass(frozen=True)
class FrontPage:
    """A front page. It begins with the next step in `leads` for who is new, and with the search for everyone else."""

    notice: str
    leads: AtHand | None
    parts: list[Part]


def front_page_of(person: User) -> FrontPage:
    """Return a person's front page. The queries do not grow with what is on it."""
    training = at_hand.of(person)
    is_new = training is not None and training.is_learning and person.position == Position.CSR_1
    found = _Parts(person, training)
    if is_new:
        order = [found.training(), *found.feedback(), found.dues(), found.refresher()]
        order += [found.manuals(is_wide=False), found.changed()]
    elif person.writes_content:
        order = [found.team(), found.ready(), found.dues(), *found.feedback(), found.desk(), found.training()]
        if training is not None:
            order.append(found.refresher())
        order += [found.manuals(is_wide=False), found.changed()]
    else:
        beside = found.dues(is_wide=False)
        order = [found.changed(is_wide=beside is None), beside, found.refresher(), *found.feedback()]
        order += [found.training(), found.manuals()]
    return FrontPage(front.notice(), training if is_new else None, [part for part in order if part])


@dataclass(frozen=True)
class Dues:
    """The first of what a person has to acknowledge, and how many more there are."""

    first: list[Due]
    more: int


def _told_once(training: AtHand | None, dues: list[Due]) -> tuple[AtHand | None, list[Due]]:
    """Return both without what the other says: a policy that a path asks for, too, is listed where it is due sooner."""
    if training is None:
        return None, dues
    steps = {line.step.page_id: line.due for line in (*training.overdue, *training.soon) if line.due}
    owed = [due for due in dues if due.page.pk not in steps or due.due < steps[due.page.pk]]
    return training.without({due.page.pk for due in owed}), owed


class _Parts:
    """The parts of a person's front page, each None where there is nothing to show."""

    def __init__(self, person: User, training: AtHand | None) -> None:
        self.person = person
        self.own_manuals = front.manuals_for(person)
        self.at_hand, self.owed = _told_once(training, front.dues_of(person))

    def training(self) -> Part | None:
        return Part("training", self.at_hand) if self.at_hand else None

    def refresher(self) -> Part | None:
        count = refreshing.due_count(self.person)
        return Part("refresher", refresher_showing.in_words(count)) if count else None

    def team(self) -> Part | None:
        team = front.team_of(self.person)
        return Part("team", team) if team else None

    def ready(self) -> Part | None:
        ready = front.ready_of(self.person)
        return Part("ready", ready) if ready else None

    def dues(self, *, is_wide: bool = True) -> Part | None:
        first = self.owed[: front.WAITING]
        return Part("dues", Dues(first, len(self.owed) - len(first)), is_wide) if first else None

    def feedback(self) -> list[Part]:
        found = {
            "marked": front.marked_lately(self.person),
            "signed": front.signed_lately(self.person),
            "remarks": front.settled_lately(self.person),
        }
        return [Part(name, content) for name, content in found.items() if content]

    def desk(self) -> Part | None:
        desk = front.desk_of(self.person)
        return Part("desk", desk) if desk else None

    def manuals(self, *, is_wide: bool = True) -> Part:
        return Part("manuals", self.own_manuals, is_wide)

    def changed(self, *, is_wide: bool = False) -> Part:
        return Part("changed", front.recently_changed(self.own_manuals), is_wide)
