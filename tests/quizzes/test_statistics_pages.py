"""The statistics in Wagtail's admin: who may see them, what they say, what they cost, and what can be downloaded."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from portal.people.models import User
from portal.people.positions import Position
from quizzes.models import Attempt
from tests.factories import UserFactory
from tests.quizzes.factories import (
    begin,
    free_response,
    make_quiz,
    options,
    rewrite,
    right,
    short_text,
    single_choice,
    take,
    take_in_bulk,
    wrong,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)  # nine in the morning in Chicago
MAY_SEE = {Position.SENIOR, Position.SUPERVISOR}


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR, username="supervisor")
    client.force_login(person)
    return person


@pytest.fixture
def questions():
    return [single_choice(name, "yes", "no") for name in ("First", "Second", "Third")]


@pytest.fixture
def quiz(questions):
    return make_quiz(*questions, title="Deposits", pass_mark=60)


def addresses(quiz, question):
    formats = [(name, {"pk": quiz.pk, "format": kind}) for kind in ("csv", "xlsx") for name in (
        "quiz_statistics_questions_export", "quiz_statistics_answers_export", "quiz_statistics_attempts_export",
    )]  # fmt: skip
    pages = [
        ("quiz_statistics_index", {}),
        ("quiz_statistics", {"pk": quiz.pk}),
        ("quiz_question_statistics", {"pk": quiz.pk, "uid": question.pk}),
    ]
    return [reverse(name, kwargs=values) for name, values in pages + formats]


def text_of(response):
    soup = BeautifulSoup(response.content, "html.parser").find(id="main")
    return " ".join(soup.get_text(" ").split())


def tables(response):
    """Return the rows of each table as lists of texts, by the table's caption."""
    soup = BeautifulSoup(response.content, "html.parser")
    return {
        table.caption.get_text(): [
            [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])]
            for row in table.tbody.find_all("tr")
        ]
        for table in soup.find_all("table")
    }


def csv_rows(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def excel_rows(response):
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


# ---- Who may see them


@pytest.mark.parametrize("position", Position.values)
def test_seniors_and_supervisors_see_statistics_and_nobody_else_does(client, quiz, questions, position):
    take(quiz, UserFactory(), {questions[0]: right(questions[0])})
    client.force_login(UserFactory(position=position))
    for address in addresses(quiz, questions[0]):
        response = client.get(address)
        assert (response.status_code == 200) == (position in MAY_SEE), address
        if position not in MAY_SEE:
            assert response.status_code in (302, 403)


def test_statistics_need_sign_in(client, quiz, questions):
    take(quiz, UserFactory(), {questions[0]: right(questions[0])})
    for address in addresses(quiz, questions[0]):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("people:sign_in"))


def test_admin_access_alone_does_not_show_results(client, quiz, questions):
    from django.contrib.auth.models import Permission

    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    take(quiz, UserFactory(), {questions[0]: right(questions[0])})
    client.force_login(person)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    for address in addresses(quiz, questions[0]):
        assert client.get(address).status_code in (302, 403), address


@pytest.mark.parametrize(("position", "is_there"), [(Position.SENIOR, True), (Position.SUPERVISOR, True)])
def test_reports_menu_leads_to_them(client, position, is_there):
    client.force_login(UserFactory(position=position))
    assert (reverse("quiz_statistics_index") in client.get(reverse("wagtailadmin_home")).content.decode()) == is_there


def test_what_there_is_not_is_not_found(client, supervisor, quiz, questions):
    assert client.get(reverse("quiz_statistics", args=[quiz.pk + 1])).status_code == 404
    # Nobody has been asked it yet.
    assert client.get(reverse("quiz_question_statistics", args=[quiz.pk, questions[0].pk])).status_code == 404
    assert client.get(reverse("quiz_question_statistics", args=[quiz.pk, uuid4()])).status_code == 404
    assert client.get(reverse("quiz_statistics_attempts_export", args=[quiz.pk, "pdf"])).status_code == 404


# ---- What they say


def test_list_of_quizzes(client, supervisor, quiz, questions):
    make_quiz(*questions, title="Never taken")
    take(quiz, UserFactory(), {one: right(one) for one in questions})
    take(quiz, UserFactory(), {questions[0]: right(questions[0])})
    rows = tables(client.get(reverse("quiz_statistics_index")))["Quizzes and their results"]
    # 100 and 33.33, one of them passed.
    assert rows == [["Deposits", "2", "67%", "50%"], ["Never taken", "0", "–", "–"]]


