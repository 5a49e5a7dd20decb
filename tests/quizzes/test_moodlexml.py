"""Moodle XML is read as its documentation describes it: https://docs.moodle.org/en/Moodle_XML_format."""

from base64 import b64encode

import pytest

from quizzes import formats, types
from quizzes.formats import moodlexml_reading
from quizzes.formats.errors import FileRefused
from quizzes.formats.items import with_keys
from quizzes.types.base import without_ids

PNG = b64encode(b"not really a picture").decode()


def question(kind, inner="", text="<p>What is <strong>it</strong>?</p>", name="It", more=""):
    return f"""
  <question type="{kind}">
    <name><text>{name}</text></name>
    <questiontext format="html"><text><![CDATA[{text}]]></text>{more}</questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>Because.</p>]]></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>
    {inner}
  </question>"""


def answer(text, fraction="0", feedback="", more="", form="html"):
    return (
        f'<answer fraction="{fraction}" format="{form}"><text>{text}</text>{more}'
        f'<feedback format="html"><text>{feedback}</text></feedback></answer>'
    )


def read(*questions):
    return moodlexml_reading.read('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>' + "".join(questions) + "</quiz>")


def one(*questions):
    found, errors = read(*questions)
    assert errors == []
    assert len(found) == 1
    return found[0]


def item(*questions):
    record = one(*questions)
    assert types.of(record.type).problems(with_keys(record.item)) == []
    return without_ids(types.of(record.type).canonical(with_keys(record.item)))


def test_what_all_types_have():
    tags = "<tags><tag><text>fees</text></tag><tag><text>Two words</text></tag></tags><idnumber>q7</idnumber>"
    record = one(question("truefalse", answer("true", "100") + answer("false") + tags))
    assert (record.name, record.stem) == ("It", "<p>What is <b>it</b>?</p>")
    assert (record.general_feedback, record.tags, record.line) == ("Because.", ("Two words", "fees", "id:q7"), 3)


def test_multichoice_with_one_answer():
    options = answer("<![CDATA[<p>Right &amp; good</p>]]>", "100", "Yes") + answer("half", "50") + answer("no")
    record = one(question("multichoice", f"<single>true</single>{options}"))
    assert record.type == "single_choice"
    assert [(part["text"], part["right"], part["weight"]) for part in record.item["options"]] == [
        ("Right & good", True, None), ("half", False, "50"), ("no", False, None),
    ]  # fmt: skip
    assert record.item["options"][0]["feedback"] == "Yes"


def test_multichoice_with_several_answers():
    options = "".join(
        answer(name, fraction) for name, fraction in (("a", "33.333"), ("b", "33.333"), ("c", "33.333"), ("d", "-100"))
    )
    said = item(question("multichoice", f"<single>false</single>{options}"))
    assert [(part["text"], part["right"], part["weight"]) for part in said["options"]] == [
        ("a", True, None), ("b", True, None), ("c", True, None), ("d", False, None),
    ]  # fmt: skip


def test_truefalse_in_any_order_and_in_another_language():
    assert item(question("truefalse", answer("false", "0", "No.") + answer("true", "100", "Yes."))) == {
        "right": True, "feedback_true": "Yes.", "feedback_false": "No.",
    }  # fmt: skip
    assert item(question("truefalse", answer("Verdadero", "0") + answer("Falso", "100")))["right"] is False


def test_shortanswer():
    said = item(question("shortanswer", "<usecase>1</usecase>" + answer("EPA", "100") + answer("E*", "50", "Nearly")))
    assert said["case_matters"] is True
    assert [(part["text"], part["weight"], part["feedback"]) for part in said["answers"]] == [
        ("EPA", None, ""), ("E*", "50", "Nearly"),
    ]  # fmt: skip


def test_numerical_with_tolerance_unit_and_feedback_to_any_other():
    answers = answer("23.8", "100", "", "<tolerance>0.50</tolerance>") + answer("*", "0", "No.")
    unit = "<units><unit><multiplier>1</multiplier><unit_name>gal</unit_name></unit></units>"
    record = one(question("numerical", answers + unit))
    assert (record.item["answers"][0]["value"], record.item["answers"][0]["tolerance"]) == ("23.8", "0.5")
    kind, kept = types.of("numeric"), with_keys(record.item)
    assert (kind.mark(kept, "24 gal").credit, kind.mark(kept, "99").feedback) == (1, ("No.",))


def test_matching_ordering_and_essay():
    pairs = "".join(
        f'<subquestion format="html"><text>{prompt}</text><answer><text>{match}</text></answer></subquestion>'
        for prompt, match in (("&lt;p&gt;dog&lt;/p&gt;", "bark"), ("cat", "meow"), ("", "moo"))
    )
    said = item(question("matching", pairs))
    assert said == {
        "pairs": [{"prompt": "dog", "match": "bark"}, {"prompt": "cat", "match": "meow"}],
        "distractors": [{"text": "moo"}],
    }
    steps = "".join(answer(text, str(place)) for place, text in enumerate(("Ask", "Look", "Say"), start=1))
    assert [part["text"] for part in item(question("ordering", steps))["items"]] == ["Ask", "Look", "Say"]
    essay = '<graderinfo format="html"><text>Kind?</text></graderinfo><maxwordlimit>90</maxwordlimit>'
    said = item(question("essay", essay))
    assert (said["guidance"], said["words"]) == ("Kind?", 90)


