"""What is written in a format that holds every type is read back as it was."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes import formats, types
from tests.quizzes.record_strategies import comparable, records

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
WHOLE = [formats.of("gift"), formats.of("moodlexml")]
in_each = pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.slug)


@in_each
@pytest.mark.parametrize("kind", [kind.slug for kind in types.ALL])
def test_a_question_of_each_type_is_read_back_as_it_was(form, kind):
    @QUICK
    @given(records(kind))
    def holds(record):
        text, notes = form.writer([record])
        found, errors = form.reader(text)
        assert (errors, notes) == ([], [])
        assert [comparable(one) for one in found] == [comparable(record)], text

    holds()


@in_each
def test_many_questions_are_read_back_in_order_and_in_their_categories(form):
    @settings(QUICK, max_examples=30)
    @given(st.lists(records(), max_size=4))
    def holds(written):
        text, _ = form.writer(written)
        found, errors = form.reader(text)
        assert errors == []
        assert [comparable(one) for one in found] == [comparable(one) for one in written]

    holds()
