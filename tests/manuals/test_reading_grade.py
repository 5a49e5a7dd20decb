"""How hard a text reads: the index as published, and what counts as a sentence."""

import pytest

from manuals import reading_grade
from manuals.models import Section
from manuals.passages import Form, Passage, of_page
from tests.factories import make_answer, make_chapter, make_manual, make_policy, section


def sentences(text: str, form: Form = Form.PLAIN, language: str = "en") -> list[str]:
    return [found.text for found in reading_grade.sentences([Passage(text, form, language)])]


def test_the_index_is_the_published_one():
    # 500 strokes in 100 words of 5 sentences: 4.71 × 5 + 0.5 × 20 − 21.43.
    assert reading_grade.index(500, 100, 5) == pytest.approx(12.12)


def test_letters_and_digits_count_and_marks_do_not():
    (found,) = reading_grade.sentences([Passage("Pay $1,250.00 – today, please.")])
    assert (found.words, found.characters) == (4, 3 + 6 + 5 + 6)
    assert found.grade == pytest.approx(4.71 * 20 / 4 + 0.5 * 4 - 21.43)


def test_brackets_of_sample_values_are_not_read():
    with_brackets = list(reading_grade.sentences([Passage("Pay [[$30.00]] at the desk.")]))
    assert with_brackets == list(reading_grade.sentences([Passage("Pay $30.00 at the desk.")]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are open. Come in!", ["We are open.", "Come in!"]),
        ("Ask Dr. Reyes at 9.30. Then wait.", ["Ask Dr. Reyes at 9.30.", "Then wait."]),
        ("No. You may pay later.", ["No.", "You may pay later."]),
        ("Ordinance No. 58 applies.", ["Ordinance No. 58 applies."]),
        ("The U.S. Postal Service delivers it.", ["The U.S. Postal Service delivers it."]),
        ("“Are you sure?” Then say so.", ["“Are you sure?", "Then say so."]),
        ("One line\nof a paragraph\n\nAnother", ["One line of a paragraph", "Another"]),
        ("–", []),
    ],
)
def test_where_sentences_end(text, expected):
    assert sentences(text) == expected


def test_items_of_a_list_and_headings_are_no_run_on_sentences():
    text = "## What you need\n\nBring two papers:\n\n- a photo card\n- a lease, or\n  a deed\n\n1. Copy both\n2. Give them back"
    assert sentences(text, Form.MARKDOWN) == [
        "Bring two papers:",
        "a photo card",
        "a lease, or a deed",
        "Copy both",
        "Give them back",
    ]


def test_marks_tables_and_code_of_markdown_are_not_read():
    text = "Read **the** [fee list](/policies/fees/) `now`.\n\n| Fee | Sum |\n|---|---|\n| A | 1 |\n\n```\nx = 1\n```"
    assert sentences(text, Form.MARKDOWN) == ["Read the fee list now."]


def test_blocks_of_rich_text_end_sentences():
    html = "<h3>Fees</h3><p>Pay <b>here</b> &amp; now</p><ul><li>cash</li><li>card</li></ul>"
    assert sentences(html, Form.HTML) == ["Pay here & now", "cash", "card"]


def test_spanish_and_what_is_no_sentence_is_left_out():
    assert sentences("Usted paga aquí.", language="es") == []
    assert sentences("Fees and rates", Form.LABEL) == []
    assert sentences("$30.00", Form.CELL) == []


EASY = "We keep the form. " * 30
HARD = (
    "Notwithstanding administrative considerations, the municipal utilities department shall unconditionally reconsider "
    "disconnection determinations whenever documentation demonstrating extraordinary circumstances accompanies "
    "applications. "
)


def test_a_short_text_is_not_judged():
    assert reading_grade.of([Passage("We keep the form.")]) is None


def test_easy_text_is_good_and_hard_text_is_flagged():
    easy = reading_grade.of([Passage(EASY)])
    assert easy is not None and easy.is_good and easy.hardest == [] and easy.verdict == "Good"
    hard = reading_grade.of([Passage(HARD * 6)])
    assert hard is not None and hard.is_hard and hard.verdict == "Hard to read aloud"


def test_the_hardest_sentences_come_first_and_short_ones_are_not_among_them():
    middling = "The customer receives a letter which explains the adjustment before the payment becomes overdue again. "
    text = f"{EASY} Extraordinary misclassification. {middling} {HARD}"
    found = reading_grade.of([Passage(text, anchor="fees")])
    assert found is not None
    assert [sentence.text for sentence in found.hardest] == [HARD.strip(), middling.strip()]
    assert found.hardest[0].anchor == "fees"


@pytest.mark.django_db
def test_every_kind_of_block_is_read_and_knows_its_section():
    policy = make_policy()
    blocks = [
        ("markdown", "Alpha."),
        ("rich_text", "<p>Bravo.</p>"),
        ("procedure", {"title": "Title", "steps": [{"type": "item", "value": "Charlie.", "id": "a"}]}),
        ("say", {"language": "en", "text": "Delta."}),
        ("say", {"language": "es", "text": "Eco."}),
        ("warning", {"title": "Title", "text": "Foxtrot."}),
        ("tip", {"title": "", "text": "Golf."}),
        ("table", {"columns": [{"type": "text", "heading": "Fee"}], "rows": [{"values": ["[[$5.00]]"]}], "caption": ""}),
        ("decision", {"question": "Hotel?", "cases": [
            {"type": "item", "value": {"condition": "India", "action": "Juliett."}, "id": "y"},
            {"type": "item", "value": {"condition": "Kilo", "action": "Lima."}, "id": "n"},
        ]}),
        ("policy", {"section": Section.objects.get(page=policy).pk, "note": "Mike."}),
    ]  # fmt: skip
    chapter = make_chapter(make_manual(), summary="November.", body=[section("all", "Everything", *blocks)])
    parts = of_page(type(chapter).objects.get(pk=chapter.pk))
    found = list(reading_grade.sentences(parts))
    assert [sentence.text for sentence in found] == [
        *("November.", "Alpha.", "Bravo.", "Charlie.", "Delta.", "Foxtrot.", "Golf.", "Hotel?", "India", "Juliett."),
        *("Kilo", "Lima.", "Mike."),
    ]
    assert {sentence.anchor for sentence in found[1:]} == {"all"}
    everything = " ".join(part.text for part in parts if isinstance(part, Passage))
    for written in ("Everything", "Title", "Eco.", "Fee", "[[$5.00]]"):
        assert written in everything


@pytest.mark.django_db
def test_an_answer_is_read_in_english():
    answer = make_answer(short_answer="Alpha.", script_en="Bravo.", refer_to="Charlie.")
    texts = [sentence.text for sentence in reading_grade.sentences(of_page(answer))]
    assert texts == ["Alpha.", "Bravo.", "Charlie.", "Verify the caller."]
