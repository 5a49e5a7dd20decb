"""Who works with a page says what is wrong with it, who keeps it hears of that, and something comes of it."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from manuals import remarks, tree
from manuals.masking import MASK
from manuals.models import PolicyPage, Remark
from portal.people.models import User
from portal.people.positions import Position, group_for
from tests.factories import (
    UserFactory,
    make_answer,
    make_chapter,
    make_manual,
    make_policy,
    publish,
    section,
)

pytestmark = pytest.mark.django_db

LINK = "Something wrong here?"


@pytest.fixture
def agent() -> User:
    return UserFactory(first_name="Marisol", last_name="Vega")


@pytest.fixture
def senior() -> User:
    return UserFactory(first_name="Dana", last_name="Whitfield", position=Position.SENIOR)


@pytest.fixture
def policy(senior) -> PolicyPage:
    body = [section("amount", "Amount of the deposit"), section("return", "When it [[comes back]]")]
    return make_policy(owner=senior, body=body)


def address(page, anchor: str = "") -> str:
    return f"/remarks/new/?page={page.pk}" + (f"&section={anchor}" if anchor else "")


def remark_on(page, by, text: str = "Callers are told otherwise.", anchor: str = "", **fields) -> Remark:
    return Remark.objects.create(page_id=page.pk, by=by, text=text, anchor=anchor, **fields)


def send(client, page, text: str, anchor: str = ""):
    return client.post(address(page, anchor), {"text": text})


def read(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


class FailingMail(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError


# Where it is asked


def test_every_section_of_a_policy_and_of_a_chapter_takes_a_remark(client, agent, policy):
    client.force_login(agent)
    html = read(client, policy.url)
    assert f"/remarks/new/?page={policy.pk}&amp;section=amount" in html
    assert f"/remarks/new/?page={policy.pk}&amp;section=return" in html
    assert html.count(LINK) == 2
    chapter = make_chapter(make_manual())
    assert f"/remarks/new/?page={chapter.pk}&amp;section=count" in read(client, chapter.url)


def test_the_links_of_two_sections_read_differently(client, agent, policy):
    client.force_login(agent)
    html = read(client, policy.url)
    names = [re.sub(r"<[^>]+>", "", found) for found in re.findall(rf"{re.escape(LINK)}.*?</a>", html)]
    assert names == [f"{LINK} Amount of the deposit", f"{LINK} When it comes back"]


def test_an_answer_takes_a_remark_on_its_page_and_in_the_screen_of_a_call(client, agent):
    answer = make_answer()
    client.force_login(agent)
    for url in (answer.url, f"/answers/?open={answer.pk}"):
        html = read(client, url)
        assert html.count(LINK) == 1
        assert f'href="/remarks/new/?page={answer.pk}"' in html
    panel = client.get(f"/answers/open/{answer.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert f'href="/remarks/new/?page={answer.pk}"' in panel


def test_an_answer_as_of_a_day_takes_no_remark_in_the_screen_of_a_call(client, agent):
    answer = make_answer()
    client.force_login(agent)
    yesterday = timezone.localdate() - timedelta(days=1)
    html = read(client, f"/answers/?open={answer.pk}&on={yesterday}")
    assert "This answer was not in force that day." in html
    assert LINK not in html


def test_a_printed_manual_takes_no_remark(client, agent):
    manual = make_manual()
    make_chapter(manual)
    client.force_login(agent)
    html = read(client, f"{manual.url}print/")
    assert "Count the drawer" in html
    assert LINK not in html


def test_the_preview_of_a_draft_takes_no_remark(client, senior, policy):
    client.force_login(senior)
    policy.rule = "New customers pay [[$175.00]]."
    revision = policy.save_revision(user=senior)
    html = read(client, f"/admin/pages/{policy.pk}/revisions/{revision.pk}/view/")
    assert "$175.00" in html
    assert LINK not in html


def test_the_page_as_it_stood_on_a_day_takes_no_remark(client, agent, policy):
    client.force_login(agent)
    html = read(client, policy.url_on(timezone.localdate()))
    assert "Amount of the deposit" in html
    assert LINK not in html


def test_a_fixed_edition_takes_no_remark(client, agent, policy):
    client.force_login(agent)
    html = read(client, policy.edition_url("1"))
    assert "Amount of the deposit" in html
    assert LINK not in html


def test_asking_for_a_remark_costs_a_page_no_query(client, agent):
    client.force_login(agent)
    few = make_policy(body=[section("one", "One")])
    many = make_policy(title="Many", code="CS-102", body=[section(f"s{n}", f"Section {n}") for n in range(20)])
    read(client, few.url)
    with CaptureQueriesContext(connection) as queries:
        read(client, few.url)
    with CaptureQueriesContext(connection) as more:
        assert read(client, many.url).count(LINK) == 20
    assert len(more) == len(queries)


# Making one


def test_the_form_names_the_page_the_section_and_who_will_see_it(client, agent, policy):
    client.force_login(agent)
    html = read(client, address(policy, "return"))
    assert "Customer deposits" in html
    assert "When it comes back" in html
    assert "Tell Dana Whitfield what is wrong in this section" in html
    assert "Leave out callers' names, numbers and addresses." in html


def test_a_remark_is_kept_with_its_section_and_edition_and_leads_back_there(client, agent, senior, policy):
    policy.rule = "New customers pay [[$175.00]]."
    policy.change_kind = "major"
    policy.change_summary = "The deposit is higher."
    publish(policy)
    client.force_login(agent)
    response = send(client, policy, "Callers are told otherwise.", "return")
    assert response.status_code == 302
    assert response.url == f"{policy.url}#return"
    made = Remark.objects.get()
    assert (made.page_id, made.anchor, made.heading) == (policy.pk, "return", "When it [[comes back]]")
    assert (made.edition_number, made.by, made.state) == ("2", agent, Remark.State.OPEN)
    html = read(client, response.url)
    at_the_section = html[html.index('id="return"') :]
    assert "Thank you. Dana Whitfield will see it." in at_the_section
    assert html.count("Thank you.") == 2
    assert html.count(LINK) == 1
    assert read(client, policy.url).count(LINK) == 2


def test_a_remark_on_an_answer_is_on_the_whole_of_it(client, agent):
    answer = make_answer()
    client.force_login(agent)
    assert send(client, answer, "The script has no Spanish.").url == answer.url
    assert Remark.objects.get().anchor == ""
    assert "Thank you. A Supervisor will see it." in read(client, answer.url)


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "…?"])
def test_a_remark_that_says_nothing_is_refused_with_a_sentence(client, agent, policy, text):
    client.force_login(agent)
    response = send(client, policy, text)
    assert "Say in a sentence or two what is wrong" in response.content.decode()
    assert not Remark.objects.exists()


def test_a_remark_that_is_too_long_is_refused_and_nothing_typed_is_lost(client, agent, policy):
    client.force_login(agent)
    html = send(client, policy, "The fee is wrong. " * 60).content.decode()
    assert "at most 1000 characters" in html
    assert html.count("The fee is wrong.") == 60
    assert not Remark.objects.exists()


def test_sending_twice_makes_one_remark(client, agent, policy, django_capture_on_commit_callbacks):
    client.force_login(agent)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert send(client, policy, "Callers are told otherwise.", "amount").status_code == 302
    assert Remark.objects.count() == 1
    assert len(mail.outbox) == 1


def test_the_same_words_can_be_said_again_once_the_first_were_answered(client, agent, senior, policy):
    first = remark_on(policy, agent, anchor="amount")
    assert remarks.settle(first, Remark.State.ANSWERED, "Mended.", senior)
    client.force_login(agent)
    send(client, policy, first.text, "amount")
    assert Remark.objects.filter(state=Remark.State.OPEN).count() == 1


@pytest.mark.parametrize("key", ["", "x", "-1", "0", "9" * 18, "9" * 30, "٣"])
def test_a_page_that_is_none_takes_no_remark(client, agent, key):
    client.force_login(agent)
    assert client.get(f"/remarks/new/?page={key}").status_code == 404


def test_what_has_no_editions_is_taken_down_or_has_no_such_section_takes_no_remark(client, agent, policy):
    client.force_login(agent)
    other = make_policy(title="Refunds", code="CS-102", body=[section("refund", "Refunds")])
    for url in (
        address(tree.policy_index()),
        address(make_manual()),
        address(policy, "refund"),
        address(policy, "é\0"),
    ):
        assert client.get(url).status_code == 404
    other.unpublish()
    assert send(client, other, "Wrong.").status_code == 404


def test_a_section_that_went_while_somebody_was_typing_still_takes_the_remark(client, agent, policy):
    client.force_login(agent)
    policy.body = [section("amount", "Amount of the deposit")]
    publish(policy)
    assert send(client, policy, "It comes back after a year.", "return").status_code == 302
    assert Remark.objects.get().heading == "When it [[comes back]]"


def test_nobody_remarks_on_a_page_that_is_kept_from_them(client, agent, policy):
    only = PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.GROUPS)
    only.groups.add(group_for(Position.SENIOR))
    client.force_login(agent)
    assert client.get(address(policy, "amount")).status_code == 404
    assert send(client, policy, "Wrong.", "amount").status_code == 404
    assert not Remark.objects.exists()


# What could tell who called


def test_a_callers_particulars_are_left_out_and_shown_to_be_before_anything_is_stored(client, agent, policy):
    client.force_login(agent)
    html = send(
        client, policy, "Account 1234567 was told $200.00.\nAsk my name is Mary Smith.", "amount"
    ).content.decode()
    assert "We left out what looks like a number of a caller" in html
    assert f"Account {MASK} was told $200.00.\nAsk my name is {MASK}" in html
    assert "1234567" not in html
    assert not Remark.objects.exists()
    kept = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", html, re.DOTALL)[1]
    assert send(client, policy, kept, "amount").status_code == 302
    assert Remark.objects.get().text.splitlines() == [f"Account {MASK} was told $200.00.", f"Ask my name is {MASK}"]


def test_a_remark_of_nothing_but_particulars_is_refused(client, agent, policy):
    client.force_login(agent)
    assert "Say in a sentence or two" in send(client, policy, "555-123-4567").content.decode()
    assert not Remark.objects.exists()


def test_a_number_over_two_lines_is_masked_as_well():
    assert remarks.without_particulars("call 555\n1234 now") == (f"call {MASK} now", True)


def test_lines_without_particulars_stay_lines():
    assert remarks.without_particulars("It says 30 days.\n\nCallers are told 45.") == (
        "It says 30 days.\n\nCallers are told 45.",
        False,
    )


def test_whoever_writes_a_remark_masks_it(policy, agent):
    made = remarks.make(policy, None, "Call 555-123-4567 back.", agent)
    made.refresh_from_db()
    assert made.text == f"Call {MASK} back."


LINES = st.lists(
    st.lists(st.sampled_from(["555", "1234", "-", "a@b", "my name is", "Ann", "fee", MASK, ""]), max_size=6).map(
        " ".join
    ),
    max_size=5,
).map("\n".join)


@settings(deadline=None)
@given(st.one_of(LINES, st.text(st.sampled_from("01234 \n\r-.a@\u2028\u200b"), max_size=40)))
def test_no_run_of_five_digits_is_kept_whatever_lies_between(text):
    kept, _ = remarks.without_particulars(text)
    assert not re.search(r"\d(?:[\s\-.]*\d){4}", kept)
    assert remarks.without_particulars(kept) == (kept, False)


# Who is told


def told(callbacks, page, by, text="Callers are told otherwise.", section=None) -> list[str]:
    mail.outbox.clear()
    with callbacks(execute=True):
        remarks.make(page, section, text, by)
    return sorted(address for message in mail.outbox for address in message.to)


def test_who_keeps_the_page_is_mailed_what_was_said_and_links_to_it(
    client, agent, senior, policy, django_capture_on_commit_callbacks, settings
):
    settings.WAGTAILADMIN_BASE_URL = "https://desk.city.example"
    client.force_login(agent)
    with django_capture_on_commit_callbacks(execute=True):
        send(client, policy, "Callers are told <b>45</b> days & more.", "return")
    [message] = mail.outbox
    assert message.to == [senior.email]
    assert message.subject == "A remark on “Customer deposits”"
    assert "Marisol Vega says that something is wrong in the section “When it comes back”" in message.body
    assert "Callers are told <b>45</b> days & more." in message.body
    assert f"https://desk.city.example{policy.url}#return" in message.body
    assert f"https://desk.city.example/remarks/{Remark.objects.get().pk}/" in message.body
    assert message.content_subtype == "plain"


def test_without_someone_who_keeps_the_page_the_supervisors_are_told(agent, policy, django_capture_on_commit_callbacks):
    told_to = django_capture_on_commit_callbacks
    here = UserFactory(position=Position.SUPERVISOR)
    UserFactory(position=Position.SUPERVISOR, is_active=False)
    UserFactory(position=Position.SUPERVISOR, email="")
    for number, change in enumerate(({"is_active": False}, {"is_active": True, "position": "csr_2"})):
        User.objects.filter(pk=policy.owner_id).update(**change)
        page = PolicyPage.objects.get(pk=policy.pk)
        assert told(told_to, page, agent, f"Remark {number}") == [here.email]
    PolicyPage.objects.filter(pk=policy.pk).update(owner=None)
    assert told(told_to, PolicyPage.objects.get(pk=policy.pk), agent, "Another") == [here.email]


def test_an_owner_without_an_address_is_told_by_the_supervisors(
    agent, senior, policy, django_capture_on_commit_callbacks
):
    here = UserFactory(position=Position.SUPERVISOR)
    User.objects.filter(pk=senior.pk).update(email="")
    page = PolicyPage.objects.get(pk=policy.pk)
    assert told(django_capture_on_commit_callbacks, page, agent) == [here.email]
    assert list(remarks.open_for(senior)) == list(Remark.objects.all())


def test_nobody_is_mailed_their_own_remark(senior, policy, django_capture_on_commit_callbacks):
    UserFactory(position=Position.SUPERVISOR)
    assert told(django_capture_on_commit_callbacks, policy, senior) == []
    assert Remark.objects.count() == 1


def test_a_supervisor_from_whom_the_page_is_kept_is_not_mailed_its_remarks(agent, django_capture_on_commit_callbacks):
    page = make_policy()
    inside, outside = UserFactory(position=Position.SUPERVISOR), UserFactory(position=Position.SUPERVISOR)
    restricted = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restricted.groups.add(group_for(Position.CSR_1))
    inside.groups.add(group_for(Position.CSR_1))
    assert told(django_capture_on_commit_callbacks, page, agent) == [inside.email]
    assert not remarks.open_for(outside).exists()
    assert remarks.open_for(inside).count() == 1


def test_a_mail_server_that_fails_loses_no_remark(
    client, agent, policy, django_capture_on_commit_callbacks, settings, caplog
):
    settings.EMAIL_BACKEND = "tests.manuals.test_remarks.FailingMail"
    client.force_login(agent)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client, policy, "Callers are told otherwise.").status_code == 302
    assert Remark.objects.count() == 1
    assert "on_commit" in caplog.text


def test_nothing_is_mailed_about_a_remark_that_was_taken_back(agent, policy, django_capture_on_commit_callbacks):
    with (
        django_capture_on_commit_callbacks(execute=True) as callbacks,
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        remarks.make(policy, None, "Callers are told otherwise.", agent)
        raise RuntimeError
    assert callbacks == []
    assert mail.outbox == []


# For whom it waits


def test_an_open_remark_waits_on_the_desk_of_who_keeps_the_page_until_it_is_settled(client, agent, senior, policy):
    made = remark_on(policy, agent, "The amount is $175.00.")
    other = UserFactory(position=Position.SENIOR)
    supervisor = UserFactory(position=Position.SUPERVISOR)
    client.force_login(senior)
    html = read(client, "/")
    assert "Remarks on your pages" in html
    assert f'<a href="/remarks/{made.pk}/">“The amount is $175.00.”, Customer deposits</a>' in html
    for person in (other, supervisor, agent):
        client.force_login(person)
        assert "Remarks on your pages" not in read(client, "/")
    remarks.settle(made, Remark.State.ANSWERED, "Mended.", senior)
    client.force_login(senior)
    assert "Remarks on your pages" not in read(client, "/")


@pytest.mark.parametrize("owner", [None, {"is_active": False}, {"position": Position.CSR_2}])
def test_where_nobody_keeps_the_page_a_remark_waits_for_every_supervisor(agent, senior, policy, owner):
    remark_on(policy, agent)
    first, second = UserFactory(position=Position.SUPERVISOR), UserFactory(position=Position.SUPERVISOR)
    assert not remarks.open_for(first).exists()
    if owner is None:
        PolicyPage.objects.filter(pk=policy.pk).update(owner=None)
    else:
        User.objects.filter(pk=senior.pk).update(**owner)
    senior.refresh_from_db()
    for person in (first, second):
        assert remarks.open_for(person).count() == 1
    assert not remarks.open_for(UserFactory(position=Position.SENIOR)).exists()


def test_remarks_wait_oldest_first(agent, senior, policy):
    now = timezone.now()
    young = remark_on(policy, agent, "Young", at=now)
    old = remark_on(policy, agent, "Old", at=now - timedelta(days=3))
    assert list(remarks.open_for(senior)) == [old, young]


# The list


def rows(html: str) -> list[str]:
    return re.findall(r'<p class="remark-words">(.*?)</p>', html)


def test_an_agent_sees_their_own_remarks_and_what_came_of_them(client, agent, senior, policy):
    answered = remark_on(policy, agent, "Mine.")
    remark_on(policy, UserFactory(), "Another agent's.")
    remarks.settle(answered, Remark.State.ANSWERED, "The ordinance changed; the section follows.", senior)
    client.force_login(agent)
    html = read(client, "/remarks/")
    assert rows(html) == ["Mine."]
    assert "Answered" in html
    assert "The ordinance changed; the section follows." in html
    assert rows(read(client, "/remarks/?whose=kept")) == []


def test_those_who_write_see_all_remarks_the_open_ones_first(client, agent, senior, policy):
    done = remark_on(policy, agent, "Done.")
    remarks.settle(done, Remark.State.CLOSED, "It is right as it is.", senior)
    remark_on(policy, agent, "Older.", at=timezone.now() - timedelta(days=30))
    client.force_login(UserFactory(position=Position.SENIOR))
    assert rows(read(client, "/remarks/")) == ["Older.", "Done."]


@pytest.mark.parametrize(
    ("parameters", "listed"),
    [
        ("", ["Open.", "Mine.", "Answered.", "Closed."]),
        ("?state=open", ["Open.", "Mine."]),
        ("?state=answered", ["Answered."]),
        ("?state=closed", ["Closed."]),
        ("?whose=kept", ["Open.", "Answered."]),
        ("?whose=kept&state=open", ["Open."]),
        ("?whose=made", ["Mine."]),
        ("?state=nonsense&whose=nonsense&page=99", ["Open.", "Mine.", "Answered.", "Closed."]),
    ],
)
def test_the_list_is_narrowed_by_state_and_by_whose_pages(client, agent, senior, policy, parameters, listed):
    other = make_policy(title="Refunds", code="CS-102", owner=UserFactory(position=Position.SENIOR))
    now = timezone.now()
    for age, (page, by, text, state) in enumerate(
        [
            (policy, agent, "Open.", Remark.State.OPEN),
            (other, senior, "Mine.", Remark.State.OPEN),
            (policy, agent, "Answered.", Remark.State.ANSWERED),
            (other, agent, "Closed.", Remark.State.CLOSED),
        ]
    ):
        remark_on(page, by, text, state=state, reply="A reason.", at=now - timedelta(days=age))
    client.force_login(senior)
    assert rows(read(client, f"/remarks/{parameters}")) == listed


def test_the_list_is_paged_and_a_page_keeps_the_filter(client, agent, senior, policy):
    Remark.objects.bulk_create(Remark(page_id=policy.pk, by=agent, text=f"Remark {n}.") for n in range(31))
    client.force_login(senior)
    html = read(client, "/remarks/?state=open")
    assert len(rows(html)) == 30
    assert 'href="?state=open&amp;page=2"' in html
    assert len(rows(read(client, "/remarks/?state=open&page=2"))) == 1


def test_the_list_and_the_desk_ask_the_same_number_of_queries_however_many_remarks(
    client, senior, policy, django_assert_num_queries
):
    def add(count):
        for number in range(count):
            made = remark_on(policy, UserFactory(), f"Remark {number}.", anchor="amount")
            if number % 2:
                remarks.settle(made, Remark.State.ANSWERED, "Mended.", senior)

    client.force_login(senior)
    add(2)
    # The same remarks in each list, one of them of the reader's own: what it costs is told from how many there are.
    remark_on(policy, senior, "Mine.")
    for url in ("/remarks/", "/remarks/?whose=kept&state=open", "/"):
        read(client, url)
    expected = {}
    for url in ("/remarks/", "/remarks/?whose=kept&state=open"):
        with CaptureQueriesContext(connection) as queries:
            read(client, url)
        expected[url] = len(queries)
    with CaptureQueriesContext(connection) as queries:
        list(remarks.open_for(senior))
    add(18)
    for url, count in expected.items():
        with django_assert_num_queries(count):
            assert len(rows(read(client, url))) > 9
    with django_assert_num_queries(len(queries)):
        assert len({waiting.page.title for waiting in remarks.open_for(senior)}) == 1


# One remark, and what comes of it


def test_a_remark_is_shown_with_its_section_and_the_edition_it_was_made_on(client, agent, policy):
    made = remarks.make(policy, policy.sections.get(anchor="return"), "It comes back after two years.", agent)
    policy.rule = "New customers pay [[$175.00]]."
    publish(policy)
    client.force_login(agent)
    html = read(client, f"/remarks/{made.pk}/")
    assert "It comes back after two years." in html
    assert "Marisol Vega" in html
    assert f'<a href="{policy.url}#return">When it comes back</a>' in html
    assert f'<a href="{policy.url}editions/1/">edition 1</a>' in html
    assert "edition 1.1 is in force now" in html
    assert "Nobody has answered yet." in html


def test_a_remark_outlives_its_section_and_its_pages_taking_down(client, agent, policy):
    made = remarks.make(policy, policy.sections.get(anchor="return"), "Two years.", agent)
    whole = remarks.make(policy, None, "All of it.", agent)
    policy.body = [section("amount", "Amount of the deposit")]
    publish(policy)
    client.force_login(agent)
    assert "When it comes back, which is no longer on the page" in read(client, f"/remarks/{made.pk}/")
    policy.unpublish()
    assert "Customer deposits, which was taken down" in read(client, f"/remarks/{whole.pk}/")


def test_a_remark_of_another_agent_is_not_there(client, policy):
    made = remark_on(policy, UserFactory())
    client.force_login(UserFactory())
    assert client.get(f"/remarks/{made.pk}/").status_code == 404
    assert client.post(f"/remarks/{made.pk}/", {"state": "closed", "text": "Mine."}).status_code == 404
    assert client.get("/remarks/999999999999999999999/").status_code == 404


def test_a_remark_on_a_page_that_is_kept_from_a_senior_is_not_there_for_them(client, agent, policy):
    made = remark_on(policy, agent)
    only = PageViewRestriction.objects.create(page=policy, restriction_type=PageViewRestriction.GROUPS)
    only.groups.add(group_for(Position.SUPERVISOR))
    senior = UserFactory(position=Position.SENIOR)
    client.force_login(senior)
    assert client.get(f"/remarks/{made.pk}/").status_code == 404
    assert rows(read(client, "/remarks/")) == []
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    assert client.get(f"/remarks/{made.pk}/").status_code == 200


def test_an_agent_settles_no_remark_not_even_their_own(client, agent, policy):
    made = remark_on(policy, agent)
    client.force_login(agent)
    assert "<textarea" not in read(client, f"/remarks/{made.pk}/")
    assert client.post(f"/remarks/{made.pk}/", {"state": "closed", "text": "Never mind."}).status_code == 404
    made.refresh_from_db()
    assert made.state == Remark.State.OPEN


@pytest.mark.parametrize(
    ("state", "heading", "announced"),
    [("answered", "The answer", "was answered"), ("closed", "Why it was closed", "was closed with a reason")],
)
def test_a_settled_remark_comes_back_to_who_made_it(client, agent, senior, policy, state, heading, announced):
    made = remark_on(policy, agent)
    client.force_login(senior)
    html = read(client, f"/remarks/{made.pk}/")
    assert ">Answer</button>" in html
    assert ">Close with a reason</button>" in html
    response = client.post(f"/remarks/{made.pk}/", {"state": state, "text": "It is 30 days since January 2026."})
    assert response.url == f"/remarks/{made.pk}/"
    assert "<textarea" not in read(client, response.url)
    made.refresh_from_db()
    assert (made.state, made.reply, made.settled_by) == (state, "It is 30 days since January 2026.", senior)
    assert timezone.now() - made.settled_at < timedelta(minutes=1)
    client.force_login(agent)
    assert f"Your remark on “Customer deposits” {announced}" in read(client, "/")
    html = read(client, f"/remarks/{made.pk}/")
    assert heading in html
    assert "It is 30 days since January 2026." in html
    client.force_login(senior)
    assert "Your remark on" not in read(client, "/")


def test_a_settled_remark_is_announced_for_seven_days(agent, senior, policy):
    made = remark_on(policy, agent)
    remarks.settle(made, Remark.State.ANSWERED, "Mended.", senior)
    for age, is_announced in ((timedelta(days=6, hours=23), True), (timedelta(days=7, hours=1), False)):
        Remark.objects.update(settled_at=timezone.now() - age)
        assert remarks.settled_lately(agent).exists() is is_announced


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_neither_answering_nor_closing_goes_without_a_reply(client, agent, senior, policy, state):
    made = remark_on(policy, agent)
    client.force_login(senior)
    html = client.post(f"/remarks/{made.pk}/", {"state": state, "text": " "}).content.decode()
    assert "Write an answer, or why nothing changes." in html
    with pytest.raises(ValueError, match="with a reply"):
        remarks.settle(made, Remark.State(state), "", senior)
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.update(state=state)
    made.refresh_from_db()
    assert made.state == Remark.State.OPEN


def test_a_reply_with_no_button_pressed_keeps_what_was_typed(client, agent, senior, policy):
    made = remark_on(policy, agent)
    client.force_login(senior)
    html = client.post(f"/remarks/{made.pk}/", {"text": "It is right."}).content.decode()
    assert "Choose whether you answer or close." in html
    assert "It is right." in html
    html = client.post(f"/remarks/{made.pk}/", {"text": "It is right.", "state": "open"}).content.decode()
    assert "It is right." in html
    made.refresh_from_db()
    assert made.state == Remark.State.OPEN


def test_a_callers_particulars_are_left_out_of_a_reply_too(client, agent, senior, policy):
    made = remark_on(policy, agent)
    client.force_login(senior)
    html = client.post(f"/remarks/{made.pk}/", {"state": "answered", "text": "I called 555-123-4567."}).content.decode()
    assert "We left out what looks like a number of a caller" in html
    assert f"I called {MASK}." in html
    made.refresh_from_db()
    assert made.state == Remark.State.OPEN
    client.post(f"/remarks/{made.pk}/", {"state": "answered", "text": f"I called {MASK}."})
    made.refresh_from_db()
    assert made.reply == f"I called {MASK}."


def test_the_second_of_two_who_settle_a_remark_is_told_and_keeps_their_words(client, agent, senior, policy):
    made = remark_on(policy, agent)
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    read(client, f"/remarks/{made.pk}/")
    remarks.settle(made, Remark.State.ANSWERED, "The first answer.", senior)
    html = client.post(f"/remarks/{made.pk}/", {"state": "closed", "text": "The second reason."}).content.decode()
    assert "Dana Whitfield has answered this remark meanwhile, and what you wrote was not saved." in html
    assert "The second reason." in html
    assert "The first answer." in html
    made.refresh_from_db()
    assert (made.state, made.reply, made.settled_by) == (Remark.State.ANSWERED, "The first answer.", senior)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_the_same_moment_one_does():
    page = make_policy()
    people = [UserFactory(position=Position.SENIOR) for _ in range(4)]
    made = remark_on(page, people[0])
    done: list[User] = []

    def settle(person):
        try:
            if remarks.settle(made, Remark.State.CLOSED, f"Closed by {person.username}.", person):
                done.append(person)
        finally:
            connection.close()

    threads = [Thread(target=settle, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.refresh_from_db()
    assert [made.settled_by] == done
    assert made.reply == f"Closed by {done[0].username}."


@pytest.mark.parametrize("url", ["/remarks/", "/remarks/new/?page=1", "/remarks/1/"])
def test_signed_out_people_see_no_remark(client, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")


@pytest.mark.parametrize(("position", "label"), [(Position.CSR_1, "Your remarks"), (Position.SENIOR, "Remarks")])
def test_everyone_finds_the_remarks_in_the_menu(client, position, label):
    client.force_login(UserFactory(position=position))
    assert re.search(rf'<a href="/remarks/">.*?{label}</a>', read(client, "/answers/"), re.DOTALL)
