"""Golden questions are put to the search again once what they expect has changed, and say where the answer came."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from manuals import consequences
from portal.people.positions import Position
from search import golden, golden_rerun
from search.models import GoldenQuestion
from tests.factories import UserFactory, make_policy, publish, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(backend, in_index):
    with in_index():
        return make_policy(body=[section("bed", "Mattresses"), section("tap", "Faucets")])


@pytest.fixture
def mattress(write):
    return write("Where do I take a mattress?")


def golden_question(text, answer, **fields):
    return GoldenQuestion.objects.create(question=text, answer=answer, **fields)


def change(in_index, page, kind="major", **fields):
    """Publish a page with other values, as after a commit."""
    page = type(page).objects.get(pk=page.pk)
    page.change_kind, page.change_summary = kind, "Another word."
    for name, value in fields.items():
        setattr(page, name, value)
    with in_index():
        return publish(page)


def places():
    return dict(GoldenQuestion.objects.values_list("question", "last_place"))


def golden_effect(page):
    edition = page.editions.order_by("sequence").last()
    return next(effect for effect in consequences.of(page, edition) if effect.key == "golden_questions")


def test_a_changed_answer_has_its_golden_questions_run_on_the_new_index(write, in_index, mattress):
    write("Why is there no water?")
    golden_question("old mattress", mattress)
    golden_question("worn out sofa", mattress)
    assert places() == {"old mattress": None, "worn out sofa": None}
    change(in_index, mattress, short_answer="Bring the mattress, or a sofa, to the yard.")
    assert places() == {"old mattress": 1, "worn out sofa": 1}
    change(in_index, mattress, kind="minor", short_answer="Bring it to the yard.")
    assert places() == {"old mattress": 1, "worn out sofa": 0}


def test_the_place_is_the_one_among_answers(write, in_index, mattress):
    write("Is a mattress picked up with bulky trash on a mattress day?")
    late = write("Recycling")
    golden_question("mattress", late)
    change(in_index, late, script_en="Bring a great many things, among others and after all of them one mattress.")
    found = GoldenQuestion.objects.get()
    assert found.last_place > 1
    assert found.standing == {2: "2nd", 3: "3rd"}[found.last_place]


def test_a_changed_policy_section_has_the_questions_of_answers_that_rest_on_it_run(write, in_index, policy):
    bed, tap = (policy.sections.get(anchor=anchor) for anchor in ("bed", "tap"))
    golden_question("old mattress", write("Where do I take a mattress?", sections=(bed,)))
    golden_question("dripping", write("Who repairs a dripping faucet?", sections=(tap,)))
    golden_question("no water", write("Why is there no water?"))
    change(in_index, policy, body=[section("bed", "Mattresses", ("markdown", "In twos.")), section("tap", "Faucets")])
    assert places() == {"old mattress": 1, "dripping": None, "no water": None}


def test_a_changed_rule_stands_above_all_sections(write, in_index, policy):
    tap = policy.sections.get(anchor="tap")
    golden_question("dripping", write("Who repairs a dripping faucet?", sections=(tap,)))
    change(in_index, policy, rule="Pay more.")
    assert places() == {"dripping": 1}


def test_an_answer_that_was_taken_down_is_not_found(in_index, mattress):
    golden_question("old mattress", mattress, last_place=1, last_run_at=timezone.now())
    with in_index():
        mattress.unpublish()
    assert places() == {"old mattress": 0}


def test_a_planned_edition_has_them_run_once_its_day_has_come(write, in_index, mattress):
    golden_question("worn out sofa", mattress)
    mattress.go_live_at = timezone.now() + timedelta(hours=30)
    change(in_index, mattress, go_live_at=mattress.go_live_at, short_answer="Sofas too.")
    assert places() == {"worn out sofa": None}
    mattress.refresh_from_db()
    assert [item.is_done for item in golden_effect(mattress).items] == [False]
    with pytest.MonkeyPatch.context() as patch:
        later = timezone.now() + timedelta(hours=31)
        patch.setattr("django.utils.timezone.now", lambda: later)
        with in_index():
            call_command("publish_scheduled")
        assert places() == {"worn out sofa": 1}
        mattress.refresh_from_db()
        assert [item.is_done for item in golden_effect(mattress).items] == [True]


def test_a_publishing_that_was_taken_back_runs_nothing(mattress, in_index):
    from django.db import transaction

    golden_question("old mattress", mattress)
    with in_index():
        try:
            with transaction.atomic():
                mattress.short_answer = "Another."
                publish(mattress)
                raise ValueError
        except ValueError:
            pass
    assert places() == {"old mattress": None}


def test_at_most_fifty_are_run_at_once_those_that_waited_longest_first(in_index, mattress):
    now = timezone.now()
    for number in range(golden_rerun.AT_ONCE + 2):
        golden_question(f"mattress {number}", mattress, last_place=9, last_run_at=now - timedelta(days=number))
    change(in_index, mattress, short_answer="Bring the mattress.")
    left = set(GoldenQuestion.objects.filter(last_run_at__lte=now).values_list("question", flat=True))
    assert left == {"mattress 0", "mattress 1"}
    waiting = golden_effect(mattress).waiting
    assert {(item.title, item.note) for item in waiting} == {(text, "not run since") for text in left}
    golden.evaluate()
    mattress.refresh_from_db()
    assert golden_effect(mattress).waiting == []


def test_without_an_index_nothing_is_said_about_an_answer(backend, in_index, mattress, index_path):
    from shutil import rmtree

    golden_question("old mattress", mattress, last_place=1, last_run_at=timezone.now())
    rmtree(index_path)
    backend.readers.forget()
    golden.run(GoldenQuestion.objects.all())
    assert places() == {"old mattress": 1}


def test_a_golden_question_that_asks_something_else_has_not_been_run(mattress):
    question = golden_question("old mattress", mattress, last_place=1, last_run_at=timezone.now())
    question.save()
    assert question.last_place == 1
    question.question = "an old sofa"
    question.save()
    question.refresh_from_db()
    assert (question.last_place, question.last_run_at, question.last_run) == (None, None, "not run yet")


def test_the_list_says_where_the_answer_came_and_when(client, mattress):
    at = timezone.make_aware(timezone.datetime(2026, 3, 1, 12))
    for place in (1, 4, 0):
        golden_question(f"mattress {place}", mattress, last_place=place, last_run_at=at)
    golden_question("mattress new", mattress)
    client.force_login(UserFactory(position=Position.SENIOR))
    html = client.get(reverse("wagtailsnippets_search_goldenquestion:list")).content.decode()
    for words in ("1st, March 1, 2026", "4th, March 1, 2026", "not found, March 1, 2026", "not run yet"):
        assert words in html


def test_the_effect_lists_what_an_edition_touches_in_a_fixed_number_of_queries(
    django_assert_num_queries, write, in_index, policy
):
    bed = policy.sections.get(anchor="bed")
    for number in range(2):
        golden_question(f"one {number}", write(f"Mattress {number}?", sections=(bed,)))
    policy = change(in_index, policy, body=[section("bed", "Mattresses", ("markdown", "In twos."))])
    edition = policy.editions.get(sequence=2)
    kind = next(one for one in consequences.registered() if one.key == "golden_questions")
    with django_assert_num_queries(2):
        assert len(kind.touched(policy, edition.touched, edition)) == 2
    for number in range(2, 8):
        golden_question(f"one {number}", write(f"Mattress {number}?", sections=(bed,)))
    with django_assert_num_queries(2):
        assert len(kind.touched(policy, edition.touched, edition)) == 8
