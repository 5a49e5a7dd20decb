"""How a person stands with one step of a path, as if it were its turn. Called by `portal.training.progress`."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from manuals import reading_time
from manuals.models.editioned_page import ACKNOWLEDGE_WITHIN
from portal.people import working_days
from portal.training import reading, renewing
from portal.training.evidence import Evidence
from portal.training.models import Enrolment, Kind, Step, Waiver
from portal.training.reading import Reading

# back: done before, and something of it is to be read, or all of it to be done again. waiting: for somebody else, to
# mark it. gone: what it asks for is not there any more, or is not asked of this person; it counts for nothing.
State = Literal["done", "waived", "back", "waiting", "in_hand", "open", "later", "gone"]
FINISHED: frozenset[State] = frozenset({"done", "waived"})
# What was done once keeps open what came after it, also while some of it is to be read again.
PAST: frozenset[State] = frozenset({"done", "waived", "back", "gone"})
# How long it takes to read and acknowledge a policy, where its step does not say.
POLICY_MINUTES = 5


@dataclass(frozen=True)
class StepProgress:
    """How a person stands with a step: `share` from 0 to 1, `due` the last day, `days_late` working days after it.

    `url` leads to the exact place to go on; empty where only somebody else can do something. `changed` are the pages of
    which something came back, each with the sections' addresses. `minutes` is for the whole step. `renews_by` is the
    last day to do again what renews a certificate; None where nothing of it is to be renewed.
    """

    step: Step
    state: State
    share: float = 0.0
    minutes: int = 1
    minutes_left: int = 0
    due: date | None = None
    is_overdue: bool = False
    days_late: int = 0
    url: str = ""
    count: tuple[int, int] | None = None
    waiver: Waiver | None = None
    changed: dict[int, tuple[str, ...]] = field(default_factory=dict)
    renews_by: date | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.state in FINISHED

    @property
    def counts(self) -> bool:
        """Whether the percentage counts it."""
        return not self.step.optional and self.state != "gone"

    @property
    def percent(self) -> int:
        """How much of it is done, in whole percent, 100 only for all."""
        return 100 if self.is_finished else min(int(self.share * 100), 99)

    @property
    def needs_a_supervisor(self) -> bool:
        """Whether a supervisor has to see it done."""
        return self.step.kind in (Kind.TASK, Kind.ATTEND)


def of(enrolment: Enrolment, step: Step, known: Evidence) -> StepProgress:
    """Return how a person stands with a step, as if it were its turn."""
    waiver = known.waived.get((enrolment.pk, step.key))
    found = _to_renew(_STANDS[step.kind](enrolment, step, known), enrolment, known)
    if waiver and found.state not in ("done", "gone"):
        return replace(found, state="waived", share=1.0, minutes_left=0, waiver=waiver, changed={}, due=None)
    return found


def _to_renew(found: StepProgress, enrolment: Enrolment, known: Evidence) -> StepProgress:
    """Return a step that is done as it stands where it has to be done again for the renewal of a certificate."""
    renewal = known.renewals.of(enrolment, found.step)
    if renewal is None or found.state != "done":
        return found
    again = known.renewals.done_again(enrolment.person_id, found.step, renewal.since)
    if again.share == 1:
        return found
    return replace(
        found,
        state="waiting" if again.is_waiting else "back",
        share=again.share,
        minutes_left=found.minutes - int(found.minutes * again.share),
        count=again.times,
        renews_by=renewing.last_day(renewal, known.closed),
    )


def _to_read(enrolment: Enrolment, step: Step, known: Evidence) -> StepProgress:
    chapters, words, minutes = known.to_read(step.page_id or 0)
    if not chapters:
        return StepProgress(step, "gone")
    person = enrolment.person_id
    stands = {key: reading.of(known.asked[key], known.reads.get((person, key), {})) for key in chapters}
    left = [key for key in chapters if not stands[key].is_complete]
    if not left:
        return StepProgress(step, "done", 1.0, minutes, url=known.url_of(step.page_id or 0))
    share = sum(stands[key].share * known.words[key] for key in chapters) / words
    goes_on = f"{known.url_of(left[0])}#{stands[left[0]].unread[0]}"
    words_left = sum(stands[key].words_left for key in left)
    found = StepProgress(step, "open", share, minutes, reading_time.minutes(words_left), url=goes_on)
    if all(stands[key].back for key in left):
        return replace(
            found, state="back", due=_due_back(stands, known), changed={key: stands[key].unread for key in left}
        )
    return replace(found, state="in_hand") if any(one.has_begun for one in stands.values()) else found


def _due_back(stands: dict[int, Reading], known: Evidence) -> date | None:
    """Return by when what came back is to be read: so long after its publishing as it may take to acknowledge it."""
    days = [
        working_days.add(one.due_from, one.within or ACKNOWLEDGE_WITHIN, known.closed)
        for stand in stands.values()
        for one in stand.back
        if one.due_from
    ]
    return min(days, default=None)


def _to_acknowledge(enrolment: Enrolment, step: Step, known: Evidence) -> StepProgress:
    page = known.pages.get(step.page_id or 0)
    ask = known.asks.get((step.page_id or 0, enrolment.person.position))
    if page is None or ask is None:
        return StepProgress(step, "gone")
    given = known.acknowledged.get((enrolment.person_id, page.pk), 0)
    minutes, url = step.minutes or POLICY_MINUTES, known.url_of(page.pk)
    if given >= ask.sequence:
        return StepProgress(step, "done", 1.0, minutes, url=url)
    if (enrolment.person_id, page.pk) in known.exempt:
        return StepProgress(step, "waived", 1.0, minutes, url=url)
    found = StepProgress(step, "open", 0.0, minutes, minutes, url=f"{url}acknowledge/")
    if given:
        return replace(found, state="back", due=working_days.add(ask.published, ask.within, known.closed))
    return found


def _to_pass(enrolment: Enrolment, step: Step, known: Evidence) -> StepProgress:
    key = step.quiz_id or 0
    if key not in known.pages:
        return StepProgress(step, "gone")
    found = StepProgress(step, "open", 0.0, step.minutes, step.minutes, url=known.url_of(key))
    result = known.results.get((enrolment.person_id, key))
    if result is None:
        return found
    reached = result.passed if step.mark is None else result.best is not None and result.best >= step.mark
    if reached:
        return replace(found, state="done", share=1.0, minutes_left=0)
    return replace(found, state="waiting" if result.is_waiting else "in_hand")


def _to_have_signed(enrolment: Enrolment, step: Step, known: Evidence) -> StepProgress:
    if step.task is None:
        return StepProgress(step, "gone")
    times = step.task.times
    met = min(known.met.get((enrolment.person_id, step.task.pk), 0), times)
    found = StepProgress(
        step, "open", met / times, step.minutes, step.minutes * (times - met) // times, count=(met, times)
    )
    if met == times:
        return replace(found, state="done")
    return replace(found, state="in_hand") if met else found


def _to_attend(enrolment: Enrolment, step: Step, known: Evidence) -> StepProgress:
    if (enrolment.person_id, step.key) in known.attended:
        return StepProgress(step, "done", 1.0, step.minutes)
    return StepProgress(step, "open", 0.0, step.minutes, step.minutes)


_STANDS: dict[str, Callable[[Enrolment, Step, Evidence], StepProgress]] = {
    Kind.CHAPTER: _to_read,
    Kind.MANUAL: _to_read,
    Kind.POLICY: _to_acknowledge,
    Kind.QUIZ: _to_pass,
    Kind.TASK: _to_have_signed,
    Kind.ATTEND: _to_attend,
}
