"""Question files come into the bank whole or not at all, and go out of it as they came in."""

import json
from io import BytesIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backend

from manuals.models import JobFunction, Section
from portal.people.positions import Position
from quizzes import bank, exporting, formats, importing, types
from quizzes.models import Category, Question
from quizzes.records import QuestionRecord
from tests.factories import UserFactory, make_policy
from tests.quizzes.record_strategies import records

pytestmark = pytest.mark.django_db

UID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
GIFT = f"""$CATEGORY: Payments/Deposits

// [id:{UID}] [tag:fees] [difficulty:3] [section:customer-deposits#amount] [function:answer-inquiries]
::Deposit::How much is the deposit? {{
=$150#Yes.
~$100#That was before.
####See the policy.
}}

::Days::The bill is due in {{#20}} days.
"""


@pytest.fixture(autouse=True)
def library(db):
    make_policy()
    JobFunction.objects.create(slug="answer-inquiries", name="Answer inquiries", position=Position.CSR_1)
    JobFunction.objects.create(slug="take-payments", name="Take payments", position=Position.CSR_1)


def gift(text, **options):
    return importing.import_questions(text, "gift", **options)


def refused(text, slug="gift", **options):
    with pytest.raises(importing.ImportRefused) as info:
        importing.import_questions(text, slug, **options)
    return [str(error) for error in info.value.errors]


def picture(colour="red"):
    content = BytesIO()
    Picture.new("RGB", (8, 8), colour).save(content, "PNG")
    return content.getvalue()


def test_questions_are_made_and_published_as_in_the_editor():
    user = UserFactory(position=Position.SUPERVISOR)
    summary = gift(GIFT, user=user)
    assert (len(summary.created), summary.categories) == (2, ["Payments/Deposits"])
    question = Question.objects.get(pk=UID)
    assert question.live and not question.has_unpublished_changes
    assert (question.name, question.type, question.difficulty) == ("Deposit", "single_choice", 3)
    assert question.section == Section.objects.get(anchor="amount")
    assert [tag.name for tag in question.tags.all()] == ["fees"]
    assert [function.slug for function in question.job_functions.all()] == ["answer-inquiries"]
    assert question.latest_revision == question.live_revision
    assert question.latest_revision.user == user
    again = question.latest_revision.as_object()
    assert (again.name, again.item) == (question.name, question.item)
    assert [tag.name for tag in again.tags.all()] == ["fees"]
    assert [function.slug for function in again.job_functions.all()] == ["answer-inquiries"]
    actions = ModelLogEntry.objects.filter(object_id=UID).values_list("action", "user")
    assert set(actions) == {("wagtail.create", user.pk), ("wagtail.publish", user.pk)}
    assert ReferenceIndex.get_references_to(question.category).filter(object_id=UID).exists()


def test_imported_questions_can_be_published_again_in_the_editor():
    gift(GIFT)
    question = Question.objects.get(pk=UID)
    question.name = "Amount of the deposit"
    question.save_revision().publish()
    question.refresh_from_db()
    assert question.name == "Amount of the deposit"
    assert [tag.name for tag in question.tags.all()] == ["fees"]


def test_imported_questions_are_found_by_the_search(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        gift(GIFT)
    found = get_search_backend().search("deposit", Question)
    assert [question.name for question in found] == ["Deposit"]


def test_the_same_file_changes_nothing_the_second_time():
    gift(GIFT)
    before = list(Question.objects.values_list("pk", "latest_revision"))
    summary = gift(GIFT)
    assert (summary.created, summary.changed, len(summary.unchanged)) == ([], [], 2)
    assert list(Question.objects.values_list("pk", "latest_revision")) == before


def test_an_id_that_is_there_changes_that_question_and_keeps_the_ids_of_its_options():
    gift(GIFT)
    first = Question.objects.get(pk=UID)
    ids = {part["text"]: part["id"] for part in first.item["options"]}
    summary = gift(GIFT.replace("That was before.", "That was last year.").replace("[tag:fees]", "[tag:money]"))
    assert (len(summary.created), len(summary.changed), len(summary.unchanged)) == (0, 1, 1)
    second = Question.objects.get(pk=UID)
    assert {part["text"]: part["id"] for part in second.item["options"]} == ids
    assert second.item["options"][1]["feedback"] == "That was last year."
    assert [tag.name for tag in second.tags.all()] == ["money"]
    assert second.revisions.count() == 2
    assert second.first_published_at == first.first_published_at


def test_without_an_id_other_words_make_another_question():
    gift(GIFT)
    gift(GIFT.replace("{#20}", "{#21}"))
    assert Question.objects.filter(name="Days").count() == 2


def test_a_question_with_a_draft_or_a_lock_is_left_alone():
    gift(GIFT)
    question = Question.objects.get(pk=UID)
    question.name = "Draft"
    question.save_revision()
    assert "changes that are not published" in refused(GIFT.replace("Yes.", "Right."))[0]
    Question.objects.filter(pk=UID).update(has_unpublished_changes=False, locked=True)
    assert "is locked" in refused(GIFT.replace("Yes.", "Right."))[0]
    assert not gift(GIFT).changed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#amount", "#none", "Line 4, question “Deposit”: There is no section “customer-deposits#none”"),
        (
            "answer-inquiries",
            "juggling",
            "There is no job function “juggling”. Known: answer-inquiries, take-payments.",
        ),
        ("$CATEGORY: Payments/Deposits", "", "Questions in it are in no category"),
        ("~$100#", f"~{'x' * 600}#", "at most 500 characters"),
        ("::Days::", f"// [id:{UID}]\n::Days::", "Another question in this file has the same id"),
        ("=$150", "~$100", "No option is right"),
        ("=$150", "=$100", "Two options say"),
        (
            "How much is the deposit?",
            '[html]<img src\\="x.png">',
            "shows the picture “x.png”, which the file does not hold",
        ),
    ],
)
def test_one_error_keeps_everything_out(old, new, message):
    errors = refused(GIFT.replace(old, new))
    assert message in " ".join(errors)
    assert not Question.objects.exists()
    assert not Category.objects.exists()


