"""Pictures of readiness, as numbers that a template draws as SVG, each with the words that say the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manuals.models import JobFunction
from portal.training.models import Level
from portal.training.readiness import RANKS, Ability, Readiness

# Of the drawings, in their own units.
PER_ROW = 12
PITCH = 44
BLOCK_WIDTH = 34
BLOCK_HEIGHT = 16
BLOCK_GAP = 4
ROW_HEIGHT = 88
BAR_WIDTH = 1000
STEPS = len(Level) - 1


@dataclass(frozen=True)
class Block:
    """One of the steps of a column; `y` is its upper edge."""

    y: int
    is_reached: bool


@dataclass(frozen=True)
class Column:
    """A function: a block for each level, filled as far as it was reached, and its number below."""

    x: int
    middle: int
    baseline: int
    number: int
    blocks: list[Block]


@dataclass(frozen=True)
class Columns:
    """The functions of a group side by side, and the same in words."""

    width: int
    height: int
    columns: list[Column]
    words: str


@dataclass(frozen=True)
class Segment:
    """How many people are at a level with a function, as a part of its bar."""

    level: Level
    people: int
    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    """How far some people are with a function, the furthest first."""

    number: int
    function: JobFunction
    segments: list[Segment]


def columns(abilities: Sequence[Ability]) -> Columns:
    """Return the picture of some functions of a person."""
    found = []
    for place, ability in enumerate(abilities):
        row, x = place // PER_ROW, place % PER_ROW * PITCH
        top = row * ROW_HEIGHT + 1
        blocks = [
            Block(top + (STEPS - step) * (BLOCK_HEIGHT + BLOCK_GAP), step <= RANKS[ability.level])
            for step in range(STEPS, 0, -1)
        ]
        baseline = top + STEPS * (BLOCK_HEIGHT + BLOCK_GAP) + 16
        found.append(Column(x, x + BLOCK_WIDTH // 2, baseline, ability.number, blocks))
    rows = -(-len(found) // PER_ROW)
    # As wide for few functions as for many, so that their columns are of one size.
    return Columns(PER_ROW * PITCH, rows * ROW_HEIGHT, found, words(abilities))


def words(abilities: Sequence[Ability]) -> str:
    """Return how many functions are at which level, the furthest first: “2 can do alone, 7 not started”."""
    counts = Counter(ability.level for ability in abilities)
    return ", ".join(f"{counts[level]} {level.label.lower()}" for level in reversed(Level) if counts[level])


def bars(people: Iterable[Readiness]) -> list[Bar]:
    """Return a bar for each function that any of these people has, or would have next."""
    counts: dict[int, Counter[Level]] = {}
    functions: dict[int, JobFunction] = {}
    for readiness in people:
        for ability in readiness.abilities:
            functions[ability.number] = ability.function
            counts.setdefault(ability.number, Counter())[ability.level] += 1
    return [Bar(number, functions[number], _segments(counts[number])) for number in sorted(functions)]


def _segments(counts: Counter[Level]) -> list[Segment]:
    whole = counts.total()
    found, before = [], 0
    for level in reversed(Level):
        start, end = (round(count / whole * BAR_WIDTH) for count in (before, before + counts[level]))
        found.append(Segment(level, counts[level], start, end - start))
        before += counts[level]
    return found
