"""The question bank in the admin: written, reviewed, found, tagged, retired, copied, previewed."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from manuals.models import JobFunction, Section
from portal.people.positions import Position
from quizzes import types
from quizzes.models import Allowance, Question
from tests.factories import UserFactory, make_chapter, make_manual, publish, section
from tests.quizzes.factories import (
    begin,
    item_of_each_type,
    make_category,
    make_quiz,
    rewrite,
    right,
    single_choice,
    take,
    true_false,
)

pytestmark = pytest.mark.django_db

EVERY_TYPE = [kind.slug for kind in types.ALL]
ADD = "wagtailsnippets_quizzes_question:add"
LIST = "wagtailsnippets_quizzes_question:list"
EDIT = "wagtailsnippets_quizzes_question:edit"


def url(name, question=None):
    return reverse(name, args=[question.pk] if question else [])


def streamfield_like(parts):
    found = {"count": str(len(parts))}
    for number, part in enumerate(parts):
        found[str(number)] = {"order": str(number), "deleted": "", "id": str(uuid4()), "type": "item", "value": part}
    return found


def choice(*options):
    """Return the answer part of a single choice: pairs of text and whether it is right."""
    parts = []
    for text, is_right in options:
        part = {"text": text, "feedback": f"About {text}.", "image": "", "weight": ""}
        parts.append(part | ({"right": "on"} if is_right else {}))
    return streamfield([("single_choice", {"options": streamfield_like(parts)})])


def data(**changes):
    """Return what the editor's form sends for a question that is in order."""
    values = {
        "stem": rich_text("<p>What does a returned check cost?</p>"),
        "body": choice(("$25", False), ("$30", True)),
        "general_feedback": "The fee stands in the code.",
        "name": "Fee for a returned check",
        "category": str(make_category().pk),
        "section": "",
        "difficulty": "2",
        "language": "en",
        "tags": "fees",
        **changes,
    }
    return nested_form_data({name: value for name, value in values.items() if value is not None})


# ---- Writing


def test_a_senior_drafts_and_hands_on_for_review_and_a_supervisor_approves(client, senior):
    response = client.post(url(ADD), data())
    question = Question.objects.get()
    assert response.status_code == 302
    assert (question.live, question.type, question.name) == (False, "single_choice", "Fee for a returned check")
    assert list(question.tags.names()) == ["fees"]
    client.post(url(EDIT, question), data(**{"action-submit": "1"}))
    state = WorkflowState.objects.get()
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    question.refresh_from_db()
    assert question.live is False
    state.current_task_state.approve(user=UserFactory(position=Position.SUPERVISOR))
    question.refresh_from_db()
    assert question.live is True


def test_a_senior_cannot_publish_by_a_crafted_post(client, senior):
    client.post(url(ADD), data(**{"action-publish": "1"}))
    assert not Question.objects.filter(live=True).exists()


def test_a_supervisor_publishes(client, supervisor):
    client.post(url(ADD), data(**{"action-publish": "1"}))
    question = Question.objects.get()
    assert question.live
    assert [option["text"] for option in question.item["options"]] == ["$25", "$30"]
    assert question.kind.mark(question.item, right(question)).credit == 1


