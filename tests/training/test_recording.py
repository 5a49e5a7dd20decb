"""Publishing a path: which edition it makes, and what becomes of those who are on it."""

import pytest

from portal.people.positions import Position
from portal.training.models import Enrolment, LearningPath, OnChange, Step
from tests.factories import UserFactory, make_chapter, make_manual
from tests.training import factories as make

pytestmark = pytest.mark.django_db


def change(path, *stages, **fields):
    """Publish a path with other stages, as the editor does."""
    path = LearningPath.objects.get(pk=path.pk)
    for name, value in {"contents": list(stages), **fields}.items():
        setattr(path, name, value)
    return make.publish_path(path)


def edition_of(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).edition.number


def test_a_draft_records_nothing_and_publishing_the_same_steps_makes_no_new_edition():
    one = make.attend()
    path = make.make_path(make.stage("Week 1", one))
    path.contents = [make.stage("Week 1", one, make.attend("The council meeting"))]
    path.save_revision()
    assert path.editions.count() == 1
    path = LearningPath.objects.get(pk=path.pk)
    path.introduction = "You can take a payment."
    assert make.publish_path(path).editions.count() == 1


def test_a_step_that_moves_to_another_stage_keeps_its_key_and_what_hangs_on_it():
    one, other = make.attend(), make.attend("The council meeting")
    path = make.make_path(make.stage("Week 1", one, other))
    enrolment = make.enrol(UserFactory(), path)
    make.confirm(enrolment.person, one, UserFactory(position=Position.SUPERVISOR), enrolment.starts_on)
    change(path, make.stage("Week 1", other), make.stage("Week 2", one))
    assert edition_of(enrolment) == 2
    assert [(step.step.stage, step.state) for step in make.progress_of(enrolment).steps] == [(1, "open"), (2, "done")]


def test_those_on_a_path_stay_on_theirs_if_the_path_says_so_and_newcomers_get_the_new_one():
    chapter = make_chapter(make_manual())
    path = make.make_path(make.stage("Week 1", make.read(chapter)), on_change=OnChange.KEEP)
    before = make.enrol(UserFactory(), path)
    changed = change(path, make.stage("Week 1", make.attend()))
    after = make.enrol(UserFactory(), changed)
    assert (edition_of(before), edition_of(after)) == (1, 2)
    assert [one.step.kind for one in make.progress_of(before).steps] == ["chapter"]
    make.read_all(before.person, chapter)
    assert make.progress_of(before).is_finished


def test_who_was_left_on_theirs_is_moved_once_a_path_says_so_though_its_steps_are_the_same():
    one = make.stage("Week 1", make.attend())
    path = make.make_path(make.stage("Week 1", make.attend("Before")), on_change=OnChange.KEEP)
    kept, gone = make.enrol(UserFactory(), path), make.enrol(UserFactory(), path)
    path = change(path, one)
    Enrolment.objects.filter(pk=gone.pk).update(left_at=gone.enrolled_at, left_because="Left the city.")
    path = change(path, one, on_change=OnChange.MOVE)
    assert path.editions.count() == 2
    assert (edition_of(kept), edition_of(gone)) == (2, 1)


def test_everyone_in_the_position_comes_onto_a_path_that_says_so_as_it_is_published():
    here, other = UserFactory(), UserFactory(position=Position.CSR_2)
    left = UserFactory(is_active=False)
    path = make.make_path(make.stage("Week 1", make.attend()), enrols_position=True)
    assert [one.person for one in path.enrolments.all()] == [here]
    assert not Enrolment.objects.filter(person__in=[other, left]).exists()
    change(path, make.stage("Week 1", make.attend("The council meeting")))
    assert path.enrolments.count() == 1


def test_publishing_writes_the_same_number_of_queries_for_any_number_of_steps_and_people(django_assert_max_num_queries):
    path = make.make_path(make.stage("Week 1", make.attend()))
    for _ in range(5):
        make.enrol(UserFactory(), path)
    path = LearningPath.objects.get(pk=path.pk)
    path.contents = [make.stage("Week 1", *(make.attend(f"Visit {n}") for n in range(30)))]
    revision = path.save_revision()
    with django_assert_max_num_queries(35):
        revision.publish()
    assert Step.objects.filter(edition__path=path, edition__number=2).count() == 30
    assert path.enrolments.filter(edition__number=2).count() == 5