def test_what_is_wrong_can_be_left_out_and_is_listed():
    summary = gift(GIFT + "\nA description.\n\n::x::A{~b ~c}\n", skip_invalid=True)
    assert [record.name for record in summary.created] == ["Deposit", "Days"]
    assert [error.line for error in summary.left_out] == [12, 14]
    assert str(summary) == "2 added, 0 changed, 0 as they were, 2 left out."


def test_a_dry_run_writes_nothing():
    assert len(gift(GIFT, dry_run=True).created) == 2
    assert not Question.objects.exists()
    assert not Category.objects.exists()


def test_a_section_of_two_pages_is_not_guessed():
    policy = make_policy(title="Other", code="CS-102")
    policy.slug = "customer-deposits-2"
    policy.save()
    Section.objects.filter(page=policy).update(anchor="amount")
    gift(GIFT)
    type(policy).objects.filter(pk=policy.pk).update(slug="customer-deposits")
    assert "Several pages have a section" in refused(GIFT.replace("Yes.", "Right."))[0]


def xml_with(content, name="meter.png"):
    record = QuestionRecord(
        name="Meter",
        type="single_choice",
        stem=f'<p>What is this?</p><img alt="A water meter" src="{name}"/>',
        item={
            "options": [
                {"text": "", "image": "valve.png", "image_alt": "A valve", "right": False, "weight": None, "feedback": ""},
                {"text": "A meter", "image": None, "right": True, "weight": None, "feedback": ""},
            ]
        },
        category="Field",
        uid=UID,
        images={name: content, "valve.png": picture("blue")},
    )  # fmt: skip
    return formats.write([record], "moodlexml")[0]


def test_pictures_are_saved_once_and_go_out_as_they_came_in():
    importing.import_questions(xml_with(picture()), "moodlexml")
    images = get_image_model().objects.order_by("title")
    assert [(image.title, image.description) for image in images] == [
        ("A valve", "A valve"),
        ("A water meter", "A water meter"),
    ]
    question = Question.objects.get()
    assert f'<embed alt="A water meter" embedtype="image" format="fullwidth" id="{images[1].pk}"/>' in question.stem
    assert question.item["options"][0]["image"] == images[0].pk
    text = exporting.export("moodlexml").text
    assert importing.import_questions(text, "moodlexml").changed == []
    Question.objects.all().delete()
    importing.import_questions(text, "moodlexml")
    assert get_image_model().objects.count() == 2
    record = bank.record_of(Question.objects.get())
    assert sorted(record.images.values()) == sorted([picture(), picture("blue")])


def test_what_is_no_picture_is_refused_and_nothing_stays_in_storage(settings):
    assert "The picture “meter.png” cannot be read" in refused(xml_with(b"GIF89a broken"), "moodlexml")[0]
    assert not get_image_model().objects.exists()


def test_links_to_pages_follow_the_page():
    policy = Section.objects.get(anchor="amount").page
    gift(f'$CATEGORY: A\n::x::[html]<p>See <a href\\="{policy.url}">the policy</a>.</p>{{T}}')
    question = Question.objects.get()
    assert f'<a linktype="page" id="{policy.pk}">' in question.stem
    assert policy.url in exporting.export("gift").text.replace("\\=", "=")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(records(), min_size=1, max_size=4, unique_by=lambda record: record.name),
    st.sampled_from(["gift", "moodlexml"]),
)
def test_export_then_import_gives_equal_questions(written, slug):
    written = [_known(record) for record in written]
    try:
        importing.import_questions(formats.write(written, slug)[0], slug)
        text = exporting.export(slug).text
        again = importing.import_questions(text, slug)
        assert (again.created, again.changed, len(again.unchanged)) == ([], [], len(written))
        before = {record.uid: bank.fingerprint(record) for record in bank.records_of(Question.objects.all())}
        Question.objects.all().delete()
        importing.import_questions(text, slug)
        assert {record.uid: bank.fingerprint(record) for record in bank.records_of(Question.objects.all())} == before
    finally:
        Question.objects.all().delete()


