"""What the figures of a question say in plain sentences, and what to look at."""

from dataclasses import dataclass

from quizzes.statistics import ItemFigures, highest_likely

# With 30 answers the standard error of a share is at most √(0.25 / 30), nine points of a hundred; with fewer, chance
# alone makes a question look easy or hard.
ENOUGH = 30
# Blackboard Learn's item analysis calls a question hard below 30 percent and asks for a review of it.
TOO_HARD = 0.30
# “Extremely easy” from 95 percent on in the table of facility indices that Moodle's documentation and the Open
# University (Moodle Quiz reports, 4.2 Question statistics) give. Its “easy”, from 81 on, is what training is for.
TOO_EASY = 0.95
# The short forms of what says that a question fails.
AGAINST_THE_GRAIN = "Good learners fail it"
TOO_MANY_FAIL = "Too many fail it"


@dataclass(frozen=True)
class Advice:
    """A sentence about a question, and its short form for a table. `is_problem`: there is something to look at."""

    label: str
    sentence: str
    is_problem: bool = True


def of_item(figures: ItemFigures) -> list[Advice]:
    """Return what is to be said of a question, the gravest first; empty where nothing stands out.

    A discrimination index below 0 (“question probably invalid” in Moodle's documentation) is told of only where chance
    is not likely to have made it: see `quizzes.statistics.highest_likely`.
    """
    if figures.asked < ENOUGH or figures.facility is None:
        return [_too_few(figures.asked)]
    found = []
    if figures.discrimination is not None and highest_likely(figures.discrimination, figures.compared) < 0:
        found.append(_against_the_grain(figures.discrimination))
    if figures.facility < TOO_HARD:
        found.append(_too_hard(figures.facility))
    elif figures.facility >= TOO_EASY:
        found.append(_too_easy(figures.facility))
    return found


def _too_few(asked: int) -> Advice:
    times = "once" if asked == 1 else f"{asked} times"
    sentence = f"Asked {times} so far, which is too few to tell. From {ENOUGH} on, what stands out is said here."
    return Advice("Too few to tell", sentence, is_problem=False)


def _against_the_grain(discrimination: float) -> Advice:
    return Advice(
        AGAINST_THE_GRAIN,
        f"People who do well on the rest of the quiz fail this question more often than those who do badly "
        f"(discrimination index {discrimination:.2f}). As a rule the key is wrong, or the question can be read in two "
        "ways: check the key against the section, then look at what was answered.",
    )


def _too_hard(facility: float) -> Advice:
    return Advice(
        TOO_MANY_FAIL,
        f"Too many fail this question: on average it earns {_percent(facility)} percent. Check the key, read the "
        "question for words that mislead, and see whether the section it tests teaches this.",
    )


def _too_easy(facility: float) -> Advice:
    return Advice(
        "Too many pass it",
        f"Nearly everyone gets this right: on average it earns {_percent(facility)} percent, so it does not tell who "
        "knows the matter from who does not. See whether the wrong answers are plausible and whether the wording gives "
        "the right one away. Keep it if everyone has to know it.",
    )


def _percent(share: float) -> str:
    """Return a share in whole percent, and 100 only where it is all."""
    return f"{100 * share:.0f}" if share in (0, 1) else f"{min(99, max(1, round(100 * share)))}"
