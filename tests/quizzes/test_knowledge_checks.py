"""A question inside a chapter: marked at once, recorded nowhere, and telling nothing before it is answered."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from manuals import tree
from manuals.exchange import exporting, importing
from manuals.models import ChapterPage, Section
from portal.people.positions import Position
from quizzes.models import Attempt, Question, QuestionVersion, Response
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, publish, section
from tests.manuals import library_files as files
from tests.quizzes.factories import (
    fill_blanks,
    item_of_each_type,
    make_question,
    make_quiz,
    multiple_choice,
    numeric,
    options,
    rewrite,
    right,
    short_text,
    single_choice,
    true_false,
    wrong,
)

pytestmark = pytest.mark.django_db

WHY = "Because the ordinance says so."


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def fee():
    """A question with something to tell once it is answered."""
    return single_choice("Fee for a returned check", "$25", "$30", "$35", general_feedback=WHY)


def check_in(anchor: str, *questions: Question | str) -> dict:
    """Return a section that asks these questions."""
    checks = (("knowledge_check", str(getattr(question, "pk", question))) for question in questions)
    return section(anchor, "What stays", ("markdown", "Read this."), *checks)


def chapter_asking(*questions: Question | str, **fields) -> ChapterPage:
    return make_chapter(make_manual(), body=[check_in("stays", *questions)], **fields)


def url_of(question: Question) -> str:
    return reverse("quizzes:knowledge_check", args=[question.pk])


def field_of(html: str, question: Question) -> str:
    """Return the name of the only field of a question, as the page has it."""
    form = html[html.index(f'id="check-{question.pk}"') :]
    return re.search(r'name="(check-[^"]+)"', form)[1]


def answer(client, question: Question, given, page: str = "", **headers):
    """Fill in the question's form as the chapter's page offers it, and send it."""
    name = field_of(page or client.get(ChapterPage.objects.get().url).content.decode(), question)
    return client.post(url_of(question), {name: given}, headers=headers)


def flat(html) -> str:
    return " ".join((html if isinstance(html, str) else html.content.decode()).split())


def recorded() -> tuple[int, int, int]:
    return Attempt.objects.count(), Response.objects.count(), QuestionVersion.objects.count()


# ---- Answering


def test_an_answer_is_marked_at_once_and_recorded_nowhere(client, reader, fee):
    chapter_asking(fee)
    response = answer(client, fee, right(fee), HX_Request="true")
    html = flat(response)
    assert "Right" in html
    assert "About $25." in html
    assert WHY in html
    # Only the check itself, to take its place in the page.
    assert "<html" not in html
    assert html.startswith("<section")
    assert recorded() == (0, 0, 0)


def test_without_javascript_the_form_leads_to_a_page_with_the_way_back(reader, fee):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    chapter = chapter_asking(fee)
    page = client.get(chapter.url).content.decode()
    form = page[page.index(f'id="check-{fee.pk}"') :]
    assert f'method="post" action="{url_of(fee)}"' in flat(form)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    response = client.post(url_of(fee), {field_of(page, fee): wrong(fee), "csrfmiddlewaretoken": token})
    html = flat(response)
    assert "<html" in html
    assert "Not right" in html
    assert f'href="{chapter.url}">Back to the chapter</a>' in html
    assert recorded() == (0, 0, 0)


def test_a_wrong_answer_leads_to_the_section_it_is_about(client, reader, fee):
    policy = make_policy()
    fee.section = Section.objects.get(page=policy)
    publish(fee)
    chapter_asking(fee)
    html = flat(answer(client, fee, wrong(fee), HX_Request="true"))
    assert f'href="{policy.url}#amount">Read again: Amount of the deposit</a>' in html


def test_an_answer_left_out_is_asked_for_and_tells_nothing(client, reader, fee):
    chapter_asking(fee)
    html = flat(answer(client, fee, "", HX_Request="true"))
    assert "Choose or write an answer first." in html
    assert "About $25." not in html
    assert WHY not in html
    assert 'type="submit">Check</button>' in html


def test_every_type_of_question_can_be_asked(client, reader):
    questions = item_of_each_type(general_feedback=WHY)
    chapter = chapter_asking(*questions.values())
    page = client.get(chapter.url).content.decode()
    for question in questions.values():
        assert f'id="check-{question.pk}"' in page
    for kind in ("single_choice", "multiple_choice", "true_false", "numeric", "short_text"):
        html = flat(answer(client, questions[kind], right(questions[kind]), page, HX_Request="true"))
        assert "outcome-right" in html, kind
    assert "Waits to be marked" not in page


# ---- What the page tells before


def test_neither_key_nor_feedback_is_in_the_page_before_the_answer(client, reader):
    typed = [
        short_text("The form for a refund", "form seventeen"),
        numeric("Gallons", "748.052"),
        fill_blanks("Deposit", "The deposit is {1}.", "eleventy"),
    ]
    chosen = [
        single_choice("Fee", "$25", "$30"),
        multiple_choice("Bring", ("ID", "Lease"), ("Cake",)),
        true_false("So"),
    ]
    for question in (*typed, *chosen):
        rewrite(question, general_feedback=WHY)
    html = flat(client.get(chapter_asking(*typed, *chosen).url))
    for secret in (WHY, "seventeen", "748.052", "eleventy", "About ", "verdict", "checked", "outcome"):
        assert secret not in html, secret


def test_the_page_is_the_same_whichever_option_is_right(client, reader):
    question = single_choice("Fee", "$25", "$30", "$35")
    chapter = chapter_asking(question)

    def page() -> str:
        return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", client.get(chapter.url).content.decode())

    before = page()
    item = {"options": [{**option, "right": not option["right"]} for option in question.item["options"][:2]]}
    item["options"].append(question.item["options"][2])
    rewrite(question, item)
    assert Question.objects.get().item["options"][1]["right"]
    assert page() == before


# ---- Who is told


def test_a_question_that_stands_in_no_published_chapter_tells_nothing(client, reader, fee):
    make_quiz(fee)
    assert client.post(url_of(fee), {}).status_code == 404
    chapter = make_chapter(make_manual())
    chapter.body = [check_in("stays", fee)]
    chapter.save_revision()
    assert client.post(url_of(fee), {}).status_code == 404
    publish(chapter)
    assert client.post(url_of(fee), {}).status_code == 200
    chapter.unpublish()
    assert client.post(url_of(fee), {}).status_code == 404


def test_once_it_is_taken_out_of_the_chapter_it_tells_nothing(client, reader, fee):
    chapter = chapter_asking(fee)
    chapter.body = [section("stays", "What stays")]
    publish(chapter)
    assert client.post(url_of(fee), {}).status_code == 404


def test_whoever_may_not_see_the_chapter_is_told_nothing(client, reader, fee):
    chapter = chapter_asking(fee)
    only = PageViewRestriction.objects.create(page=chapter, restriction_type=PageViewRestriction.GROUPS)
    only.groups.add(Group.objects.get(name=Position.SUPERVISOR.label))
    assert client.post(url_of(fee), {}).status_code == 404
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    assert client.post(url_of(fee), {}).status_code == 200


def test_nobody_is_told_without_signing_in_or_by_a_link(client, fee):
    chapter_asking(fee)
    assert client.post(url_of(fee), {}).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url_of(fee)).status_code == 405


def test_only_a_page_that_asks_loads_what_asking_needs(client, reader, fee):
    silent = make_chapter(make_manual(title="Silent"))
    for asking in (chapter_asking(fee), make_policy(body=[check_in("stays", fee)])):
        assert "htmx.min.js" in client.get(asking.url).content.decode()
    assert "htmx.min.js" not in client.get(silent.url).content.decode()


def test_a_question_that_is_retired_unpublished_or_missing_is_not_shown(client, reader, fee):
    retired = single_choice("Retired", "a", "b", retired=True)
    draft = single_choice("Draft", "a", "b")
    draft.unpublish()
    chapter = chapter_asking(fee, retired, draft, uuid4())
    html = client.get(chapter.url).content.decode()
    assert html.count("knowledge-check-note") == 1
    assert client.post(url_of(retired), {}).status_code == 404
    assert client.post(url_of(draft), {}).status_code == 404


# ---- The chapter around it


def test_it_adds_nothing_to_what_the_section_says_or_to_the_time_to_read_it(fee):
    with_check = Section.objects.get(page=chapter_asking(fee))
    without = Section.objects.get(page=make_chapter(make_manual(), body=[check_in("stays")]))
    assert (with_check.text, with_check.words) == (without.text, without.words)
    assert with_check.text == "Read this."


def test_it_is_left_out_in_print(client, reader, fee):
    chapter = chapter_asking(fee)
    html = client.get(f"{chapter.get_parent().url}print/").content.decode()
    assert "Read this." in html
    assert "Fee for a returned check" not in html
    assert "<form" not in html[html.index("print-sheet") : html.index("</main>")]


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_more_checks_cost_no_more_queries(client, reader):
    policy = make_policy()
    about = Section.objects.get(page=policy)
    many = [single_choice(f"Fee {n}", "a", "b", section=about) for n in range(8)]
    none = queries(client, chapter_asking().url)
    one = queries(client, chapter_asking(many[0]).url)
    manual = make_manual()
    body = [check_in("one", *many[:3]), check_in("two", *many[3:6]), check_in("three", *many[6:])]
    chapter = make_chapter(manual, body=body)
    assert client.get(chapter.url).content.decode().count("knowledge-check-note") == 8
    assert queries(client, chapter.url) == one == none + 1


def test_an_option_with_a_picture_costs_its_check_a_query(client, reader):
    image = get_image_model().objects.create(title="Meter", file=get_test_image_file(filename="meter.png"))

    def with_picture(name: str) -> Question:
        item = options((f"right {name}",), ("wrong",))
        item["options"][0]["image"] = image.pk
        return make_question("single_choice", item, name)

    made = [with_picture(str(n)) for n in range(3)]
    plain = [single_choice(str(n), "a", "b") for n in range(3)]
    assert queries(client, chapter_asking(*made).url) <= queries(client, chapter_asking(*plain).url) + 2 * len(made)
    image.file.delete(save=False)


# ---- Writing


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR)
    client.force_login(person)
    return person


def chapter_form(chapter: ChapterPage, *keys: str, **changes) -> dict:
    """Return what the editor sends of a chapter that asks the questions with these keys."""
    content = streamfield([("knowledge_check", key) for key in keys])
    return nested_form_data(
        {
            "title": chapter.title,
            "slug": chapter.slug,
            "summary": chapter.summary,
            "body": streamfield([("section", {"heading": "What stays", "content": content})]),
            "comments": inline_formset([]),
            **changes,
        }
    )


def keys_in(chapter: ChapterPage) -> list[str]:
    """Return the keys of the checks of a chapter as the database has them."""
    content = ChapterPage.objects.get(pk=chapter.pk).body.raw_data[0]["value"]["content"]
    return [block["value"] for block in content if block["type"] == "knowledge_check"]


def test_the_editor_names_the_question_and_says_why_readers_do_not_see_it(client, supervisor, fee):
    missing = str(uuid4())
    retired = single_choice("An old one", "a", "b", retired=True)
    chapter = chapter_asking(fee, missing, retired)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[chapter.pk])).content.decode()
    assert "Fee for a returned check" in html
    assert f"Question {missing} (not in this portal yet, so not shown)" in html
    assert "An old one (retired, so not shown)" in html


def test_a_chapter_is_edited_without_losing_a_question_that_is_not_here_yet(client, supervisor, fee):
    missing = str(uuid4())
    chapter = chapter_asking(fee, missing)
    data = chapter_form(chapter, str(fee.pk), missing, **{"action-publish": "1"})
    response = client.post(reverse("wagtailadmin_pages:edit", args=[chapter.pk]), data)
    assert response.status_code == 302
    assert keys_in(chapter) == [str(fee.pk), missing]


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_check_without_a_question_is_not_published(client, supervisor, key):
    chapter = make_chapter(make_manual())
    data = chapter_form(chapter, key, **{"action-publish": "1"})
    response = client.post(reverse("wagtailadmin_pages:edit", args=[chapter.pk]), data)
    assert response.status_code == 200
    assert "body" in response.context["form"].errors
    assert keys_in(chapter) == []


def test_the_editors_preview_shows_it(client, supervisor, fee):
    chapter = make_chapter(make_manual())
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[chapter.pk])
    assert client.post(url, chapter_form(chapter, str(fee.pk))).json() == {"is_valid": True, "is_available": True}
    html = client.get(url).content.decode()
    assert "Fee for a returned check" in html
    assert "css/quiz" in html


def test_a_manual_that_is_not_saved_yet_can_be_previewed(client, supervisor):
    url = reverse("wagtailadmin_pages:preview_on_add", args=["manuals", "manualpage", tree.manual_index().pk])
    data = nested_form_data({"title": "New", "slug": "new", "introduction": "How.", "comments": inline_formset([])})
    assert client.post(url, data).json()["is_valid"]
    assert "How." in client.get(url).content.decode()


# ---- Files


CHAPTER = """---
title: Open the drawer
summary: You can open a drawer.
---

