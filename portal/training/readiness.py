"""How far people are with each job function: of their position, which includes those below it, and of the next.

Derived from evidence each time it is asked for, by a rule that seniors set (`ReadinessRule`), and kept nowhere:

- not started: there is no evidence of any kind;
- learning: there is some;
- with help, alone: of every kind there is as much as the rule asks for. A kind of which the portal holds nothing for
  the function is met, except that nobody can do alone what no task at the desk shows where the rule asks for sign-offs.

A policy counts where its acknowledgement is asked of the function's position, and of the person's: nobody can
acknowledge what is not asked of them yet. Who is exempt from it owes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from manuals.models import JobFunction
from portal.people.models import User
from portal.people.positions import Position
from portal.training import readiness_evidence
from portal.training.models import Level, ReadinessRule
from portal.training.readiness_evidence import Known
from portal.training.readiness_rules import WHOLE, Measure, Rules, asked

RANKS: dict[str, int] = {level.value: place for place, level in enumerate(Level)}


class Amount(NamedTuple):
    """How much there is of a kind of evidence, of how much; `whole` 0 where the portal holds nothing of it.

    Sections, policies, times a task was met, refresher questions; of quizzes the best marks in percent, 100 for each.
    """

    done: float
    whole: int

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down; 100 where there is nothing to do."""
        return int(self.done * WHOLE / self.whole + 1e-9) if self.whole else WHOLE

    def reaches(self, percent: int) -> bool:
        """Return whether it is at least so much."""
        return not self.whole or self.done * WHOLE + 1e-9 >= percent * self.whole


