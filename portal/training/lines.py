"""How a step of somebody's path is put into words: what it asks, how it stands, and where it goes on."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from portal.training.models import Enrolment, Kind, Opens, Step
from portal.training.progress import Progress
from portal.training.step_progress import StepProgress

_ICONS = {
    "done": "check_circle",
    "waived": "verified",
    "back": "history",
    "waiting": "schedule",
    "in_hand": "edit",
    "open": "arrow_forward",
    "later": "schedule",
    "gone": "close",
}
_STATES = {
    "done": "Done",
    "waived": "Waived",
    "back": "Changed since",
    "waiting": "Waits to be marked",
    "open": "Not begun",
    "gone": "Not asked for any more",
}
_TURNS = {Opens.AFTER_STEP: "After the step before it", Opens.AFTER_STAGE: "After the stages before it"}
_READS = frozenset({Kind.CHAPTER, Kind.MANUAL})


@dataclass(frozen=True)
class Line:
    """A step of an enrolment as it is listed."""

    enrolment: Enrolment
    progress: StepProgress

    @property
    def step(self) -> Step:
        """The step itself."""
        return self.progress.step

    @property
    def kind(self) -> str:
        """What it asks for, in words."""
        if self.progress.state == "back" and not self.progress.renews_by:
            return "Read what changed"
        return self.step.get_kind_display()

    @property
    def state(self) -> str:
        """How it stands, in words."""
        state = self.progress.state
        if state == "later":
            return _TURNS.get(Opens(self.step.opens), _STATES["open"])
        if self.progress.renews_by and state == "back":
            met, times = self.progress.count or (0, 0)
            return f"To be renewed, met {met} of {times} times" if met else "To be renewed"
        if state != "in_hand":
            return _STATES[state]
        if self.progress.count:
            return "Met {} of {} times".format(*self.progress.count)
        if self.step.kind == Kind.QUIZ:
            return "Not passed yet"
        return f"In hand, {self.progress.percent} percent"

    @property
    def icon(self) -> str:
        """The picture of how it stands."""
        return _ICONS[self.progress.state]

    @property
    def url(self) -> str:
        """Where its learner goes on; empty where only a supervisor can."""
        if self.progress.state == "back" and self.step.kind in _READS:
            return reverse("training:changes", args=[self.enrolment.pk, self.step.key])
        return self.progress.url

    @property
    def is_begun(self) -> bool:
        """Whether some of it is done, and not all."""
        return self.progress.state in ("in_hand", "back")

    @property
    def minutes(self) -> int:
        """Minutes of what is left of it, or of the whole where nothing or all is done."""
        return self.progress.minutes_left if self.is_begun else self.progress.minutes

    @property
    def attempts_allowed(self) -> int:
        """How many attempts the quiz of a step that is to be done again allows in all; 0 for any number."""
        if self.progress.renews_by and self.step.quiz:
            return self.step.quiz.attempts_allowed
        return 0

    @property
    def is_task(self) -> bool:
        """Whether a supervisor signs it."""
        return self.step.kind == Kind.TASK

    @property
    def is_attendance(self) -> bool:
        """Whether a supervisor confirms it."""
        return self.step.kind == Kind.ATTEND

    @property
    def due(self) -> date | None:
        """The last day to do it."""
        return self.progress.due

    @property
    def late(self) -> str:
        """By how much it is overdue, in words; empty where it is not."""
        if not self.progress.is_overdue:
            return ""
        days = self.progress.days_late
        return f"Overdue by {days} working day{'' if days == 1 else 's'}" if days else "Overdue"

    @property
    def asks_for(self) -> tuple[str, object]:
        """What two steps of different paths have in common if they ask for the same thing."""
        return self.step.kind, self.step.page_id or self.step.quiz_id or self.step.task_id or self.step.key


def of(progress: Progress) -> list[Line]:
    """Return the lines of all steps of a path in order."""
    return [Line(progress.enrolment, step) for step in progress.steps]
