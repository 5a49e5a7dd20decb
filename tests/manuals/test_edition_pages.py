"""What readers see of editions: the history, one of them, two compared, a page as it stood on a day."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from manuals import editions
from manuals.models import ChapterPage, Edition, PolicyPage
from portal.people.positions import Position
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section

pytestmark = pytest.mark.django_db

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client


@pytest.fixture
def writer(client):
    client.force_login(UserFactory(position=Position.SENIOR))
    return client


def next_edition(page, day, kind="major", summary="It changed.", **fields):
    """Publish a page with other values, in force from a day."""
    page = type(page).objects.get(pk=page.pk)
    page.change_kind, page.change_summary = kind, summary
    for name, value in fields.items():
        setattr(page, name, value)
    with editions.effective_from(day):
        return publish(page)


@pytest.fixture
def policy():
    """A policy that charged 100 dollars from January, 125 from March, and 150 from June on."""
    first = [section("amount", "Amount", ("markdown", "Pay 100 dollars.")), section("guarantor", "A guarantor")]
    policy = make_policy(rule="Customers pay 100 dollars.", effective_date=JANUARY, body=first)
    body = [section("amount", "Amount", ("markdown", "Pay 125 dollars.")), section("halves", "Paying in halves")]
    policy = next_edition(policy, MARCH, "major", "The deposit rises.", rule="Customers pay 125 dollars.", body=body)
    return next_edition(policy, JUNE, "minor", "A word mended.", rule="Customers pay 150 dollars.")


def words(response):
    return " ".join(response.content.decode().split())


def test_a_page_says_which_edition_it_is_and_leads_to_its_history(reader, policy):
    shown = words(reader.get(policy.url))
    assert "Edition 2.1, in force since" in shown
    assert "June 1, 2026" in shown
    assert f'href="{policy.url}editions/"' in shown


def test_a_planned_edition_is_announced_and_read_ahead(reader, policy):
    day = timezone.localdate() + timedelta(days=30)
    policy.rule, policy.change_kind, policy.change_summary = "Customers will pay 175 dollars.", "major", "It rises."
    policy.go_live_at = timezone.now() + timedelta(days=30)
    policy.save_revision().publish()
    assert f"Edition 3 takes effect on {day:%B} {day.day}, {day.year}." in words(reader.get(policy.url))
    ahead = words(reader.get(f"{policy.url}editions/3/"))
    assert "This is not in force yet." in ahead
    assert "Customers will pay 175 dollars." in ahead
    assert "Customers will pay 175 dollars." in words(reader.get(policy.url_on(day)))


def test_the_history_tells_what_changed_when_and_by_whom(reader, policy):
    shown = words(reader.get(f"{policy.url}editions/"))
    assert "January 1, 2026 to February 28, 2026." in shown
    assert "March 1, 2026 to May 31, 2026." in shown
    assert "Since June 1, 2026." in shown
    assert "The deposit rises." in shown
    compared = f"{policy.url}editions/compare/?from=1&amp;to=2"
    assert f'<span class="edition-change-state">new</span> <a href="{compared}#halves">Paying in halves</a>' in shown
    assert f'<span class="edition-change-state">gone</span> <a href="{compared}#guarantor">A guarantor</a>' in shown
    assert 'id="halves"' in words(reader.get(f"{policy.url}editions/compare/?from=1&to=2"))
    assert policy.edition.hash in shown


def test_a_fixed_edition_shows_the_page_as_it_was(reader, policy):
    shown = words(reader.get(f"{policy.url}editions/1/"))
    assert "Customers pay 100 dollars." in shown
    assert "This is not what is in force today." in shown
    assert "A guarantor" in shown
    assert "Still correct" not in shown


@pytest.mark.parametrize(
    ("day", "said", "is_today"),
    [
        ("2026-01-01", "100", False),
        ("2026-02-28", "100", False),
        ("2026-03-01", "125", False),
        ("2026-07-01", "150", True),
    ],
)
def test_as_of_a_day_a_page_shows_what_was_in_force(reader, policy, day, said, is_today):
    shown = words(reader.get(f"{policy.url}?on={day}"))
    assert f"Customers pay {said} dollars." in shown
    assert ("still what to go by today" in shown) == is_today
    assert ("This is not what is in force today." in shown) != is_today


def test_as_of_a_day_a_chapter_and_an_answer_show_what_was_in_force(reader):
    chapter = make_chapter(make_manual(), summary="You can open the old drawer.")
    answer = make_answer(script_es="Diga lo viejo.")
    on = timezone.localdate().isoformat()
    assert "You can open the old drawer." in words(reader.get(f"{chapter.url}?on={on}"))
    assert "Diga lo viejo." in words(reader.get(f"{answer.url}?on={on}"))


def test_before_the_first_edition_a_sentence_says_since_when_there_is_one(reader, policy):
    response = reader.get(f"{policy.url}?on=2025-12-31")
    assert response.status_code == 404
    assert "is on record since January 1, 2026." in words(response)


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "03/01/2026"])
def test_what_is_no_day_is_said_beside_the_field(reader, policy, day):
    response = reader.get(policy.url, {"on": day})
    assert response.status_code == 400
    assert f"“{day}” is no day." in words(response)


def test_an_edition_that_there_is_not_is_said_so(reader, policy):
    response = reader.get(f"{policy.url}editions/7/")
    assert response.status_code == 404
    assert "There is no edition 7" in words(response)


def test_two_editions_are_compared_in_the_layout_of_the_page(reader, policy):
    shown = words(reader.get(f"{policy.url}editions/compare/", {"from": "1", "to": "2"}))
    assert "<del>100</del><ins>125</ins>" in shown
    assert "Added section" in shown
    assert "Removed section" in shown


def test_two_editions_are_compared_in_words(reader, policy):
    shown = words(reader.get(f"{policy.url}editions/compare/", {"from": "2", "to": "1", "view": "words"}))
    assert "From edition 1 to edition 2" in shown
    assert "<del>100</del><ins>125</ins>" in shown


def test_without_numbers_the_last_two_are_compared(reader, policy):
    shown = words(reader.get(f"{policy.url}editions/compare/"))
    assert "From edition 2 to edition 2.1" in shown
    assert "<del>125</del><ins>150</ins>" in shown


def test_comparing_with_what_there_is_not_asks_to_choose(reader, policy):
    shown = words(reader.get(f"{policy.url}editions/compare/", {"from": "9", "to": "2"}))
    assert "There is no edition of that number." in shown


def test_one_edition_is_not_compared(reader):
    policy = make_policy()
    assert "There is only one edition to read." in words(reader.get(f"{policy.url}editions/compare/"))


def test_the_history_of_a_page_taken_down_is_for_writers(client, policy):
    key = policy.pk
    policy.unpublish()
    client.force_login(UserFactory())
    for address in ("/editions/", f"/editions/{key}/", f"/editions/{key}/1/", f"/editions/{key}/compare/?from=1&to=2"):
        assert client.get(address).status_code == 404
    client.force_login(UserFactory(position=Position.SENIOR))
    assert "Customer deposits" in words(client.get("/editions/"))
    assert "Taken down" in words(client.get(f"/editions/{key}/"))
    assert "Customers pay 100 dollars." in words(client.get(f"/editions/{key}/1/"))
    today = words(client.get(f"/editions/{key}/?on={timezone.localdate().isoformat()}"))
    assert "This page was taken down on" in today


def test_the_history_of_a_deleted_page_stays_readable(writer, policy):
    key = policy.pk
    Page.objects.get(pk=key).delete()
    assert "Customer deposits" in words(writer.get("/editions/"))
    assert "Customers pay 125 dollars." in words(writer.get(f"/editions/{key}/?on=2026-04-01"))
    assert "<del>100</del><ins>125</ins>" in words(writer.get(f"/editions/{key}/compare/?from=1&to=2"))


def test_writers_find_the_pages_that_are_gone_in_the_reports_menu(writer):
    assert "Taken down and deleted pages" in writer.get("/admin/").content.decode()


def test_sections_that_no_page_has_are_named_in_the_history(writer, policy):
    policy.body = [*policy.body.raw_data, section("coming", "What is to come")]
    policy.change_kind, policy.change_summary = "major", "More to come."
    policy.go_live_at = timezone.now() + timedelta(days=30)
    policy.save_revision().publish()
    assert "What is to come" in words(writer.get(f"{policy.url}editions/"))
    Page.objects.get(pk=policy.pk).delete()
    shown = words(writer.get(f"/editions/{policy.pk}/"))
    assert "What is to come" in shown
    assert "Paying in halves" in shown


def test_an_edition_without_another_word_says_what_it_changed(reader):
    body = [section("count", "Count it"), section("lock", "Lock it")]
    chapter = make_chapter(make_manual(), body=body)
    today = timezone.localdate()
    next_edition(chapter, today, "minor", "", body=body[::-1])
    shown = words(reader.get(f"{chapter.url}editions/"))
    assert '<span class="edition-change-state">changed</span> The order of the sections' in shown
    next_edition(chapter, today, "minor", "", acknowledged_by=Group.objects.filter(name=Position.CSR_1.label))
    shown = words(reader.get(f"{chapter.url}editions/"))
    assert '<span class="edition-change-state">changed</span> Who must acknowledge it' in shown


def test_the_other_language_of_an_old_answer_is_the_old_answer_s(reader):
    answer = make_answer(script_es="Diga lo viejo.")
    next_edition(answer, timezone.localdate(), script_es="Diga lo nuevo.")
    shown = words(reader.get(f"{answer.url}editions/1/"))
    assert f'href="{answer.url}editions/1/?script=es"' in shown
    assert f'href="{answer.url}?script=es"' not in shown
    assert f'href="{answer.url}?script=es"' in words(reader.get(answer.url))


def test_deleted_chapters_and_answers_are_readable_too(writer):
    chapter, answer = make_chapter(make_manual()), make_answer()
    keys = [chapter.pk, answer.pk]
    for key in keys:
        Page.objects.get(pk=key).delete()
    assert "Count the drawer twice." in words(writer.get(f"/editions/{keys[0]}/1/"))
    assert "La mayoría de los clientes nuevos" in words(writer.get(f"/editions/{keys[1]}/1/"))


def test_a_page_that_is_there_has_its_editions_at_its_own_address(writer, policy):
    assert writer.get(f"/editions/{policy.pk}/").url == f"{policy.url}editions/"
    assert writer.get(f"/editions/{policy.pk}/?on=2026-03-01").url == f"{policy.url}?on=2026-03-01"


def test_the_editions_of_a_private_page_are_as_private(reader, policy):
    restriction = PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.GROUPS)
    assert not restriction.groups.exists()
    for address in ("editions/", "editions/1/", "editions/compare/?from=1&to=2", "?on=2026-03-01", "acknowledge/"):
        assert reader.get(f"{policy.url}{address}").status_code in {302, 403}


def test_the_editions_of_a_private_page_taken_down_are_as_private(writer, policy):
    policy.unpublish()
    assert writer.get(f"/editions/{policy.pk}/1/").status_code == 200
    PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.GROUPS)
    for address in ("", "1/", "compare/?from=1&to=2", "?on=2026-03-01"):
        assert writer.get(f"/editions/{policy.pk}/{address}").status_code == 404


def test_signed_out_nothing_of_it_is_shown(client, policy):
    for address in (f"{policy.url}editions/", f"{policy.url}?on=2026-03-01", "/editions/", f"/editions/{policy.pk}/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith("/sign-in/")


def test_queries_do_not_grow_with_editions_and_sections(reader):
    counts = []
    for code, number in (("CS-151", 3), ("CS-152", 30)):
        page = make_policy(f"Policy {number}", code, body=[section(f"s{n}", f"Section {n}") for n in range(number)])
        for n in range(number):
            body = [section(f"s{m}", f"Section {m}", ("markdown", f"{n} dollars.")) for m in range(number)]
            page = next_edition(page, timezone.localdate(), "minor", "", body=body)
        own = []
        for address in ("editions/", "editions/1.1/", "editions/compare/?from=1&to=1.2", "?on=2026-02-01"):
            reader.get(f"{page.url}{address}")
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(f"{page.url}{address}").status_code == 200
            own.append(len(queries))
        counts.append(own)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


def test_what_was_read_on_a_day_is_what_is_on_record_of_it(reader, policy):
    """The page on a day and the fixed edition of that day are one text."""
    edition = Edition.objects.of(policy.pk).in_force(MARCH).get()
    fixed = reader.get(policy.edition_url(edition.number)).context["page"]
    dated = reader.get(policy.url_on(MARCH)).context["page"]
    assert isinstance(fixed, PolicyPage)
    assert not isinstance(fixed, ChapterPage)
    assert (fixed.rule, fixed.body.raw_data[0]) == (dated.rule, dated.body.raw_data[0])
