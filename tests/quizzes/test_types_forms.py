"""What learners see of each type, and what they send."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.template.loader import render_to_string
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from quizzes import types


def option(text, right=False, feedback=""):
    return {"id": f"id-{text}", "text": text, "image": None, "right": right, "weight": None, "feedback": feedback}


def accepted(text, feedback=""):
    return {"id": text, "text": text, "weight": None, "feedback": feedback}


NUMBER = {
    "id": "n",
    "value": "350",
    "tolerance": None,
    "low": None,
    "high": None,
    "weight": None,
    "feedback": "Well read.",
}
TOLD = "Well read."
ITEMS = {
    "single_choice": {"options": [option("a", True, TOLD), option("b", feedback="No."), option("c")]},
    "multiple_choice": {"options": [option("a", True, TOLD), option("b", True), option("c", feedback="No.")]},
    "true_false": {"right": True, "feedback_true": TOLD, "feedback_false": "No."},
    "numeric": {"answers": [NUMBER], "unit": "gallons"},
    "short_text": {"answers": [accepted("thirty", TOLD)], "case_matters": False, "accents_matter": False},
    "matching": {
        "pairs": [{"id": "p1", "prompt": "Leak", "match": "Crew"}, {"id": "p2", "prompt": "Bill", "match": "Office"}],
        "distractors": [{"id": "d", "text": "Mayor"}],
    },
    "ordering": {"items": [{"id": "i1", "text": "Greet"}, {"id": "i2", "text": "Ask"}, {"id": "i3", "text": "Thank"}]},
    "fill_blanks": {
        "text": "It is {1}, due in {2} days.\nNo more.",
        "blanks": [{"id": "b1", "answers": [accepted("thirty", TOLD)]}, {"id": "b2", "answers": [accepted("ten")]}],
        "case_matters": False,
        "accents_matter": False,
    },
    "free_response": {"rubric": [{"id": "c", "criterion": TOLD, "points": 2}], "guidance": "For markers", "words": 50},
}
RIGHT = {
    "single_choice": "id-a",
    "multiple_choice": ["id-a", "id-b"],
    "true_false": "true",
    "numeric": "350 gal",
    "short_text": "Thirty",
    "matching": {"p1": "Crew", "p2": "Office"},
    "ordering": {"i1": 1, "i2": 2, "i3": 3},
    "fill_blanks": {"b1": "thirty", "b2": "ten"},
    "free_response": "Dear caller,\n\nit is thirty.",
}
WRONG = {
    "single_choice": "id-b",
    "multiple_choice": ["id-c"],
    "true_false": "false",
    "numeric": "35",
    "short_text": "forty",
    "matching": {"p1": "Mayor", "p2": "Crew"},
    "ordering": {"i1": 3, "i2": 1, "i3": 2},
    "fill_blanks": {"b1": "forty", "b2": "forty"},
}
every_type = pytest.mark.parametrize("slug", ITEMS)
every_marked_type = pytest.mark.parametrize("slug", WRONG)


def page_of(slug, answer=None, *, shown=None, language="", **how):
    kind = types.of(slug)
    shown = shown or kind.shown(ITEMS[slug], [], answer, "answer-7", **how)
    html = render_to_string(kind.template, {"shown": shown, "language": language})
    return BeautifulSoup(html, "html.parser")


def verdicts(page):
    return [" ".join(verdict.get_text().split()) for verdict in page.select(".verdict")]


def fields(page):
    return page.select("input, select, textarea")


@every_type
def test_every_field_has_a_name_that_is_read_out(slug):
    page = page_of(slug)
    assert fields(page)
    for field in fields(page):
        label = page.find("label", attrs={"for": field["id"]})
        assert field.get("aria-label") or label.get_text(strip=True)


@every_type
@pytest.mark.parametrize("how", [{}, {"reveal": True}, {"reveal": True, "is_open": False}])
def test_every_id_is_there_once_and_every_description_is_there(slug, how):
    page = page_of(slug, RIGHT[slug], **how)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {tag["aria-describedby"] for tag in page.select("[aria-describedby]")} <= set(ids)


@every_type
def test_a_closed_question_takes_no_answer(slug):
    assert all(field.has_attr("disabled") for field in fields(page_of(slug, is_open=False)))
    assert not any(field.has_attr("disabled") for field in fields(page_of(slug)))


@every_type
@pytest.mark.parametrize("answers", [RIGHT, WRONG])
def test_before_it_may_be_told_nothing_is(slug, answers):
    page = page_of(slug, answers.get(slug))
    assert verdicts(page) == []
    assert TOLD not in str(page)
    assert "For markers" not in str(page)


@every_marked_type
def test_right_answers_are_called_right_in_words(slug):
    words = [verdict for verdict in verdicts(page_of(slug, RIGHT[slug], reveal=True, is_open=False)) if verdict]
    assert words
    assert set(words) == {"Right."}


@every_marked_type
def test_wrong_answers_are_called_so_and_what_is_right_is_told(slug):
    words = verdicts(page_of(slug, WRONG[slug], reveal=True, is_open=False))
    assert any(word.startswith("Not right.") for word in words)
    assert any("would have been right" in word or "Right answer:" in word or "Right place:" in word for word in words)
    assert "Right." not in words


@every_marked_type
def test_every_verdict_has_an_icon_too(slug):
    for answer in (RIGHT[slug], WRONG[slug], None):
        page = page_of(slug, answer, reveal=True)
        assert all(verdict.find("use") for verdict in page.select(".verdict"))


@every_type
def test_what_the_author_has_to_say_is_told_with_the_result(slug):
    page = page_of(slug, RIGHT[slug], reveal=True)
    assert (TOLD in page.get_text()) is (slug not in ("matching", "ordering"))
    assert "For markers" not in str(page)


@pytest.mark.parametrize("slug", ["numeric", "short_text", "matching", "ordering", "fill_blanks"])
def test_what_was_left_open_is_called_not_answered(slug):
    words = verdicts(page_of(slug, reveal=True))
    assert words
    assert all(word.startswith(("Not answered. Right answer:", "Not answered. Right place:")) for word in words)


@every_type
def test_what_authors_and_learners_write_is_text_and_never_markup(slug):
    item = ITEMS[slug]
    bad = "<b>x</b>\"'&"
    kind = types.of(slug)
    shown = kind.shown(evil(item, bad), [], evil(RIGHT[slug], bad), "answer-7", reveal=True)
    page = page_of(slug, shown=shown)
    assert page.find("b") is None
    assert "<b>" in str(page.get_text()) or bad in [field.get("value") for field in fields(page)] or slug == "ordering"


def evil(value, text):
    """Return an item or an answer with a text that is no text put into every string but ids and numbers."""
    if isinstance(value, dict):
        return {
            name: part if name in ("id", "value", "tolerance", "low", "high", "weight") else evil(part, text)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [evil(part, text) for part in value]
    return f"{value} {text}" if isinstance(value, str) and not value.startswith("id-") else value


def test_content_carries_its_language_and_our_words_do_not():
    page = page_of("matching", WRONG["matching"], reveal=True, language="es")
    assert page.find("label")["lang"] == "es"
    choices = page.find("select").find_all("option")
    assert not choices[0].has_attr("lang")
    assert all(choice["lang"] == "es" for choice in choices[1:])
    assert page_of("single_choice").select("[lang]") == []


def test_the_unit_stands_behind_the_field_and_is_read_out_with_it():
    page = page_of("numeric")
    unit = page.find(id=page.find("input")["aria-describedby"])
    assert unit.get_text(strip=True) == "gallons"


def test_blanks_stand_in_their_sentence():
    page = page_of("fill_blanks", RIGHT["fill_blanks"])
    assert [field["aria-label"] for field in page.find_all("input")] == ["Blank 1 of 2", "Blank 2 of 2"]
    sentence = page.select_one(".blanks-text")
    for field in sentence.find_all("input"):
        field.replace_with(field["value"])
    assert sentence.get_text() == "It is thirty, due in ten days.No more."
    assert sentence.find("br")


def test_matching_begins_with_nothing_chosen():
    first = page_of("matching").find("select").find("option")
    assert (first["value"], first.get_text()) == ("", "Choose …")


def test_each_item_to_order_has_a_choice_of_places():
    page = page_of("ordering", {"i2": 1})
    rows = page.select("ol[data-ordering] > li")
    assert [[choice["value"] for choice in row.find_all("option")] for row in rows] == [["", "1", "2", "3"]] * 3
    [chosen] = page.select("option[selected]")
    assert chosen.find_parent("li").find("label").get_text(strip=True) == "Ask"


def test_a_sample_value_is_marked():
    item = {"options": [option("[[$30.00]]", True), option("$40")]}
    page = page_of("single_choice", shown=types.of("single_choice").shown(item, [], None, "q"))
    assert page.select_one(".sample-value").get_text() == "$30.00"


def test_a_form_with_nothing_in_it_is_no_answer():
    for slug, item in ITEMS.items():
        assert types.of(slug).read(item, QueryDict(), "answer-7") is None


@pytest.mark.django_db
def test_a_picture_is_read_out_by_its_description():
    image = get_image_model().objects.create(title="w.png", description="A water meter", file=get_test_image_file())
    kind = types.of("single_choice")
    shown = kind.shown({"options": [option("", True), option("b")]}, [], None, "q")
    parts = [{**shown.parts[0], "image": image}, shown.parts[1]]

    page = page_of("single_choice", shown=replace(shown, parts=parts))

    assert page.find("label").find("img")["alt"] == "A water meter"


def test_a_picture_that_is_gone_leaves_words_to_choose_by():
    shown = types.of("single_choice").shown({"options": [option("", True), option("b")]}, [], None, "q")
    assert "no longer there" in page_of("single_choice", shown=shown).find("label").get_text()
