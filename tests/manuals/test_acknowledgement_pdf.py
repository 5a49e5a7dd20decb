"""The printed report of acknowledgements: what an auditor reads in it, and that nothing anyone typed runs in it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from manuals import acknowledgement_pdf, exemptions
from manuals import acknowledgement_reports as reports
from manuals.models import Acknowledgement, AcknowledgementSettings, Edition, Method, PolicyPage, ReadAs
from portal.people.positions import Position, group_for
from tests.factories import UserFactory, make_policy, publish, section
from tests.manuals import pdf_text
from tests.manuals.clock import standing_at

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
DAYS_LATER = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def clock():
    """It is noon of a Monday in March, before daylight saving time begins."""
    with standing_at(MONDAY) as clock:
        yield clock


@pytest.fixture
def supervisor():
    return UserFactory(position=Position.SUPERVISOR, first_name="Dana", last_name="Reyes", username="dreyes")


def csr(first="Ann", last="Bell", **fields):
    return UserFactory(first_name=first, last_name=last, hire_date=date(2020, 1, 6), **fields)


def required(**fields):
    """Return a published policy that every CSR I must acknowledge within five working days."""
    return make_policy(acknowledged_by=[group_for(Position.CSR_1)], **fields)


def change(policy, **fields):
    """Publish a major change of a policy, and return its edition."""
    page = PolicyPage.objects.get(pk=policy.pk)
    page.change_kind, page.change_summary = "major", "The deposit went up."
    for name, value in {"rule": "It is [[$175.00]] now.", **fields}.items():
        setattr(page, name, value)
    publish(page)
    return Edition.objects.of(page.pk).last()


def acknowledge(person, edition, since=None):
    """Write that a person agreed, at the time on the clock."""
    read_as = ReadAs.DIFFERENCE if since else ReadAs.WHOLE
    return Acknowledgement.objects.create(
        person=person,
        person_name=f"{person} ({person.username})",
        position=person.position,
        edition=edition,
        edition_hash=edition.hash,
        since_edition=since,
        read_as=read_as,
        sentence=AcknowledgementSettings.load().sentence,
        method=Method.PASSWORD,
        at=timezone.now(),
    )


def printed(client, by, edition, query=""):
    """Return the PDF of an edition's report as it is downloaded."""
    client.force_login(by)
    response = client.get(reverse("acknowledgement_report_file", args=[edition.pk, "pdf"]) + query)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    return pdf_text.read(response.content)


def test_it_states_the_edition_its_seal_and_the_one_before(client, supervisor, settings):
    settings.CITY_NAME = "City of Niñera"
    policy = required(body=[section("amount", "Amount of the deposit"), section("back", "When it comes back")])
    first = policy.edition
    edition = change(
        policy, body=[section("amount", "The amount"), section("waived", "When it is waived")], title="Deposits"
    )
    pdf = printed(client, supervisor, edition)
    for words in (
        "City of Niñera",
        "Deposits, edition 2",
        "Effective from March 2, 2026",
        "Published Mar 2, 2026, 12:",
        "The deposit went up.",
        "The amount (changed)",
        "When it is waived (new)",
        "When it comes back (taken out)",
        "manuals.canonical",
        "manage.py verify_editions",
        "Printed by Dana Reyes (dreyes) on Mar 2, 2026",
        "Page 1 of",
    ):
        assert words in pdf.text
    assert f"Seal(SHA-256){edition.hash}" in pdf.squeezed
    assert f"Sealbeforeit{first.hash}" in pdf.squeezed


def test_it_says_of_each_person_when_and_how_they_acknowledged_or_why_not(client, clock, supervisor):
    policy = required()
    done, late, away = csr("Łukasz", "Ñandú", username="lukasz"), csr("Ann", "Bell"), csr("Cy", "Dorn")
    acknowledge(done, policy.edition)
    exemptions.grant(away, policy, "On leave until June 1.", supervisor)
    clock.today = DAYS_LATER
    soon = csr("Eve", "Fox")
    soon.hire_date = DAYS_LATER
    soon.save()
    text = printed(client, supervisor, policy.edition).text
    acknowledged, rest = text.split("Not yet acknowledged (1)")
    assert "“I have read this, I understand it, and I will follow it.”" in acknowledged
    assert "Łukasz Ñandú (lukasz) CSR I Mar 2, 2026, 12:00 PM −06:00 Password The whole" in acknowledged
    not_yet, rest = rest.split("Overdue (1)")
    assert f"{soon} ({soon.username}) CSR I March 19, 2026" in not_yet
    overdue, exempt = rest.split("Exempt (1)")
    assert f"{late} ({late.username}) CSR I March 9, 2026 3 working days" in overdue
    assert f"{away} ({away.username}) CSR I On leave until June 1." in exempt


def test_the_time_is_the_citys_also_for_who_set_another(client, supervisor):
    policy = required()
    acknowledge(csr(), policy.edition)
    profile = UserProfile.get_for_user(supervisor)
    profile.current_time_zone = "Asia/Tokyo"
    profile.save()
    assert "Mar 2, 2026, 12:00 PM −06:00" in printed(client, supervisor, policy.edition).text


