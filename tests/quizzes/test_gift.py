"""GIFT is read as its documentation describes it: https://docs.moodle.org/en/GIFT_format."""

import pytest

from quizzes import types
from quizzes.formats import gift_reading, gift_writing
from quizzes.formats.items import with_keys
from quizzes.types.base import without_ids


def one(text):
    found, errors = gift_reading.read(text)
    assert errors == []
    assert len(found) == 1
    return found[0]


def item(text):
    record = one(text)
    assert types.of(record.type).problems(with_keys(record.item)) == []
    return without_ids(types.of(record.type).canonical(with_keys(record.item)))


def errors(text):
    return [str(error) for error in gift_reading.read(text)[1]]


def options(text):
    return [(part["text"], part["right"], part["weight"], part["feedback"]) for part in item(text)["options"]]


def answers(text):
    return [(part["text"], part["weight"], part["feedback"]) for part in item(text)["answers"]]


def numbers(text):
    return [
        tuple(part[name] for name in ("value", "tolerance", "low", "high", "weight")) for part in item(text)["answers"]
    ]


def test_single_choice_with_feedback():
    text = "What's between orange and green in the spectrum? {=yellow # right; good! ~red # wrong, it's yellow ~blue}"
    assert one(text).stem == "<p>What's between orange and green in the spectrum?</p>"
    assert options(text) == [
        ("yellow", True, None, "right; good!"),
        ("red", False, None, "wrong, it's yellow"),
        ("blue", False, None, ""),
    ]


def test_a_question_without_a_title_is_called_by_its_words():
    assert one("Who's buried in Grant's tomb?{=no one =nobody}").name == "Who's buried in Grant's tomb?"
    assert one("::Kanji \\: origins::Where from?{=China}").name == "Kanji : origins"


def test_missing_word_leaves_a_gap():
    assert one("Grant is {~buried =entombed ~living} in Grant's tomb.").stem == "<p>Grant is _____ in Grant's tomb.</p>"
    record = one("Two plus two equals {=four =4}.")
    assert (record.type, record.stem) == ("short_text", "<p>Two plus two equals _____.</p>")


def test_part_credit_of_single_choice():
    text = "Difficult question.{~wrong answer ~%50%half credit answer =full credit answer}"
    assert options(text) == [
        ("wrong answer", False, None, ""),
        ("half credit answer", False, "50", ""),
        ("full credit answer", True, None, ""),
    ]


def test_several_answers_by_their_weights():
    text = "What two people are entombed here? {\n~%-100%No one\n~%50%Grant\n~%50%Grant's wife\n~Grant's father\n}"
    record = one(text)
    assert record.type == "multiple_choice"
    assert [(part["text"], part["right"]) for part in record.item["options"]] == [
        ("No one", False), ("Grant", True), ("Grant's wife", True), ("Grant's father", False),
    ]  # fmt: skip
    assert [weight for _, _, weight, _ in options(text)] == ["-100", None, None, "0"]


def test_weights_that_were_rounded_are_meant_to_add_up():
    text = "Which three? {~%33%a ~%33%b ~%33%c ~%-100%d}"
    assert [(name, weight) for name, _, weight, _ in options(text)] == [
        ("a", None),
        ("b", None),
        ("c", None),
        ("d", None),
    ]


@pytest.mark.parametrize(
    ("word", "truth"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False), ("true", True)]
)
def test_true_false(word, truth):
    assert item(f"The sun rises in the east.{{{word}}}")["right"] is truth


def test_true_false_has_feedback_to_the_wrong_and_then_to_the_right_answer():
    said = item("42 is the answer.{FALSE#It is the ultimate one.#You are right.}")
    assert said == {"right": False, "feedback_true": "It is the ultimate one.", "feedback_false": "You are right."}
    assert item("Yes.{T#No.}") == {"right": True, "feedback_true": "", "feedback_false": "No."}


def test_short_answers_with_credit_feedback_and_a_wildcard():
    text = "Which is the best animal?{\n=Frog#Good!\n=%50%Cat#Really?\n=%0%*#Completely wrong\n}"
    assert answers(text) == [("Frog", None, "Good!"), ("Cat", "50", "Really?"), ("*", "0", "Completely wrong")]
    assert answers("Two plus two?{four}") == [("four", None, "")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("{#1822:5}", [("1822", "5", None, None, None)]),
        ("{#1822}", [("1822", None, None, None, None)]),
        ("{#3.141..3.142}", [(None, None, "3.141", "3.142", None)]),
        ("{#-5..-1.50}", [(None, None, "-5", "-1.5", None)]),
        ("{#\n=1822:0\n=%50%1822:2\n}", [("1822", None, None, None, None), ("1822", "2", None, None, "50")]),
    ],
)
def test_numbers(given, kept):
    assert numbers(f"When was he born? {given}") == kept


