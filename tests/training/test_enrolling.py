"""Who comes onto a path: by position without anyone's doing, by hand once, and never twice."""

from datetime import date

import pytest
from django.utils import timezone

from portal.people.positions import Position
from portal.training import enrolling
from portal.training.models import CountsFrom, Enrolment, How, LearningPath
from tests.factories import UserFactory, make_chapter, make_manual
from tests.training import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def rule_path(position=Position.CSR_1, *steps, **fields):
    return make.make_path(
        make.stage("Week 1", *(steps or [make.attend()])), position=position, enrols_position=True, **fields
    )


def open_paths(person):
    return {one.path.title for one in Enrolment.objects.filter(person=person, left_at=None).select_related("path")}


def test_a_new_hires_account_is_enough():
    path = rule_path()
    person = UserFactory(hire_date=date(2026, 5, 11))
    enrolment = Enrolment.objects.get(person=person)
    assert (enrolment.path, enrolment.how, enrolment.starts_on) == (path, How.RULE, date(2026, 5, 11))
    assert not Enrolment.objects.filter(person=UserFactory(position=Position.CSR_2)).exists()


def test_publishing_a_path_brings_everyone_in_the_position_who_never_was_on_it():
    here, gone, other = UserFactory(), UserFactory(is_active=False), UserFactory(position=Position.SENIOR)
    path = rule_path()
    assert set(path.enrolments.values_list("person", flat=True)) == {here.pk}
    enrolling.leave(path.enrolments.get(), "Does this elsewhere.", other)
    make.publish_path(path)
    here.save()
    assert path.enrolments.get().left_because == "Does this elsewhere."
    assert not Enrolment.objects.filter(person=gone).exists()


def test_who_moves_up_takes_along_what_counts_and_leaves_what_only_the_old_position_brought():
    chapter = make_chapter(make_manual())
    rule_path(Position.CSR_1, make.read(chapter), title="First 90 days")
    rule_path(Position.CSR_2, make.read(chapter), make.attend(), title="To CSR II")
    extra = make.make_path(make.stage("Week 1", make.attend()), title="First aid")
    person = UserFactory()
    make.enrol(person, extra)
    make.read_all(person, chapter)
    assert open_paths(person) == {"First 90 days", "First aid"}

    person.position = Position.CSR_2
    person.save()

    assert open_paths(person) == {"To CSR II", "First aid"}
    left = Enrolment.objects.get(person=person, path__title="First 90 days")
    assert left.left_because == enrolling.MOVED_ON
    now = make.progress_of(Enrolment.objects.get(person=person, path__title="To CSR II"))
    assert [one.state for one in now.steps] == ["done", "open"]

    person.position = Position.CSR_1
    person.save()
    assert open_paths(person) == {"First 90 days", "First aid"}


def test_an_account_that_is_put_to_use_again_comes_onto_the_path_then():
    rule_path()
    person = UserFactory(is_active=False)
    assert not open_paths(person)
    person.is_active = True
    person.save()
    assert open_paths(person) == {"First 90 days"}


def test_many_people_come_onto_a_path_once_each_in_as_many_queries_as_one(django_assert_num_queries):
    path = make.make_path(make.stage("Week 1", make.attend()))
    people = [UserFactory() for _ in range(5)]
    supervisor = UserFactory(position=Position.SUPERVISOR)
    first = enrolling.enrol(people[:1], path, by=supervisor)
    assert [one.person for one in first] == people[:1]
    # The two around them are the savepoint.
    with django_assert_num_queries(7):
        new = enrolling.enrol([*people, *people], path, by=supervisor)
    assert [one.person for one in new] == people[1:]
    assert {one.enrolled_by for one in new} == {supervisor}


@pytest.mark.parametrize(
    ("counts_from", "hired", "wanted"),
    [
        (CountsFrom.HIRE, date(2026, 5, 11), date(2026, 5, 11)),
        (CountsFrom.HIRE, None, TODAY),
        (CountsFrom.ENROLMENT, date(2026, 5, 11), TODAY),
    ],
)
def test_due_dates_count_from_the_day_the_path_says_unless_another_is_given(counts_from, hired, wanted):
    path = make.make_path(make.stage("Week 1", make.attend()), counts_from=counts_from)
    [one] = enrolling.enrol([UserFactory(hire_date=hired)], path, today=TODAY)
    [other] = enrolling.enrol([UserFactory(hire_date=hired)], path, starts_on=date(2026, 7, 6), today=TODAY)
    assert (one.starts_on, other.starts_on) == (wanted, date(2026, 7, 6))


def test_who_left_a_path_may_come_back_and_what_was_stays():
    path, person = make.make_path(make.stage("Week 1", make.attend())), UserFactory()
    first = make.enrol(person, path)
    enrolling.leave(first, "Moved to another office.", UserFactory(position=Position.SUPERVISOR))
    second = make.enrol(person, path)
    assert second.is_open
    first.refresh_from_db()
    assert first.left_at <= timezone.now()
    assert not first.is_open


def test_nobody_comes_onto_a_path_that_was_never_published():
    path = LearningPath.objects.create(title="Draft", slug="draft", position=Position.CSR_1, live=False)
    with pytest.raises(enrolling.NotPublished, match="“Draft” has never been published"):
        enrolling.enrol([UserFactory()], path)
