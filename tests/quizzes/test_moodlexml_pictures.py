"""Pictures written as Moodle XML are read back as they were."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats import moodlexml_reading, moodlexml_writing
from tests.quizzes.record_strategies import records

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


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
