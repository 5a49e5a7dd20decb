"""What is written as GIFT is read back as it was."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes import types
from quizzes.formats import gift_reading, gift_writing
from tests.quizzes.record_strategies import comparable, records

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", [kind.slug for kind in types.ALL])
def test_a_question_of_each_type_is_read_back_as_it_was(kind):
    @QUICK
    @given(records(kind))
    def holds(record):
        text, notes = gift_writing.write([record])
        found, errors = gift_reading.read(text)
        assert (errors, notes) == ([], [])
        assert [comparable(one) for one in found] == [comparable(record)], text

    holds()


@settings(QUICK, max_examples=30)
@given(st.lists(records(), max_size=4))
def test_many_questions_are_read_back_in_order_and_in_their_categories(written):
    text, _ = gift_writing.write(written)
    found, errors = gift_reading.read(text)
    assert errors == []
    assert [comparable(one) for one in found] == [comparable(one) for one in written]
