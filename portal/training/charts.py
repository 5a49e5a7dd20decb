"""Pictures of progress, as numbers that a template draws as SVG, each with the sentence that says the same."""

from dataclasses import dataclass

from portal.training.progress import Progress

# Of the drawing, in its own units.
WIDTH = 1000
GAP = 6


@dataclass(frozen=True)
class Segment:
    """A stage in the bar: where it begins, how wide it is, and how much of that is done."""

    x: int
    width: int
    filled: int
    is_overdue: bool


@dataclass(frozen=True)
class StageBar:
    """A bar with a segment of the same width for each stage, and the same in words."""

    segments: list[Segment]
    words: str


def stage_bar(progress: Progress) -> StageBar:
    """Return the bar of a person's path."""
    count = len(progress.stages)
    pitch = (WIDTH + GAP) / max(count, 1)
    segments = []
    for place, stage in enumerate(progress.stages):
        start, end = round(place * pitch), round((place + 1) * pitch) - GAP
        width = end - start
        segments.append(Segment(start, width, width * stage.percent // 100, bool(stage.overdue)))
    return StageBar(segments, _words(progress))


def _words(progress: Progress) -> str:
    done = sum(stage.is_finished for stage in progress.stages)
    sentences = [f"{done} of {len(progress.stages)} stage{'' if len(progress.stages) == 1 else 's'} done."]
    if progress.stage:
        sentences.append(f"Now: {progress.stage.title}, {progress.stage.percent} percent.")
    late = [stage.title for stage in progress.stages if stage.overdue]
    if late:
        sentences.append(f"Overdue: {'; '.join(late)}.")
    return " ".join(sentences)
