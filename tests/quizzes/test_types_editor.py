"""How seniors write items in the editor: what it refuses, and what it keeps."""

import pytest
from django.utils.datastructures import MultiValueDict
from wagtail.admin.icons import get_icons
from wagtail.admin.telepath import JSContext
from wagtail.blocks import ListBlock, StructBlock
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError

from quizzes import types
from quizzes.types.base import plain, raw, without_ids

every_type = pytest.mark.parametrize("kind", types.ALL, ids=lambda kind: kind.slug)

SINGLE = {
    "options": [
        {"text": "Yes", "image": None, "right": True, "weight": "100", "feedback": ""},
        {"text": "No", "image": None, "right": False, "weight": "50.0", "feedback": "Think again."},
    ]
}


def blocks_in(block):
    yield block
    if isinstance(block, ListBlock):
        yield from blocks_in(block.child_block)
    if isinstance(block, StructBlock):
        for child in block.child_blocks.values():
            yield from blocks_in(child)


def groups_in(layout):
    yield layout
    for child in layout.children:
        if isinstance(child, BlockGroup):
            yield from groups_in(child)


def cleaned(kind, item):
    block = kind.block()
    return plain(block, block.clean(block.to_python(raw(block, item))))


@every_type
def test_the_editor_can_be_shown(kind):
    block = kind.block()
    assert JSContext().pack(block)
    assert block.get_form_state(block.get_default())
    assert not block.check()


@every_type
def test_every_icon_is_one_that_wagtail_has(kind):
    names = {block.meta.icon for block in blocks_in(kind.block())}
    for block in blocks_in(kind.block()):
        if isinstance(block, StructBlock):
            names |= {group.icon for group in groups_in(block.meta.form_layout)}
    sprite = get_icons()
    assert [name for name in names if f'id="icon-{name}"' not in sprite] == []


@pytest.mark.parametrize(
    "kind", [kind for kind in types.ALL if not kind.is_marked_by_person], ids=lambda kind: kind.slug
)
def test_what_has_only_been_begun_is_refused(kind):
    block = kind.block()
    with pytest.raises(StructBlockValidationError):
        block.clean(block.get_default())


@every_type
def test_a_draft_may_be_unfinished(kind):
    block = kind.block()
    block.defer_required_validation()
    try:
        assert block.clean(block.get_default()) is not None
    finally:
        block.restore_deferred_validation()


@every_type
def test_an_unfinished_item_can_be_previewed(kind):
    block = kind.block()
    item = plain(block, block.get_default())
    assert kind.shown(item, [], None, "q", reveal=True)
    assert isinstance(kind.right_in_words(item), str)
    assert isinstance(kind.offered(item), list)


def test_an_item_is_kept_in_its_canonical_form():
    kept = cleaned(types.of("single_choice"), SINGLE)
    assert [option["weight"] for option in kept["options"]] == [None, "50"]
    assert without_ids(kept)["options"][1]["feedback"] == "Think again."


def test_the_ids_of_options_stay():
    item = {"options": [{**option, "id": f"id-{option['text']}"} for option in SINGLE["options"]]}
    assert [option["id"] for option in cleaned(types.of("single_choice"), item)["options"]] == ["id-Yes", "id-No"]


def test_a_problem_stands_beside_its_field():
    item = {"text": "No blank here.", "blanks": [{"answers": [{"text": "a", "weight": None, "feedback": ""}]}]}
    with pytest.raises(StructBlockValidationError) as refused:
        cleaned(types.of("fill_blanks"), {**item, "case_matters": False, "accents_matter": False})
    assert refused.value.as_json_data() == {
        "blockErrors": {"text": {"messages": ["Write {1} in the text where blank 1 is."]}}
    }


def test_several_problems_of_a_list_are_all_said():
    same = [{**option, "text": "Yes", "right": False, "weight": None} for option in SINGLE["options"]]
    with pytest.raises(StructBlockValidationError) as refused:
        cleaned(types.of("single_choice"), {"options": same})
    [messages] = [error["messages"] for error in refused.value.as_json_data()["blockErrors"].values()]
    assert len(messages) == 2


@pytest.mark.parametrize(("posted", "right"), [("true", True), ("false", False)])
def test_true_and_false_are_chosen_by_name(posted, right):
    kind = types.of("true_false")
    block = kind.block()
    data = MultiValueDict({"x-right": [posted], "x-feedback_true": [""], "x-feedback_false": [""]})

    value = block.clean(block.value_from_datadict(data, {}, "x"))

    assert plain(block, value)["right"] is right
    assert block.get_form_state(value)["right"] == [posted]


def test_neither_true_nor_false_is_refused_beside_the_field():
    block = types.of("true_false").block()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.value_from_datadict(MultiValueDict({"x-feedback_true": [""]}), {}, "x"))
    assert list(refused.value.block_errors) == ["right"]


def test_numbers_are_kept_as_they_are_written():
    kind = types.of("numeric")
    block = kind.block()
    posted = {"value": "0.1", "tolerance": "", "low": "", "high": "", "weight": "", "feedback": ""}
    data = {f"x-answers-0-value-{name}": text for name, text in posted.items()}
    data |= {"x-answers-count": "1", "x-answers-0-deleted": "", "x-answers-0-order": "0", "x-answers-0-type": "item"}
    data |= {"x-answers-0-id": "", "x-unit": "days"}

    item = plain(block, block.clean(block.value_from_datadict(data, {}, "x")))

    assert item["answers"][0]["value"] == "0.1"
    assert item["answers"][0]["tolerance"] is None
    assert kind.mark(item, "0.1 day").credit == 1
