"""The screens on which a person reads what they owe, agrees to it, and finds what they have acknowledged."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from manuals import acknowledging
from manuals.models import (
    Acknowledgement,
    AcknowledgementSettings,
    Edition,
    Exemption,
    Method,
    ReadAs,
)
from portal.people.models import User
from portal.people.positions import Position, group_for
from tests.factories import PASSWORD, UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


@pytest.fixture
def agent(client):
    """A CSR I whose sign-in was an hour ago, signed in."""
    return signed_in(client, UserFactory(hire_date=date(2020, 1, 6)))


def signed_in(client, person, ago=timedelta(hours=1)):
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(last_login=timezone.now() - ago)
    return person


def required(**fields):
    positions = fields.pop("positions", [Position.CSR_1])
    return make_policy(acknowledged_by=[group_for(position) for position in positions], **fields)


def change(page, kind="major", summary="The amount rose.", **fields):
    page = type(page).objects.get(pk=page.pk)
    page.change_kind, page.change_summary = kind, summary
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def newest(page):
    return Edition.objects.of(page.pk).last()


def give(person, edition):
    return acknowledging.record(person, edition, method=Method.PASSWORD, read_as=ReadAs.WHOLE, since=None)


def address(page):
    return f"{page.url}acknowledge/"


def soup_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def filled_in(soup, **changes):
    """Return what a browser sends of the form when every box in it is ticked and the right password given."""
    boxes = soup.select("[form=acknowledgement], #acknowledgement input")
    data = {box["name"]: box.get("value", "on") for box in boxes}
    data |= {"password": PASSWORD, **changes}
    return {name: value for name, value in data.items() if value is not None}


def agree(client, page, **changes):
    """Open the screen, fill it in and send it."""
    return client.post(address(page), filled_in(soup_of(client.get(address(page))), **changes))


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


# ---- Reading


def test_whoever_reads_it_first_reads_the_whole_in_its_own_sections(client, agent):
    policy = required(body=[section("amount", "Amount of the deposit"), section("refund", "When it comes back")])
    soup = soup_of(client.get(address(policy)))
    assert [heading.text for heading in soup.select(".section-heading")] == [
        "Amount of the deposit",
        "When it comes back",
    ]
    assert soup.find(id="rule").find_next("p").text == "New customers pay a deposit of $150.00."
    assert [box["name"] for box in soup.select("input[type=checkbox]")] == ["read-end", "agree"]


def test_a_chapter_and_an_answer_are_read_whole_too(client, agent):
    csr_1 = [group_for(Position.CSR_1)]
    chapter = make_chapter(make_manual(), acknowledged_by=csr_1)
    answer = make_answer(acknowledged_by=csr_1)
    assert "Count the drawer twice." in words(client.get(address(chapter)))
    text = words(client.get(address(answer)))
    assert "Verify the caller." in text
    assert "Most new customers pay a deposit." in text
    for page in (chapter, answer):
        assert agree(client, page).status_code == 302
        assert Acknowledgement.objects.filter(edition__page_id=page.pk, person=agent).exists()


def test_whoever_acknowledged_an_edition_reads_only_what_changed_since(client, agent):
    body = [section("amount", "Amount"), section("refund", "Refund"), section("who", "Who pays")]
    policy = required(body=body)
    give(agent, policy.edition)
    body = [
        section("amount", "Amount", ("markdown", "It is $175.00.")),
        section("refund", "Refund"),
        section("late", "Late refunds"),
    ]
    change(policy, body=body)
    soup = soup_of(client.get(address(policy)))
    assert [" ".join(summary.text.split()) for summary in soup.select("summary.acknowledging-heading")] == [
        "Changed: Amount",
        "No longer there: Who pays",
        "New: Late refunds",
    ]
    changed = soup.find("details", {"data-reads": "read-amount"})
    assert "$175.00" in " ".join(mark.text for mark in changed.select("ins"))
    assert changed.select("del")
    assert [box["name"] for box in soup.select("input[type=checkbox]")] == [
        "read-amount",
        "read-who",
        "read-late",
        "agree",
    ]
    assert "The amount rose." in soup.main.text
    assert soup.find("a", string="Read the whole")["href"] == policy.url


def test_what_changed_of_an_answer_is_read_though_it_has_no_sections(client, agent):
    answer = make_answer(acknowledged_by=[group_for(Position.CSR_1)])
    give(agent, answer.edition)
    change(answer, short_answer="No, nobody pays one.")
    soup = soup_of(client.get(address(answer)))
    assert [box["name"] for box in soup.select("input[type=checkbox]")] == ["read-fields", "agree"]
    assert "nobody" in soup.find("details", {"data-reads": "read-fields"}).text
    assert agree(client, answer).status_code == 302
    assert Acknowledgement.objects.get(edition=newest(answer)).read_as == ReadAs.DIFFERENCE


def test_where_the_text_is_as_it_was_there_is_only_the_sentence_to_agree_to(client, agent):
    policy = required()
    give(agent, policy.edition)
    both = [group_for(Position.CSR_1), group_for(Position.CSR_2)]
    change(policy, "minor", "", acknowledged_by=both)
    agent.position = Position.CSR_2
    agent.save()
    response = client.get(address(policy))
    assert "The text has not changed since then." in words(response)
    assert agree(client, policy).status_code == 302


def test_of_an_edition_planned_for_a_day_the_coming_text_is_read_and_it_is_said_from_when(client):
    with standing_at(MONDAY) as clock:
        agent = signed_in(client, UserFactory(hire_date=date(2020, 1, 6)))
        policy = required(effective_date=MONDAY, rule="The old rule.")
        policy.rule, policy.change_kind, policy.change_summary = "The coming rule.", "major", "Soon."
        policy.go_live_at = clock.morning_of(date(2026, 4, 1))
        policy.save_revision().publish()
        text = words(client.get(address(policy)))
        assert "This takes effect on Wednesday, April 1." in text
        assert "The coming rule." in text
        assert "The old rule." not in text
        agree(client, policy)
        assert Acknowledgement.objects.get(person=agent).edition == newest(policy)


def test_what_is_in_force_is_acknowledged_and_not_a_planned_word_that_asks_nobody(client):
    with standing_at(MONDAY) as clock:
        agent = signed_in(client, UserFactory(hire_date=date(2020, 1, 6)))
        policy = required(effective_date=MONDAY, rule="The rule today.")
        policy.rule, policy.change_kind = "The rule, mended.", "minor"
        policy.go_live_at = clock.morning_of(date(2026, 4, 1))
        policy.save_revision().publish()
        assert "The rule today." in words(client.get(address(policy)))
        agree(client, policy)
        assert Acknowledgement.objects.get(person=agent).edition.number == "1"


# ---- Agreeing


def test_agreeing_is_recorded_and_confirmed_with_what_is_due_next(client, agent):
    policy = required()
    other = required(code="CS-102", title="Late fees")
    response = agree(client, policy)
    one = Acknowledgement.objects.get()
    assert (one.person, one.edition, one.method, one.read_as) == (agent, policy.edition, "password", "whole")
    soup = soup_of(client.get(response.url))
    text = soup.main.get_text(" ")
    assert one.edition_hash[:12] in text
    assert one.edition_hash not in text
    assert one.sentence in text
    assert "edition 1" in text
    assert soup.find("a", string="Late fees")["href"] == address(other)


def test_the_record_of_a_difference_names_the_edition_it_was_read_since(client, agent):
    policy = required()
    first = policy.edition
    give(agent, first)
    change(policy, rule="Another rule.")
    agree(client, policy)
    one = Acknowledgement.objects.get(edition=newest(policy))
    assert (one.read_as, one.since_edition) == (ReadAs.DIFFERENCE, first)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("read-end", "Read it to the end and tick this."),
        ("agree", "Tick this if you agree."),
        ("password", "Give your password"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_nothing_is_recorded(client, agent, missing, sentence):
    policy = required()
    soup = soup_of(agree(client, policy, **{missing: None}))
    assert not Acknowledgement.objects.exists()
    field = soup.find(id=missing)
    assert sentence in soup.find(id=f"{missing}-error").text
    assert f"{missing}-error" in field["aria-describedby"]
    assert soup.find("a", href=f"#{missing}")
    ticked = {box["name"] for box in soup.select("input[type=checkbox][checked]")}
    assert ticked == {"read-end", "agree"} - {missing}
    assert not soup.find(id="password").get("value")


def test_every_changed_section_must_have_been_opened(client, agent):
    policy = required(body=[section("amount", "Amount"), section("refund", "Refund")])
    give(agent, policy.edition)
    change(policy, body=[section("amount", "Amounts"), section("refund", "Refunds")])
    soup = soup_of(agree(client, policy, **{"read-refund": None}))
    assert "read what changed" in soup.find(id="read-refund-error").text
    assert soup.find(id="read-amount").has_attr("checked")
    assert Acknowledgement.objects.count() == 1
    assert agree(client, policy).status_code == 302


def test_a_wrong_password_is_refused_beside_the_field(client, agent):
    soup = soup_of(agree(client, required(), password="not-the-password"))
    assert "This is not your password." in soup.find(id="password-error").text
    assert not Acknowledgement.objects.exists()


def test_anothers_password_is_refused(client, agent):
    UserFactory(username="other", password="another-password-1")
    soup = soup_of(agree(client, required(), password="another-password-1", username="other"))
    assert soup.find(id="password-error")
    assert not Acknowledgement.objects.exists()


def test_guessing_locks_out_and_says_so_with_nothing_lost(client, agent, settings):
    policy = required()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = agree(client, policy, password="guess")
    for password in ("guess", PASSWORD):
        response = agree(client, policy, password=password)
        assert response.status_code == 429
        soup = BeautifulSoup(response.content, "html.parser")
        assert "too many times" in soup.find(id="password-error").text
        assert {box["name"] for box in soup.select("input[type=checkbox][checked]")} == {"read-end", "agree"}
    assert not Acknowledgement.objects.exists()
    # The sign-in counts with it.
    client.logout()
    response = client.post("/sign-in/", {"username": agent.username, "password": PASSWORD})
    assert response.status_code == 429


def test_a_fresh_sign_in_needs_no_password(client):
    person = signed_in(client, UserFactory(), ago=timedelta(minutes=4))
    policy = required()
    assert "you may leave this empty" in words(client.get(address(policy)))
    assert agree(client, policy, password="").status_code == 302
    assert Acknowledgement.objects.get(person=person).method == Method.SIGN_IN


def test_a_wrong_password_is_refused_after_a_fresh_sign_in_too(client):
    signed_in(client, UserFactory(), ago=timedelta(minutes=1))
    assert agree(client, required(), password="wrong").status_code == 200
    assert not Acknowledgement.objects.exists()


def test_a_newer_edition_published_meanwhile_is_shown_and_nothing_is_recorded(client, agent):
    policy = required(rule="The old rule.")
    data = filled_in(soup_of(client.get(address(policy))))
    change(policy, rule="The new rule.")
    response = client.post(address(policy), data)
    assert "A newer edition was published while you read, so nothing was recorded." in words(response)
    assert "The new rule." in words(response)
    assert not Acknowledgement.objects.exists()
    assert not soup_of(response).select("input[checked]")


def test_a_minor_edition_published_meanwhile_is_shown_too(client, agent):
    policy = required(rule="The rule, mispelt.")
    data = filled_in(soup_of(client.get(address(policy))))
    change(policy, "minor", "", rule="The rule, spelt well.")
    assert "The rule, spelt well." in words(client.post(address(policy), data))
    assert not Acknowledgement.objects.exists()


def test_a_page_taken_down_meanwhile_records_nothing(client, agent):
    policy = required()
    data = filled_in(soup_of(client.get(address(policy))))
    policy.unpublish()
    assert client.post(address(policy), data).status_code == 404
    assert not Acknowledgement.objects.exists()


def test_a_sentence_changed_meanwhile_must_be_agreed_to_as_it_is_now(client, agent):
    policy = required()
    data = filled_in(soup_of(client.get(address(policy))))
    settings = AcknowledgementSettings.load()
    settings.sentence = "I will follow it from today."
    settings.save()
    soup = soup_of(client.post(address(policy), data))
    assert "was changed while you read" in soup.find(id="agree-error").text
    assert not soup.find(id="agree").has_attr("checked")
    assert not Acknowledgement.objects.exists()
    client.post(address(policy), filled_in(soup))
    assert Acknowledgement.objects.get().sentence == "I will follow it from today."


def test_sending_it_twice_keeps_one_record_and_says_when_it_was_given(client, agent):
    policy = required()
    data = filled_in(soup_of(client.get(address(policy))))
    for _ in range(2):
        response = client.post(address(policy), data)
    day = timezone.localdate()
    assert f"You acknowledged this already on {day:%B} {day.day}, {day.year}." in words(response)
    assert Acknowledgement.objects.count() == 1


# ---- Who may


def test_who_is_not_asked_is_told_so_and_can_record_nothing(client):
    person = signed_in(client, UserFactory(position=Position.SENIOR))
    policy = required()
    response = client.get(address(policy))
    assert response.status_code == 200
    assert "Nobody asks you to acknowledge this." in words(response)
    assert soup_of(response).find("a", href=policy.url, string="Back to the page")
    data = {"shown": policy.edition.hash, "agree": "on", "read-end": "on", "password": PASSWORD}
    assert "Nothing was recorded." in words(client.post(address(policy), data))
    assert not Acknowledgement.objects.filter(person=person).exists()


def test_who_is_exempt_is_told_why(client, agent):
    policy = required()
    supervisor = UserFactory(position=Position.SUPERVISOR)
    Exemption.objects.create(person=agent, page=policy, reason="Wrote it.", granted_by=supervisor)
    assert "You need not acknowledge this: Wrote it." in words(client.get(address(policy)))


def test_it_needs_sign_in_and_the_right_to_read_the_page(client):
    policy = required()
    for url in (address(policy), reverse("acknowledgements:mine")):
        assert client.get(url).url.startswith("/sign-in/")
    signed_in(client, UserFactory())
    restriction = PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group_for(Position.SUPERVISOR))
    response = client.post(address(policy), {"shown": policy.edition.hash, "agree": "on", "password": PASSWORD})
    assert response.status_code != 200
    assert not Acknowledgement.objects.exists()


# ---- What I have acknowledged


def test_ones_own_record_and_dues_are_listed_and_nobody_elses(client, agent):
    mine, theirs = required(title="Mine"), required(code="CS-102", title="Theirs")
    owed = required(code="CS-103", title="Owed")
    give(agent, mine.edition)
    give(UserFactory(), theirs.edition)
    give(agent, theirs.edition)
    soup = soup_of(client.get(reverse("acknowledgements:mine")))
    assert [link.text for link in soup.select(".dues a")] == ["Owed"]
    assert soup.select_one(".dues a")["href"] == address(owed)
    assert [row.text.strip() for row in soup.select("tbody th")] == ["Theirs", "Mine"]


def test_the_record_of_a_page_that_is_gone_stays_readable(client, agent):
    policy = required(title="Gone")
    give(agent, policy.edition)
    policy.delete()
    assert "Gone taken down" in words(client.get(reverse("acknowledgements:mine")))


def test_the_own_record_is_paged_and_takes_as_many_queries_for_many_as_for_few(client, agent):
    def ask():
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("acknowledgements:mine"))
        return len(soup_of(response).select("tbody tr")), len(captured)

    for number in range(2):
        give(agent, required(code=f"CS-2{number:02}", title=f"Given {number}").edition)
        required(code=f"CS-3{number:02}", title=f"Owed {number}")
    ask()
    rows, few = ask()
    assert rows == 2
    for number in range(2, 30):
        give(agent, required(code=f"CS-2{number:02}", title=f"Given {number}").edition)
        required(code=f"CS-3{number:02}", title=f"Owed {number}")
    ask()
    assert ask() == (25, few)
    assert len(soup_of(client.get(reverse("acknowledgements:mine"), {"page": 2})).select("tbody tr")) == 5


# ---- Where it is asked


def test_a_page_says_at_its_top_until_when_the_reader_owes_it(client):
    with standing_at(MONDAY) as clock:
        agent = signed_in(client, UserFactory(hire_date=date(2020, 1, 6)))
        csr_1 = [group_for(Position.CSR_1)]
        pages = [required(), make_chapter(make_manual(), acknowledged_by=csr_1), make_answer(acknowledged_by=csr_1)]
        for page in pages:
            soup = soup_of(client.get(page.url))
            text = " ".join(soup.select_one(".owed").text.split())
            assert "You are asked to read and acknowledge this by Monday, March 9." in text
            assert soup.select_one(".owed a")["href"] == address(page)
        clock.today = date(2026, 3, 11)
        signed_in(client, agent)
        assert "It is overdue by 2 working days." in words(client.get(pages[0].url))
        give(agent, pages[0].edition)
        assert not soup_of(client.get(pages[0].url)).select(".owed")


def test_who_owes_nothing_of_a_page_pays_one_query_at_most_for_it(client, agent):
    policy = required()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(policy.url)
        return [query["sql"] for query in captured]

    give(agent, policy.edition)
    queries()
    asked = [sql for sql in queries() if "manuals_acknowledgement" in sql or "manuals_exemption" in sql]
    assert len(asked) == 1


def test_the_front_page_lists_what_is_owed_soonest_first_and_overdue_in_words(client):
    with standing_at(MONDAY) as clock:
        agent = signed_in(client, UserFactory(hire_date=date(2020, 1, 6)))
        assert "To read and acknowledge" not in words(client.get("/"))
        required(title="Later", acknowledge_within=9)
        required(title="Soon", code="CS-102", acknowledge_within=1)
        clock.today = date(2026, 3, 5)
        signed_in(client, agent)
        soup = soup_of(client.get("/"))
        text = [" ".join(item.text.split()) for item in soup.select(".dues li")]
        assert text == [
            "Soon Overdue: it was due on Tuesday, March 3, 2 working days ago.",
            "Later Due on Friday, March 13.",
        ]


def test_of_much_that_is_owed_the_front_page_lists_the_first_and_counts_the_rest(client, agent):
    for number in range(10):
        required(code=f"CS-2{number:02}", title=f"Owed {number}")
    soup = soup_of(client.get("/"))
    assert len(soup.select(".dues li")) == 8
    assert soup.find("a", string="and 2 more")["href"] == reverse("acknowledgements:mine")


# ---- What the record stands on


@pytest.fixture
def administrator(client):
    return signed_in(client, UserFactory(position=Position.SUPERVISOR, is_superuser=True))


def delete_one(client, person):
    return client.post(reverse("wagtailusers_users:delete", args=[person.pk]), follow=True)


def delete_in_bulk(client, person):
    url = reverse("wagtail_bulk_action", args=["people", "user", "delete"])
    return client.post(f"{url}?id={person.pk}", follow=True)


@pytest.mark.parametrize("delete", [delete_one, delete_in_bulk])
@pytest.mark.parametrize("role", ["reader", "writer", "granter"])
def test_whoever_stands_in_the_record_is_not_deleted_and_it_is_said_why(client, administrator, delete, role):
    people = {name: UserFactory(position=Position.SUPERVISOR) for name in ("reader", "writer", "granter")}
    policy = required()
    policy.rule, policy.change_kind, policy.change_summary = "Another.", "major", "Another."
    policy.save_revision(user=people["writer"]).publish(user=people["writer"])
    give(people["reader"], newest(policy))
    Exemption.objects.create(person=UserFactory(), page=policy, reason="New.", granted_by=people["granter"])
    person = people[role]
    response = delete(client, person)
    kind = {"reader": "acknowledgements", "writer": "editions", "granter": "exemptions"}[role]
    said = f"{person} stands in the records ({kind}); make the account inactive instead."
    assert said in response.content.decode()
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("delete", [delete_one, delete_in_bulk])
def test_who_is_in_no_record_can_be_deleted(client, administrator, delete):
    person = UserFactory()
    delete(client, person)
    assert not User.objects.filter(pk=person.pk).exists()


def test_reading_the_whole_takes_as_many_queries_for_twenty_sections_as_for_two(client, agent):
    def ask(page):
        client.get(address(page))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(page))
        return len(captured)

    few = required(body=[section(f"s{n}", f"Section {n}") for n in range(2)])
    many = required(code="CS-102", title="Long", body=[section(f"s{n}", f"Section {n}") for n in range(20)])
    assert ask(few) == ask(many)