def test_figures_of_a_quiz(client, supervisor, quiz, questions):
    first, second, third = questions
    for good in ([first, second, third], [first, second], [second], []):
        take(quiz, UserFactory(), {one: right(one) if one in good else wrong(one) for one in questions})
    begin(quiz, UserFactory())
    response = client.get(reverse("quiz_statistics", args=[quiz.pk]))
    text = text_of(response)
    # 100, 66.67, 33.33, 0: mean and median 50; √((50² + 16.67² + 16.67² + 50²) / 3) = 43.0; two reach 60.
    assert "Attempts 4" in text
    assert "Mean score 50.0%" in text
    assert "Median score 50.0%" in text
    assert "Standard deviation 43.0 points" in text
    assert "Pass rate 50%" in text
    assert "Every attempt that has been marked is counted here" in text
    assert "Not counted: 1 not handed in." in text
    found = tables(response)
    # Worked out in test_statistics.
    assert [row[:5] for row in found["Questions and their figures"]] == [
        ["Third", "Single choice", "4", "0.25", "0.52"],
        ["First", "Single choice", "4", "0.50", "0.71"],
        ["Second", "Single choice", "4", "0.75", "0.52"],
    ]
    scores = dict(found["How many attempts scored how much"])
    assert scores["0 to under 10"] == scores["30 to under 40"] == scores["60 to under 70"] == scores["90 to 100"] == "1"
    assert sum(int(times) for times in scores.values()) == 4


def test_picture_has_a_name_and_the_same_numbers_in_a_table(client, supervisor, quiz, questions):
    take(quiz, UserFactory())
    soup = BeautifulSoup(client.get(reverse("quiz_statistics", args=[quiz.pk])).content, "html.parser")
    picture = soup.select_one("svg.histogram")
    assert picture["role"] == "img"
    assert picture["aria-labelledby"] == picture.title["id"]
    assert "How many attempts" in picture.title.get_text()
    assert picture.find_next("table").caption.get_text() == "How many attempts scored how much"


def test_only_the_attempt_that_counts_can_be_counted(client, supervisor, quiz, questions):
    learner = UserFactory()
    take(quiz, learner)
    take(quiz, learner, {one: right(one) for one in questions})
    address = reverse("quiz_statistics", args=[quiz.pk])
    assert "Attempts 2 Mean score 50.0%" in text_of(client.get(address))
    counting = client.get(address, {"only": "counting"})
    assert "Attempts 1 Mean score 100.0%" in text_of(counting)
    assert "the marked attempt that counts for them is counted here (the best)" in text_of(counting)
    # It stays chosen on the way to a question, and in what is downloaded.
    soup = BeautifulSoup(counting.content, "html.parser")
    links = [link["href"] for link in soup.select("#main a") if f"/reports/quizzes/{quiz.pk}/" in link["href"]]
    assert len([link for link in links if link.endswith("?only=counting")]) == len(links) - 1
    question = client.get(reverse("quiz_question_statistics", args=[quiz.pk, questions[0].pk]), {"only": "counting"})
    assert "Asked 1" in text_of(question)
    file = client.get(reverse("quiz_statistics_attempts_export", args=[quiz.pk, "csv"]), {"only": "counting"})
    assert [row[2] for row in csv_rows(file)] == ["Attempt", "2"]


def test_quiz_nobody_took(client, supervisor, quiz):
    text = text_of(client.get(reverse("quiz_statistics", args=[quiz.pk])))
    assert "No attempt at this quiz has been marked yet." in text


def test_question_page_counts_its_options(client, supervisor, questions):
    fee = single_choice("Fee", "$25", "$30", "$35", stem="<p>What is the <b>fee</b>?</p>")
    quiz = make_quiz(fee, questions[0])
    for given in (right(fee), right(fee), wrong(fee)):
        take(quiz, UserFactory(), {fee: given})
    take(quiz, UserFactory())
    response = client.get(reverse("quiz_question_statistics", args=[quiz.pk, fee.pk]))
    assert tables(response)["Answers, and how often each was given"] == [
        ["$25", "2", "50 of 100 50%"],
        ["$30", "1", "25 of 100 25%"],
        ["$35", "0", "0 of 100 0%"],
        ["No answer", "1", "25 of 100 25%"],
    ]
    text = text_of(response)
    assert "What is the fee ?" in text
    assert "Right: $25" in text
    assert "Asked 4 times so far, which is too few to tell." in text
    assert "versions" not in text