def test_sentences_that_differ_are_numbered(client, supervisor):
    policy = required()
    acknowledge(csr("Ann", "Bell"), policy.edition)
    settings = AcknowledgementSettings.load()
    settings.sentence = "I agree."
    settings.save()
    acknowledge(csr("Cy", "Dorn"), policy.edition)
    text = printed(client, supervisor, policy.edition).text
    assert "1 I have read this, I understand it, and I will follow it. 2 I agree." in text
    assert "The whole 1 Cy Dorn" in text


def test_what_people_typed_is_printed_as_they_typed_it(client, supervisor):
    typed = '#panic("no") *bold* $x^2$ `raw` \\ #let a = 1 ] } " @ref <label> = Heading // gone'
    policy = required(title='Deposits #eval("1")')
    edition = change(policy)
    page = PolicyPage.objects.get(pk=policy.pk)
    page.change_kind, page.change_summary, page.rule = "major", typed, "Again."
    publish(page)
    edition = Edition.objects.of(page.pk).last()
    exemptions.grant(csr("*Ann*", "#Bell"), policy, typed, supervisor)
    pdf = printed(client, supervisor, edition)
    squeezed = "".join(typed.split())
    assert pdf.squeezed.count(squeezed) == 2
    assert "*Ann* #Bell" in pdf.text
    assert 'Deposits #eval("1"), edition 3' in pdf.text


def test_hundreds_of_people_fill_pages_that_are_numbered_and_repeat_the_headings(client, supervisor):
    policy = required()
    edition = Edition.objects.get(pk=policy.edition.pk)
    for number in range(120):
        acknowledge(csr("Ann", f"Bell{number:03}"), edition)
    pdf = printed(client, supervisor, edition)
    pages = pdf.pages
    assert len(pages) > 3
    for place, page in enumerate(pages, start=1):
        assert f"Page {place} of {len(pages)}" in page
    assert all("Position" in page for page in pages[1:-1])
    for number in range(120):
        assert f"Bell{number:03}" in pdf.text


def test_narrowed_down_it_says_to_whom(client, supervisor):
    policy = required()
    mine, other = csr("Ann", "Bell", supervisor=supervisor), csr("Cy", "Dorn")
    text = printed(client, supervisor, policy.edition, f"?supervisor={supervisor.pk}").text
    assert "This report is about the people of Dana Reyes only." in text
    assert str(mine) in text
    assert str(other) not in text


def test_an_acknowledgement_of_a_later_edition_shows_the_seal_that_was_agreed_to(client, supervisor):
    policy = required()
    first = policy.edition
    second = change(policy)
    acknowledge(csr(), second)
    pdf = printed(client, supervisor, first)
    assert "Acknowledged edition 2, which came later." in pdf.text
    assert pdf.squeezed.count(second.hash) == 1
    assert "unless another seal is given" in pdf.text


def test_of_a_person_it_shows_everything_with_the_seals(client, clock, supervisor):
    policy, other = required(), required(title="Hydrants", code="CS-102")
    third = required(title="Refunds", code="CS-103")
    person = csr()
    first = policy.edition
    acknowledge(person, first)
    second = change(policy)
    acknowledge(person, second, since=first)
    exemption = exemptions.grant(person, third, "Not at that desk.", supervisor)
    exemptions.end(exemption, supervisor)
    exemptions.grant(person, third, "On leave.", supervisor)
    clock.today = DAYS_LATER
    client.force_login(supervisor)
    response = client.get(reverse("acknowledgement_report_person_file", args=[person.pk, "pdf"]))
    pdf = pdf_text.read(response.content)
    assert "What changed since edition 1" in pdf.text
    assert first.hash in pdf.squeezed
    assert second.hash in pdf.squeezed
    assert f"Not yet acknowledged (1) Page Edition Due Late by {other.title} 1 March 9, 2026 3 working days" in pdf.text
    assert "Exempt (2)" in pdf.text
    assert "On leave." in pdf.text
    assert "It still holds." in pdf.text


def test_it_can_be_read_by_screen_readers(client, supervisor):
    policy = required()
    acknowledge(csr(), policy.edition)
    pdf = printed(client, supervisor, policy.edition)
    assert pdf.has(b"/Lang(en)")
    assert pdf.has(b"/Title(Customer deposits, edition 1)")
    assert pdf.has(b"pdfuaid:part")
    assert pdf.tagged("H1") == 5
    assert pdf.tagged("TH") == 5


def test_a_name_in_letters_that_the_fonts_lack_does_not_keep_it_from_being_printed(client, supervisor):
    policy = required()
    acknowledge(csr("日本", "太郎", username="taro"), policy.edition)
    assert "(taro)" in printed(client, supervisor, policy.edition).squeezed


def test_it_is_printed_without_the_fonts_of_the_system():
    person = UserFactory(position=Position.SUPERVISOR)
    policy = required()
    acknowledge(csr("Łukasz", "Ñandú"), policy.edition)
    report = reports.of_edition(policy.edition)
    content = acknowledgement_pdf.of_edition(report, person, policy.edition.published_at)
    names = {name.split(b"+")[1] for body in pdf_text.read(content).objects.values() for name in _fonts(body)}
    assert names <= {b"LibertinusSerif-Regular", b"LibertinusSerif-Bold", b"DejaVuSansMono"}
    assert names


def _fonts(body):
    return [word for word in body.replace(b"/", b" ").split() if b"+" in word] if b"/FontName/" in body else []
