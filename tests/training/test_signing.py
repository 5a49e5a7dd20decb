"""A supervisor signs what they saw: the whole list or not yet, once, for others only, and never to be altered."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.people.models import User
from portal.people.positions import Position
from portal.training import attending, progress, renewing, signing, waiting
from portal.training.models import Attendance, Enrolment, SignOff, Step
from tests.factories import UserFactory
from tests.training import factories as make

pytestmark = pytest.mark.django_db

ITEMS = ("Counts the drawer twice", "Has the sheet signed")


@pytest.fixture
def supervisor():
    return UserFactory(position=Position.SUPERVISOR, first_name="Sam", last_name="Okafor")


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def fill_in(client, url, do="check", **values):
    """Post the form at an address as it was shown, with these values."""
    shown = client.get(url).context["form"]
    own = {"after": shown["after"].value(), "shown": shown["shown"].value()}
    return client.post(url, {**own, "do": do, **values})


def text(response) -> str:
    return response.content.decode()


def test_a_task_is_signed_after_it_was_shown_once_more_with_both_names_and_what_was_seen(supervisor):
    person, task = UserFactory(), make.make_task("Closes a drawer", *ITEMS)
    url, client = reverse("training:sign", args=[person.pk, task.pk]), as_(supervisor)
    answer = {"seen": ["0", "1"], "outcome": "met", "remarks": "Calm and quick."}

    asked = fill_in(client, url, **answer)
    assert not SignOff.objects.exists()
    assert all(words in text(asked) for words in ("Sign this?", str(person), str(supervisor), "Calm and quick."))

    changed_mind = fill_in(client, url, "back", **answer)
    assert not SignOff.objects.exists()
    assert changed_mind.context["form"]["remarks"].value() == "Calm and quick."

    signed = fill_in(client, url, "sign", **answer)
    record = SignOff.objects.get()
    assert signed.url == reverse("training:sign_off", args=[record.pk])
    assert record.checklist == [{"text": item, "seen": True} for item in ITEMS]
    assert (record.met, record.person_name, record.supervisor_name) == (True, str(person), str(supervisor))
    assert renewing.times_met(person, task) == 1


@pytest.mark.parametrize(
    ("answer", "field", "sentence"),
    [
        ({"seen": ["0"], "outcome": "met"}, "outcome", signing.NOT_ALL_SEEN),
        ({"seen": ["0", "1"], "outcome": "not_yet"}, "outcome", signing.NOTHING_MISSING),
        ({"seen": ["0"]}, "outcome", "Choose whether it was met."),
    ],
)
def test_what_does_not_fit_together_is_refused_in_a_sentence_and_nothing_typed_is_lost(
    supervisor, answer, field, sentence
):
    person, task = UserFactory(), make.make_task("Closes a drawer", *ITEMS)
    remarks = {} if sentence == signing.NOTHING_MISSING else {"remarks": "The sheet was not signed."}
    url = reverse("training:sign", args=[person.pk, task.pk])
    refused = fill_in(as_(supervisor), url, "sign", **answer, **remarks)
    assert refused.context["form"].errors[field] == [sentence]
    assert refused.context["form"]["seen"].value() == answer["seen"]
    assert remarks.get("remarks", "") in text(refused)
    assert not SignOff.objects.exists()


def test_the_same_form_sent_twice_signs_once_and_tells_so(supervisor):
    person, task = UserFactory(), make.make_task("Closes a drawer", *ITEMS, times=2)
    url, client = reverse("training:sign", args=[person.pk, task.pk]), as_(supervisor)
    shown = client.get(url).context["form"]
    answer = {"after": shown["after"].value(), "shown": shown["shown"].value(), "seen": ["0", "1"], "outcome": "met"}
    client.post(url, {**answer, "do": "sign"})
    again = client.post(url, {**answer, "do": "sign"})
    assert SignOff.objects.count() == 1
    assert f"Meanwhile {supervisor} signed this" in text(again)
    with pytest.raises(signing.SignedMeanwhile):
        signing.sign(person, task, supervisor, checklist=[], met=True, remarks="", after=0)
    # Who saw it once more signs what is shown now.
    now = again.context["form"]
    client.post(url, {**answer, "after": now["after"].value(), "do": "sign"})
    assert renewing.times_met(person, task) == 2


def test_a_list_that_was_changed_meanwhile_is_ticked_anew(supervisor):
    person, task = UserFactory(), make.make_task("Closes a drawer", *ITEMS)
    url, client = reverse("training:sign", args=[person.pk, task.pk]), as_(supervisor)
    shown = client.get(url).context["form"]
    task.checklist.filter(text=ITEMS[1]).update(text="Seals the bag")
    own = {"after": shown["after"].value(), "shown": shown["shown"].value(), "remarks": "Fine."}
    refused = client.post(url, {**own, "seen": ["0", "1"], "outcome": "met", "do": "sign"})
    assert "seen" in refused.context["form"].errors
    assert refused.context["form"]["seen"].value() == []
    assert refused.context["form"]["remarks"].value() == "Fine."
    assert not SignOff.objects.exists()


def test_nobody_signs_for_themselves_by_any_way(supervisor):
    task, step = make.make_task("Closes a drawer", *ITEMS), make.attend()
    enrolment = make.enrol(supervisor, make.make_path(make.stage("Week 1", step)))
    client = as_(supervisor)
    for url in (
        reverse("training:sign", args=[supervisor.pk, task.pk]),
        reverse("training:attend", args=[enrolment.pk, step["id"]]),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, {"do": "sign"}).status_code == 403
    with pytest.raises(PermissionDenied):
        signing.sign(supervisor, task, supervisor, checklist=[], met=True, remarks="", after=0)
    row = Step.objects.get(key=step["id"])
    with pytest.raises(PermissionDenied):
        attending.confirm([supervisor], row, supervisor, day=date(2026, 3, 2), remarks="")
    with pytest.raises(IntegrityError, match="not_by_oneself"), transaction.atomic():
        make.sign(supervisor, task, supervisor)
    with pytest.raises(IntegrityError, match="not_by_oneself"), transaction.atomic():
        make.confirm(supervisor, step, supervisor, date(2026, 3, 2))


def test_a_mistake_is_corrected_by_a_new_record_that_says_why_and_both_are_shown(supervisor):
    person, task = UserFactory(), make.make_task("Closes a drawer", *ITEMS)
    record = make.sign(person, task, supervisor)
    url, client = reverse("training:correct_sign_off", args=[record.pk]), as_(supervisor)
    answer = {"seen": ["0"], "outcome": "not_yet", "remarks": "Not signed."}
    refused = fill_in(client, url, "sign", **answer, reason="...")
    assert refused.context["form"].errors["reason"] == ["Say why the record is corrected."]

    fill_in(client, url, "sign", **answer, reason="It was another person.")
    correction = SignOff.objects.get(corrects=record)
    assert not correction.met
    assert renewing.times_met(person, task) == 0
    old = client.get(reverse("training:sign_off", args=[record.pk]))
    assert [one.pk for one in old.context["chain"]] == [record.pk, correction.pk]
    assert "does not count" in text(old)
    assert "It was another person." in text(old)

    # The first one has its correction; now only that can be corrected.
    again = client.post(url, {**answer, "do": "sign", "reason": "Once more."})
    assert again.url == reverse("training:sign_off", args=[correction.pk])
    assert SignOff.objects.count() == 2


def test_a_record_is_neither_altered_nor_removed(supervisor):
    record = make.sign(UserFactory(), make.make_task(), supervisor)
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        SignOff.objects.filter(pk=record.pk).update(met=False)
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        record.delete()


def test_records_are_read_by_the_person_seniors_and_supervisors_and_changed_by_supervisors_alone(supervisor):
    person, step = UserFactory(), make.attend()
    make.enrol(person, make.make_path(make.stage("Week 1", step)))
    signed = make.sign(person, make.make_task(), supervisor)
    attended = make.confirm(person, step, supervisor, date(2026, 3, 2))
    pages = [
        reverse("training:sign_off", args=[signed.pk]),
        reverse("training:attendance", args=[attended.pk]),
        reverse("training:records", args=[person.pk]),
    ]
    changes = [
        reverse("training:correct_sign_off", args=[signed.pk]),
        reverse("training:correct_attendance", args=[attended.pk]),
        reverse("training:sign", args=[person.pk, signed.task_id]),
        reverse("training:to_sign"),
    ]
    senior, colleague = UserFactory(position=Position.SENIOR), UserFactory(position=Position.CSR_2)
    for who, may_read, may_change in [(person, 200, 403), (senior, 200, 403), (colleague, 403, 403)]:
        client = as_(who)
        assert [client.get(url).status_code for url in pages] == [may_read] * len(pages)
        assert [client.get(url).status_code for url in changes] == [may_change] * len(changes)
    assert all(as_(supervisor).get(url).status_code == 200 for url in changes)
    # Read, and not written to.
    assert as_(person).post(pages[0]).status_code == 405
    assert "Correct this record" not in text(as_(person).get(pages[0]))


def test_a_group_is_confirmed_at_once_and_who_was_confirmed_stays_as_they_are(supervisor):
    step = make.attend(due_days=3)
    path = make.make_path(make.stage("Week 1", step))
    first, second, absent = (make.enrol(UserFactory(supervisor=supervisor), path) for _ in range(3))
    stranger = make.enrol(UserFactory(), path)
    before = make.confirm(second.person, step, supervisor, date(2026, 3, 2))
    url, client = reverse("training:attend", args=[first.pk, step["id"]]), as_(supervisor)

    shown = client.get(url)
    assert {one.pk for one in shown.context["group"].people} == {first.person_id, absent.person_id}
    everyone = client.get(url, {"whose": "all"}).context["group"].people
    assert stranger.person_id in {one.pk for one in everyone}

    tomorrow = timezone.localdate() + timedelta(days=1)
    refused = client.post(url, {"people": [first.person_id], "day": tomorrow.isoformat(), "remarks": "On time."})
    assert "still to come" in str(refused.context["form"].errors["day"])
    assert refused.context["form"]["remarks"].value() == "On time."
    assert refused.context["ticked"] == {first.person_id}

    ticked = [first.person_id, second.person_id, stranger.person_id]
    client.post(url, {"people": ticked, "day": "2026-03-03"})
    records = Attendance.objects.exclude(pk=before.pk)
    assert {one.person_id for one in records} == {first.person_id, stranger.person_id}
    assert {one.day for one in records} == {date(2026, 3, 3)}
    assert make.progress_of(first).is_finished
    assert not make.progress_of(absent).is_finished

    own = records.get(person=first.person)
    correction = {"attended": "no", "day": "2026-03-03", "reason": "It was a namesake."}
    client.post(reverse("training:correct_attendance", args=[own.pk]), correction)
    assert not make.progress_of(first).is_finished
    assert attending.who_attended(step["id"]) == {second.person_id, stranger.person_id}


def due_by(person: User, day: date) -> int:
    own = Enrolment.objects.filter(person=person).select_related("person", "path")
    return waiting.count_due(progress.of(own).values(), day)


def test_what_waits_is_of_ones_reports_first_the_soonest_due_first_and_what_two_paths_ask_once(supervisor):
    task, later, meter = make.make_task("Drawer"), make.attend("Review", opens="after_stage"), make.attend(due_days=2)
    path = make.make_path(make.stage("Week 1", make.have_signed(task, due_days=9), meter), make.stage("Week 2", later))
    also = make.make_path(make.stage("Week 1", make.have_signed(task, due_days=1)))
    report, stranger = UserFactory(supervisor=supervisor), UserFactory(first_name="Quincy")
    for person in (report, stranger, supervisor):
        make.enrol(person, path)
    make.enrol(report, also)
    client, url = as_(supervisor), reverse("training:to_sign")

    (own,) = client.get(url).context["found"]
    assert own.person == report
    assert [one.step.title for one in own.now] == ["Drawer", "A morning with the meter crew"]
    assert [one.step.title for one in own.later] == ["Review"]
    assert due_by(report, date(2100, 1, 1)) == 2
    assert due_by(report, date(1999, 1, 1)) == 0
    everyone = client.get(url, {"whose": "all"}).context["found"]
    assert {one.person for one in everyone} == {report, stranger}
    assert [one.person for one in client.get(url, {"whose": "all", "name": "quin"}).context["found"]] == [stranger]
    # Who has no reports is shown everyone but themselves.
    boss = as_(UserFactory(position=Position.SUPERVISOR)).get(url)
    assert {one.person for one in boss.context["found"]} == {report, stranger, supervisor}

    make.sign(report, task, supervisor)
    assert due_by(report, date(2100, 1, 1)) == 1


def test_the_lists_take_no_more_queries_for_more_people_and_records(supervisor):
    task, step = make.make_task(times=9), make.attend()
    path = make.make_path(make.stage("Week 1", make.have_signed(task), step))
    person = UserFactory(supervisor=supervisor)
    enrolment, client = make.enrol(person, path), as_(supervisor)
    make.sign(person, task, supervisor)
    make.confirm(person, step, supervisor, date(2026, 3, 2), attended=False)
    make.confirm(UserFactory(), step, supervisor, date(2026, 3, 2))
    urls = [
        reverse("training:to_sign"),
        reverse("training:records", args=[person.pk]),
        reverse("training:attend", args=[enrolment.pk, step["id"]]),
    ]

    def counts():
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    before = counts()
    for _ in range(4):
        make.enrol(UserFactory(supervisor=supervisor), path)
        make.sign(person, task, supervisor)
        make.confirm(person, step, supervisor, date(2026, 3, 2), attended=False)
    assert counts() == before
