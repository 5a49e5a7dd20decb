"""What is written as Moodle XML is read back as it was, pictures included."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes import types
from quizzes.formats import moodlexml_reading, moodlexml_writing
from tests.quizzes.record_strategies import comparable, records

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", [kind.slug for kind in types.ALL])
def test_a_question_of_each_type_is_read_back_as_it_was(kind):
    @QUICK
    @given(records(kind))
    def holds(record):
        text, notes = moodlexml_writing.write([record])
        found, errors = moodlexml_reading.read(text)
        assert (errors, notes) == ([], [])
        assert [comparable(one) for one in found] == [comparable(record)], text

    holds()


@settings(QUICK, max_examples=30)
@given(st.lists(records(), max_size=4))
def test_many_questions_are_read_back_in_order_and_in_their_categories(written):
    text, _ = moodlexml_writing.write(written)
    found, errors = moodlexml_reading.read(text)
    assert errors == []
    assert [comparable(one) for one in found] == [comparable(one) for one in written]


NAMES = st.text("abé_-.", min_size=1, max_size=6).map(lambda name: f"{name}.png")


@QUICK
@given(records("single_choice", "multiple_choice"), NAMES, st.binary(max_size=30), st.booleans())
def test_pictures_in_the_question_and_in_options_are_read_back(record, name, content, is_only_picture):
    option = {**record.item["options"][0], "image": "a.png", "image_alt": 'A "meter" & a hand'}
    if is_only_picture:
        option["text"] = ""
    record = replace(
        record,
        stem=f'{record.stem}<img alt="A valve" src="{name}"/>',
        item={"options": [option, *record.item["options"][1:]]},
        images={name: content, "a.png": b"another"} if name != "a.png" else {"a.png": b"another"},
    )
    text, _ = moodlexml_writing.write([record])
    found, errors = moodlexml_reading.read(text)
    assert errors == []
    assert found[0].stem == record.stem
    assert found[0].images == record.images
    assert found[0].item["options"][0]["image"] == "a.png"
    assert found[0].item["options"][0]["image_alt"] == 'A "meter" & a hand'
    assert found[0].item["options"][0]["text"] == option["text"]