def test_feedback_to_any_other_number_is_kept():
    record = one("What is a number from 1 to 5? {#3:2~#Completely wrong}")
    kind = types.of("numeric")
    kept = with_keys(record.item)
    assert kind.problems(kept) == []
    assert kind.mark(kept, "4").credit == 1
    assert (kind.mark(kept, "8").credit, kind.mark(kept, "8").feedback) == (0, ("Completely wrong",))


def test_matching_with_a_distractor():
    said = item("Match. {\n=Canada -> Ottawa\n=Italy->Rome\n= -> Tokyo\n}")
    assert said["pairs"] == [{"prompt": "Canada", "match": "Ottawa"}, {"prompt": "Italy", "match": "Rome"}]
    assert said["distractors"] == [{"text": "Tokyo"}]


@pytest.mark.parametrize("header", ["", "2     none", "6 ALL VERTICAL ABSOLUTE_POSITION SHOW"])
def test_ordering_with_and_without_the_words_of_moodle(header):
    said = item(f"Put these in order.{{>{header}\nAsk\n  Look it up\nAnswer\n}}")
    assert [part["text"] for part in said["items"]] == ["Ask", "Look it up", "Answer"]


def test_free_response_and_general_feedback():
    record = one("How are you? {}")
    assert (record.type, record.general_feedback) == ("free_response", "")
    assert one("How are you? {####We hope\\nwell.}").general_feedback == "We hope\nwell."


def test_general_feedback_of_other_types():
    record = one("Is it so?{T#No.\n####Because.}")
    assert (record.general_feedback, record.item["feedback_false"]) == ("Because.", "No.")
    assert one("Which?{=a#yes\n~b\n####All of them are letters.}").general_feedback == "All of them are letters."


def test_escapes():
    text = "Which answer equals 5 \\{in \\#\\}\\: \\\\?{\n~ \\= 2 + 2 # \\~ no\n= \\= 2 + 3\\nor so\n~ a\\tb }"
    assert one(text).stem == "<p>Which answer equals 5 {in #}: \\?</p>"
    assert [(name, feedback) for name, _, _, feedback in options(text)] == [
        ("= 2 + 2", "~ no"), ("= 2 + 3 or so", ""), ("a\\tb", ""),
    ]  # fmt: skip
    assert one("One\\ntwo\\n\\nthree{T}").stem == "<p>One<br/>two</p><p>three</p>"
    assert one("A \\\\n B{T}").stem == "<p>A \\n B</p>"


@pytest.mark.parametrize(
    ("form", "stem"),
    [
        ("[html]<p>A <em>b</em> &amp; c</p><script>alert(1)</script>", "<p>A <i>b</i> &amp; c</p>"),
        ("[markdown]A **b** and\n\t* c", "<p>A <b>b</b> and * c</p>"),
        ("[plain]A <b>b</b> & c", "<p>A &lt;b&gt;b&lt;/b&gt; &amp; c</p>"),
        ("[moodle]A <b>b</b>\\nc", "<p>A <b>b</b><br/>c</p>"),
        ("[unknown]A", "<p>[unknown]A</p>"),
    ],
)
def test_text_formats(form, stem):
    assert one(f"::x::{form}{{T}}").stem == stem


def test_options_and_feedback_have_the_format_of_the_question_or_their_own():
    text = "[html]<p>A</p>{=<b>x</b> &lt; y#[plain]<b>z</b> ~[markdown]**w**#<i>v</i>}"
    assert [(name, feedback) for name, _, _, feedback in options(text)] == [("x < y", "<b>z</b>"), ("w", "v")]


def test_nothing_that_could_run_is_kept():
    text = (
        '[html]<a href\\="javascript\\:alert(1)">x</a><img src\\="x" onerror\\="alert(1)">'
        '<p style\\="color\\:red" onclick\\="a()">y</p><embed embedtype\\="media" url\\="https\\://x">'
        '<a linktype\\="page" id\\="3">z</a>{T}'
    )
    assert one(text).stem == '<p>x</p><img alt="" src="x"/><p>y</p><p>z</p>'


def test_categories_hold_for_what_follows():
    found, _ = gift_reading.read(
        "$CATEGORY: $course$/top/Payments/Deposits\n\nA{T}\n\n$CATEGORY: Work orders\nB{T}\n\nC{T}\n\n$CATEGORY: $course$\n\nD{T}"
    )
    assert [record.category for record in found] == ["Payments/Deposits", "Work orders", "Work orders", ""]


