"""How long a path takes: the minutes of its steps, summed by stage."""

from collections.abc import Iterable
from dataclasses import dataclass

from manuals import reading_time
from portal.training import evidence, readings
from portal.training.models import Kind, Step
from portal.training.step_progress import POLICY_MINUTES


@dataclass
class StageHours:
    """What a stage asks for: steps and minutes that are required, and those that are optional."""

    title: str
    steps: int = 0
    minutes: int = 0
    optional_steps: int = 0
    optional_minutes: int = 0

    @property
    def time(self) -> str:
        """How long the required steps take, in words."""
        return in_words(self.minutes)

    @property
    def optional_time(self) -> str:
        """How long the optional steps take, in words."""
        return in_words(self.optional_minutes)


def by_stage(steps: Iterable[Step]) -> list[StageHours]:
    """Return the stages of these steps, which are in order, with their sums (five queries at most)."""
    steps = list(steps)
    minutes = minutes_of(steps)
    found: dict[int, StageHours] = {}
    for step in steps:
        stage = found.setdefault(step.stage, StageHours(step.stage_title))
        if step.optional:
            stage.optional_steps += 1
            stage.optional_minutes += minutes[step.order]
        else:
            stage.steps += 1
            stage.minutes += minutes[step.order]
    return list(found.values())


def whole(stages: Iterable[StageHours]) -> StageHours:
    """Return the sum of stages."""
    total = StageHours("The whole path")
    for stage in stages:
        total.steps += stage.steps
        total.minutes += stage.minutes
        total.optional_steps += stage.optional_steps
        total.optional_minutes += stage.optional_minutes
    return total


def minutes_of(steps: Iterable[Step]) -> dict[int, int]:
    """Return how many minutes each step takes, by its place in order, as `progress` counts them (five queries)."""
    steps = list(steps)
    chapters = evidence.chapters_read_in(steps)
    asked = readings.asked_of({chapter for own in chapters.values() for chapter in own})
    words = {page: sum(max(one.words, 1) for one in sections) for page, sections in asked.items()}
    found = {}
    for step in steps:
        if step.kind in (Kind.CHAPTER, Kind.MANUAL):
            own = chapters.get(step.page_id or 0, ())
            found[step.order] = sum(reading_time.minutes(words[key]) for key in own if key in words)
        elif step.kind == Kind.POLICY:
            found[step.order] = step.minutes or POLICY_MINUTES
        else:
            found[step.order] = step.minutes
    return found


def in_words(minutes: int) -> str:
    """Return minutes as people say them: “45 min”, “2 h”, “2 h 5 min”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
