"""Who owes an acknowledgement of which page, and by when."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from manuals import acknowledging
from manuals.models import (
    Acknowledgement,
    AcknowledgementSettings,
    Edition,
    Exemption,
    Method,
    PolicyPage,
    ReadAs,
)
from portal.people.models import Holiday, User
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

CSR_1, CSR_2, SENIOR = Position.CSR_1, Position.CSR_2, Position.SENIOR
MONDAY = date(2026, 3, 2)


def groups(*positions):
    return [group_for(position) for position in positions]


def required(*positions, **fields):
    """Return a published policy that people in these positions must acknowledge."""
    return make_policy(acknowledged_by=groups(*positions or [CSR_1]), **fields)


def change(page, kind="major", concerns=(), **fields):
    """Publish a page that says something else, and return it."""
    page = type(page).objects.get(pk=page.pk)
    page.change_kind, page.change_summary = kind, "It changed."
    page.change_concerns = groups(*concerns)
    if not fields:
        fields = {"title": f"{page.title}, again"}
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def schedule(page, day, clock, kind="major"):
    """Plan a change for a day to come, and return the edition."""
    page = PolicyPage.objects.get(pk=page.pk)
    page.rule, page.change_kind, page.change_summary = "From then on.", kind, "It will change."
    page.go_live_at = clock.morning_of(day)
    page.save_revision().publish()
    return newest(page)


def newest(page) -> Edition:
    return Edition.objects.of(page.pk).last()


def acknowledge(person, edition, since=None):
    read_as = ReadAs.DIFFERENCE if since else ReadAs.WHOLE
    return acknowledging.record(person, edition, method=Method.PASSWORD, read_as=read_as, since=since)


def owed(person, today=None):
    return acknowledging.due_for([person], today)[person.pk]


def owes(person) -> list[str]:
    """Return the numbers of the editions that ask a person."""
    dues = owed(person)
    for due in dues:
        assert acknowledging.due_on(person, due.page) == due
    return [due.edition.number for due in dues]


def new_hire(**fields):
    return UserFactory(**{"position": CSR_1, "hire_date": date(2020, 1, 6), **fields})


def test_a_page_that_requires_nobody_is_owed_by_nobody():
    policy = make_policy()
    person = new_hire()
    assert owes(person) == []
    assert acknowledging.due_on(person, policy) is None


def test_only_the_positions_it_requires_owe_it():
    required(CSR_2, SENIOR)
    assert owes(new_hire(position=CSR_2)) == owes(new_hire(position=SENIOR)) == ["1"]
    assert owes(new_hire(position=CSR_1)) == owes(new_hire(position=Position.SUPERVISOR)) == []


def test_chapters_and_answers_are_owed_as_policies_are():
    make_chapter(make_manual(), acknowledged_by=groups(CSR_1))
    make_answer(acknowledged_by=groups(CSR_1))
    assert owes(new_hire()) == ["1", "1"]


def test_an_acknowledgement_settles_it_for_that_person_alone():
    policy = required()
    one, other = new_hire(), new_hire()
    acknowledge(one, policy.edition)
    assert owes(one) == []
    assert owes(other) == ["1"]
    assert acknowledging.due_on(one, policy) is None


def test_a_major_edition_asks_again_and_knows_what_was_acknowledged_before():
    policy = required()
    person = new_hire()
    first = policy.edition
    acknowledge(person, first)
    change(policy, "major")
    (due,) = owed(person)
    assert due.edition == newest(policy)
    assert due.since == first


def test_a_minor_edition_does_not_ask_again():
    policy = required()
    person = new_hire()
    acknowledge(person, policy.edition)
    change(policy, "minor")
    assert owes(person) == []


def test_who_never_acknowledged_still_owes_the_major_edition_after_a_minor_one():
    policy = required()
    change(policy, "minor")
    person = new_hire()
    (due,) = owed(person)
    assert (due.edition.number, due.since) == ("1", None)


def test_acknowledging_a_later_edition_covers_what_was_asked_before():
    policy = required()
    person = new_hire()
    change(policy, "major")
    later = newest(change(policy, "minor"))
    acknowledge(person, later)
    assert owes(person) == []


def test_a_change_that_concerns_some_positions_asks_only_them():
    policy = required(CSR_1, CSR_2)
    first, second = new_hire(position=CSR_1), new_hire(position=CSR_2)
    for person in (first, second):
        acknowledge(person, policy.edition)
    change(policy, "major", concerns=[CSR_2])
    assert owes(first) == []
    assert owes(second) == ["2"]


def test_who_is_new_owes_the_edition_that_asked_their_position_last():
    policy = required(CSR_1, CSR_2)
    change(policy, "major", concerns=[CSR_2])
    assert owes(new_hire(position=CSR_1)) == ["1"]
    assert owes(new_hire(position=CSR_2)) == ["2"]


def test_a_minor_edition_asks_a_position_that_is_newly_required():
    policy = required(CSR_1)
    first, second = new_hire(position=CSR_1), new_hire(position=CSR_2)
    acknowledge(first, policy.edition)
    change(policy, "minor", acknowledged_by=groups(CSR_1, CSR_2))
    assert owes(first) == []
    assert owes(second) == ["1.1"]


def test_a_position_no_longer_required_owes_nothing():
    policy = required(CSR_1, CSR_2)
    change(policy, "minor", acknowledged_by=groups(CSR_2))
    assert owes(new_hire(position=CSR_1)) == []
    assert owes(new_hire(position=CSR_2)) == ["1"]


def test_a_person_with_a_new_position_owes_what_that_position_was_asked():
    policy = required(CSR_1, CSR_2)
    only_first = required(CSR_1, code="CS-102", title="For new hires")
    person = new_hire(position=CSR_1)
    first = policy.edition
    acknowledge(person, first)
    change(policy, "major", concerns=[CSR_2])
    assert [due.page.pk for due in owed(person)] == [only_first.pk]
    person.position = CSR_2
    person.save()
    (due,) = owed(person)
    assert (due.page.pk, due.edition.number, due.since) == (policy.pk, "2", first)


def test_who_is_exempt_owes_nothing_until_the_exemption_ends():
    policy = required()
    other = required(code="CS-102", title="Another")
    person, supervisor = new_hire(), new_hire(position=Position.SUPERVISOR)
    exemption = Exemption.objects.create(person=person, page=policy, reason="Writes it.", granted_by=supervisor)
    assert [due.page.pk for due in owed(person)] == [other.pk]
    assert acknowledging.due_on(person, policy) is None
    exemption.ended_at, exemption.ended_by = timezone.now(), supervisor
    exemption.save()
    assert owes(person) == ["1", "1"]


def test_who_left_owes_nothing():
    policy = required()
    person = new_hire(is_active=False)
    assert owes(person) == []
    assert acknowledging.due_on(person, policy) is None
    assert acknowledging.standing_of(policy.edition) == []


def test_a_page_that_was_taken_down_asks_nothing_and_asks_again_once_it_is_back():
    policy = required()
    done, open_ = new_hire(), new_hire()
    first = policy.edition
    acknowledge(done, first)
    policy.unpublish()
    assert owes(done) == owes(open_) == []
    publish(PolicyPage.objects.get(pk=policy.pk))
    assert owes(done) == owes(open_) == ["3"]
    assert owed(done)[0].since == first


def test_a_deleted_page_asks_nothing():
    required().delete()
    assert owes(new_hire()) == []


def test_a_planned_edition_asks_before_its_day():
    with standing_at(MONDAY) as clock:
        policy = required(effective_date=MONDAY)
        person = new_hire()
        acknowledge(person, policy.edition)
        planned = schedule(policy, date(2026, 4, 1), clock)
        (due,) = owed(person)
        assert (due.edition, due.due) == (planned, date(2026, 3, 9))
        acknowledge(person, planned, since=policy.edition)
        assert owes(person) == []
        clock.wait(40)
        assert owes(person) == []


def test_a_withdrawn_edition_never_asks():
    with standing_at(MONDAY) as clock:
        policy = required(effective_date=MONDAY)
        done, person = new_hire(), new_hire()
        acknowledge(done, policy.edition)
        planned = schedule(policy, date(2026, 4, 1), clock)
        planned.revision.approved_go_live_at = None
        planned.revision.save(update_fields=["approved_go_live_at"])
        assert owes(done) == []
        assert owes(person) == ["1"]
        assert acknowledging.standing_of(Edition.objects.get(pk=planned.pk)) == []


def test_what_was_acknowledged_of_a_withdrawn_edition_counts_for_no_other():
    with standing_at(MONDAY) as clock:
        policy = required(effective_date=MONDAY)
        person = new_hire()
        planned = schedule(policy, date(2026, 4, 1), clock)
        acknowledge(person, planned)
        assert owes(person) == []
        planned.revision.approved_go_live_at = None
        planned.revision.save(update_fields=["approved_go_live_at"])
        (due,) = owed(person)
        assert (due.edition, due.since) == (policy.edition, None)


@pytest.mark.parametrize(
    ("published", "within", "due"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 2, date(2026, 3, 10)),
        # Memorial Day is on the Monday.
        (date(2026, 5, 22), 1, date(2026, 5, 26)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_it_is_due_so_many_working_days_after_it_was_published(published, within, due):
    Holiday.objects.create(day=date(2026, 5, 25), name="Memorial Day")
    with standing_at(published):
        required(acknowledge_within=within)
        assert [one.due for one in owed(new_hire())] == [due]


def test_it_is_due_so_many_working_days_after_the_first_day_of_a_person_who_came_later():
    with standing_at(MONDAY) as clock:
        required()
        hired, joined = new_hire(hire_date=date(2026, 4, 1)), new_hire(hire_date=None)
        old = new_hire()
        User.objects.filter(pk=joined.pk).update(date_joined=clock.morning_of(date(2026, 4, 2)))
        joined.refresh_from_db()
        assert [owed(one)[0].due for one in (hired, joined, old)] == [
            date(2026, 4, 8),
            date(2026, 4, 9),
            date(2026, 3, 9),
        ]


def test_it_is_overdue_from_the_day_after_and_late_by_working_days():
    with standing_at(date(2026, 3, 6)):
        required(acknowledge_within=5)
        person = new_hire()
        days = [date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 16), date(2026, 3, 17)]
        late = [(due.is_overdue, due.days_late) for day in days for due in owed(person, day)]
        assert late == [(False, 0), (True, 0), (True, 1), (True, 2)]


def test_the_soonest_comes_first():
    required(title="Later", code="CS-102", acknowledge_within=9)
    required(title="Soon", code="CS-103", acknowledge_within=1)
    assert [due.page.title for due in owed(new_hire())] == ["Soon", "Later"]


def test_a_record_says_who_agreed_to_what_and_how():
    policy = required()
    person = new_hire(first_name="Dana", last_name="Ruiz", username="dana")
    settings = AcknowledgementSettings.load()
    settings.sentence = "I have read it and will go by it."
    settings.save()
    before = timezone.now()
    one = acknowledge(person, policy.edition)
    one.refresh_from_db()
    assert (one.person_name, one.position) == ("Dana Ruiz (dana)", CSR_1)
    assert one.edition_hash == policy.edition.hash
    assert one.sentence == "I have read it and will go by it."
    assert (one.method, one.read_as, one.since_edition) == (Method.PASSWORD, ReadAs.WHOLE, None)
    assert before <= one.at <= timezone.now()


def test_recording_twice_keeps_the_first_record():
    policy = required()
    person = new_hire()
    first = acknowledge(person, policy.edition)
    assert acknowledge(person, policy.edition) == first
    assert Acknowledgement.objects.count() == 1


def test_everyone_an_edition_asks_is_listed_with_how_they_stand():
    with standing_at(MONDAY) as clock:
        policy = required(CSR_1)
        done, late, exempt = (new_hire(last_name=name) for name in ("Done", "Late", "Exempt"))
        recent = new_hire(last_name="Recent", hire_date=date(2026, 3, 12))
        new_hire(position=CSR_2)
        given = acknowledge(done, policy.edition)
        supervisor = new_hire(position=Position.SUPERVISOR)
        exemption = Exemption.objects.create(person=exempt, page=policy, reason="On leave.", granted_by=supervisor)
        clock.today = date(2026, 3, 16)
        standings = {one.person: one for one in acknowledging.standing_of(policy.edition)}
    assert {person: one.state for person, one in standings.items()} == {
        done: "acknowledged",
        late: "overdue",
        exempt: "exempt",
        recent: "due",
    }
    assert [person.last_name for person in standings] == ["Done", "Exempt", "Late", "Recent"]
    assert standings[done].acknowledgement == given
    assert standings[exempt].exemption == exemption
    assert standings[late].due == date(2026, 3, 9)


def test_who_acknowledged_a_later_edition_stands_well_with_the_earlier_and_not_the_other_way_round():
    policy = required()
    person, other = new_hire(), new_hire()
    first = policy.edition
    acknowledge(other, first)
    second = newest(change(policy, "major"))
    acknowledge(person, second)
    states = [{one.person: one.state for one in acknowledging.standing_of(edition)} for edition in (first, second)]
    assert states == [{person: "acknowledged", other: "acknowledged"}, {person: "acknowledged", other: "due"}]


def test_of_those_a_page_no_longer_asks_only_who_acknowledged_is_listed():
    policy = required()
    person = new_hire()
    new_hire()
    edition = policy.edition
    acknowledge(person, edition)
    assert len(acknowledging.standing_of(edition)) == 2
    policy.unpublish()
    assert [(one.person, one.state) for one in acknowledging.standing_of(edition)] == [(person, "acknowledged")]


def test_an_edition_that_asks_nobody_has_nobody_to_list():
    policy = required()
    new_hire()
    assert acknowledging.standing_of(newest(change(policy, "minor"))) == []


def staff_and_pages(count, start=0):
    """Make so many people and pages of which each person owes each, and half have acknowledged the edition before."""
    people = [new_hire() for _ in range(count)]
    for number in range(start, start + count):
        policy = required(code=f"CS-{300 + number}", title=f"Policy {number}", body=[section("a", "A")])
        for person in people[: count // 2 + 1]:
            acknowledge(person, policy.edition)
        change(policy, "major")


def test_what_many_people_owe_of_many_pages_takes_as_many_queries_as_for_two(django_assert_num_queries):
    staff_and_pages(2)
    for many in (False, True):
        if many:
            staff_and_pages(28, start=2)
        people = list(User.objects.all())
        # Wagtail keeps the addresses of its sites once they were asked for.
        assert PolicyPage.objects.first().url
        with django_assert_num_queries(5):
            dues = acknowledging.due_for(people)
            listed = [
                (due.page.title, due.page.url, due.edition.number, due.since and due.since.number)
                for one in dues.values()
                for due in one
            ]
        assert len(listed) == (30 * 30 if many else 4)


def test_how_everyone_stands_takes_as_many_queries_for_many_people_as_for_two(django_assert_num_queries):
    staff_and_pages(2)
    edition = newest(PolicyPage.objects.first())
    for expected in (2, 30):
        for _ in range(expected - 2):
            acknowledge(new_hire(), edition)
        edition = Edition.objects.get(pk=edition.pk)
        with django_assert_num_queries(6):
            found = acknowledging.standing_of(edition)
            assert [(str(one.person), one.acknowledgement and one.acknowledgement.edition.number) for one in found]
        assert len(found) == expected


def test_who_owes_nothing_of_a_page_is_told_so_by_one_query():
    policy = required()
    person = new_hire()
    acknowledge(person, policy.edition)
    change(policy, "minor")
    for reader in (person, new_hire(position=CSR_2)):
        with CaptureQueriesContext(connection) as captured:
            assert acknowledging.due_on(reader, policy) is None
        assert len(captured) == 1


def test_a_day_given_is_the_day_it_is_told_for():
    required()
    (due,) = owed(new_hire(), timezone.localdate() + timedelta(days=60))
    assert due.is_overdue
    assert due.days_late > 20
