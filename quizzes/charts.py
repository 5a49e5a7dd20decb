"""Small pictures of figures: where their bars stand. The templates draw them."""

from collections.abc import Mapping
from dataclasses import dataclass

BINS = 10
_WIDTH_OF_BIN = 64
_GAP = 4
_HEIGHT = 140
# Room above the bars for their numbers, and below for the axis.
_ABOVE = 20
_BELOW = 24


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how many, and its place in the picture."""

    label: str
    count: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Where its number is centred."""
        return self.x + self.width // 2

    @property
    def above(self) -> int:
        """The line its number stands on."""
        return self.y - 5


@dataclass(frozen=True)
class Tick:
    """A number under the axis."""

    x: int
    label: str


@dataclass(frozen=True)
class Histogram:
    """How often each range of scores came, and where the pass mark is."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    pass_x: int
    width: int
    height: int
    floor: int


def histogram(counts: Mapping[float, int], pass_mark: int) -> Histogram:
    """Return the picture of scores in percent, in ten ranges; each holds its lower end, the last one 100 as well."""
    sums = [0] * BINS
    for score, times in counts.items():
        sums[min(int(score * BINS // 100), BINS - 1)] += times
    most = max(sums) or 1
    step = 100 // BINS
    floor = _ABOVE + _HEIGHT
    bars = []
    for place, count in enumerate(sums):
        height = round(_HEIGHT * count / most)
        # Whoever is there is seen.
        height = max(height, 2) if count else 0
        last = place == BINS - 1
        label = f"{place * step} to 100" if last else f"{place * step} to under {(place + 1) * step}"
        bars.append(Bar(label, count, _x(place * step) + _GAP, floor - height, _WIDTH_OF_BIN - 2 * _GAP, height))
    ticks = tuple(Tick(_x(score), str(score)) for score in range(0, 101, step))
    return Histogram(tuple(bars), ticks, _x(pass_mark), _x(100) + _x(0), floor + _BELOW, floor)


def _x(score: int) -> int:
    """Return where a score is on the axis; half a number's width is left free at either end."""
    return 16 + round(_WIDTH_OF_BIN * BINS * score / 100)
