"""What the results of a quiz say about it: formulas over plain numbers. `quizzes.item_analysis` fetches the numbers.

Sources:

- Ebel and Frisbie: R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement, 5th edition, Prentice Hall
  1991.
- Moodle: Quiz statistics calculations, https://docs.moodle.org/dev/Quiz_statistics_calculations.
- Pearson: K. Pearson, Mathematical contributions to the theory of evolution III: Regression, heredity and panmixia,
  Philosophical Transactions of the Royal Society A 187 (1896), 253-318.
- Henrysson: S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28 (1963), 211-218.
- Fisher: R. A. Fisher, On the “probable error” of a coefficient of correlation deduced from a small sample, Metron 1
  (1921), 3-32.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import atanh, sqrt, tanh

# How often each value came.
Counts = Mapping[float, int]

# The standard normal distribution has 95 of 100 below it.
_ONE_SIDED_95 = 1.645
# A variance this small beside the squares it is the difference of is nothing but rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ScoreFigures:
    """What is told of the scores of a quiz, all in percent but `attempts`; None where nothing can be told."""

    attempts: int
    mean: float | None
    median: float | None
    spread: float | None
    pass_rate: float | None


@dataclass(frozen=True)
class Sums:
    """Sums over pairs (x, y) that a correlation is worked out from; those of two groups add up to those of both."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.n + other.n,
            self.x + other.x,
            self.y + other.y,
            self.xx + other.xx,
            self.yy + other.yy,
            self.xy + other.xy,
        )


@dataclass(frozen=True)
class ItemFigures:
    """What is told of one question of a quiz.

    `asked` is how often it was asked, `facility` and `discrimination` are the indices below, `median_seconds` is over
    those who answered it. `compared` is the number of attempts the discrimination index rests on.
    """

    asked: int
    facility: float | None
    discrimination: float | None
    compared: int
    median_seconds: float | None


def of_scores(counts: Counts, passed: int) -> ScoreFigures:
    """Return the figures of a quiz from how often each score in percent came, and how many attempts passed."""
    attempts = sum(counts.values())
    rate = 100 * passed / attempts if attempts else None
    return ScoreFigures(attempts, mean(counts), median(counts), spread(counts), rate)


def of_item(asked: int, credit: float, pairs: Sums, seconds: Counts) -> ItemFigures:
    """Return the figures of a question: how often asked, the sum of its credit, credit and rest score, and times."""
    return ItemFigures(asked, facility(credit, asked), correlation(pairs), pairs.n, median(seconds))


def mean(counts: Counts) -> float | None:
    """Return the arithmetic mean, Σx / n; None for no values."""
    n = sum(counts.values())
    return sum(value * times for value, times in counts.items()) / n if n else None


def median(counts: Counts) -> float | None:
    """Return the value in the middle, or the mean of the two in the middle (Ebel and Frisbie); None for no values."""
    n = sum(counts.values())
    if not n:
        return None
    # Places from 0 of the one or two in the middle.
    low, high = (n - 1) // 2, n // 2
    middle = []
    below = 0
    for value in sorted(counts):
        after = below + counts[value]
        middle += [value for place in (low, high) if below <= place < after]
        below = after
    return sum(middle) / 2


def spread(counts: Counts) -> float | None:
    """Return the standard deviation, √(Σ(x - mean)² / (n - 1)), as Moodle does; None for fewer than two values.

    The attempts there are stand for all there will be, so that the divisor is n - 1.
    """
    n, middle = sum(counts.values()), mean(counts)
    if n < 2 or middle is None:
        return None
    return sqrt(sum(times * (value - middle) ** 2 for value, times in counts.items()) / (n - 1))


def facility(credit: float, asked: int) -> float | None:
    """Return the facility index: the mean credit, from 0 to 1; where no answer earns part, the share of right answers.

    Ebel and Frisbie's difficulty index p, Moodle's facility index (there in percent). None for a question not asked.
    """
    return credit / asked if asked else None


def correlation(pairs: Sums) -> float | None:
    """Return Pearson's product-moment correlation, from -1 to 1; None where x or y is the same in all pairs.

    r = (nΣxy - ΣxΣy) / √((nΣx² - (Σx)²)(nΣy² - (Σy)²))

    With x the credit of a question and y the score on the **rest** of the questions it is the discrimination index that
    Moodle reports. Where credit is all or nothing it equals the point-biserial correlation. The question itself is left
    out of the score, since it would correlate with itself (Henrysson).
    """
    across = pairs.n * pairs.xx - pairs.x**2
    down = pairs.n * pairs.yy - pairs.y**2
    if across <= _ROUNDING * pairs.n * pairs.xx or down <= _ROUNDING * pairs.n * pairs.yy:
        return None
    return max(-1.0, min(1.0, (pairs.n * pairs.xy - pairs.x * pairs.y) / sqrt(across * down)))


def highest_likely(found: float, n: int) -> float:
    """Return what a correlation found in n pairs is in truth at most, wrong in 1 of 20 cases (Fisher).

    Fisher's z = artanh r is nearly normal with standard error 1/√(n - 3): the bound is tanh(z + 1.645/√(n - 3)). Of
    three pairs or fewer nothing can be said, so that it is 1.
    """
    if n <= 3:
        return 1.0
    if abs(found) >= 1:
        return found
    return tanh(atanh(found) + _ONE_SIDED_95 / sqrt(n - 3))
