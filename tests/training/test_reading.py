"""Reading a chapter of one's path: section by section, marked by the reader, and only what changed when it comes back."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from manuals.models import EditionKind
from portal.people.positions import Position, group_for
from portal.training.models import SectionRead, Waiver, Way
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, publish, section
from tests.training import factories as make
from tests.training.test_progress import change, states

pytestmark = pytest.mark.django_db

BODY = [section("count", "Count the drawer"), section("sign", "Sign the sheet"), section("store", "Store the bag")]


@pytest.fixture
def chapter():
    return make_chapter(make_manual(), body=[dict(one) for one in BODY])


@pytest.fixture
def enrolment(client, chapter):
    """An enrolment that asks for the chapter; its person is signed in."""
    found = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter))))
    client.force_login(found.person)
    return found


def seen(client, url):
    """Return a page as it is read, the words of each part apart."""
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return " ".join(element.get_text(" ").split())


def rows(soup):
    """Return what the chapter says at the end of each section, by its address."""
    return {row["id"].removeprefix("section-read-"): words(row) for row in soup.select("[data-section-read]")}


def filled(soup, anchor):
    """Return where the form at the end of a section goes, and what it sends."""
    form = soup.select_one(f"#section-read-{anchor} form")
    return form["action"], {one["name"]: one["value"] for one in form.select("input")}


def changes_url(enrolment):
    return reverse("training:changes", args=[enrolment.pk, enrolment.edition.steps.get().key])


def test_marking_a_section_read_counts_it_and_leads_back_to_it(client, chapter, enrolment):
    before = seen(client, chapter.url)
    assert "0 of 3 sections read" in words(before)
    assert "half of its reading time, or when you mark it read" in words(before)
    action, values = filled(before, "count")

    answer = client.post(action, values)

    assert answer["Location"] == f"{chapter.url}#section-read-count"
    after = seen(client, chapter.url)
    assert rows(after)["count"] == "Read"
    assert rows(after)["sign"].startswith("Mark as read")
    assert "1 of 3 sections read" in words(after)
    assert after.find("a", string="Continue: Sign the sheet")["href"] == "#sign"
    assert make.progress_of(enrolment).percent == 33
    assert SectionRead.objects.get().way == Way.SAID


def test_the_last_section_leads_on_to_the_path(client, chapter, enrolment):
    make.read_sections(enrolment.person, chapter, "count", "sign")
    action, values = filled(seen(client, chapter.url), "store")
    part = client.post(action, {**values, "way": "seen"}, headers={"HX-Request": "true"})
    assert rows(BeautifulSoup(part.content, "html.parser")) == {"store": "Read"}
    assert "You have read this chapter." in part.text
    assert f'href="{reverse("training:path", args=[enrolment.pk])}"' in part.text
    assert SectionRead.objects.get(anchor="store").way == Way.SEEN
    assert states(enrolment) == ["done"]


def test_what_is_not_there_or_was_changed_meanwhile_is_not_recorded(client, chapter, enrolment):
    action, values = filled(seen(client, chapter.url), "count")
    assert client.post(action, {**values, "anchor": "nowhere"}).status_code == 404
    assert client.get(action).status_code == 405
    change(chapter, "count", "Count it three times.")

    told = client.post(action, values, follow=True)

    assert "changed while you read it, so nothing was recorded" in told.text
    assert client.post(action, values, headers={"HX-Request": "true"})["HX-Redirect"] == chapter.url
    assert not SectionRead.objects.exists()


def test_nobody_records_a_chapter_that_nothing_asks_them_to_read(client, chapter, enrolment):
    action, values = filled(seen(client, chapter.url), "count")
    client.force_login(UserFactory())
    assert client.post(action, values).status_code == 403
    client.force_login(enrolment.person)
    Waiver.objects.create(
        enrolment=enrolment, key=enrolment.edition.steps.get().key, title="It", reason="Knows it.", by=UserFactory()
    )
    assert client.post(action, values).status_code == 403
    assert rows(seen(client, chapter.url)) == {}
    PageViewRestriction.objects.create(page=chapter, restriction_type="groups")
    Waiver.objects.all().delete()
    assert client.post(action, values).status_code == 403
    assert not SectionRead.objects.exists()


def test_other_readers_and_other_days_see_the_chapter_as_before(client, chapter, enrolment):
    assert rows(seen(client, f"{chapter.url}?on={chapter.edition.effective_from.isoformat()}")) == {}
    assert rows(seen(client, f"{chapter.get_parent().url}print/")) == {}
    stranger = UserFactory()
    client.force_login(stranger)
    make.enrol(stranger, make.make_path(make.stage("Week 1", make.attend())))
    assert "Mark as read" not in words(seen(client, chapter.url))


def test_a_manual_on_the_path_asks_for_its_chapters(client, chapter):
    enrolment = make.enrol(
        UserFactory(), make.make_path(make.stage("Week 1", make.read(chapter.get_parent().specific)), title="On a desk")
    )
    client.force_login(enrolment.person)
    assert len(rows(seen(client, chapter.url))) == 3
    assert "Part of your path On a desk" in words(seen(client, chapter.url))


def test_a_changed_section_says_so_and_only_its_difference_is_read_again(client, chapter, enrolment):
    make.read_all(enrolment.person, chapter)
    change(chapter, "sign", "Two people sign the sheet.")
    page = seen(client, chapter.url)
    assert rows(page)["count"] == "Read"
    assert rows(page)["sign"].startswith("Changed since you read it. See what changed")
    assert page.find("a", string="Read only what changed")["href"] == changes_url(enrolment)

    again = seen(client, changes_url(enrolment))

    assert [words(one) for one in again.select(".difference-section ins")] == ["Two people sign the sheet."]
    assert "Something else." in words(again)
    assert "Store the bag" not in words(again)
    # Where the chapter leads to is there.
    assert page.select_one("#section-read-sign a")["href"] == f"{changes_url(enrolment)}#{chapter.pk}-sign"
    assert again.find(id=f"{chapter.pk}-sign")
    values = {"shown": [one["value"] for one in again.select("[name=shown]")]}
    told = client.post(changes_url(enrolment), values, follow=True)
    assert "recorded that you have read what changed" in told.text
    assert "You have read all of it as it stands today." in words(seen(client, changes_url(enrolment)))
    assert states(enrolment) == ["done"]


def test_each_section_is_compared_with_what_the_person_last_read_of_it(client, chapter, enrolment):
    make.read_all(enrolment.person, chapter)
    change(chapter, "count", "Count the drawer three times.")
    change(chapter, "sign", "Two people sign the sheet.")
    make.read_sections(enrolment.person, chapter, "count")
    change(chapter, "count", "Count the drawer four times.")

    again = seen(client, changes_url(enrolment))

    count = again.find(id=f"{chapter.pk}-count")
    assert [words(one) for one in count.select("del")] == ["three"]
    assert again.find(id=f"{chapter.pk}-sign").select("del, ins")


def test_a_chapter_is_rendered_at_once_in_however_many_editions_its_sections_were_read(client, chapter, enrolment):
    make.read_all(enrolment.person, chapter)
    change(chapter, "sign", "Two people sign the sheet.")
    make.read_sections(enrolment.person, chapter, "sign")
    for anchor in ("count", "sign"):
        change(chapter, anchor, "It is done in the morning.")
    client.get(changes_url(enrolment))
    of_two = counted(client, changes_url(enrolment))
    change(chapter, "store", "It is done at night.")
    assert len(seen(client, changes_url(enrolment)).select(".difference-section ins")) == 3
    assert counted(client, changes_url(enrolment)) == of_two


def test_a_section_that_came_later_is_shown_whole(client, chapter, enrolment):
    make.read_all(enrolment.person, chapter)
    chapter.body = [*chapter.body.raw_data, section("keys", "Return the keys")]
    chapter.change_kind, chapter.change_summary = EditionKind.MAJOR, "Keys go back."
    publish(chapter)
    assert rows(seen(client, chapter.url))["keys"].startswith("New since you read this chapter.")
    assert [words(one.select_one(".difference-label")) for one in seen(client, changes_url(enrolment)).select(
        ".difference-section"
    )] == ["Added section"]  # fmt: skip


def test_what_changed_again_while_it_was_read_is_shown_anew_and_not_recorded(client, chapter, enrolment):
    make.read_all(enrolment.person, chapter)
    change(chapter, "sign", "Two people sign the sheet.")
    shown = [one["value"] for one in seen(client, changes_url(enrolment)).select("[name=shown]")]
    change(chapter, "sign", "Three people sign the sheet.")
    told = client.post(changes_url(enrolment), {"shown": shown})
    assert "A newer edition was published while you read, so nothing was recorded." in " ".join(told.text.split())
    assert states(enrolment) == ["back"]


def test_only_the_person_reads_what_changed_for_them(client, chapter, enrolment):
    url = changes_url(enrolment)
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403


def test_a_policy_that_changed_leads_to_its_acknowledgement(client):
    policy = make_policy(acknowledged_by=[group_for(Position.CSR_1)])
    enrolment = make.enrol(UserFactory(), make.make_path(make.stage("Week 1", make.acknowledge(policy))))
    make.agree(enrolment.person, policy)
    change(policy, "amount", "The deposit is higher now.")
    client.force_login(enrolment.person)
    assert client.get(changes_url(enrolment))["Location"] == f"{policy.url}acknowledge/"


def counted(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_sections_and_changes(client, enrolment, chapter):
    """A learner's chapter costs four queries more than another reader's, which costs one more than without training."""
    learner, stranger = enrolment.person, UserFactory()
    for person in (stranger, learner):
        client.force_login(person)
        client.get(chapter.url)
    make.read_all(learner, chapter)
    change(chapter, "sign", "Two people sign the sheet.")
    client.get(chapter.url)
    of_learner, of_changes = counted(client, chapter.url), counted(client, changes_url(enrolment))

    chapter.refresh_from_db()
    chapter.body = [*chapter.body.raw_data, *(section(f"more-{n}", f"More {n}") for n in range(6))]
    chapter.change_kind, chapter.change_summary = EditionKind.MAJOR, "Six more."
    publish(chapter)

    assert counted(client, chapter.url) == of_learner
    # A second edition to compare with: what was read of one section is another than of the new ones.
    assert counted(client, changes_url(enrolment)) == of_changes
    client.force_login(stranger)
    assert counted(client, chapter.url) == of_learner - 3
