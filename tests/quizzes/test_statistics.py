"""The figures of quizzes and questions, against examples worked out by hand and against Python's own statistics."""

import statistics as python
from collections import Counter
from datetime import UTC, datetime, timedelta
from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import advice, charts, item_analysis, standing, statistics
from quizzes.models import Counting, Response
from quizzes.statistics import ItemFigures, Sums
from tests.factories import UserFactory
from tests.quizzes.factories import (
    answer,
    begin,
    chosen,
    fill_blanks,
    free_response,
    make_quiz,
    multiple_choice,
    options,
    ordering,
    rewrite,
    right,
    short_text,
    single_choice,
    take,
    true_false,
    wrong,
)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FEW = settings(max_examples=60, deadline=None)


def sums(*pairs):
    return sum((Sums(1, x, y, x * x, y * y, x * y) for x, y in pairs), Sums())


# ---- The scores of a quiz


def test_mean_median_spread_and_pass_rate():
    # 40, 60, 60, 80, 100: mean 340 / 5 = 68; the one in the middle is 60;
    # deviations -28, -8, -8, 12, 32, their squares 784 + 64 + 64 + 144 + 1024 = 2080, / 4 = 520, √520 = 22.804.
    figures = statistics.of_scores({100: 1, 60: 2, 40: 1, 80: 1}, passed=2)
    assert figures.attempts == 5
    assert figures.mean == 68
    assert figures.median == 60
    assert figures.spread == pytest.approx(22.804, abs=0.001)
    assert figures.pass_rate == 40


def test_median_of_an_even_number_lies_between_the_two_in_the_middle():
    # 40, 60, 80, 100: (60 + 80) / 2.
    assert statistics.median({40: 1, 60: 1, 80: 1, 100: 1}) == 70
    assert statistics.median({40: 2, 60: 2}) == 50
    assert statistics.median({40: 1, 60: 3}) == 60


def test_one_attempt_has_no_spread():
    figures = statistics.of_scores({75.5: 1}, passed=0)
    assert (figures.mean, figures.median, figures.spread, figures.pass_rate) == (75.5, 75.5, None, 0)


def test_no_attempt_has_no_figures():
    figures = statistics.of_scores({}, passed=0)
    assert (figures.attempts, figures.mean, figures.median, figures.spread, figures.pass_rate) == (0, *[None] * 4)


def test_scores_that_are_all_the_same_have_a_spread_of_nothing():
    assert statistics.spread({33.33: 7}) == pytest.approx(0)


@FEW
@given(st.lists(st.integers(0, 10_000).map(lambda hundredths: hundredths / 100), min_size=2, max_size=40))
def test_python_finds_the_same_mean_median_and_spread(scores):
    counts = Counter(scores)
    assert statistics.mean(counts) == pytest.approx(python.fmean(scores))
    assert statistics.median(counts) == pytest.approx(python.median(scores))
    assert statistics.spread(counts) == pytest.approx(python.stdev(scores), abs=1e-6)


# ---- Discrimination


def test_correlation_worked_out_by_hand():
    # x 1 1 0 0, y .8 .6 .4 .2: Σx 2, Σy 2, Σx² 2, Σy² .64 + .36 + .16 + .04 = 1.2, Σxy 1.4.
    # (4·1.4 - 2·2) / √((4·2 - 4)(4·1.2 - 4)) = 1.6 / √3.2 = 0.8944.
    pairs = [(1, 0.8), (1, 0.6), (0, 0.4), (0, 0.2)]
    assert statistics.correlation(sums(*pairs)) == pytest.approx(0.8944, abs=0.0001)
    assert statistics.correlation(sums(*[(1 - x, y) for x, y in pairs])) == pytest.approx(-0.8944, abs=0.0001)


def test_correlation_of_right_and_wrong_is_the_point_biserial():
    # (M₁ - M₀) / s · √(pq), the textbook formula, s with divisor n.
    right_ones, wrong_ones = [0.9, 0.7, 0.7, 0.4], [0.6, 0.3]
    every = right_ones + wrong_ones
    share = len(right_ones) / len(every)
    biserial = (python.fmean(right_ones) - python.fmean(wrong_ones)) / python.pstdev(every) * sqrt(share * (1 - share))
    pairs = sums(*[(1, y) for y in right_ones], *[(0, y) for y in wrong_ones])
    assert statistics.correlation(pairs) == pytest.approx(biserial)


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [(1, 0.5)],
        [(1, 0.2), (1, 0.9)],  # everyone is right
        [(0, 0.2), (0, 0.9)],  # nobody is
        [(0.33333, 0.2), (0.33333, 0.9), (0.33333, 0.4)],  # everyone earns the same part
        [(1, 2 / 3), (0, 2 / 3), (1, 2 / 3)],  # the rest is the same for all
    ],
)
def test_what_does_not_vary_has_no_correlation(pairs):
    assert statistics.correlation(sums(*pairs)) is None