@dataclass(frozen=True, slots=True)
class Ability:
    """How far a person is with a function. `number` is the function's place among all of them, from 1."""

    function: JobFunction
    number: int
    level: Level
    amounts: dict[Measure, Amount]
    rule: ReadinessRule
    has_task: bool

    @property
    def is_alone(self) -> bool:
        """Whether the person can do it alone."""
        return self.level == Level.ALONE

    @property
    def moves_up(self) -> bool:
        """Whether it is far enough for somebody of the position below to be ready for the next."""
        return RANKS[self.level] >= RANKS[self.rule.to_move_up]

    def lacking(self, level: Level) -> list[Measure]:
        """Return the kinds of evidence of which there is not enough for a level."""
        return [one for one in Measure if not self.amounts[one].reaches(asked(self.rule, level, one))]

    @property
    def lacks_a_task(self) -> bool:
        """Whether nobody can do it alone, since no task shows it."""
        return not self.has_task and self.rule.alone_signed > 0


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a person is with the functions of their position, and of the next; `above` is the next position.

    There is nothing above for the last position, nor where the next position has no functions.
    """

    person: User
    own: list[Ability]
    next: list[Ability]
    above: Position | None
    known: Known

    @property
    def not_alone(self) -> list[Ability]:
        """The functions of their position that they cannot do alone yet."""
        return [one for one in self.own if not one.is_alone]

    @property
    def not_far_enough(self) -> list[Ability]:
        """The functions of the next position with which they are not far enough to move up."""
        return [one for one in self.next if not one.moves_up]

    @property
    def is_ready(self) -> bool:
        """Whether they are ready for the next position: all of their own alone, and far enough with all of that."""
        return self.above is not None and not self.not_alone and not self.not_far_enough

    @property
    def abilities(self) -> list[Ability]:
        """All of them."""
        return [*self.own, *self.next]


def of(people: Iterable[User]) -> dict[int, Readiness]:
    """Return how far each of these people is, by their key. Eighteen queries at most, for however many people."""
    people = list(people)
    if not people:
        return {}
    counted = _Counted(readiness_evidence.of(people))
    return {person.pk: counted.of(person) for person in people}


class Ready(NamedTuple):
    """Someone who is ready to move up, and the position above theirs."""

    person: User
    above: Position


def ready_among(people: QuerySet[User]) -> list[Ready]:
    """Return those of some people who are ready for the next position (22 queries at most)."""
    found = list(people)
    if not found:
        return []
    # Most have not been signed off all that it takes: they need not be looked at more closely.
    signed = _Counted(readiness_evidence.signed_of(found))
    found = [person for person in found if signed.is_signed_enough(person)]
    if not found:
        return []
    counted = _Counted(readiness_evidence.of(found), signed.functions, signed.rules)
    ready = [(person, next_position(person.position)) for person in found if counted.is_ready(person)]
    return [Ready(person, above) for person, above in ready if above]


def next_position(position: str) -> Position | None:
    """Return the position above one, or None for the last."""
    every = list(Position)
    place = every.index(Position(position)) + 1
    return every[place] if place < len(every) else None


class _Counted:
    """Counts what people did, function by function."""

    def __init__(self, known: Known, functions: list[JobFunction] | None = None, rules: Rules | None = None) -> None:
        self.known = known
        self.functions = functions or readiness_evidence.functions()
        self.rules = rules or Rules()
        numbered = list(enumerate(self.functions, 1))
        every = Position.values
        self.up_to = {
            position: [one for one in numbered if one[1].position in every[: place + 1]]
            for place, position in enumerate(every)
        }
        self.only = {position: [one for one in numbered if one[1].position == position] for position in every}
        self.sections = {
            function: sum(len(known.asked[key]) for key in chapters) for function, chapters in known.chapters.items()
        }
        self.times = {function: sum(known.times[key] for key in tasks) for function, tasks in known.tasks.items()}

    def of(self, person: User) -> Readiness:
        to_come = self._to_come(person)
        return Readiness(
            person=person,
            own=list(self._abilities(person, self.up_to[person.position])),
            next=list(self._abilities(person, to_come)),
            above=next_position(person.position) if to_come else None,
            known=self.known,
        )

    def is_ready(self, person: User) -> bool:
        """Return whether somebody is ready to move up, without a look past the first function that says no."""
        to_come = self._to_come(person)
        own, above = self._abilities(person, self.up_to[person.position]), self._abilities(person, to_come)
        return bool(to_come) and all(one.is_alone for one in own) and all(one.moves_up for one in above)

    def is_signed_enough(self, person: User) -> bool:
        """Return whether what somebody was signed off is enough to be ready, whatever other evidence there is."""
        own = all(self._is_signed(person, function, Level.ALONE) for _, function in self.up_to[person.position])
        return own and all(
            self._is_signed(person, function, Level(self.rules.of(function).to_move_up))
            for _, function in self._to_come(person)
        )

    def _to_come(self, person: User) -> list[tuple[int, JobFunction]]:
        """Return the functions of the next position; none where there is no next."""
        above = next_position(person.position)
        return self.only[above] if above else []

    def _is_signed(self, person: User, function: JobFunction, level: Level) -> bool:
        return self._signed(person, function).reaches(asked(self.rules.of(function), level, Measure.SIGNED))

    def _signed(self, person: User, function: JobFunction) -> Amount:
        known, tasks = self.known, self.known.tasks.get(function.pk, ())
        met = sum(min(known.met.get((person.pk, one), 0), known.times[one]) for one in tasks)
        return Amount(met, self.times.get(function.pk, 0))

    def _abilities(self, person: User, functions: Iterable[tuple[int, JobFunction]]) -> Iterator[Ability]:
        return (self._ability(person, number, function) for number, function in functions)

    def _ability(self, person: User, number: int, function: JobFunction) -> Ability:
        known, who, key = self.known, person.pk, function.pk
        chapters, quizzes, tasks = (of.get(key, ()) for of in (known.chapters, known.quizzes, known.tasks))
        policies = owed(person, function, known)
        amounts = {
            Measure.READ: Amount(sum(known.read.get((who, one), 0) for one in chapters), self.sections.get(key, 0)),
            Measure.ACKNOWLEDGED: Amount(sum(policies.values()), len(policies)),
            Measure.MARK: Amount(sum(known.marks.get((who, one), 0.0) for one in quizzes), WHOLE * len(quizzes)),
            Measure.SIGNED: self._signed(person, function),
            Measure.RECALLED: Amount(*known.cards.get((who, key), (0, 0))),
        }
        has_begun = any(amount.done for amount in amounts.values()) or amounts[Measure.RECALLED].whole > 0
        rule = self.rules.of(function)
        level = _level(amounts, rule, has_task=bool(tasks)) if has_begun or self._took_one(who, quizzes) else None
        return Ability(function, number, level or Level.NOT_STARTED, amounts, rule, bool(tasks))

    def _took_one(self, person: int, quizzes: Iterable[int]) -> bool:
        """Return whether a person took one of these quizzes, be it for nothing."""
        return any((person, quiz) in self.known.marks for quiz in quizzes)


def owed(person: User, function: JobFunction, known: Known) -> dict[int, bool]:
    """Return the policies of a function that a person has to acknowledge, each with whether they have."""
    found = {}
    for page in known.policies.get(function.pk, ()):
        ask = known.asks.get((page, function.position))
        if ask is None or (person.pk, page) in known.exempt:
            continue
        own = known.asks.get((page, person.position))
        is_given = known.acknowledged.get((person.pk, page), 0) >= (own or ask).sequence
        if own or is_given:
            found[page] = is_given
    return found


def _level(amounts: dict[Measure, Amount], rule: ReadinessRule, *, has_task: bool) -> Level:
    """Return how far somebody is who has begun."""
    if not all(amounts[one].reaches(asked(rule, Level.WITH_HELP, one)) for one in Measure):
        return Level.LEARNING
    if not has_task and rule.alone_signed:
        return Level.WITH_HELP
    is_alone = all(amounts[one].reaches(asked(rule, Level.ALONE, one)) for one in Measure)
    return Level.ALONE if is_alone else Level.WITH_HELP