def test_comments_byte_order_marks_and_windows_line_ends():
    text = "// Subheading\r\n\r\n// a note\r\n::x::What's 2\r\n// in between\r\nplus 2? {\r\n  // here, too\r\n  =4\r\n  =four}\r\n"
    record = one(text)
    assert (record.stem, record.line) == ("<p>What's 2 plus 2?</p>", 4)
    assert answers(text) == [("4", None, ""), ("four", None, "")]


def test_several_blanks():
    record = one("The deposit is {=150 =%50%about 150#Exactly\\: 150.}, due in {=30 =thirty} days.")
    assert (record.type, record.stem) == ("fill_blanks", "<p>Fill in the blanks.</p>")
    assert record.item["text"] == "The deposit is {1}, due in {2} days."
    assert [[part["text"] for part in blank["answers"]] for blank in record.item["blanks"]] == [
        ["150", "about 150"], ["30", "thirty"],
    ]  # fmt: skip


@pytest.mark.parametrize("between", ["\\n---\\n", "\n---\n"])
def test_a_line_of_dashes_parts_the_question_from_a_text_with_blanks(between):
    record = one(f"Complete the **rule**.{between}The deposit is {{=150####See the policy.}}.")
    assert (record.type, record.stem) == ("fill_blanks", "<p>Complete the **rule**.</p>")
    assert (record.item["text"], record.general_feedback) == ("The deposit is {1}.", "See the policy.")


UID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def test_what_gift_has_no_word_for():
    record = one(
        f"// [id:{UID}] [tag:fees] [tag:a \\] b] [difficulty:3] [language:es]\n"
        "// [section:deposits#amount] [function:answer-inquiries] [unit:gallons]\n::x::A{#5}"
    )
    assert (record.uid, record.tags, record.difficulty, record.language) == (UID, ("a ] b", "fees"), 3, "es")
    assert (record.section, record.job_functions) == ("deposits#amount", ("answer-inquiries",))
    assert record.item["unit"] == "gallons"
    said = item("// [case] [accents]\nA{=b}")
    assert said["case_matters"] and said["accents_matter"]
    said = item(
        "// [guidance:Look for\\nthe date.] [words:80]\n// [rubric:5:Names the amount]\n// [rubric:2:Is kind]\nA{}"
    )
    assert (said["guidance"], said["words"]) == ("Look for\nthe date.", 80)
    assert said["rubric"] == [{"criterion": "Names the amount", "points": 5}, {"criterion": "Is kind", "points": 2}]


def test_an_id_of_another_program_is_kept_as_a_tag():
    record = one("// question: 12 name: x\n// [id:myid]\n::x::A{T}")
    assert (record.uid, record.tags) == ("", ("id:myid",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "\n\nJust read this.",
            "Line 3, question “Just read this.”: It has no answer part in braces, which makes it a description",
        ),
        ("::Deposit::A {=b", "Line 1, question “Deposit”: The “{” is never closed"),
        ("::x::A {=b\n\n=c}", "The “{” is never closed. A question ends at a blank line"),
        ("A }", "There is a “}” without"),
        ("A {=b {c}}", "There is a “{” inside an answer part"),
        ("A {~b ~c}", "No option is right"),
        ("A {#x}", "“x” is not a number"),
        ("A {#}", "No number is given"),
        ("A {~%500%b ~c}", "The credit “500” is not a number from -100 to 100"),
        ("A {=b->c =d}", "“d” has no “->”"),
        ("{T}", "It asks nothing"),
        ("A {T} b {#5}", "It has several answer parts"),
        ("// [difficulty:9]\nA{T}", "Line 2, question “A”: The difficulty is 1, 2 or 3, and not “9”."),
        ("// [language:fr]\nA{T}", "The language is one of en, es"),
        ("// [rubric:five]\nA{}", "A rubric is written"),
        ("// [section:a#b]\n\nA{T}", "Line 1: [section:…] belongs to no question"),
        ("A{>b c\nd}", "Write the items to put in order below"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_question(text, message):
    assert message in errors(text)[0]


def test_all_errors_are_collected_and_the_rest_is_read():
    found, wrong = gift_reading.read("A{T}\n\nB{=x\n\nC\n\nD{F}")
    assert [record.name for record in found] == ["A", "D"]
    assert [error.line for error in wrong] == [3, 5]


def test_what_gift_cannot_hold_is_said():
    record = one('::x::[html]<p>A</p><img src\\="meter.png" alt\\="">{T}')
    text, notes = gift_writing.write([record])
    assert notes == ["“x”: its picture is left out, because GIFT holds none."]
    assert one(text).stem == "<p>A</p>"