def test_question_rewritten_or_deleted_says_so(client, supervisor, quiz, questions):
    first = questions[0]
    take(quiz, UserFactory(), {first: right(first)})
    rewrite(first, options(("certainly",), ("no",)))
    take(quiz, UserFactory(), {first: right(first)})
    address = reverse("quiz_question_statistics", args=[quiz.pk, first.pk])
    text = text_of(client.get(address))
    assert "its 2 versions are counted together" in text
    assert "Open it in the bank" in text
    assert "(2 versions together)" in text_of(client.get(reverse("quiz_statistics", args=[quiz.pk])))
    first.delete()
    text = text_of(client.get(address))
    assert "deleted from the bank" in text
    assert "Open it in the bank" not in text


def test_what_stands_out_is_said_in_a_sentence(client, supervisor):
    odd, easy, hard, plain, other = (single_choice(n, "yes", "no") for n in ("Odd", "Easy", "Hard", "Plain", "Other"))
    quiz = make_quiz(odd, easy, hard, plain, other)
    for place in range(30):
        good = place < 15
        answers = {
            odd: wrong(odd) if good else right(odd),
            easy: right(easy),
            hard: right(hard) if place < 5 else wrong(hard),
            plain: right(plain) if good else wrong(plain),
            other: right(other) if good or place % 3 == 0 else wrong(other),
        }
        take(quiz, UserFactory(), answers)
    response = client.get(reverse("quiz_statistics", args=[quiz.pk]))
    said = {row[0]: row[-1] for row in tables(response)["Questions and their figures"]}
    assert said == {
        "Odd": "Good learners fail it",
        "Easy": "Too many pass it",
        "Hard": "Too many fail it",
        "Plain": "–",
        "Other": "–",
    }
    text = text_of(response)
    assert "People who do well on the rest of the quiz fail this question more often" in text
    assert "Nearly everyone gets this right: on average it earns 100 percent" in text
    assert "Too many fail this question: on average it earns 17 percent" in text
    page = text_of(client.get(reverse("quiz_question_statistics", args=[quiz.pk, odd.pk])))
    assert "check the key against the section" in page
    assert "Nothing stands out." in text_of(client.get(reverse("quiz_question_statistics", args=[quiz.pk, plain.pk])))


def test_what_was_typed_does_not_become_markup(client, supervisor):
    typed = short_text("Form <b>", "form 12", stem="<p>Which form?</p>")
    quiz = make_quiz(typed, title="Forms <i>")
    take(quiz, UserFactory(), {typed: "<script>alert(1)</script>"})
    for address in (
        reverse("quiz_statistics", args=[quiz.pk]),
        reverse("quiz_question_statistics", args=[quiz.pk, typed.pk]),
    ):
        html = client.get(address).content.decode()
        assert "<script>alert(1)" not in html
        assert "Form <b>" not in html
        assert "Forms <i>" not in html


def test_attempt_whose_time_is_up_is_handed_in_before_it_is_counted(client, supervisor, questions):
    quiz = make_quiz(*questions, time_limit_minutes=10)
    begin(quiz, UserFactory(), NOW)
    assert tables(client.get(reverse("quiz_statistics_index")))["Quizzes and their results"] == [
        ["Payments quiz", "1", "0%", "0%"]
    ]
    begin(quiz, UserFactory(), NOW)
    assert "Attempts 2" in text_of(client.get(reverse("quiz_statistics", args=[quiz.pk])))


# ---- What they cost


@pytest.mark.parametrize("only", ["", "?only=counting"])
def test_number_of_queries_does_not_grow_with_the_attempts(client, supervisor, quiz, questions, only):
    def costs():
        """Return how many queries each address takes, and how many of them are about quizzes."""
        found = []
        for address in addresses(quiz, questions[0]):
            with CaptureQueriesContext(connection) as captured:
                response = client.get(address + only)
                assert response.getvalue()
            found.append((len(captured), sum("quizzes_" in query["sql"] for query in captured)))
        return found

    take_in_bulk(quiz, 10)
    costs()  # what Wagtail asks once and keeps
    few = costs()
    take_in_bulk(quiz, 190, each=3, seed=2)
    assert Attempt.objects.count() == 200
    assert costs() == few
    ours = [about_quizzes for _, about_quizzes in few]
    # Overdue, scores, quizzes; quiz, overdue, scores, not marked, items, versions; quiz, overdue, items, versions,
    # question, answers.
    assert ours[:3] == [3, 6, 6]
    # Quiz, overdue, items, versions; the same and answers; quiz, overdue, attempts.
    assert ours[3:] == [4, 5, 3] * 2


# ---- What can be downloaded


