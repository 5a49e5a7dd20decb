"""A supervisor waives a step with a reason; the waiver can be ended, and stays on record."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from manuals import acknowledging
from manuals.models import Exemption
from portal.people.positions import Position, group_for
from portal.training import enrolling, waiving
from portal.training.models import Step, Waiver
from tests.factories import UserFactory, make_policy
from tests.training import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor():
    return UserFactory(position=Position.SUPERVISOR)


@pytest.fixture
def step():
    return make.attend()


@pytest.fixture
def enrolment(step):
    return make.enrol(UserFactory(), make.make_path(make.stage("Week 1", step)))


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_waived_step_is_finished_until_the_waiver_ends_and_the_reason_stays(supervisor, step, enrolment):
    url, client = reverse("training:waive", args=[enrolment.pk, step["id"]]), as_(supervisor)
    for nothing in ("", "  ", "..."):
        refused = client.post(url, {"reason": nothing})
        assert "Say why." in str(refused.context["form"].errors["reason"])
    assert not Waiver.objects.exists()

    client.post(url, {"reason": "Did this at the county."})
    assert make.progress_of(enrolment).steps[0].state == "waived"
    assert make.progress_of(enrolment).steps[0].waiver.reason == "Did this at the county."
    # The same form sent again changes nothing.
    client.post(url, {"reason": "Another reason."})
    assert Waiver.objects.get().reason == "Did this at the county."

    client.post(url, {"end": "1"})
    assert make.progress_of(enrolment).steps[0].state == "open"
    ended = Waiver.objects.get()
    assert ended.ended_by == supervisor
    assert "Did this at the county." in client.get(url).content.decode()
    assert not waiving.end(ended, supervisor)

    client.post(url, {"reason": "The crew is short of people."})
    assert make.progress_of(enrolment).is_finished
    assert Waiver.objects.count() == 2


def test_only_a_supervisor_waives_and_never_for_themselves(supervisor, step, enrolment):
    own = make.enrol(supervisor, enrolment.path)
    theirs = reverse("training:waive", args=[enrolment.pk, step["id"]])
    ones_own = reverse("training:waive", args=[own.pk, step["id"]])
    refused = [
        (UserFactory(position=Position.SENIOR), theirs),
        (UserFactory(position=Position.CSR_2), theirs),
        (enrolment.person, theirs),
        (supervisor, ones_own),
    ]
    for who, url in refused:
        assert as_(who).get(url).status_code == 403
        assert as_(who).post(url, {"reason": "I know this."}).status_code == 403
    row = Step.objects.get(key=step["id"])
    with pytest.raises(PermissionDenied):
        waiving.waive(own, row, "I know this.", supervisor)
    waiver = waiving.waive(enrolment, row, "Did this before.", supervisor)
    with pytest.raises(PermissionDenied):
        waiving.end(waiver, enrolment.person)


def test_a_step_is_waived_once_at_a_time_and_where_there_is_something_to_waive(supervisor, step, enrolment):
    row, url = Step.objects.get(key=step["id"]), reverse("training:waive", args=[enrolment.pk, step["id"]])
    waiving.waive(enrolment, row, "Did this before.", supervisor)
    with pytest.raises(waiving.AlreadyWaived, match="Did this before"):
        waiving.waive(enrolment, row, "Once more.", supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(enrolment=enrolment, key=row.key, title="Again", reason="Again", by=supervisor)
    client = as_(supervisor)
    client.post(url, {"end": "1"})
    enrolling.leave(enrolment, "Moved to another office.", supervisor)
    assert "has left this path" in client.get(url).content.decode()
    client.post(url, {"reason": "Did this before."})
    assert not Waiver.objects.filter(ended_at__isnull=True).exists()
    assert client.get(reverse("training:waive", args=[enrolment.pk, enrolment.path.contents[0].id])).status_code == 404


def test_waiving_a_policy_leaves_its_acknowledgement_due_unless_the_supervisor_exempts_by_the_same_act(supervisor):
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    step = make.acknowledge(policy)
    path = make.make_path(make.stage("Week 1", step))
    one, other = (make.enrol(UserFactory(), path) for _ in range(2))
    client = as_(supervisor)

    def url(enrolment):
        return reverse("training:waive", args=[enrolment.pk, step["id"]])

    assert "is still asked to acknowledge it" in client.get(url(one)).content.decode()
    client.post(url(one), {"reason": "Wrote the policy."})
    assert make.progress_of(one).steps[0].state == "waived"
    assert acknowledging.due_on(one.person, policy) is not None
    assert "The acknowledgement itself stays due" in client.get(url(one)).content.decode()

    # What was ticked is kept while the reason is missing.
    refused = client.post(url(other), {"reason": "", "exempt": "on"})
    assert refused.context["form"]["exempt"].value()
    assert not Exemption.objects.exists()
    client.post(url(other), {"reason": "Wrote the policy.", "exempt": "on"})
    assert acknowledging.due_on(other.person, policy) is None
    exemption = Exemption.objects.get()
    assert (exemption.person, exemption.granted_by, exemption.reason) == (other.person, supervisor, "Wrote the policy.")

    # Ending the waiver leaves the exemption, and the page says so.
    client.post(url(other), {"end": "1"})
    assert make.progress_of(other).steps[0].state == "waived"
    assert "is exempt from acknowledging this policy" in client.get(url(other)).content.decode()


def test_nobody_is_exempt_by_a_step_that_is_no_policy(supervisor, step, enrolment):
    client = as_(supervisor)
    page = client.get(reverse("training:waive", args=[enrolment.pk, step["id"]]))
    assert "exempt" not in page.context["form"].fields
    with pytest.raises(PermissionDenied):
        waiving.waive(enrolment, Step.objects.get(key=step["id"]), "Did it.", supervisor, exempt=True)
    assert not Waiver.objects.exists()
