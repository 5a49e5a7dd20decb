"""Questions of quizzes come back, five a day, when they are likely to be forgotten; in no mark, and once each."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.people.models import Language
from portal.people.positions import Position
from portal.training import refreshing, remembering
from portal.training.models import RefresherCard, RefresherReview
from portal.training.refresher_showing import asked
from portal.training.remembering import Review
from quizzes import regrading
from quizzes.models import Response
from tests.factories import UserFactory, make_chapter, make_manual
from tests.quizzes.factories import (
    begin,
    chosen,
    free_response,
    item_of_each_type,
    make_quiz,
    multiple_choice,
    rewrite,
    right,
    single_choice,
    take,
    true_false,
    wrong,
)

pytestmark = pytest.mark.django_db

URL = "/training/refresher/"


@pytest.fixture
def person(client):
    found = UserFactory(position=Position.CSR_2)
    client.force_login(found)
    return found


@pytest.fixture
def taken(django_capture_on_commit_callbacks):
    """Take a quiz so many days ago, as it happens: what follows upon the commit included."""

    def take_it(quiz, learner, answers, days=30):
        with django_capture_on_commit_callbacks(execute=True):
            return take(quiz, learner, answers, now=timezone.now() - timedelta(days=days))

    return take_it


def cards_of(person):
    return {card.question.name: card for card in RefresherCard.objects.filter(person=person)}


def page(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def form_of(soup, answer=None):
    fields = {one["name"]: one["value"] for one in soup.select('form.refresher input[type="hidden"]')}
    return fields if answer is None else {**fields, "answer-1": answer}


def stem(soup):
    found = soup.select_one(".refresher .question-text")
    return found and found.get_text().strip()


def outcome(soup):
    return soup.select_one(".outcome-word").get_text().strip()


def test_a_marked_attempt_leaves_a_card_for_each_question_a_machine_marks_once_and_as_it_is_marked_now(
    person, taken, django_capture_on_commit_callbacks
):
    known, half, unknown = (
        true_false("Known"),
        multiple_choice("Half", ("A", "B"), ("C",)),
        single_choice("Fee", "$25", "$30"),
    )
    quiz = make_quiz(known, half, unknown, pass_mark=0)
    answers = {known: right(known), half: chosen(half, "A"), unknown: chosen(unknown, "$30")}
    attempt = taken(quiz, person, answers)
    cards = cards_of(person)
    assert {name: card.reviews.get().rating for name, card in cards.items()} == {"Known": 3, "Half": 2, "Fee": 1}
    assert [card.last_right for card in cards.values()].count(True) == 1
    assert cards["Fee"].due < cards["Known"].due
    assert {card.reviews.get().at for card in cards.values()} == {attempt.handed_in_at}

    refreshing.learn_from(attempt)
    assert refreshing.catch_up() == 0
    assert RefresherReview.objects.count() == 3

    # The key was wrong: marked again, what was wrong is right, and it is not a second answer.
    item = {"options": [{**one, "right": one["text"] == "$30"} for one in unknown.item["options"]]}
    with django_capture_on_commit_callbacks(execute=True):
        regrading.apply(rewrite(unknown, item), "The fee is $30.", UserFactory(position=Position.SUPERVISOR))
    assert RefresherReview.objects.count() == 3
    fee, before = cards_of(person)["Fee"], cards["Known"]
    assert (fee.last_right, fee.stability, fee.due) == (True, before.stability, before.due)


def test_attempts_from_before_are_caught_up_with_whatever_the_order_they_come_in(person, taken):
    question, essay = true_false("A"), free_response("Write")
    quiz = make_quiz(question)
    late = take(quiz, person, {question: right(question)}, now=timezone.now() - timedelta(days=10))
    early = take(quiz, person, {question: wrong(question)}, now=timezone.now() - timedelta(days=20))
    take(make_quiz(essay), person, {essay: right(essay)})
    refreshing.learn_from(late)
    refreshing.learn_from(early)
    card = cards_of(person)["A"]
    in_turn = remembering.after([Review(1, early.handed_in_at), Review(3, late.handed_in_at)])
    assert (card.stability, card.due, card.last_right) == (in_turn.stability, in_turn.due, True)

    other = UserFactory()
    take(quiz, other, {question: wrong(question)}, now=timezone.now() - timedelta(days=20))
    take(quiz, other, {question: right(question)}, now=timezone.now() - timedelta(days=10))
    assert refreshing.catch_up() == 1
    assert cards_of(other)["A"].last_right
    assert list(cards_of(other)["A"].reviews.values_list("rating", flat=True)) == [1, 3]
    assert set(cards_of(person)) == {"A"}


def test_what_is_known_is_asked_again_later_and_nothing_twice_on_a_day():
    # Half past eight in the evening in Chicago, and half past eight the next morning: a day, though not of 24 hours.
    evening, morning = datetime(2026, 3, 3, 2, 30, tzinfo=UTC), datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    next_evening = evening + timedelta(days=1)
    once = remembering.after([Review(1, evening)])
    assert timezone.localtime(once.due).isoformat() == "2026-03-03T00:00:00-06:00"
    again = [remembering.after([Review(1, evening), Review(3, at)]) for at in (evening, morning, next_evening)]
    assert again[0].stability < again[1].stability == again[2].stability
    at, gaps, reviews = datetime(2026, 3, 2, 15, tzinfo=UTC), [], []
    for _ in range(12):
        reviews.append(Review(3, at))
        due = remembering.after(reviews).due
        gaps.append((timezone.localdate(due) - timezone.localdate(at)).days)
        at = due + timedelta(hours=9)
    assert gaps[0] >= 1
    assert gaps == sorted(gaps)
    assert gaps[-1] == 180


def test_five_a_day_are_asked_those_most_likely_forgotten_first_and_each_is_told_of(client, person, taken):
    chapter = make_chapter(make_manual())
    questions = [
        true_false(f"Statement {n}", section=chapter.sections.get(), general_feedback="So says the ordinance.")
        for n in range(7)
    ]
    for own, answer, days in ((questions[:2], right, 40), (questions[2:4], wrong, 36), (questions[4:], right, 20)):
        quiz = make_quiz(*own, title=f"Of {days} days ago")
        taken(quiz, person, {question: answer(question) for question in own}, days=days)
    responses = Response.objects.count()
    order = []
    for number in range(1, 6):
        card = refreshing.today(person).card
        order.append(card.question.name)
        if number not in (1, 5):
            refreshing.record(card, 3)
            continue
        soup = page(client.get(URL))
        assert (stem(soup), f"Question {number} of 5" in soup.get_text()) == (f"{card.question.name}?", True)
        told = page(client.post(URL, form_of(soup, "true")))
        assert outcome(told) == "Right"
        assert "So says the ordinance." in told.select_one("#told").get_text()
        assert told.select_one("#told a")["href"] == f"{chapter.url}#count"
        assert told.select_one("a.usa-button").get_text() == ("Next question" if number == 1 else "Finish")
    assert [set(order[:2]), set(order[2:4])] == [{"Statement 2", "Statement 3"}, {"Statement 0", "Statement 1"}]
    assert "That's it for today." in page(client.get(URL)).get_text()
    assert refreshing.due_count(person) == 0
    tomorrow = timezone.now() + timedelta(days=1)
    assert refreshing.due_count(person, tomorrow) == 2
    # No mark, and no statistics, know of it.
    assert Response.objects.count() == responses
    assert RefresherReview.objects.filter(response__isnull=True).count() == 5


def test_every_type_of_question_can_be_asked_and_given_up(client, person, taken):
    questions = {question.name: question for question in item_of_each_type().values()}
    taken(make_quiz(*(one for one in questions.values() if one.type != "free_response")), person, {})
    cards = cards_of(person)
    assert len(cards) == 8
    soup = page(client.get(URL))
    assert stem(soup) in {f"{name}?" for name in cards}
    for name, card in cards.items():
        # Five a day: what was answered before was on another day.
        RefresherReview.objects.filter(response__isnull=True).update(at=timezone.now() - timedelta(days=2))
        form = {"card": card.pk, "version": asked(card).version.digest}
        answer = right(questions[name])
        if name == "Deposit":
            told = page(client.post(URL, form | {"give_up": "yes"}))
            assert outcome(told) == "Not answered"
            assert "Right answer: $150" in " ".join(told.get_text(" ").split())
        elif isinstance(answer, dict):
            told = page(client.post(URL, form | {f"answer-1-{key}": str(part) for key, part in answer.items()}))
            assert outcome(told) == "Right"
        else:
            assert outcome(page(client.post(URL, form | {"answer-1": answer}))) == "Right"
        assert RefresherCard.objects.get(pk=card.pk).last_right is (name != "Deposit")


def test_a_double_post_a_stale_tab_and_an_empty_answer_record_nothing_twice(client, person, taken):
    first, second = single_choice("Fee", "$25", "$30"), true_false("Waived")
    taken(make_quiz(first), person, {first: wrong(first)})
    soup = page(client.get(URL))
    empty = page(client.post(URL, form_of(soup)))
    assert "Choose or write an answer first" in empty.select_one('[role="alert"]').get_text()
    form = form_of(empty, chosen(first, "$25"))
    for _ in range(2):
        told = page(client.post(URL, form))
        assert outcome(told) == "Right"
        assert "that answer was kept" not in told.get_text()
    told = page(client.post(URL, form_of(empty, chosen(first, "$30"))))
    assert outcome(told) == "Right"
    assert "that answer was kept" in told.get_text()
    assert RefresherReview.objects.filter(response__isnull=True).get().rating == 3

    # In the quiz meanwhile, retired meanwhile, changed meanwhile, somebody else's.
    taken(make_quiz(second), person, {second: wrong(second)})
    stale = form_of(page(client.get(URL)), "true")
    rewrite(second, stem="<p>Is it waived on Sundays?</p>")
    assert "was changed while you answered it" in page(client.post(URL, stale, follow=True)).get_text()
    stale = form_of(page(client.get(URL)), "true")
    rewrite(second, retired=True)
    for posted in (stale, {**stale, "card": "x"}, {}):
        soup = page(client.post(URL, posted, follow=True))
        assert "is not asked any more today" in soup.get_text()
    client.force_login(UserFactory())
    assert "is not asked any more today" in page(client.post(URL, stale, follow=True)).get_text()
    assert RefresherReview.objects.filter(response__isnull=True).count() == 1


def test_only_what_may_be_asked_of_a_person_is_asked(person, taken):
    plain, retired, unpublished, spanish, open_one = (
        true_false(name) for name in ("Plain", "Retired", "Unpublished", "Spanish", "Open")
    )
    rewrite(spanish, language=Language.SPANISH)
    questions = (plain, retired, unpublished, spanish, open_one)
    taken(make_quiz(*questions), person, {question: right(question) for question in questions})
    rewrite(retired, retired=True)
    unpublished.unpublish()
    begin(make_quiz(open_one, title="Going on"), person)
    assert refreshing.due_count(person) == 1
    assert refreshing.today(person).card.question == plain
    person.preferred_language = Language.SPANISH
    assert refreshing.due_count(person) == 2
    assert refreshing.due_count(UserFactory()) == 0


def test_a_refresher_tells_no_more_than_the_quiz_does(client, person, taken):
    secret, after = single_choice("Secret", "$25", "$30", "$35"), true_false("After passing")
    taken(make_quiz(secret, show_answers=False), person, {secret: right(secret)})
    strict = make_quiz(after, title="Strict", feedback="after_passing")
    taken(strict, person, {after: wrong(after)})
    assert refreshing.due_count(person) == 1
    form = form_of(page(client.get(URL)), chosen(secret, "$30"))
    told = page(client.post(URL, form))
    assert outcome(told) == "Not right"
    assert told.select(".verdict") == []
    # To try the others on the same day finds nothing out.
    told = page(client.post(URL, {**form, "answer-1": chosen(secret, "$25")}))
    assert outcome(told) == "Not right"
    assert "About $25." not in told.get_text()

    taken(strict, person, {after: right(after)}, days=20)
    assert refreshing.today(person).card.question == after


def test_the_front_page_has_a_quiet_line_while_there_is_something_to_go_over(client, person, taken):
    def line():
        found = page(client.get("/")).select_one('[data-part="refresher"] a')
        return found and (found.get_text(), found["href"])

    assert line() is None
    questions = [true_false(f"Statement {n}") for n in range(6)]
    taken(make_quiz(*questions), person, {})
    assert line() == ("5 questions, two minutes", URL)
    for answers, left in ((1, "4 questions, two minutes"), (3, "1 question, one minute"), (1, None)):
        for _ in range(answers):
            refreshing.record(refreshing.today(person).card, 3)
        assert line() == (left and (left, URL))


def test_queries_do_not_grow_with_questions(client, person, taken, django_assert_num_queries):
    def counted(number):
        questions = [true_false(f"Statement {number} {n}") for n in range(number)]
        quiz = make_quiz(*questions, title=f"Quiz of {number}")
        attempt = take(quiz, person, {}, now=timezone.now() - timedelta(days=30))
        counts = []
        for act in (
            lambda: refreshing.learn_from(attempt),
            lambda: client.get(URL),
            lambda: refreshing.due_count(person),
            lambda: client.post(URL, form_of(page(client.get(URL)), "true")),
        ):
            with CaptureQueriesContext(connection) as found:
                act()
            counts.append(len(found))
        return counts

    counted(2)
    few = counted(2)
    assert counted(12) == few
    assert few[0] <= 10
    assert few[2] <= 2