def test_an_edited_question_keeps_the_ids_of_its_parts(client, supervisor):
    fee = single_choice("Fee", "$25", "$30")
    ids = {option["text"]: option["id"] for option in fee.item["options"]}
    body = fee.body.raw_data[0]
    parts = streamfield_like([
        {"text": option["text"], "feedback": "", "image": "", "weight": ""} | ({"right": "on"} if option["text"] == "$30" else {})
        for option in fee.item["options"]
    ])  # fmt: skip
    for number, option in enumerate(fee.item["options"]):
        parts[str(number)]["id"] = option["id"]
    stream = streamfield([("single_choice", {"options": parts})])
    stream["0"]["id"] = body["id"]
    client.post(url(EDIT, fee), data(body=stream, **{"action-publish": "1"}))
    fee.refresh_from_db()
    assert {option["text"]: option["id"] for option in fee.item["options"]} == ids
    assert fee.item["options"][1]["right"] is True


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stem": rich_text("")}, "Say what is asked."),
        ({"body": streamfield([])}, "Choose a type, then say what is right."),
        ({"body": choice(("$25", False), ("$30", False))}, "Tick at least one option as right."),
        ({"body": choice(("$25", True))}, "The minimum number of items is 2"),
        ({"body": choice(("$25", True), ("$25", False))}, "Nobody could tell them apart."),
        ({"name": ""}, "Give it a name by which others find it in the bank."),
        ({"category": ""}, "Choose the category it belongs to"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client, supervisor, changes, sentence):
    response = client.post(
        url(ADD), data(**({"general_feedback": "Typed with care."} | changes), **{"action-publish": "1"})
    )
    assert response.status_code == 200
    html = response.content.decode()
    assert sentence in html or sentence in json.dumps(str(response.context["form"].errors))
    assert "Typed with care." in html
    field = next(iter(changes))
    assert list(response.context["form"].errors) == [field]
    if field != "body":
        assert "$30" in html
    assert not Question.objects.exists()


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_every_type_opens_in_the_editor_and_can_be_published_as_it_is(client, supervisor, type):
    question = item_of_each_type()[type]
    response = client.get(url(EDIT, question))
    assert response.status_code == 200
    assert "Mark again" not in response.content.decode() or type != "free_response"


def test_an_unfinished_draft_is_kept_listed_and_previewed(client, senior):
    """Only a name and a category: no words, no type."""
    response = client.post(url(ADD), data(stem=rich_text(""), body=streamfield([]), general_feedback=""))
    assert response.status_code == 302, str(response.context["form"].errors)
    question = Question.objects.get()
    assert client.get(url(LIST)).status_code == 200
    assert client.get(url(EDIT, question)).status_code == 200
    preview = reverse("wagtailsnippets_quizzes_question:preview_on_edit", args=[question.pk])
    unfinished = data(stem=rich_text(""), body=streamfield([]), general_feedback="")
    assert client.post(preview, unfinished).json()["is_valid"] is True
    for mode in ("", "result"):
        html = client.get(preview, {"mode": mode}).content.decode()
        assert "Choose a type for the answer part to see the question." in html


# ---- Preview


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_the_preview_shows_a_question_as_asked_and_as_its_result(client, senior, type):
    question = item_of_each_type(general_feedback="Why it is so.")[type]
    revision = question.latest_revision
    address = reverse("wagtailsnippets_quizzes_question:revisions_view", args=[question.pk, revision.pk])
    asked = client.get(address).content.decode()
    assert f"{question.name}?" in asked
    assert "Why it is so." not in asked
    told = client.get(address, {"mode": "result"}).content.decode()
    assert "Why it is so." in told


BLANK = {
    "single_choice": {"options": streamfield_like([{"text": "", "feedback": "", "image": "", "weight": ""}])},
    "multiple_choice": {"options": streamfield_like([{"text": "", "feedback": "", "image": "", "weight": "abc"}])},
    "true_false": {"feedback_true": "", "feedback_false": ""},
    "numeric": {
        "answers": streamfield_like(
            [{"value": "", "tolerance": "", "low": "5", "high": "", "feedback": "", "weight": ""}]
        ),
        "unit": "",
    },
    "short_text": {"answers": streamfield_like([{"text": "", "feedback": "", "weight": ""}])},
    "matching": {"pairs": streamfield_like([{"prompt": "", "match": ""}]), "distractors": streamfield_like([])},
    "ordering": {"items": streamfield_like([])},
    "fill_blanks": {"text": "No blank at all {3}", "blanks": streamfield_like([])},
    "free_response": {"rubric": streamfield_like([]), "guidance": "", "words": ""},
}


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_the_preview_of_a_half_written_question_does_not_break(client, senior, type):
    address = url("wagtailsnippets_quizzes_question:preview_on_add")
    half = data(name="", stem=rich_text(""), body=streamfield([(type, BLANK[type])]))
    client.post(address, half)
    for mode in ("", "result"):
        assert client.get(address, {"mode": mode}).status_code == 200


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_a_half_written_draft_can_be_saved_and_opened_again(client, senior, type):
    half = data(body=streamfield([(type, BLANK[type])]))
    response = client.post(url(ADD), half)
    if response.status_code == 200:
        # A number that is none is refused even in a draft; nothing else is.
        assert type == "multiple_choice"
        return
    question = Question.objects.get()
    assert question.type == type
    for address in (url(LIST), url(EDIT, question)):
        assert client.get(address).status_code == 200
    revision = reverse(
        "wagtailsnippets_quizzes_question:revisions_view", args=[question.pk, question.latest_revision_id]
    )
    for mode in ("", "result"):
        assert client.get(revision, {"mode": mode}).status_code == 200