@pytest.fixture
def taken(quiz, questions):
    """One who passes in 12 minutes and a half, one who fails, and one still at it."""
    first = questions[0]
    good = UserFactory(first_name="Ana", last_name="Núñez", username="ana")
    bad = UserFactory(first_name="", last_name="", username="=cmd|' /C calc'!A0")
    take(quiz, bad, {first: right(first)}, now=NOW - timedelta(days=1), minutes=4)
    take(quiz, good, {one: right(one) for one in questions}, now=NOW, minutes=12)
    begin(quiz, good, NOW + timedelta(hours=1))
    return quiz


def test_attempts_as_csv(client, supervisor, taken):
    response = client.get(reverse("quiz_statistics_attempts_export", args=[taken.pk, "csv"]))
    assert response["Content-Disposition"] == 'attachment; filename="deposits-attempts.csv"'
    assert csv_rows(response) == [
        ["Learner", "Account", "Attempt", "Started", "Handed in", "Minutes", "Score", "Passed", "State"],
        ["Ana Núñez", "ana", "2", "2026-03-02 10:00:00", "", "", "", "", "not handed in"],
        ["Ana Núñez", "ana", "1", "2026-03-02 09:00:00", "2026-03-02 09:12:00", "12.0", "100.0", "yes", "marked"],
        # What a spreadsheet would run as a formula is made a text.
        [
            "'=cmd|' /C calc'!A0",
            "'=cmd|' /C calc'!A0",
            "1",
            "2026-03-01 09:00:00",
            "2026-03-01 09:04:00",
            "4.0",
            "33.33",
            "no",
            "marked",
        ],
    ]


def test_attempts_as_excel(client, supervisor, taken):
    response = client.get(reverse("quiz_statistics_attempts_export", args=[taken.pk, "xlsx"]))
    rows = excel_rows(response)
    assert rows[0][:2] == ["Learner", "Account"]
    assert rows[2] == [
        "Ana Núñez", "ana", 1, datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 9, 12), 12, 100, "yes", "marked",
    ]  # fmt: skip
    assert rows[3][6:8] == [33.33, "no"]
    assert len(rows) == 4


def test_answer_that_waits_to_be_marked_is_said_to_wait(client, supervisor):
    essay = free_response("Essay")
    quiz = make_quiz(essay)
    take(quiz, UserFactory(), {essay: "Dear caller"})
    rows = csv_rows(client.get(reverse("quiz_statistics_attempts_export", args=[quiz.pk, "csv"])))
    assert rows[1][6:] == ["", "", "waits to be marked"]


@pytest.mark.parametrize(("kind", "read"), [("csv", csv_rows), ("xlsx", excel_rows)])
def test_questions_as_a_file(client, supervisor, taken, kind, read):
    rows = read(client.get(reverse("quiz_statistics_questions_export", args=[taken.pk, kind])))
    assert rows[0] == [
        "Question", "Type", "Versions", "Asked", "Facility index", "Discrimination index", "Median seconds", "To look at",
    ]  # fmt: skip
    by_name = {row[0]: row for row in rows[1:]}
    assert set(by_name) == {"First", "Second", "Third"}
    first, second = by_name["First"], by_name["Second"]
    assert [str(value) for value in first[1:4]] == ["Single choice", "1", "2"]
    assert float(first[4]) == 1
    # Everybody got the first one right, so that there is nothing to compare.
    assert first[5] in ("", None)
    assert [float(value) for value in second[4:6]] == [0.5, 1]
    assert "too few to tell" in first[7]


@pytest.mark.parametrize(("kind", "read"), [("csv", csv_rows), ("xlsx", excel_rows)])
def test_answers_as_a_file(client, supervisor, taken, kind, read):
    rows = read(client.get(reverse("quiz_statistics_answers_export", args=[taken.pk, kind])))
    assert [str(value) for value in rows[0]] == ["Question", "Answer", "Given", "Of"]
    assert [[str(value) for value in row] for row in rows[1:] if row[0] == "Second"] == [
        ["Second", "yes", "1", "2"],
        ["Second", "no", "0", "2"],
        ["Second", "(no answer)", "1", "2"],
    ]


def test_export_of_a_quiz_nobody_took_has_its_headings(client, supervisor, quiz):
    for name in ("questions", "answers", "attempts"):
        response = client.get(reverse(f"quiz_statistics_{name}_export", args=[quiz.pk, "csv"]))
        assert len(csv_rows(response)) == 1
    assert User.objects.filter(attempts__isnull=False).count() == 0
