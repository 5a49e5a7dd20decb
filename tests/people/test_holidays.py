"""Supervisors keep the days on which the office is closed, and what people agree to."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from manuals.models import AcknowledgementSettings
from portal.people.models import Holiday
from portal.people.positions import Position
from portal.starter import loading
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MODEL = ["manuals", "acknowledgementsettings"]


def sentence_url() -> str:
    return reverse("wagtailsettings:edit", args=[*MODEL, AcknowledgementSettings.load().pk])


@pytest.fixture
def labor_day():
    return Holiday.objects.create(day=date(2026, 9, 7), name="Labor Day")


def test_a_supervisor_adds_changes_and_removes_a_holiday(client):
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    client.post(reverse("holidays:add"), {"day": "2026-09-08", "name": "Labor Day"})
    holiday = Holiday.objects.get()
    client.post(reverse("holidays:edit", args=[holiday.pk]), {"day": "2026-09-07", "name": "Labor Day"})
    holiday.refresh_from_db()
    assert holiday.day == date(2026, 9, 7)
    client.post(reverse("holidays:delete", args=[holiday.pk]))
    assert not Holiday.objects.exists()


def test_holidays_are_listed_by_day(client, labor_day):
    Holiday.objects.create(day=date(2026, 1, 1), name="New Year's Day")
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    html = client.get(reverse("holidays:index")).content.decode()
    assert html.index("New Year&#x27;s Day") < html.index("Labor Day")


def test_a_second_holiday_on_a_day_is_refused_with_the_name_of_the_first(client, labor_day):
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    response = client.post(reverse("holidays:add"), {"day": "2026-09-07", "name": "Founders' Day"})
    html = response.content.decode()
    assert "September 7, 2026 is Labor Day already." in html
    assert "Founders&#x27; Day" in html
    assert Holiday.objects.count() == 1


def test_a_holiday_keeps_its_own_day_when_it_is_renamed(client, labor_day):
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    client.post(reverse("holidays:edit", args=[labor_day.pk]), {"day": "2026-09-07", "name": "Labor Day, observed"})
    labor_day.refresh_from_db()
    assert labor_day.name == "Labor Day, observed"


def test_a_holiday_without_a_name_is_refused_with_a_sentence(client):
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    html = client.post(reverse("holidays:add"), {"day": "2026-09-07", "name": ""}).content.decode()
    assert "Name the holiday, such as Labor Day." in html


def test_the_database_refuses_two_holidays_on_a_day(labor_day):
    with pytest.raises(IntegrityError):
        Holiday.objects.create(day=labor_day.day, name="Another")


def test_a_senior_sees_the_holidays_and_changes_none(client, labor_day):
    client.force_login(UserFactory(position=Position.SENIOR))
    assert "Labor Day" in client.get(reverse("holidays:index")).content.decode()
    for name, args in (("add", []), ("edit", [labor_day.pk]), ("delete", [labor_day.pk])):
        response = client.post(reverse(f"holidays:{name}", args=args), {"day": "2026-01-02", "name": "Mine"})
        assert response.status_code == 302
        assert response.url == reverse("wagtailadmin_home")
    assert Holiday.objects.get().name == "Labor Day"


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2])
def test_an_agent_has_no_holidays_to_keep(client, labor_day, position):
    client.force_login(UserFactory(position=position))
    assert client.get(reverse("holidays:index")).status_code == 302
    assert client.post(reverse("holidays:delete", args=[labor_day.pk])).status_code == 302
    assert Holiday.objects.exists()


def test_the_list_of_holidays_asks_the_same_number_of_queries_however_many(
    client, labor_day, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    client.get(reverse("holidays:index"))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("holidays:index"))
    Holiday.objects.bulk_create(
        Holiday(day=date(2027, 1, 1) + timedelta(days=number), name=f"Day {number}") for number in range(19)
    )
    with django_assert_num_queries(len(few)):
        client.get(reverse("holidays:index"))


def test_a_supervisor_says_what_people_agree_to(client):
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    assert client.get(sentence_url()).status_code == 200
    client.post(sentence_url(), {"sentence": "I have read this and I agree."})
    assert AcknowledgementSettings.load().sentence == "I have read this and I agree."
    assert "A change holds for acknowledgements from now on." in client.get(sentence_url()).content.decode()


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2, Position.SENIOR])
def test_nobody_else_says_what_people_agree_to(client, position):
    before = AcknowledgementSettings.load().sentence
    client.force_login(UserFactory(position=position))
    assert client.get(sentence_url()).status_code == 302
    assert client.post(sentence_url(), {"sentence": "I agree to anything."}).status_code == 302
    assert AcknowledgementSettings.load().sentence == before


@pytest.mark.parametrize(
    ("position", "has_holidays", "has_sentence"), [(Position.SUPERVISOR, True, True), (Position.SENIOR, True, False)]
)
def test_the_settings_menu_offers_what_a_position_may_keep(client, position, has_holidays, has_sentence):
    client.force_login(UserFactory(position=position))
    html = client.get("/admin/").content.decode()
    assert (reverse("holidays:index") in html) is has_holidays
    assert (reverse("wagtailsettings:edit", args=MODEL) in html) is has_sentence


def test_the_sample_citys_holidays_are_working_days_otherwise_and_loaded_once():
    loading.load_holidays()
    found = list(Holiday.objects.all())
    assert {holiday.day.year for holiday in found} == {2026, 2027}
    assert all(holiday.day.weekday() < 5 for holiday in found)
    loading.load_holidays()
    assert list(Holiday.objects.all()) == found


def test_a_holiday_that_a_city_named_itself_stays_as_it_is(labor_day):
    labor_day.name = "Labor Day and Founders' Day"
    labor_day.save()
    loading.load_holidays()
    labor_day.refresh_from_db()
    assert labor_day.name == "Labor Day and Founders' Day"
    assert Holiday.objects.filter(name="Thanksgiving Day").count() == 2
