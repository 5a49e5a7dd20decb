"""How far people are on their paths. Derived from the evidence each time it is asked for, and kept nowhere.

A step that reads has a share between nothing and all of it; the percentage of a stage or a path weighs each required
step by its minutes. Whatever is done counts, whether it was its turn or not, and in whatever order. Once there is
evidence enough for a step, only a change of the content or of the path takes it back, or the renewal of a certificate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils import timezone

from portal.training import due_dates, evidence
from portal.training.due_dates import DueDates
from portal.training.evidence import Evidence
from portal.training.models import Enrolment, Opens, Pause
from portal.training.step_progress import PAST, StepProgress, StepReckoning


@dataclass(frozen=True)
class StageProgress:
    """The steps of a stage."""

    number: int
    title: str
    steps: list[StepProgress]

    @cached_property
    def counting(self) -> list[StepProgress]:
        """Those that the percentage counts, in order."""
        return [one for one in self.steps if one.counts]

    @cached_property
    def percent(self) -> int:
        """How much of what is required in it is done."""
        return _percent(self.counting)

    @cached_property
    def is_finished(self) -> bool:
        """Whether nothing that is required in it is left."""
        return all(one.is_finished for one in self.counting)

    @cached_property
    def overdue(self) -> list[StepProgress]:
        """The steps that should be done by now."""
        return [one for one in self.steps if one.is_overdue]

    @cached_property
    def has_begun(self) -> bool:
        """Whether anything in it is done."""
        return any(one.share > 0 for one in self.steps)


@dataclass(frozen=True)
class Progress:
    """How far a person is on a path."""

    enrolment: Enrolment
    stages: list[StageProgress]
    is_away: bool = False

    @cached_property
    def steps(self) -> list[StepProgress]:
        """All steps in order."""
        return [one for stage in self.stages for one in stage.steps]

    @cached_property
    def counting(self) -> list[StepProgress]:
        """Those that the percentage counts, in order."""
        return [one for stage in self.stages for one in stage.counting]

    @cached_property
    def percent(self) -> int:
        """How much of what is required is done."""
        return _percent(self.counting)

    @cached_property
    def is_finished(self) -> bool:
        """Whether nothing that is required is left. A path that asks for nothing is never finished."""
        return bool(self.counting) and all(stage.is_finished for stage in self.stages)

    @cached_property
    def overdue(self) -> list[StepProgress]:
        """The steps that should be done by now, in order."""
        return [one for stage in self.stages for one in stage.overdue]

    @cached_property
    def minutes_left(self) -> int:
        """Minutes of what is left to do."""
        return sum(one.minutes_left for one in self.counting)

    @cached_property
    def next(self) -> StepProgress | None:
        """The one thing to do next: the first that the person can do by themselves, or have done by a supervisor."""
        left = [one for one in self.counting if one.state in ("back", "in_hand", "open")]
        by_oneself = (one for one in left if not one.needs_a_supervisor)
        return next(by_oneself, left[0] if left else None)

    @cached_property
    def stage(self) -> StageProgress | None:
        """The stage that the person is in: the first that is not finished."""
        return next((stage for stage in self.stages if not stage.is_finished), None)


def of(enrolments: Iterable[Enrolment], today: date | None = None) -> dict[int, Progress]:
    """Return how far each enrolment is, by its key.

    The enrolments must come with `person` and `path`. Seventeen queries at most, and four more where
    certificates are renewed, for however many people and steps.
    """
    today = today or timezone.localdate()
    enrolments = list(enrolments)
    if not enrolments:
        return {}
    known = evidence.of(enrolments, today)
    reckoning = _Reckoning(known, today)
    return {enrolment.pk: reckoning.of(enrolment) for enrolment in enrolments}


class _Reckoning:
    """How far people are on a day, given what is known of them."""

    def __init__(self, known: Evidence, today: date) -> None:
        self.known, self.today = known, today
        self.steps = StepReckoning(known)
        self.due_dates = DueDates(known.closed, today)

    def of(self, enrolment: Enrolment) -> Progress:
        pauses = self.known.pauses.get(enrolment.pk, [])
        is_away = due_dates.is_away(pauses, self.today)
        stages: list[StageProgress] = []
        before_is_past = stages_are_past = all_are_past = True
        for step in self.known.steps.get(enrolment.edition_id, []):
            if not stages or stages[-1].number != step.stage:
                stages_are_past = all_are_past
                stages.append(StageProgress(step.stage, step.stage_title, []))
            found = self.steps.of(enrolment, step)
            if found.state == "open" and step.opens != Opens.AT_ONCE:
                is_its_turn = before_is_past if step.opens == Opens.AFTER_STEP else stages_are_past
                found = found if is_its_turn else replace(found, state="later")
            if found.state not in ("done", "waived", "gone") and not step.optional:
                found = self._with_due(found, enrolment, pauses, is_away=is_away)
            if found.counts:
                before_is_past = found.state in PAST
                all_are_past = all_are_past and before_is_past
            stages[-1].steps.append(found)
        return Progress(enrolment, stages, is_away)

    def _with_due(
        self, found: StepProgress, enrolment: Enrolment, pauses: list[Pause], *, is_away: bool
    ) -> StepProgress:
        """Return a step that is not done with its last day: a step that came back has one of its own already."""
        due = found.due
        if found.renews_by:
            due = found.renews_by
        elif found.state != "back":
            due = self.due_dates.of(enrolment.starts_on, found.step.due_days, pauses)
        if due is None:
            return found
        # Who waits for somebody else is not late.
        is_late = due < self.today and not is_away and found.state != "waiting"
        return replace(found, due=due, is_overdue=is_late, days_late=self.due_dates.days_late(due) if is_late else 0)


def _percent(counting: Sequence[StepProgress]) -> int:
    """Return how much of the required steps is done, weighed by their minutes; 100 only for all of them."""
    if all(one.is_finished for one in counting):
        return 100
    weights = [max(one.minutes, 1) for one in counting]
    done = sum(weight * one.share for weight, one in zip(weights, counting, strict=True))
    return min(int(100 * done / sum(weights) + 1e-9), 99)