## Count the drawer {{#count}}

Count it twice.

::: knowledge-check {key}
{inside}:::

Once more.
"""
CHAPTER_PATH = "manuals/01-taking-payments/01-open-the-drawer.md"


def library(root, key, inside: str = ""):
    return files.write(root, **{CHAPTER_PATH: CHAPTER.format(key=key, inside=inside)})


def test_a_chapter_keeps_its_question_through_files_and_finds_it_once_it_is_there(client, reader, tmp_path):
    key = uuid4()
    importing.import_folder(library(tmp_path / "in", key))
    chapter = ChapterPage.objects.get()
    assert "knowledge-check-note" not in client.get(chapter.url).content.decode()
    exporting.export_folder(tmp_path / "first")
    first = files.read(tmp_path / "first")
    assert f"::: knowledge-check {key}\n:::\n".encode() in first[CHAPTER_PATH]
    # Somebody works on the chapter meanwhile.
    chapter.summary = "You can open any drawer."
    publish(chapter)
    assert keys_in(chapter) == [str(key)]

    question = single_choice("Fee", "$25", "$30", id=key)
    page = client.get(chapter.url).content.decode()
    assert "knowledge-check-note" in page
    assert "outcome-right" in flat(answer(client, question, right(question), page, HX_Request="true"))

    exporting.export_folder(tmp_path / "second")
    summary = importing.import_folder(tmp_path / "second")
    assert (summary.created, summary.changed) == ([], [])
    importing.import_folder(tmp_path / "first")
    exporting.export_folder(tmp_path / "third")
    assert files.read(tmp_path / "third") == first


def test_a_chapter_keeps_its_question_when_the_question_is_deleted(client, reader, fee, tmp_path):
    chapter = chapter_asking(fee)
    key = str(fee.pk)
    fee.delete()
    chapter = ChapterPage.objects.get(pk=chapter.pk)
    assert client.get(chapter.url).status_code == 200
    publish(chapter)
    assert keys_in(chapter) == [key]
    exporting.export_folder(tmp_path / "out")
    written = files.read(tmp_path / "out")["manuals/01-taking-payments/01-opening-the-drawer.md"]
    assert f"::: knowledge-check {key}\n:::\n".encode() in written


@pytest.mark.parametrize(
    ("key", "inside", "message"),
    [("fee", "", "and the question's key"), ("", "", "and the question's key"), (uuid4(), "More.\n", "Nothing stands")],
)
def test_a_check_that_names_no_question_or_holds_text_is_refused_on_its_line(key, inside, message, tmp_path):
    with pytest.raises(importing.ImportRefused) as refused:
        importing.import_folder(library(tmp_path / "in", key, inside))
    [error] = refused.value.errors
    assert error.line == 10
    assert message in str(error)


# ---- The manual's own page


def test_a_manual_offers_its_published_quizzes_and_more_cost_no_more_queries(client, reader, fee):
    manual = make_manual()
    make_chapter(manual)
    without = queries(client, manual.url)
    make_quiz(fee, title="Payments quiz", manual=manual)
    make_quiz(fee, title="Another manual's")
    make_quiz(fee, title="A draft", manual=manual).unpublish()
    html = client.get(manual.url).content.decode()
    assert html.index('id="contents"') < html.index("Payments quiz")
    assert "Another manual's" not in html
    assert "A draft" not in html
    one = queries(client, manual.url)
    for number in range(4):
        make_quiz(fee, title=f"Quiz {number}", manual=manual)
    assert queries(client, manual.url) == one <= without + 3
