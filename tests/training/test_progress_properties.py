"""Whatever a person does and in whatever order, progress keeps to its rules."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manuals.models import Section
from portal.people.positions import Position, group_for
from portal.training import progress, reading
from portal.training.models import Enrolment, Waiver
from portal.training.reading import Asked
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, section
from tests.quizzes.factories import chosen, make_quiz, single_choice, take
from tests.training import factories as make

SEQUENCES = st.integers(1, 6)


@st.composite
def chapters(draw):
    """Return what is asked of a reader of a chapter that was published six times, and what they read in which edition."""
    asked = []
    for place in range(draw(st.integers(1, 5))):
        came = draw(st.integers(0, 6))
        since = draw(st.integers(came, 6)) if came else draw(st.integers(0, 6))
        came_minor = bool(came) and since == came and draw(st.booleans())
        asked.append(
            Asked(f"s{place}", draw(st.integers(0, 90)), 0 if came_minor else since, came, came_minor=came_minor)
        )
    read = draw(st.lists(st.tuples(st.sampled_from([one.anchor for one in asked]), SEQUENCES), max_size=8))
    return asked, read


def spans(read):
    """Return the first and last sequence in which each section was read."""
    found: dict[str, list[int]] = {}
    for anchor, sequence in read:
        found.setdefault(anchor, []).append(sequence)
    return {anchor: (min(own), max(own)) for anchor, own in found.items()}


@given(chapters())
@settings(max_examples=60)
def test_reading_never_takes_anything_back_and_is_whole_just_when_nothing_is_unread(chapter):
    asked, read = chapter
    shares = []
    # As it happens: in the order of the editions.
    for count in range(len(read) + 1):
        found = reading.of(asked, spans(sorted(read, key=lambda one: one[1])[:count]))
        assert 0 <= found.share <= 1
        assert (found.share == 1) == (not found.unread)
        assert set(found.unread) <= {one.anchor for one in asked}
        assert not found.back or {one.anchor for one in found.back} == set(found.unread)
        shares.append(found.share)
    assert shares == sorted(shares)


@pytest.fixture
def deeds():
    """A path of every kind of step, and what can be done about it, each as a function of an enrolment."""
    fee, when = single_choice("Fee", "$25", "$30"), single_choice("When", "Today", "Never")
    quiz = make_quiz(fee, when, pass_mark=50)
    body = [section("count", "Count the drawer"), section("sign", "Sign the sheet")]
    manual = make_manual()
    chapter, other = make_chapter(manual, body=body), make_chapter(manual, "Closing the drawer")
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    task, supervisor = make.make_task(times=2), UserFactory(position=Position.SUPERVISOR)
    attend, waived = make.attend(opens="after_step"), make.attend("The council meeting", optional=True)
    path = make.make_path(
        make.stage("Week 1", make.read(chapter), make.acknowledge(policy), attend),
        make.stage("Week 2", make.read(manual), make.pass_quiz(quiz, mark=80), make.pass_quiz(quiz)),
        make.stage("Week 3", make.have_signed(task, opens="after_stage"), waived),
    )
    assert Section.objects.filter(page_id=chapter.pk).count() == 2

    def waive(one):
        Waiver.objects.create(enrolment=one, key=waived["id"], title="The meeting", reason="Was there.", by=supervisor)

    return path, {
        "reads a section": lambda one: make.read_sections(one.person, chapter, "count"),
        "reads the other": lambda one: make.read_sections(one.person, chapter, "sign"),
        "reads another chapter": lambda one: make.read_all(one.person, other),
        "acknowledges": lambda one: make.agree(one.person, policy),
        "passes": lambda one: take(quiz, one.person, {fee: chosen(fee, "$25"), when: chosen(when, "Never")}),
        "does better": lambda one: take(quiz, one.person, {fee: chosen(fee, "$25"), when: chosen(when, "Today")}),
        "fails": lambda one: take(quiz, one.person, {}),
        "shows the task": lambda one: make.sign(one.person, task, supervisor),
        "shows it again": lambda one: make.sign(one.person, task, supervisor),
        "shows it badly": lambda one: make.sign(one.person, task, supervisor, met=False),
        "attends": lambda one: make.confirm(one.person, attend, supervisor, date(2026, 3, 2)),
        "is let off": waive,
    }


def standing(enrolment):
    """Return what matters of how far an enrolment is."""
    found = make.progress_of(enrolment)
    assert all(0 <= one.percent <= 100 and 0 <= one.share <= 1 for one in found.steps)
    assert all(0 <= stage.percent <= 100 for stage in found.stages)
    assert (found.percent == 100) == found.is_finished
    assert (found.next is None) == (
        found.is_finished or not any(one.state in OPEN for one in found.steps if one.counts)
    )
    return found


OPEN = ("back", "in_hand", "open")


@pytest.mark.django_db
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_that_a_person_does_takes_progress_back_and_the_order_does_not_matter(deeds, data):
    path, can = deeds
    done = data.draw(st.lists(st.sampled_from(sorted(can)), unique=True, min_size=5))
    with transaction.atomic():
        one, other = (make.enrol(UserFactory(), path) for _ in range(2))
        before = standing(one)
        for name in done:
            can[name](one)
            now = standing(one)
            assert now.percent >= before.percent, name
            assert now.minutes_left <= before.minutes_left, name
            shares = zip(before.steps, now.steps, strict=True)
            assert all(late.share >= early.share for early, late in shares), name
            before = now
        for name in data.draw(st.permutations(done)):
            can[name](other)
        enrolments = Enrolment.objects.filter(pk__in=[one.pk, other.pk]).select_related("person", "path")
        first, second = progress.of(enrolments).values()
        assert [(step.state, step.share, step.count) for step in first.steps] == [
            (step.state, step.share, step.count) for step in second.steps
        ]
        assert (first.percent, first.minutes_left) == (second.percent, second.minutes_left)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_who_has_done_everything_has_finished(deeds):
    path, can = deeds
    enrolment = make.enrol(UserFactory(), path)
    for name in sorted(can, reverse=True):
        can[name](enrolment)
    found = standing(enrolment)
    assert found.is_finished
    assert (found.percent, found.minutes_left, found.next) == (100, 0, None)