shares = st.integers(0, 20).map(lambda twentieths: twentieths / 20)


@FEW
@given(st.lists(st.tuples(shares, shares), min_size=2, max_size=40))
def test_python_finds_the_same_correlation(pairs):
    found = statistics.correlation(sums(*pairs))
    try:
        expected = python.correlation(*zip(*pairs, strict=True))
    except python.StatisticsError:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=1e-6)


def test_highest_likely_correlation():
    # artanh(-0.5) = -0.5493; + 1.645/√(28 - 3) = 0.329 gives -0.2203, and tanh of that is -0.2168.
    assert statistics.highest_likely(-0.5, 28) == pytest.approx(-0.2168, abs=0.0001)
    assert statistics.highest_likely(-0.9, 3) == 1
    assert statistics.highest_likely(-1, 50) == -1


# ---- What is said of a question


def labels(**figures):
    values = {"asked": 100, "facility": 0.6, "discrimination": 0.4, "compared": 100, "median_seconds": 20} | figures
    return [one.label for one in advice.of_item(ItemFigures(**values))]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({}, []),
        ({"facility": 0.3}, []),
        ({"facility": 0.29}, ["Too many fail it"]),
        ({"facility": 0.94}, []),
        ({"facility": 0.95}, ["Too many pass it"]),
        ({"facility": 1, "discrimination": None}, ["Too many pass it"]),
        ({"discrimination": 0}, []),
        # With 100 pairs the bound lies at tanh(1.645/√97) = 0.165.
        ({"discrimination": -0.16}, []),
        ({"discrimination": -0.17}, ["Good learners fail it"]),
        ({"discrimination": -0.17, "compared": 50}, []),
        ({"discrimination": -0.3, "facility": 0.1}, ["Good learners fail it", "Too many fail it"]),
        ({"asked": 29, "facility": 0, "discrimination": -1}, ["Too few to tell"]),
        ({"asked": 30, "facility": 0, "discrimination": None}, ["Too many fail it"]),
    ],
)
def test_what_stands_out(figures, expected):
    assert labels(**figures) == expected


@pytest.mark.parametrize(
    ("facility", "words"), [(0.999, "99 percent"), (1, "100 percent"), (0.0001, "1 percent"), (0, "0 percent")]
)
def test_nearly_all_is_not_called_all(facility, words):
    [said] = advice.of_item(ItemFigures(5000, facility, None, 5000, 20))
    assert f"earns {words}" in said.sentence


def test_histogram_puts_each_score_into_one_range():
    picture = charts.histogram({0: 1, 9.99: 2, 10: 4, 89.99: 8, 90: 16, 100: 32}, pass_mark=80)
    assert [bar.count for bar in picture.bars] == [3, 4, 0, 0, 0, 0, 0, 0, 8, 48]
    assert picture.bars[0].label == "0 to under 10"
    assert picture.bars[9].label == "90 to 100"
    heights = [bar.height for bar in picture.bars]
    assert heights[9] == max(heights)
    assert heights[2] == 0
    assert isclose(heights[8] / heights[9], 8 / 48, abs_tol=0.01)
    assert all(bar.y + bar.height == picture.floor for bar in picture.bars)
    assert picture.bars[7].x < picture.pass_x <= picture.bars[8].x


# ---- From the database


def rows_of(quiz, **how):
    return {row.version.name: row for row in item_analysis.of_items(item_analysis.marked(quiz, **how))}


@pytest.fixture
def three(db):
    return [single_choice(name, "yes", "no") for name in ("First", "Second", "Third")]


def taken_by_four(quiz, three):
    """A gets all right, B the first two, C the second, D nothing."""
    first, second, third = three
    for good in ([first, second, third], [first, second], [second], []):
        take(quiz, UserFactory(), {one: right(one) if one in good else wrong(one) for one in three})


@pytest.mark.django_db
def test_discrimination_is_with_the_rest_of_the_score(three):
    quiz = make_quiz(*three)
    taken_by_four(quiz, three)
    rows = rows_of(quiz)
    assert [rows[name].figures.facility for name in ("First", "Second", "Third")] == [0.5, 0.75, 0.25]
    # First: x 1 1 0 0, the rest y 1 ½ ½ 0: Σy 2, Σy² 1.5, Σxy 1.5;
    # (4·1.5 - 2·2) / √((4·2 - 4)(4·1.5 - 4)) = 2 / √8 = 0.7071. With the whole score it would be 0.8944.
    assert rows["First"].figures.discrimination == pytest.approx(0.7071, abs=0.0001)
    # Second: x 1 1 1 0, y 1 ½ 0 0: Σx 3, Σy 1.5, Σx² 3, Σy² 1.25, Σxy 1.5;
    # (6 - 4.5) / √((12 - 9)(5 - 2.25)) = 1.5 / √8.25 = 0.5222.
    assert rows["Second"].figures.discrimination == pytest.approx(0.5222, abs=0.0001)
    assert rows["Third"].figures.compared == 4