# ---- Finding


def names(client, **query):
    response = client.get(url(LIST), query)
    assert response.status_code == 200
    return {question.name for question in response.context["object_list"]}


@pytest.fixture
def bank(client, senior):
    function = JobFunction.objects.first() or JobFunction.objects.create(
        name="Payments", slug="payments", position=Position.CSR_1
    )
    fee = single_choice("Fee", "$25", "$30", category="Payments", difficulty=1, job_functions=[function])
    fee.tags.add("winter")
    fee.save()
    true_false("Waived", category="Deposits", difficulty=3, language="es")
    rewrite(true_false("Old", category="Deposits"), retired=True)
    rewrite(true_false("Doubtful", category="Deposits"), needs_check=True)
    true_false("Draft", category="Deposits").unpublish()
    return function


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"type": "single_choice"}, {"Fee"}),
        ({"difficulty": "3"}, {"Waived"}),
        ({"language": "es"}, {"Waived"}),
        ({"tag": "Winter"}, {"Fee"}),
        ({"needs_check": "true"}, {"Doubtful"}),
        ({"retired": "true"}, {"Old"}),
        ({"live": "false"}, {"Draft"}),
        ({"type": "true_false", "retired": "false", "needs_check": "false", "live": "true"}, {"Waived"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_the_list_is_narrowed_down(client, bank, query, found):
    assert names(client, **query) == found


def test_the_list_is_narrowed_down_by_category_and_function(client, bank):
    assert names(client, category=make_category("Payments").pk) == {"Fee"}
    assert names(client, job_functions=bank.pk) == {"Fee"}
    assert names(client) == {"Fee", "Waived", "Old", "Doubtful", "Draft"}


@pytest.mark.parametrize("number", [3, 25])
def test_the_list_takes_the_same_queries_however_long_it_is(client, supervisor, number):
    for place in range(number):
        question = single_choice(f"Question {place}", "$25", "$30", category=f"Category {place}")
        question.save_revision(user=UserFactory())
    client.get(url(LIST))
    with CaptureQueriesContext(connection) as found:
        assert len(client.get(url(LIST)).context["object_list"]) == number
    assert len(found) == LIST_QUERIES


LIST_QUERIES = 23


# ---- Many at once


def bulk(client, action, questions, **posted):
    address = reverse("wagtail_bulk_action", args=["quizzes", "question", action])
    query = "&".join(f"id={question.pk}" for question in questions)
    shown = client.get(f"{address}?{query}")
    assert shown.status_code == 200
    return client.post(f"{address}?{query}&next={url(LIST)}", posted, follow=True)


def test_many_questions_are_tagged_at_once_and_keep_the_tags_they_have(client, senior):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    fee.tags.add("money")
    fee.save()
    response = bulk(client, "tag", [fee, waived], tags='winter, "two words"')
    assert "Tagged 2 questions." in response.content.decode()
    assert set(Question.objects.get(pk=fee.pk).tags.names()) == {"money", "winter", "two words"}
    assert set(Question.objects.get(pk=waived.pk).tags.names()) == {"winter", "two words"}


def test_tagging_without_a_tag_is_refused_with_the_form(client, senior):
    waived = true_false("Waived")
    response = bulk(client, "tag", [waived], tags="")
    assert "This field is required" in response.content.decode()
    assert not waived.tags.exists()


def test_retiring_takes_questions_out_of_new_attempts_and_bringing_back_lets_them_in(client, supervisor):
    fee, waived = single_choice("Fee", "$25", "$30"), true_false("Waived")
    quiz = make_quiz(fee, waived)
    assert "Retired 1 question." in bulk(client, "retire", [fee]).content.decode()
    assert [one.version.name for one in begin(quiz, UserFactory()).responses.all()] == ["Waived"]
    assert "Brought back 1 question." in bulk(client, "bring_back", [fee]).content.decode()
    assert begin(quiz, UserFactory()).responses.count() == 2


@pytest.mark.parametrize("action", ["retire", "tag"])
def test_what_is_done_in_bulk_survives_the_publishing_of_a_draft_begun_before(client, supervisor, action):
    fee = single_choice("Fee", "$25", "$30")
    fee.general_feedback = "A better word"
    fee.save_revision()
    bulk(client, action, [fee], **({"tags": "winter"} if action == "tag" else {}))
    fee = Question.objects.get(pk=fee.pk)
    assert fee.general_feedback == ""
    fee.latest_revision.publish()
    fee = Question.objects.get(pk=fee.pk)
    assert fee.general_feedback == "A better word"
    assert (fee.retired, list(fee.tags.names())) == ((True, []) if action == "retire" else (False, ["winter"]))


@pytest.mark.parametrize("action", ["retire", "tag"])
def test_what_is_done_in_bulk_shows_in_the_editor(client, supervisor, action):
    fee = single_choice("Fee", "$25", "$30")
    bulk(client, action, [fee], **({"tags": "winter"} if action == "tag" else {}))
    form = client.get(url(EDIT, fee)).context["form"]
    assert form.instance.retired is (action == "retire")
    assert list(form.instance.tags.names()) == (["winter"] if action == "tag" else [])


@pytest.mark.parametrize("action", ["retire", "tag"])
def test_an_unfinished_draft_can_be_in_the_selection(client, supervisor, action):
    client.post(url(ADD), data(stem=rich_text(""), body=streamfield([])))
    draft = Question.objects.get()
    bulk(client, action, [draft], **({"tags": "winter"} if action == "tag" else {}))
    now = Question.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert (now.retired, "winter" in now.tags.names()) == ((True, False) if action == "retire" else (False, True))


def test_a_senior_retires_no_published_question_without_review(client, senior):
    """In the editor it takes a Supervisor, too."""
    fee = single_choice("Fee", "$25", "$30")
    html = bulk(client, "retire", [fee]).content.decode()
    fee.refresh_from_db()
    assert fee.retired is False
    assert "Retired 1 question" not in html


def test_a_locked_question_is_left_alone(client, supervisor):
    fee = single_choice("Fee", "$25", "$30")
    Question.objects.filter(pk=fee.pk).update(locked=True, locked_by=UserFactory(position=Position.SUPERVISOR))
    response = client.get(reverse("wagtail_bulk_action", args=["quizzes", "question", "retire"]) + f"?id={fee.pk}")
    assert "someone has locked them" in response.content.decode()
    bulk(client, "retire", [fee])
    fee.refresh_from_db()
    assert fee.retired is False


# ---- Copying and usage


def test_a_copy_is_another_question(client, supervisor):
    fee = single_choice("Fee", "$25", "$30")
    attempt = take(make_quiz(fee), UserFactory(), {fee: right(fee)})
    address = reverse("wagtailsnippets_quizzes_question:copy", args=[fee.pk])
    html = client.get(address).content.decode()
    assert "$25" in html
    assert f'action="{url(ADD)}"' in html
    client.post(url(ADD), data(name="Fee, copied", **{"action-publish": "1"}))
    assert Question.objects.count() == 2
    fee.refresh_from_db()
    copy = Question.objects.exclude(pk=fee.pk).get()
    assert (fee.name, copy.name) == ("Fee", "Fee, copied")
    assert copy.latest_revision.object_id == str(copy.pk)
    assert not copy.versions.exists()
    assert attempt.responses.get().version.question == fee


def test_a_form_sent_to_the_copy_of_a_question_does_not_write_over_it(client, senior):
    fee = single_choice("Fee", "$25", "$30")
    address = reverse("wagtailsnippets_quizzes_question:copy", args=[fee.pk])
    assert client.post(address, data(name="Written over")).status_code == 405
    fee.refresh_from_db()
    assert (fee.name, fee.live) == ("Fee", True)


def test_a_question_and_a_copy_that_says_the_same_can_be_in_one_quiz():
    one, other = true_false("Waived"), true_false("Waived")
    attempt = begin(make_quiz(one, other), UserFactory())
    assert attempt.responses.count() == 2


def test_usage_names_the_quizzes_and_chapters_that_ask_it(client, senior):
    fee = single_choice("Fee", "$25", "$30")
    make_quiz(fee, title="Payments quiz")
    response = client.get(reverse("wagtailsnippets_quizzes_question:usage", args=[fee.pk]))
    assert "Payments quiz" in response.content.decode()


# ---- When the library changes


@pytest.fixture
def chapter():
    return make_chapter(make_manual(), body=[section("count", "Count"), section("sign", "Sign")])


def told(chapter, anchor) -> Section:
    return chapter.sections.get(anchor=anchor)


def change(chapter, anchor, text, kind="major"):
    body = [
        section(anchor, anchor.title(), ("markdown", text)) if one == anchor else section(one, one.title())
        for one in ("count", "sign")
    ]
    chapter.body, chapter.change_kind, chapter.change_summary = body, kind, "Another way to do it."
    return publish(chapter)


def test_a_changed_section_marks_its_questions_and_no_others(chapter):
    about, other = (single_choice(name, "$25", "$30", section=told(chapter, name)) for name in ("count", "sign"))
    loose = true_false("Waived")
    change(chapter, "count", "Count the drawer three times.")
    marked = set(Question.objects.filter(needs_check=True).values_list("name", flat=True))
    assert marked == {"count"}
    assert {about.name, other.name, loose.name} >= marked


@pytest.mark.parametrize("kind", ["minor", ""])
def test_a_minor_change_marks_nothing_and_a_change_of_no_stated_kind_is_minor(chapter, kind):
    single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    change(chapter, "count", "Count the drawer, twice.", kind=kind)
    assert not Question.objects.filter(needs_check=True).exists()


def test_a_change_planned_for_a_day_to_come_marks_its_questions_when_it_is_planned(chapter):
    single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    chapter.go_live_at = timezone.now() + timedelta(days=20)
    change(chapter, "count", "Three times.")
    assert chapter.edition.number == "1"
    assert Question.objects.get().needs_check


def test_publishing_a_chapter_as_it_is_marks_nothing(chapter):
    single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    publish(chapter)
    chapter.title = "Another title"
    publish(chapter)
    assert not Question.objects.filter(needs_check=True).exists()


def test_a_draft_of_a_chapter_marks_nothing(chapter):
    single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    chapter.body = [section("count", "Count", ("markdown", "Three times."))]
    chapter.save_revision()
    assert not Question.objects.filter(needs_check=True).exists()


def test_a_section_taken_away_marks_its_questions(chapter):
    single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    chapter.body, chapter.change_kind, chapter.change_summary = [section("sign", "Sign")], "major", "Counting is gone."
    publish(chapter)
    assert Question.objects.get().needs_check


def test_the_mark_stays_until_somebody_takes_it_away(client, supervisor, chapter):
    single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    change(chapter, "count", "Three times.")
    publish(chapter)
    fee = Question.objects.get()
    assert fee.needs_check
    assert client.get(url(EDIT, fee)).context["form"].initial["needs_check"] is True
    client.post(url(EDIT, fee), data(**{"action-publish": "1"}))
    fee.refresh_from_db()
    assert fee.needs_check is False


def test_a_draft_begun_before_the_change_does_not_take_the_mark_away(chapter):
    fee = single_choice("Fee", "$25", "$30", section=told(chapter, "count"))
    fee.general_feedback = "A better word"
    fee.save_revision()
    change(chapter, "count", "Three times.")
    fee = Question.objects.get()
    assert fee.needs_check
    fee.latest_revision.publish()
    fee = Question.objects.get()
    assert (fee.general_feedback, fee.needs_check) == ("A better word", True)


# ---- Who may


@pytest.fixture
def addresses():
    fee = single_choice("Fee", "$25", "$30")
    quiz = make_quiz(fee)
    allowance = Allowance.objects.create(quiz=quiz, learner=UserFactory(), extra_attempts=1, reason="Fire alarm")
    question = "wagtailsnippets_quizzes_question"
    names = ["edit", "delete", "copy", "usage", "history", "unpublish", "preview_on_edit"]
    return [
        url(LIST),
        url(ADD),
        *(reverse(f"{question}:{name}", args=[fee.pk]) for name in names),
        reverse(f"{question}:revisions_view", args=[fee.pk, fee.latest_revision_id]),
        reverse("wagtailsnippets_quizzes_category:list"),
        reverse("wagtailsnippets_quizzes_category:add"),
        reverse("wagtailsnippets_quizzes_category:edit", args=[fee.category_id]),
        reverse("wagtailsnippets_quizzes_allowance:list"),
        reverse("wagtailsnippets_quizzes_allowance:add"),
        reverse("wagtailsnippets_quizzes_allowance:edit", args=[allowance.pk]),
        reverse("wagtail_bulk_action", args=["quizzes", "question", "tag"]) + f"?id={fee.pk}",
        reverse("wagtail_bulk_action", args=["quizzes", "question", "retire"]) + f"?id={fee.pk}",
        reverse("wagtail_bulk_action", args=["quizzes", "question", "bring_back"]) + f"?id={fee.pk}",
        reverse("quiz_regrade", args=[fee.pk]),
        reverse("quizzes:preview", args=[quiz.pk]),
    ]


@pytest.mark.parametrize("position", [Position.CSR_1, Position.CSR_2])
def test_nothing_of_the_bank_is_open_to_those_who_answer_customers(client, addresses, position):
    client.force_login(UserFactory(position=position))
    for address in addresses:
        for response in (client.get(address), client.post(address, {"tags": "winter"})):
            assert response.status_code in (302, 403), address
            assert "$25" not in response.content.decode()
    fee = Question.objects.get()
    assert (fee.retired, fee.tags.count()) == (False, 0)


def test_nothing_of_the_bank_is_open_to_whoever_is_signed_out(client, addresses):
    for address in addresses:
        assert client.get(address).status_code == 302


@pytest.mark.parametrize(("position", "may"), [(Position.SENIOR, False), (Position.SUPERVISOR, True)])
def test_only_supervisors_delete_questions_and_grant_allowances(client, position, may):
    person = UserFactory(position=position)
    client.force_login(person)
    fee, learner = single_choice("Fee", "$25", "$30"), UserFactory()
    quiz = make_quiz(fee)
    granted = {"quiz": quiz.pk, "learner": learner.pk, "extra_attempts": 1, "extra_minutes": 0, "reason": "Fire alarm"}
    client.post(reverse("wagtailsnippets_quizzes_allowance:add"), granted)
    assert Allowance.objects.filter(learner=learner, granted_by=person).exists() is may
    client.post(reverse("wagtailsnippets_quizzes_question:delete", args=[fee.pk]))
    assert Question.objects.exists() is not may


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"extra_attempts": 0}, "Grant at least one more attempt or one more minute."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_an_allowance_that_allows_nothing_or_says_no_reason_is_refused(client, supervisor, changes, sentence):
    quiz = make_quiz(true_false("Waived"))
    granted = {"quiz": quiz.pk, "learner": UserFactory().pk, "extra_attempts": 1, "extra_minutes": 0, "reason": "Fire"}
    response = client.post(reverse("wagtailsnippets_quizzes_allowance:add"), granted | changes)
    assert sentence in response.content.decode()
    assert not Allowance.objects.exists()


def test_a_second_allowance_for_the_same_quiz_is_refused_with_a_sentence(client, supervisor):
    quiz, learner = make_quiz(true_false("Waived")), UserFactory()
    Allowance.objects.create(quiz=quiz, learner=learner, extra_attempts=1, reason="Fire alarm")
    granted = {"quiz": quiz.pk, "learner": learner.pk, "extra_attempts": 1, "extra_minutes": 0, "reason": "Fire"}
    response = client.post(reverse("wagtailsnippets_quizzes_allowance:add"), granted)
    assert "This person has an allowance for this quiz already: change that one." in response.content.decode()