def _known(record):
    from dataclasses import replace

    return replace(record, section=record.section and "customer-deposits#amount")


def test_every_type_survives_both_formats():
    text = (
        "$CATEGORY: All\n\nA{T#No}\n\nB{=x ~y}\n\nC{~%50%x ~%50%y ~%-50%z}\n\nD{=x}\n\nE{#5:1}\n\nF{=a->b =c->d}\n\n"
        "G{>\na\nb\nc\n}\n\nH {=a} and {=b}\n\nI{}\n"
    )
    gift(text)
    assert set(Question.objects.values_list("type", flat=True)) == {kind.slug for kind in types.ALL}
    for slug in ("gift", "moodlexml"):
        assert len(importing.import_questions(exporting.export(slug).text, slug).unchanged) == 9


def test_the_number_of_queries_does_not_grow_with_what_is_unchanged(django_assert_max_num_queries):
    many = "$CATEGORY: A\n\n" + "".join(f"// [id:{UUID(int=n + 1)}] [tag:t]\n::n{n}::Q{n}{{T}}\n\n" for n in range(60))
    gift(many)
    with django_assert_max_num_queries(15):
        assert len(gift(many).unchanged) == 60


def test_ids_follow_the_parts_that_say_the_same():
    before = {"options": [{"id": "1", "text": "a"}, {"id": "2", "text": "b"}]}
    after = {"options": [{"text": "b"}, {"text": "c"}, {"text": "a"}]}
    kept = bank.keeping_ids(after, before)["options"]
    assert [part.get("id") for part in kept] == ["2", None, "1"]
    changed = bank.keeping_ids({"options": [{"text": "a"}, {"text": "B"}]}, before)["options"]
    assert [part.get("id") for part in changed] == ["1", "2"]
    json.dumps(kept)


def test_the_commands(tmp_path, capsys):
    file = tmp_path / "questions.gift"
    file.write_text(GIFT)
    call_command("import_questions", str(file), "--dry-run")
    assert "Nothing was written. It would be: 2 added" in capsys.readouterr().out
    call_command("import_questions", str(file))
    assert capsys.readouterr().out.startswith("2 added, 0 changed, 0 as they were.")
    target = tmp_path / "out.xml"
    call_command("export_questions", str(target), "--category", "Payments/Deposits")
    assert "2 questions written" in capsys.readouterr().out
    call_command("import_questions", str(target))
    assert capsys.readouterr().out.startswith("0 added, 0 changed, 2 as they were.")
    call_command("export_questions", "-", "--format", "aiken")
    captured = capsys.readouterr()
    assert captured.out.startswith("How much is the deposit?\nA. $150\n")
    assert "Aiken has no number" in captured.err


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    file = tmp_path / "questions.txt"
    file.write_text("A description\n\nB{T}")
    with pytest.raises(CommandError, match="Line 1, question “A description”") as info:
        call_command("import_questions", str(file), "--category", "A")
    assert str(info.value).startswith("Nothing was imported: 1 error.")
    call_command("import_questions", str(file), "--category", "A", "--skip-invalid")
    assert "Left out. Line 1, question “A description”" in capsys.readouterr().out
    for name, options, message in (
        ("none.gift", [], "cannot be read"),
        ("questions.txt", ["--as", "nobody"], "no person with the username"),
        ("questions.txt", ["--as", UserFactory(position=Position.SENIOR).username], "may not publish questions"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command("import_questions", str(tmp_path / name), *options)
    with pytest.raises(CommandError, match="no category “None”"):
        call_command("export_questions", "-", "--format", "gift", "--category", "None")


def test_a_file_that_is_too_large_gets_a_sentence(tmp_path, monkeypatch):
    file = tmp_path / "large.gift"
    with file.open("wb") as opened:
        opened.truncate(50_000_000)
    with pytest.raises(CommandError, match="larger than 40 MB"):
        call_command("import_questions", str(file))
    assert "larger than 40 MB" in refused("x" * 50_000_000)[0]


def test_formats_are_told_by_name_and_content():
    assert [formats.guess(name) for name in ("a.gift", "a.XML", "a.aiken", "a.doc")] == [
        "gift",
        "moodlexml",
        "aiken",
        "",
    ]
    assert formats.guess("a.txt", b"Q\nA. x\nB. y\nANSWER: A\n") == "aiken"
    assert formats.guess("a.txt", b"Q {T}") == "gift"
    assert formats.guess("a.txt", b"\xef\xbb\xbf<?xml version") == "moodlexml"


def test_retired_questions_and_drafts_stay_out_of_an_export():
    gift(GIFT)
    Question.objects.filter(pk=UID).update(retired=True)
    export = exporting.export("gift")
    assert (export.count, "Deposit::" in export.text) == (1, False)