@pytest.mark.django_db
def test_points_weigh_in_the_rest_of_the_score(three):
    quiz = make_quiz(*three, points=(1, 2, 1))
    taken_by_four(quiz, three)
    # First: x 1 1 0 0, y 3/3 2/3 2/3 0: Σy 7/3, Σy² 17/9, Σxy 5/3;
    # (20/3 - 14/3) / √((8 - 4)(68/9 - 49/9)) = 2 / √(76/9) = 0.6882.
    assert rows_of(quiz)["First"].figures.discrimination == pytest.approx(0.6882, abs=0.0001)


@pytest.mark.django_db
def test_partial_credit_counts_in_part():
    both = multiple_choice("Both", ("a", "b"), ("c",))
    quiz = make_quiz(both)
    take(quiz, UserFactory(), {both: chosen(both, "a")})  # ½
    take(quiz, UserFactory(), {both: chosen(both, "a", "b")})  # 1
    take(quiz, UserFactory())  # nothing
    figures = rows_of(quiz)["Both"].figures
    assert figures.asked == 3
    assert figures.facility == pytest.approx(0.5)


@pytest.mark.django_db
def test_question_alone_in_its_quiz_has_no_rest_to_compare_with():
    only = single_choice("Only", "yes", "no")
    quiz = make_quiz(only)
    take(quiz, UserFactory(), {only: right(only)})
    take(quiz, UserFactory(), {only: wrong(only)})
    figures = rows_of(quiz)["Only"].figures
    assert (figures.facility, figures.discrimination, figures.compared) == (0.5, None, 0)


@pytest.mark.django_db
def test_one_attempt_and_everyone_right(three):
    quiz = make_quiz(*three)
    take(quiz, UserFactory(), {one: right(one) for one in three})
    assert [row.figures.discrimination for row in rows_of(quiz).values()] == [None] * 3
    take(quiz, UserFactory(), {one: right(one) for one in three})
    assert [(row.figures.facility, row.figures.discrimination) for row in rows_of(quiz).values()] == [(1, None)] * 3


@pytest.mark.django_db
def test_median_time_is_that_of_those_who_answered(three):
    quiz = make_quiz(*three, shuffle_questions=False)
    # Of four people one takes 10, one 20, one 60 seconds over the first question, and one leaves it out.
    for seconds in (10, 60, 20, None):
        attempt = begin(quiz, UserFactory(), NOW)
        if seconds:
            answer(attempt, {three[0]: right(three[0])}, NOW + timedelta(seconds=seconds))
        take(quiz, attempt.learner, {}, now=NOW, minutes=2)
    assert rows_of(quiz)["First"].figures.median_seconds == 20
    assert rows_of(quiz)["Second"].figures.median_seconds is None


@pytest.mark.django_db
def test_versions_of_a_question_are_counted_together(three):
    quiz = make_quiz(*three)
    take(quiz, UserFactory(), {three[0]: right(three[0])})
    rewrite(three[0], options(("certainly",), ("no",)), name="First, mended")
    take(quiz, UserFactory(), {three[0]: right(three[0])})
    take(quiz, UserFactory(), {three[0]: wrong(three[0])})
    take(quiz, UserFactory())
    row = rows_of(quiz)["First, mended"]
    assert len(row.versions) == 2
    assert (row.figures.asked, row.figures.facility) == (4, 0.5)
    found = item_analysis.choices(item_analysis.marked(quiz), [row])[row.uid]
    # What is offered now comes first, then what was offered before.
    assert [(choice.text, choice.count) for choice in found.rows] == [("certainly", 1), ("no", 1), ("yes", 1)]
    assert (found.others, found.unanswered) == (0, 1)


@pytest.mark.django_db
def test_figures_outlive_the_question(three):
    quiz = make_quiz(*three)
    taken_by_four(quiz, three)
    three[0].delete()
    assert rows_of(quiz)["First"].figures.facility == 0.5


