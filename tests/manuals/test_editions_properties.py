"""Whatever is published, scheduled, called off and taken down: what was in force on a day is one thing."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manuals import verifying
from manuals.models import Edition, PolicyPage
from tests.factories import make_policy
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

START = date(2026, 2, 20)
_codes = count(200)

kinds = st.sampled_from(["", "minor", "major"])
texts = st.sampled_from(["Ten dollars.", "Twelve dollars.", "Fifteen dollars."])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), kinds, texts),
        st.tuples(st.just("schedule"), kinds, texts, st.integers(1, 12)),
        st.tuples(st.just("cancel")),
        st.tuples(st.just("take down")),
        st.tuples(st.just("wait"), st.integers(1, 9)),
    ),
    max_size=9,
)


class Model:
    """What is in force from which day on, as anyone would keep it on paper."""

    def __init__(self, text: str) -> None:
        self.lines: list[tuple[date, str | None]] = [(START, text)]
        self.planned: tuple[date, str] | None = None

    def say(self, day: date, text: str | None) -> None:
        self.lines.append((day, text))
        self.planned = None

    def wait_until(self, day: date) -> None:
        if self.planned and self.planned[0] <= day:
            self.say(*self.planned)

    def on(self, day: date) -> str | None:
        lines = [*self.lines, *([self.planned] if self.planned else [])]
        return [text for begins, text in lines if begins <= day][-1]


def take(step, policy: PolicyPage, model: Model, clock) -> None:
    """Do one step with the portal and on paper."""
    policy = PolicyPage.objects.get(pk=policy.pk)
    match step:
        case ("publish", kind, text):
            policy.rule, policy.change_kind, policy.change_summary, policy.go_live_at = text, kind, "Said.", None
            policy.save_revision().publish()
            model.say(clock.today, text)
        case ("schedule", kind, text, days) if policy.live:
            day = clock.today + timedelta(days=days)
            policy.rule, policy.change_kind, policy.change_summary = text, kind, "To be said."
            policy.go_live_at = clock.morning_of(day)
            policy.save_revision().publish()
            model.planned = (day, text)
        case ("cancel",):
            revision = policy.scheduled_revision
            if revision:
                revision.approved_go_live_at = None
                revision.save(update_fields=["approved_go_live_at"])
                model.planned = None
        case ("take down",) if policy.live:
            policy.unpublish()
            model.say(clock.today, None)
        case ("wait", days):
            for _ in range(days):
                clock.wait(1)
                model.wait_until(clock.today)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_exactly_one_edition_is_in_force_on_any_day_and_it_says_what_was_said(steps):
    with standing_at(START) as clock:
        policy = make_policy(f"Fee {next(_codes)}", f"CS-{next(_codes)}", rule="Ten dollars.", effective_date=START)
        model = Model("Ten dollars.")
        for step in steps:
            take(step, policy, model, clock)
        own = Edition.objects.of(policy.pk)
        for number in range((clock.today - START).days + 15):
            day = START + timedelta(days=number)
            edition = own.in_force(day).get()
            assert edition.values.get("rule") == model.on(day)
        assert not own.in_force(START - timedelta(days=1)).exists()
        live = PolicyPage.objects.get(pk=policy.pk)
        assert live.live == (model.on(clock.today) is not None)
        assert not live.live or live.rule == model.on(clock.today)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_numbers_are_given_once_and_the_chain_is_whole(steps):
    with standing_at(START) as clock:
        policy = make_policy(f"Fee {next(_codes)}", f"CS-{next(_codes)}", effective_date=START)
        for step in steps:
            take(step, policy, Model(""), clock)
        own = list(Edition.objects.of(policy.pk))
        assert len({edition.number for edition in own}) == len(own)
        assert [edition.previous_hash for edition in own] == ["", *(edition.hash for edition in own[:-1])]
        assert list(verifying.breaks()) == []
