"""What somebody still has to do to get further with a function, in words, each with the place where to do it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from wagtail.models import Page

from manuals.consequences import counted
from portal.training.models import Level, Task
from portal.training.readiness import RANKS, Ability, Readiness, owed
from portal.training.readiness_rules import Measure, asked


@dataclass(frozen=True)
class Item:
    """One thing to do: what, on which thing, where (empty where there is no place for it), and how far it is."""

    verb: str
    title: str = ""
    url: str = ""
    more: str = ""


@dataclass(frozen=True)
class Missing:
    """What is missing to reach a level; what was named for the level before is not named again."""

    level: Level
    items: list[Item]


@dataclass(frozen=True)
class Figure:
    """How much there is of a kind of evidence, in figures; empty where the portal holds nothing of it."""

    measure: Measure
    words: str


@dataclass(frozen=True)
class Line:
    """A function as it is listed: how far somebody is with it, and what is missing."""

    ability: Ability
    missing: list[Missing]
    figures: list[Figure]

    @property
    def count(self) -> int:
        """How many things are missing."""
        return sum(len(one.items) for one in self.missing)


def lines(readiness: Readiness, abilities: list[Ability], *, is_own: bool, may_sign: bool) -> list[Line]:
    """Return some of a person's functions with what is missing of each (two queries).

    What only the person can do has an address if `is_own`, what a supervisor signs if `may_sign`.
    """
    wording = _Wording(readiness, is_own=is_own, may_sign=may_sign)
    return [Line(ability, wording.missing(ability), wording.figures(ability)) for ability in abilities]


class _Wording:
    """Puts what is missing into words."""

    def __init__(self, readiness: Readiness, *, is_own: bool, may_sign: bool) -> None:
        self.person = readiness.person
        self.known = known = readiness.known
        self.is_own = is_own
        self.may_sign = may_sign
        kinds = (known.chapters, known.policies, known.quizzes)
        keys = {key for kind in kinds for one in readiness.abilities for key in kind.get(one.function.pk, ())}
        self.pages = {page.pk: page for page in Page.objects.filter(pk__in=keys)}
        tasks = {key for one in readiness.abilities for key in known.tasks.get(one.function.pk, ())}
        self.tasks = {task.pk: task for task in Task.objects.filter(pk__in=tasks).only("title", "times")}

    def missing(self, ability: Ability) -> list[Missing]:
        found: list[Missing] = []
        named: set[Item] = set()
        for level in (Level.WITH_HELP, Level.ALONE):
            if RANKS[ability.level] >= RANKS[level]:
                continue
            items = [item for item in self._items(ability, level) if item not in named]
            named.update(items)
            if items:
                found.append(Missing(level, items))
        return found

    def figures(self, ability: Ability) -> list[Figure]:
        return [Figure(measure, self._figure(ability, measure)) for measure in Measure]

    def _figure(self, ability: Ability, measure: Measure) -> str:
        amount = ability.amounts[measure]
        if not amount.whole:
            return ""
        if measure != Measure.MARK:
            return f"{amount.done} of {amount.whole}"
        taken = any((self.person.pk, key) in self.known.marks for key in self.known.quizzes[ability.function.pk])
        return f"{amount.percent} percent" if taken else "Not taken"

    def _items(self, ability: Ability, level: Level) -> Iterator[Item]:
        kinds = {
            Measure.READ: self._to_read,
            Measure.ACKNOWLEDGED: self._to_acknowledge,
            Measure.MARK: self._to_pass,
            Measure.SIGNED: self._to_have_signed,
            Measure.RECALLED: self._to_recall,
        }
        for measure in ability.lacking(level):
            yield from kinds[measure](ability, level)
        if level == Level.ALONE and ability.lacks_a_task:
            yield Item("No task at the desk is set for it yet. A Senior CSR or a Supervisor adds one.")

    def _to_read(self, ability: Ability, level: Level) -> Iterator[Item]:
        for key in self.known.chapters.get(ability.function.pk, ()):
            whole = len(self.known.asked[key])
            left = whole - self.known.read.get((self.person.pk, key), 0)
            if left:
                more = "" if left == whole else f"{left} of {counted(whole, 'section', 'sections')} left"
                yield Item("Read", self.pages[key].title, self.pages[key].url, more)

    def _to_acknowledge(self, ability: Ability, level: Level) -> Iterator[Item]:
        for key, is_given in owed(self.person, ability.function, self.known).items():
            if not is_given:
                page = self.pages[key]
                yield Item("Acknowledge", page.title, f"{page.url}acknowledge/" if self.is_own else page.url)

    def _to_pass(self, ability: Ability, level: Level) -> Iterator[Item]:
        percent = asked(ability.rule, level, Measure.MARK)
        for key in self.known.quizzes.get(ability.function.pk, ()):
            best = self.known.marks.get((self.person.pk, key))
            if best is None or best < percent:
                more = "not taken yet" if best is None else f"{best:g} percent so far"
                yield Item(f"Reach {percent} percent in", self.pages[key].title, self.pages[key].url, more)

    def _to_have_signed(self, ability: Ability, level: Level) -> Iterator[Item]:
        for key in self.known.tasks.get(ability.function.pk, ()):
            times, met = self.known.times[key], self.known.met.get((self.person.pk, key), 0)
            if met < times:
                more = f"signed off {met} of {times} times" if times > 1 else ""
                url = reverse("training:sign", args=[self.person.pk, key]) if self.may_sign else ""
                yield Item("Have signed off:", self.tasks[key].title, url, more)

    def _to_recall(self, ability: Ability, level: Level) -> Iterator[Item]:
        right, whole = ability.amounts[Measure.RECALLED]
        more = f"{right} of {counted(whole, 'question', 'questions')} right the last time"
        yield Item("Answer in the", "refresher", _refresher() if self.is_own else "", more)


def _refresher() -> str:
    """Return the address of the refresher, empty where the portal has none."""
    try:
        return reverse("training:refresher")
    except NoReverseMatch:
        return ""
