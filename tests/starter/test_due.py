"""A portal on your own machine publishes what is due without any timer being set up."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from manuals.models import PolicyPage
from portal.starter import due
from tests.factories import make_policy

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20.0  # seconds


def test_what_is_scheduled_is_published_while_the_portal_runs():
    policy = make_policy(rule="Ten dollars.")
    policy.rule = "Twelve dollars."
    policy.go_live_at = timezone.now() + timedelta(hours=1)
    revision = policy.save_revision()
    revision.publish()
    with due.published_when_due(seconds=0.05):
        assert PolicyPage.objects.get(pk=policy.pk).rule == "Ten dollars."
        past = timezone.now() - timedelta(minutes=1)
        content = {**revision.content, "go_live_at": past.isoformat()}
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)
        end = time.monotonic() + PATIENCE
        while PolicyPage.objects.get(pk=policy.pk).rule == "Ten dollars." and time.monotonic() < end:
            time.sleep(0.05)
    assert PolicyPage.objects.get(pk=policy.pk).rule == "Twelve dollars."
