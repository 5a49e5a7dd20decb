"""How a person stands with one step of a path, as if it were its turn. Called by `portal.training.progress`."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from manuals import reading_time
from manuals.models.editioned_page import ACKNOWLEDGE_WITHIN
from portal.people import working_days
from portal.training import renewing
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


class StepReckoning:
    """How people stand with the steps of their paths, given what is known of them.

    Most of what there is to say of a step is the same for all who have done it, or not begun it: it is worked out once.
    """

    def __init__(self, known: Evidence) -> None:
        self.known = known
        self._done: dict[int, StepProgress] = {}
        self._untouched: dict[int, StepProgress] = {}
        self._kinds: dict[str, Callable[[Enrolment, Step], StepProgress]] = {
            Kind.CHAPTER: self._to_read,
            Kind.MANUAL: self._to_read,
            Kind.POLICY: self._to_acknowledge,
            Kind.QUIZ: self._to_pass,
            Kind.TASK: self._to_have_signed,
            Kind.ATTEND: self._to_attend,
        }

    def of(self, enrolment: Enrolment, step: Step) -> StepProgress:
        """Return how a person stands with a step, as if it were its turn."""
        found = self._kinds[step.kind](enrolment, step)
        if found.state == "done" and step.renews:
            found = self._to_renew(found, enrolment)
        if found.state in ("done", "gone"):
            return found
        waiver = self.known.waived.get((enrolment.pk, step.key))
        if waiver is None:
            return found
        return replace(found, state="waived", share=1.0, minutes_left=0, waiver=waiver, changed={}, due=None)

    def _to_renew(self, found: StepProgress, enrolment: Enrolment) -> StepProgress:
        """Return a step that is done as it stands where it has to be done again for the renewal of a certificate."""
        renewal = self.known.renewals.of(enrolment, found.step)
        if renewal is None:
            return found
        again = self.known.renewals.done_again(enrolment.person_id, found.step, renewal.since)
        if again.share == 1:
            return found
        return replace(
            found,
            state="waiting" if again.is_waiting else "back",
            share=again.share,
            minutes_left=found.minutes - int(found.minutes * again.share),
            count=again.times,
            renews_by=renewing.last_day(renewal, self.known.closed),
        )

    def _is_done(self, step: Step, minutes: int, url: str = "", count: tuple[int, int] | None = None) -> StepProgress:
        if step.pk not in self._done:
            self._done[step.pk] = StepProgress(step, "done", 1.0, minutes, url=url, count=count)
        return self._done[step.pk]

    def _is_untouched(
        self, step: Step, minutes: int, url: str = "", count: tuple[int, int] | None = None
    ) -> StepProgress:
        if step.pk not in self._untouched:
            self._untouched[step.pk] = StepProgress(step, "open", 0.0, minutes, minutes, url=url, count=count)
        return self._untouched[step.pk]

    def _to_read(self, enrolment: Enrolment, step: Step) -> StepProgress:
        known = self.known
        chapters, words, minutes = known.to_read(step.page_id or 0)
        if not chapters:
            return StepProgress(step, "gone")
        person, readings = enrolment.person_id, known.readings
        left = [key for key in chapters if readings.of(person, key).unread]
        if not left:
            return self._is_done(step, minutes, known.url_of(step.page_id or 0))
        stands = {key: readings.of(person, key) for key in chapters}
        share = sum(stands[key].share * known.words[key] for key in chapters) / words
        goes_on = f"{known.url_of(left[0])}#{stands[left[0]].unread[0]}"
        words_left = sum(stands[key].words_left for key in left)
        found = StepProgress(step, "open", share, minutes, reading_time.minutes(words_left), url=goes_on)
        if all(stands[key].back for key in left):
            changed = {key: stands[key].unread for key in left}
            return replace(found, state="back", due=_due_back(stands, known), changed=changed)
        return replace(found, state="in_hand") if any(one.has_begun for one in stands.values()) else found

    def _to_acknowledge(self, enrolment: Enrolment, step: Step) -> StepProgress:
        known = self.known
        page = known.pages.get(step.page_id or 0)
        ask = known.asks.get((step.page_id or 0, enrolment.person.position))
        if page is None or ask is None:
            return StepProgress(step, "gone")
        given = known.acknowledged.get((enrolment.person_id, page.pk), 0)
        minutes, url = step.minutes or POLICY_MINUTES, known.url_of(page.pk)
        if given >= ask.sequence:
            return self._is_done(step, minutes, url)
        if (enrolment.person_id, page.pk) in known.exempt:
            return StepProgress(step, "waived", 1.0, minutes, url=url)
        found = self._is_untouched(step, minutes, f"{url}acknowledge/")
        if given:
            return replace(found, state="back", due=working_days.add(ask.published, ask.within, known.closed))
        return found

    def _to_pass(self, enrolment: Enrolment, step: Step) -> StepProgress:
        key = step.quiz_id or 0
        if key not in self.known.pages:
            return StepProgress(step, "gone")
        url = self.known.url_of(key)
        result = self.known.results.get((enrolment.person_id, key))
        if result is None:
            return self._is_untouched(step, step.minutes, url)
        reached = result.passed if step.mark is None else result.best is not None and result.best >= step.mark
        if reached:
            return self._is_done(step, step.minutes, url)
        state: State = "waiting" if result.is_waiting else "in_hand"
        return StepProgress(step, state, 0.0, step.minutes, step.minutes, url=url)

    def _to_have_signed(self, enrolment: Enrolment, step: Step) -> StepProgress:
        if step.task is None:
            return StepProgress(step, "gone")
        times = step.task.times
        met = min(self.known.met.get((enrolment.person_id, step.task.pk), 0), times)
        if met == times:
            return self._is_done(step, step.minutes, count=(met, times))
        if not met:
            return self._is_untouched(step, step.minutes, count=(met, times))
        left = step.minutes * (times - met) // times
        return StepProgress(step, "in_hand", met / times, step.minutes, left, count=(met, times))

    def _to_attend(self, enrolment: Enrolment, step: Step) -> StepProgress:
        if (enrolment.person_id, step.key) in self.known.attended:
            return self._is_done(step, step.minutes)
        return self._is_untouched(step, step.minutes)


def _due_back(stands: dict[int, Reading], known: Evidence) -> date | None:
    """Return by when what came back is to be read: so long after its publishing as it may take to acknowledge it."""
    days = [
        working_days.add(one.due_from, one.within or ACKNOWLEDGE_WITHIN, known.closed)
        for stand in stands.values()
        for one in stand.back
        if one.due_from
    ]
    return min(days, default=None)
