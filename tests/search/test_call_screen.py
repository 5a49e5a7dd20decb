"""The screen of a call on the server's side: what it shows, what it keeps, and for whom."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from manuals.models import Section
from search import log
from search.models import GoldenQuestion, SearchChoice, SearchQuery, SynonymGroup
from tests.factories import UserFactory, make_answer, make_policy

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def agent(client, backend):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def answer(in_index):
    with in_index():
        policy = make_policy()
        return make_answer(sections=(Section.objects.get(page=policy),))


def html(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_question_in_the_address_is_answered_and_an_open_answer_shown_beside_it(client, agent, answer):
    found = html(client.get("/answers/", {"q": "deposit", "open": answer.pk}))
    assert "Do I have to pay a deposit?" in found
    assert "data-panel" in found
    assert 'value="deposit"' in found


@pytest.mark.parametrize("opened", ["0", "999999", "x", "-1", "9" * 30])
def test_an_answer_that_is_not_there_is_not_opened(client, agent, answer, opened):
    assert "data-panel" not in html(client.get("/answers/", {"q": "deposit", "open": opened}))


def test_suggestions_are_a_part_of_a_page_and_without_htmx_the_page(client, agent, answer):
    part = html(client.get("/answers/suggest/", {"q": "depo"}, **HTMX))
    assert "Do I have to pay a deposit?" in part
    assert "<html" not in part
    whole = client.get("/answers/suggest/", {"q": "depo sit"})
    assert (whole.status_code, whole.url) == (302, "/answers/?q=depo+sit")


def test_opening_a_result_is_kept_and_leads_to_its_page_its_section_and_its_script(client, agent, answer):
    address = reverse("search:open", args=[answer.pk])
    assert client.get(address, {"place": "2", "script": "es", "q": "deposit"}).url == f"{answer.get_url()}?script=es"
    choice = SearchChoice.objects.get()
    assert (choice.page_id, choice.place, choice.person, choice.query.text) == (answer.pk, 2, agent, "deposit")
    section = Section.objects.get()
    policy = reverse("search:open", args=[section.page_id])
    assert client.get(policy, {"section": section.anchor}).url.endswith("/policies/customer-deposits/#amount")
    assert "data-panel" in html(client.get(address, **HTMX))


@pytest.mark.parametrize(
    "parameters", [{"place": "x"}, {"place": "99999999999999999999"}, {"section": "https://x"}, {}]
)
def test_a_crafted_address_neither_breaks_nor_leads_away(client, agent, answer, parameters):
    response = client.get(reverse("search:open", args=[answer.pk]), parameters)
    assert response.status_code == 302
    assert response.url.startswith("/answers/")


def test_a_page_this_person_may_not_see_is_not_opened(client, agent, answer):
    restriction = PageViewRestriction.objects.create(page=answer, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.get(name="Supervisor"))
    assert client.get(reverse("search:open", args=[answer.pk])).status_code == 404
    assert "data-panel" not in html(client.get("/answers/", {"open": answer.pk}))
    assert not SearchChoice.objects.exists()


def test_a_draft_is_not_opened(client, agent, answer):
    answer.unpublish()
    assert client.get(reverse("search:open", args=[answer.pk])).status_code == 404


def test_what_is_being_typed_is_not_kept_for_half_a_number_cannot_be_masked(client, agent, answer):
    for typed in ("acct 1234", "acct 12345", "acct 12345678"):
        client.get("/answers/suggest/", {"q": typed}, **HTMX)
    assert not SearchQuery.objects.exists()


def test_a_question_asked_to_its_end_is_one_row_however_it_ends(client, agent, answer):
    address = reverse("search:open", args=[answer.pk])
    client.get(address, {"q": "deposit for acct 12345678", "place": "1", "found": "3"}, **HTMX)
    client.get("/answers/asked/", {"q": "deposit for acct 12345678", "found": "3"})
    client.get("/answers/", {"q": "deposit for acct 12345678"})
    query = SearchQuery.objects.get()
    assert (query.text, query.found) == ("deposit for acct •••", 3)
    assert SearchChoice.objects.get().query == query
    client.get("/answers/asked/", {"q": "no water", "found": "x"})
    assert SearchQuery.objects.get(text="no water").found == 0


def test_nobodys_question_goes_on_in_another_session(client, agent, answer):
    client.get("/answers/", {"q": "deposit"})
    other = UserFactory()
    client.force_login(other)
    client.get("/answers/", {"q": "deposit amount"})
    assert [query.person for query in SearchQuery.objects.order_by("pk")] == [agent, other]


def test_what_found_nothing_is_kept_too_and_too_little_is_not(client, agent, answer):
    client.get("/answers/", {"q": "xyzzyplugh"})
    client.get("/answers/", {"q": "a"})
    query = SearchQuery.objects.get()
    assert (query.text, query.found) == ("xyzzyplugh", 0)


def test_with_nothing_typed_the_last_opened_and_the_most_opened_are_offered(client, agent, answer):
    other = make_answer(title="When is my bill due?")
    colleague = UserFactory()
    for page, person in ((answer, agent), (other, agent), (answer, colleague), (answer, colleague)):
        SearchChoice.objects.create(page=page, person=person, place=1)
    assert log.recent(agent, 5) == [other, answer]
    assert log.most_used(5) == [answer, other]
    page = html(client.get("/answers/"))
    assert page.index("You opened lately") < page.index("Asked most this month") < page.index("All answers")


def test_queries_do_not_grow_with_results_and_choices(client, agent, in_index):
    def fill(count: int, start: int) -> None:
        with in_index():
            for n in range(start, start + count):
                policy = make_policy(title=f"Deposits {n}", code=f"DD-{n:03}")
                page = make_answer(title=f"Deposit {n}?", sections=(Section.objects.get(page=policy),))
                SearchChoice.objects.create(page=page, person=agent, place=1)

    def counts() -> list[int]:
        found = []
        addresses = (("/answers/", {}), ("/answers/", {"q": "deposit"}), ("/answers/suggest/", {"q": "depo"}))
        for url, parameters in addresses:
            client.get(url, parameters, **HTMX)
            with CaptureQueriesContext(connection) as captured:
                client.get(url, parameters, **HTMX)
            found.append(len(captured))
        return found

    fill(1, 100)
    before = counts()
    fill(8, 200)
    assert counts() == before
    assert max(before) <= 16


@pytest.mark.parametrize(("position", "status"), [("csr_1", 302), ("csr_2", 302), ("senior", 200), ("supervisor", 200)])
def test_who_keeps_the_words_sees_the_report(client, backend, position, status):
    client.force_login(UserFactory(position=position))
    assert client.get(reverse("search_report")).status_code == status
    for model in (SynonymGroup, GoldenQuestion):
        assert client.get(reverse(model.snippet_viewset.get_url_name("list"))).status_code == status


def test_the_report_names_what_fails_and_what_found_nothing(client, backend, answer, in_index):
    with in_index():
        due = make_answer(title="When is my bill due?", short_answer="In 21 days.")
    GoldenQuestion.objects.create(question="do I pay a deposit", answer=answer)
    GoldenQuestion.objects.create(question="deposit", answer=due)
    SearchQuery.objects.create(text="unicorns", found=0)
    client.force_login(UserFactory(position="senior"))
    shown = html(client.get(reverse("search_report")))
    assert "unicorns" in shown
    measured = html(client.post(reverse("search_report")))
    assert "Of 2 questions" in measured
    assert "When is my bill due?" in measured
    assert "do I pay a deposit" not in measured


def test_a_report_without_questions_says_so(client, backend):
    client.force_login(UserFactory(position="senior"))
    assert "There are no golden questions yet" in html(client.post(reverse("search_report")))


def test_a_senior_adds_synonyms_and_a_group_of_one_gets_a_sentence(client, backend):
    client.force_login(UserFactory(position="senior"))
    url = reverse(SynonymGroup.snippet_viewset.get_url_name("add"))
    assert "Give at least two words" in html(client.post(url, {"terms": "trash"}))
    assert client.post(url, {"terms": "trash\ngarbage\nbasura"}).status_code == 302
    assert str(SynonymGroup.objects.get()) == "trash ~ garbage ~ basura"
