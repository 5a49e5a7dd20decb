"""The bell on every page, the list behind it, and choosing what to be told."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.notifications import telling, views
from portal.notifications.models import Muted, Notification
from portal.notifications.telling import News
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parcels")]

ACCOUNT = reverse("people:account")
LIST = reverse("notifications:list")
PREFERENCES = reverse("notifications:preferences")


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def tell(person, *keys, url=ACCOUNT):
    telling.tell("parcels", [News(person.pk, key, f"Parcel {key} waits.", url) for key in keys])


def told(person):
    return Notification.objects.filter(person=person)


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def bell(client):
    return " ".join(page(client, ACCOUNT).select_one("a.bell .usa-sr-only").get_text().split())


def rows(client, url=LIST):
    return [" ".join(text.get_text().split()) for text in page(client, url).select(".told-text")]


def test_the_bell_says_in_words_how_many_of_ones_own_are_unread(client, person):
    assert bell(client) == "Notifications, none unread"
    tell(person, "1", "2")
    tell(UserFactory(), "1", "2", "3")
    told(person).filter(key="1").update(read_at="2026-03-02T12:00Z")
    assert bell(client) == "Notifications, 1 unread"


def test_the_bell_costs_a_page_one_query_however_many_there_are(client, person):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(ACCOUNT)
        return [one["sql"] for one in queries if "notifications_notification" in one["sql"]]

    assert len(asked()) == 1
    tell(person, *map(str, range(120)))
    assert len(asked()) == 1


def test_the_list_has_the_newest_first_page_by_page_and_says_what_is_unread(client, person, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    for key in "123":
        tell(person, key)
    tell(UserFactory(), "4")
    told(person).filter(key="2").update(read_at="2026-03-02T12:00Z")
    assert rows(client) == ["Unread Parcel 3 waits.", "Parcel 2 waits."]
    older = page(client, LIST).select_one("a[rel=next]")["href"]
    assert rows(client, f"{LIST}{older}") == ["Unread Parcel 1 waits."]


def test_opening_one_marks_it_as_read_and_goes_where_it_leads(client, person):
    tell(person, "1", "2")
    tell(UserFactory(), "3")
    first = told(person).get(key="1")
    response = client.get(reverse("notifications:open", args=[first.pk]))
    assert (response.status_code, response["Location"]) == (302, ACCOUNT)
    assert list(told(person).filter(read_at=None).values_list("key", flat=True)) == ["2"]
    other = Notification.objects.get(key="3")
    assert client.get(reverse("notifications:open", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_all_are_marked_as_read_at_once_and_nobody_elses(client, person):
    tell(person, "1", "2")
    tell(UserFactory(), "3")
    response = client.post(page(client, LIST).select_one("main form")["action"], follow=True)
    assert "Everything is marked as read." in response.content.decode()
    assert bell(client) == "Notifications, none unread"
    assert Notification.objects.filter(read_at=None).count() == 1


def test_what_a_person_turns_off_they_are_not_told_until_they_turn_it_on(client, person):
    assert client.post(PREFERENCES, {}).status_code == 302
    tell(person, "1")
    assert not told(person).exists()
    assert page(client, PREFERENCES).find(id="kind-parcels").has_attr("checked") is False
    client.post(PREFERENCES, {"wanted": ["parcels"]})
    tell(person, "2")
    tell(person, "2")
    assert [one.text for one in told(person)] == ["Parcel 2 waits."]


def test_what_is_mandatory_cannot_be_turned_off_and_says_why(client, person, settings):
    client.post(PREFERENCES, {})
    settings.MANDATORY_NOTIFICATIONS = ["parcels"]
    soup = page(client, PREFERENCES)
    box = soup.find(id="kind-parcels")
    assert box.has_attr("checked")
    assert box.has_attr("disabled")
    assert "cannot be turned off" in soup.find(id=box["aria-describedby"]).get_text()
    client.post(PREFERENCES, {})
    tell(person, "1")
    assert told(person).count() == 1


def test_a_kind_that_there_is_not_is_refused_with_a_sentence_and_changes_nothing(client, person):
    response = client.post(PREFERENCES, {"wanted": ["letters"]})
    assert response.status_code == 200
    assert "There is no kind “letters”." in response.content.decode()
    assert not Muted.objects.exists()