def test_embedded_short_answers():
    text = (
        "<p>Complete it.</p><p>Paris is in {1:SHORTANSWER:=France#Yes!~%50%Europe#Nearer, please~*#No}; "
        "its river is the {2:SA:%100%Seine}, 2 \\} 1: {:NUMERICAL:=3:0}</p>"
    )
    record = one(question("cloze", text=text))
    assert (record.type, record.stem) == ("fill_blanks", "<p>Complete it.</p>")
    assert record.item["text"] == "Paris is in {1}; its river is the {2}, 2 \\} 1: {3}"
    first = [(part["text"], part["weight"], part["feedback"]) for part in record.item["blanks"][0]["answers"]]
    assert first == [("France", None, "Yes!"), ("Europe", "50", "Nearer, please"), ("*", "0", "No")]


def test_categories_hold_for_what_follows():
    category = '<question type="category"><category><text>$course$/top/Fees/Late</text></category></question>'
    found, _ = read(question("essay"), category, question("essay"))
    assert [record.category for record in found] == ["", "Fees/Late"]


def test_pictures_in_the_question_and_in_options_are_kept():
    file = f'<file name="my meter.png" path="/" encoding="base64">{PNG}</file>'
    option = answer(
        '<![CDATA[<p>This <img src="@@PLUGINFILE@@/a.png" alt="A valve"></p>]]>',
        "100",
        more=file.replace("my meter", "a"),
    )
    record = one(
        question(
            "multichoice", option + answer("no"),
            text='<p>See <img src="@@PLUGINFILE@@/my%20meter.png" alt="A &quot;meter&quot;" width="5"> here</p>', more=file,
        )
    )  # fmt: skip
    assert record.stem == '<p>See</p><img alt="A &quot;meter&quot;" src="my_meter.png"/><p>here</p>'
    assert record.images == {"my_meter.png": b"not really a picture", "a.png": b"not really a picture"}
    shown = record.item["options"][0]
    assert (shown["text"], shown["image"], shown["image_alt"]) == ("This", "a.png", "A valve")


def test_tags_say_what_moodle_has_no_element_for():
    tags = "".join(
        f"<tag><text>{tag}</text></tag>"
        for tag in ("section:deposits#amount", "difficulty:3", "language:es", "function:answer-inquiries", "rubric:5:Is kind", "tag:unit:x")
    )  # fmt: skip
    record = one(question("essay", f"<tags>{tags}</tags>"))
    assert (record.section, record.difficulty, record.language) == ("deposits#amount", 3, "es")
    assert (record.job_functions, record.tags) == (("answer-inquiries",), ("unit:x",))
    assert record.item["rubric"] == [{"criterion": "Is kind", "points": 5}]


@pytest.mark.parametrize(
    ("kind", "inner", "text", "message"),
    [
        ("description", "", "<p>x</p>", "Line 3, question “It”: Its type is “description”, which we do not have"),
        ("ddmarker", "", "<p>x</p>", "Its type is “drag and drop markers”"),
        ("stack", "", "<p>x</p>", "Its type is “stack”"),
        ("cloze", "", "{1:MULTICHOICE:=a~b}", "an embedded answer of the type MULTICHOICE, which we do not have"),
        ("cloze", "", "{1:NM:=5:0.1}", "an embedded number with a tolerance"),
        ("cloze", "", "<p>x</p>", "It has no blank"),
        ("numerical", answer("five", "100"), "<p>x</p>", "“five” is not a number"),
        ("truefalse", answer("true", "100"), "<p>x</p>", "not exactly two answers"),
        ("essay", "", "", "It asks nothing"),
        ("multichoice", "", "<p>x</p>", "It has no options"),
    ],
)
def test_what_cannot_be_read_is_named_by_question_and_the_rest_is_read(kind, inner, text, message):
    found, errors = read(question(kind, inner, text), question("essay"))
    assert len(found) == 1
    assert len(errors) == 1
    assert message in str(errors[0])


BOMB = '<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><quiz><question type="essay">&b;</question></quiz>'
OUTSIDE = (
    '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/hostname">]><quiz><question type="essay">&x;</question></quiz>'
)
REMOTE = '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:1/x.dtd"><quiz/>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, REMOTE])
def test_entities_and_document_types_are_refused(text):
    with pytest.raises(FileRefused, match="declares a document type or entities"):
        formats.read(text, "moodlexml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<quiz><question></quiz>", "Line 1: this is not well-formed XML"),
        (b"<html></html>", "does not begin with <quiz>"),
        (b"<quiz></quiz>", "There is no question in the file. Is it a Moodle XML file?"),
        (b"", "The file is empty"),
        (b"\x89PNG\x00\x01", "This is not a text file"),
        ("<quiz>é</quiz>".encode("latin-1"), "Line 1 is not UTF-8"),
        ("<quiz/>".encode("utf-16"), "The file is in UTF-16"),
    ],
)
def test_files_that_are_none_get_a_sentence(content, message):
    with pytest.raises(FileRefused, match=message):
        formats.read(content, "moodlexml")


def test_a_damaged_picture_is_said():
    file = '<file name="a.png" encoding="base64">%%%</file>'
    _, errors = read(question("essay", text='<img src="@@PLUGINFILE@@/a.png">', more=file))
    assert "The picture “a.png” is damaged" in str(errors[0])
