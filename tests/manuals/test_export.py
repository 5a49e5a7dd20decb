"""What is exported, brought into an empty site and exported again is the same to the byte."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from manuals import tree
from manuals.exchange import exporting, importing
from manuals.models import JobFunction, Section
from portal.people.models import User
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, publish, section
from tests.manuals import library_files as files

pytestmark = pytest.mark.django_db


def empty_site() -> None:
    """Take all content away, people stay."""
    for index in (tree.answer_index(), tree.manual_index(), tree.policy_index()):
        for page in index.get_children().specific():
            page.delete()
    Section.objects.all().delete()
    JobFunction.objects.all().delete()
    for model in (get_image_model(), get_document_model()):
        for item in model.objects.all():
            item.file.delete(save=False)
            item.delete()


@pytest.fixture
def everything():
    """A library in which every kind of block, every field and everything awkward occurs once."""
    owner = UserFactory(username="dana", position="senior")
    function = JobFunction.objects.create(slug="payments", name="Take payments: all kinds", position="csr_1", order=1)
    image = get_image_model().objects.create(title="Counter", file=get_test_image_file(filename="counter.png"))
    document = get_document_model().objects.create(title="Form", file=ContentFile(b"a,b", name="form.csv"))
    policy = make_policy(
        body=[section("amount", "Amount: the “deposit”")], owner=owner, source_url="https://city.example/58"
    )
    amount = Section.objects.get(page=policy)
    manual = make_manual(job_functions=[function], tags=["cash", "Zebra", "42"])
    blocks = [
        ("markdown", "First.\n\n## Not a heading\n\n::: not a directive\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        ("markdown", "Second text, right behind the first.  \nA hard break."),
        ("rich_text", f'<p>See <a linktype="page" id="{policy.pk}">this</a>, <a linktype="document" id="{document.pk}">that</a> '
         'and <a href="https://city.example">there</a>.</p>'),
        ("procedure", {"title": "Open: it", "steps": [
            {"type": "item", "value": "Take the key.\nNot the spare.", "id": "a"},
            *({"type": "item", "value": f"Step {n}\n\nmore", "id": f"s{n}"} for n in range(12)),
        ]}),
        ("say", {"language": "es", "text": "Uno.\n\n:::\n\nDos."}),
        ("warning", {"title": "", "text": "Never."}),
        ("tip", {"title": "Quiet mornings", "text": "- one\n- two"}),
        ("table", {"columns": [{"type": "text", "heading": "Item | kind"}, {"type": "text", "heading": "Fee"}],
                   "rows": [{"values": ["a \\ b", ""]}, {"values": ["[[$5.00]]", "x|y"]}], "caption": "Fees"}),
        ("decision", {"question": "Well?", "cases": [
            {"type": "item", "value": {"condition": "yes", "action": "Do it.\nNow."}, "id": "y"},
            {"type": "item", "value": {"condition": "no", "action": "Wait => and see."}, "id": "n"},
        ]}),
        ("policy", {"section": amount.pk, "note": "Why."}),
        ("image", {"image": {"image": image.pk, "alt_text": "The counter", "decorative": False}, "caption": "Here."}),
        ("image", {"image": {"image": image.pk, "alt_text": "", "decorative": True}, "caption": ""}),
        ("document", {"document": document.pk, "title": ""}),
    ]  # fmt: skip
    make_chapter(manual, body=[section("all", "Everything", *blocks), section("x-2", "More")])
    make_chapter(manual, title="Yes: no", summary="- dash\n# hash", owner=owner)
    make_answer(
        wordings=("null", "12345", "¿cuánto: es?", "they want 150 \"bucks\""),
        sections=(amount,),
        refer_to="Two\nlines",
        review_by="2027-01-31",
        steps=[{"type": "step", "value": "One\n  - deeper", "id": "one"}],
    )  # fmt: skip
    yield
    empty_site()


def test_the_round_trip_is_the_same_to_the_byte(everything, tmp_path):
    exporting.export_folder(tmp_path / "first")
    first = files.read(tmp_path / "first")
    assert set(first) == {
        "job-functions.md",
        "policies/customer-deposits.md",
        "answers/do-i-have-to-pay-a-deposit.md",
        "manuals/01-taking-payments/manual.md",
        "manuals/01-taking-payments/01-opening-the-drawer.md",
        "manuals/01-taking-payments/02-yes-no.md",
        "media/counter.png",
        "media/form.csv",
    }
    empty_site()
    summary = importing.import_folder(tmp_path / "first")
    assert len(summary.created) == len(first)
    exporting.export_folder(tmp_path / "second")
    assert files.read(tmp_path / "second") == first
    again = importing.import_folder(tmp_path / "second")
    assert (again.created, again.changed) == ([], [])


def test_links_in_rich_text_survive_although_keys_change(everything, tmp_path):
    exporting.export_folder(tmp_path / "first")
    empty_site()
    # Everything gets another key than before.
    make_policy(title="Another", code="ZZ-999")
    importing.import_folder(tmp_path / "first")
    policy = Page.objects.get(slug="customer-deposits")
    chapter = Page.objects.get(slug="opening-the-drawer").specific
    html = next(b.value.source for b in chapter.body[0].value["content"] if b.block_type == "rich_text")
    assert f'linktype="page" id="{policy.pk}"' in html
    assert f'linktype="document" id="{get_document_model().objects.get().pk}"' in html


def test_a_link_to_a_page_that_is_nowhere_is_refused(everything, tmp_path):
    exporting.export_folder(tmp_path / "first")
    empty_site()
    file = tmp_path / "first" / "manuals" / "01-taking-payments" / "01-opening-the-drawer.md"
    file.write_text(file.read_text().replace("/policies/customer-deposits/", "/policies/gone/"))
    with pytest.raises(importing.ImportRefused, match="This links to “/policies/gone/”"):
        importing.import_folder(tmp_path / "first")


def test_what_is_not_published_stays_at_home(tmp_path):
    policy = make_policy()
    policy.rule = "A draft."
    policy.save_revision()
    make_policy(title="Second", code="CS-102").unpublish()
    exporting.export_folder(tmp_path / "out")
    written = files.read(tmp_path / "out")
    assert list(written) == ["policies/customer-deposits.md"]
    assert b"A draft." not in written["policies/customer-deposits.md"]


def test_an_export_mixes_with_nothing(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_content", str(tmp_path / "out"))


def test_a_retired_section_that_an_answer_still_names_does_not_stop_the_export(tmp_path):
    policy = make_policy(body=[section("amount", "Amount"), section("waiver", "Waiver")])
    make_answer(sections=(Section.objects.get(anchor="waiver"),))
    policy.body = [section("amount", "Amount")]
    publish(policy)
    exporting.export_folder(tmp_path / "out")
    assert b"customer-deposits#waiver" in files.read(tmp_path / "out")["answers/do-i-have-to-pay-a-deposit.md"]


def test_people_are_named_by_username_and_one_who_left_is_left_out(tmp_path):
    make_policy(owner=UserFactory(username="dana"))
    exporting.export_folder(tmp_path / "first")
    User.objects.get(username="dana").delete()
    exporting.export_folder(tmp_path / "second")
    assert b"owner: dana" in files.read(tmp_path / "first")["policies/customer-deposits.md"]
    assert b"owner" not in files.read(tmp_path / "second")["policies/customer-deposits.md"]