@pytest.mark.django_db
def test_other_quizzes_and_attempts_not_marked_are_left_out(three):
    essay = free_response("Essay")
    quiz, other = make_quiz(three[0], essay), make_quiz(three[0], title="Another")
    take(quiz, UserFactory(), {three[0]: right(three[0])})
    waits = take(quiz, UserFactory(), {three[0]: wrong(three[0]), essay: "Dear caller"})
    assert waits.is_waiting
    begin(quiz, UserFactory())
    take(other, UserFactory(), {three[0]: wrong(three[0])})
    assert rows_of(quiz)["First"].figures.asked == 1
    assert rows_of(quiz)["First"].figures.facility == 1
    assert item_analysis.of_quiz(item_analysis.marked(quiz))[0].attempts == 1
    assert item_analysis.not_marked(quiz) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("rule", Counting.values)
def test_only_the_attempt_that_counts(three, rule):
    quiz = make_quiz(*three, counts=rule)
    learners = [UserFactory() for _ in range(2)]
    # Scores of the first learner: 67, 100, 100, 33; of the second: 0, 33.
    for learner, goods in ((learners[0], (2, 3, 3, 1)), (learners[1], (0, 1))):
        for good in goods:
            take(quiz, learner, {one: right(one) for one in three[:good]})
    found = set(item_analysis.marked(quiz, only_counting=True))
    by_learner = [list(learner.attempts.order_by("number")) for learner in learners]
    assert found == {standing.counting(rule, own) for own in by_learner}
    assert len(found) == 2
    assert rows_of(quiz, only_counting=True)["First"].figures.asked == 2
    assert len(item_analysis.marked(quiz)) == 6


@pytest.mark.django_db
def test_list_of_quizzes_has_each_with_its_own_figures(three):
    first, second = make_quiz(*three, title="B", pass_mark=60), make_quiz(*three, title="A")
    taken_by_four(first, three)
    rows = item_analysis.of_quizzes()
    assert [row.quiz.title for row in rows] == ["A", "B"]
    assert rows[0].figures.attempts == 0
    # 100, 66.67, 33.33, 0; two of them at 60 or above.
    assert rows[1].figures.mean == pytest.approx(50)
    assert rows[1].figures.pass_rate == 50
    assert rows[1].quiz == first
    assert rows[0].quiz == second


# ---- What was answered


def counted(quiz, name):
    row = rows_of(quiz)[name]
    found = item_analysis.choices(item_analysis.marked(quiz), [row])[row.uid]
    return {choice.text: choice.count for choice in found.rows}, found


@pytest.mark.django_db
def test_options_are_counted_one_by_one_and_those_nobody_chose_too():
    both = multiple_choice("Both", ("a", "b"), ("c", "d"))
    quiz = make_quiz(both)
    for texts in (("a", "b"), ("a", "c"), ("b", "a")):
        take(quiz, UserFactory(), {both: chosen(both, *texts)})
    take(quiz, UserFactory())
    counts, found = counted(quiz, "Both")
    assert list(counts.items()) == [("a", 3), ("b", 2), ("c", 1), ("d", 0)]
    assert (found.others, found.unanswered) == (0, 1)


@pytest.mark.django_db
def test_typed_answers_are_listed_by_how_often_they_came_and_the_rare_ones_together(monkeypatch):
    monkeypatch.setattr(item_analysis, "LISTED", 2)
    typed = short_text("Form", "form 12")
    quiz = make_quiz(typed)
    for text in ("Form 12", "form 12", "14", "14", "14", "2", "3"):
        take(quiz, UserFactory(), {typed: text})
    counts, found = counted(quiz, "Form")
    assert list(counts.items()) == [("14", 3), ("form 12", 2)]
    assert found.others == 2


@pytest.mark.django_db
def test_parts_of_an_answer_are_counted_by_themselves():
    blanks = fill_blanks("Deposit", "{1} in {2} days", "$150", "10")
    steps = ordering("Steps", "Count", "Sign")
    quiz = make_quiz(blanks, steps)
    take(quiz, UserFactory(), {blanks: right(blanks), steps: right(steps)})
    take(quiz, UserFactory(), {blanks: {**right(blanks), blanks.item["blanks"][1]["id"]: "30"}, steps: wrong(steps)})
    assert counted(quiz, "Deposit")[0] == {"Blank 1: $150": 2, "Blank 2: 10": 1, "Blank 2: 30": 1}
    assert counted(quiz, "Steps")[0] == {"1. Count": 1, "2. Count": 1, "1. Sign": 1, "2. Sign": 1}


@pytest.mark.django_db
def test_answers_in_own_words_are_not_counted_but_missing_ones_are():
    essay = free_response("Essay")
    quiz = make_quiz(essay, true_false("Fact"))
    take(quiz, UserFactory())
    assert Response.objects.filter(answer__isnull=True).count() == 2
    counts, found = counted(quiz, "Essay")
    assert counts == {}
    assert found.unanswered == 1
