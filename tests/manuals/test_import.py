"""A content folder comes in whole or not at all, and again only what changed."""

from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from manuals.exchange import importing
from manuals.exchange.errors import ImportRefused
from manuals.models import AnswerPage, ChapterPage, JobFunction, ManualPage, PolicyPage, Section
from tests.factories import UserFactory
from tests.manuals import library_files as files

pytestmark = pytest.mark.django_db


def errors_of(root) -> list[str]:
    before = (Page.objects.count(), Revision.objects.count(), Section.objects.count(), JobFunction.objects.count())
    with pytest.raises(ImportRefused) as refused:
        importing.import_folder(root)
    after = (Page.objects.count(), Revision.objects.count(), Section.objects.count(), JobFunction.objects.count())
    assert after == before
    return [str(error) for error in refused.value.errors]


def png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (4, 4), "navy").save(content, "PNG")
    return content.getvalue()


def test_pages_come_in_published_with_their_sections_and_links(tmp_path):
    author = UserFactory(position="supervisor")
    summary = importing.import_folder(files.write(tmp_path), user=author)
    assert (len(summary.created), summary.changed, summary.unchanged) == (5, [], [])
    answer = AnswerPage.objects.get(slug="deposit-required")
    assert answer.live
    assert answer.latest_revision.user == author
    assert [wording.text for wording in answer.also_asked_as.all()] == [
        "why do you want 150 bucks",
        "me piden un depósito",
    ]
    assert answer.script_en == "Most new customers pay a deposit.\n\nIt comes back after a year."
    assert [step.value for step in answer.steps] == ["Verify the caller.", "Say the amount."]
    section = Section.objects.get(page__slug="customer-deposits")
    assert [link.section for link in answer.policy_sections.all()] == [section]
    assert (section.anchor, section.heading, section.retired) == ("amount", "Amount of the deposit", False)
    chapter = ChapterPage.objects.get()
    assert [block.block_type for block in chapter.body[0].value["content"]] == ["markdown", "procedure", "policy"]
    assert chapter.body[0].value["content"][2].value["section"] == section
    assert chapter.get_parent().specific == ManualPage.objects.get()


def test_importing_again_touches_nothing(tmp_path):
    root = files.write(tmp_path)
    importing.import_folder(root)
    revisions = Revision.objects.count()
    summary = importing.import_folder(root)
    assert (summary.created, summary.changed, len(summary.unchanged)) == ([], [], 5)
    assert Revision.objects.count() == revisions


def test_only_the_changed_page_is_published_anew_and_its_blocks_keep_their_ids(tmp_path):
    root = files.write(tmp_path)
    importing.import_folder(root)
    before = {block.block_type: block.id for block in ChapterPage.objects.get().body[0].value["content"]}
    path = "manuals/01-taking-payments/01-open-the-drawer.md"
    files.write(
        root, **{path: files.CHAPTER.replace("Count it twice.", "Count it three times.\n\n::: tip\nSlowly.\n:::")}
    )
    summary = importing.import_folder(root)
    assert (summary.changed, len(summary.unchanged)) == ([path], 4)
    after = {block.block_type: block.id for block in ChapterPage.objects.get().body[0].value["content"]}
    assert {kind: after[kind] for kind in before} == before
    assert set(after) == {*before, "tip"}


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(tmp_path):
    root = files.write(tmp_path)
    (root / "media").mkdir()
    (root / "media" / "counter.png").write_bytes(png())
    summary = importing.import_folder(root, dry_run=True)
    assert len(summary.created) == 6
    assert not PolicyPage.objects.exists()
    assert not get_image_model().objects.exists()
    assert not get_image_model()._meta.get_field("file").storage.exists("original_images/counter.png")


def test_a_page_with_changes_that_are_not_published_is_not_written_over(tmp_path):
    root = files.write(tmp_path)
    importing.import_folder(root)
    policy = PolicyPage.objects.get()
    policy.rule = "A draft of somebody's."
    policy.save_revision()
    assert importing.import_folder(root).changed == []
    files.write(root, **{"policies/customer-deposits.md": files.POLICY.replace("A Supervisor.", "Nobody.")})
    assert errors_of(root) == [
        "policies/customer-deposits.md: The page has changes that are not published. Publish or discard them first."
    ]


def test_chapters_stand_in_the_order_of_their_numbers_and_follow_when_they_change(tmp_path):
    folder = "manuals/01-taking-payments"
    second = files.CHAPTER.replace("Open the drawer", "Close the drawer")
    root = files.write(tmp_path, **{f"{folder}/02-close-the-drawer.md": second})
    importing.import_folder(root)
    assert [page.slug for page in ChapterPage.objects.order_by("path")] == ["open-the-drawer", "close-the-drawer"]
    (root / folder / "02-close-the-drawer.md").rename(root / folder / "00-close-the-drawer.md")
    importing.import_folder(root)
    assert [page.slug for page in ChapterPage.objects.order_by("path")] == ["close-the-drawer", "open-the-drawer"]


def test_policies_may_refer_to_each_other(tmp_path):
    other = files.POLICY.replace("CS-101", "CS-102").replace(
        "Most people", "::: policy customer-deposits#amount\n:::\n\nX"
    )
    first = files.POLICY.replace("Most people", "::: policy aaa#amount\n:::\n\nX")
    importing.import_folder(files.write(tmp_path, **{"policies/aaa.md": other, "policies/customer-deposits.md": first}))
    assert PolicyPage.objects.live().count() == 2


def test_images_and_documents_come_in_once(tmp_path):
    chapter = (
        files.CHAPTER
        + "\n::: image counter.png\nalt: The counter\n:::\n\n::: document form.csv\ntitle: The form\n:::\n"
    )
    root = files.write(tmp_path, **{"manuals/01-taking-payments/01-open-the-drawer.md": chapter})
    (root / "media").mkdir()
    (root / "media" / "counter.png").write_bytes(png())
    (root / "media" / "form.csv").write_text("a,b")
    importing.import_folder(root)
    importing.import_folder(root)
    assert get_image_model().objects.count() == 1
    assert get_document_model().objects.count() == 1
    block = ChapterPage.objects.get().body[0].value["content"][3]
    assert block.value["image"].contextual_alt_text == "The counter"
    (root / "media" / "form.csv").write_text("c,d")
    assert errors_of(root) == [
        "media/form.csv: Another file of this name is on the portal already. Give this one another name."
    ]
    for model in (get_image_model(), get_document_model()):
        for item in model.objects.all():
            item.file.delete(save=False)


def test_files_are_taken_back_where_anything_is_wrong(tmp_path):
    root = files.write(tmp_path, **{"answers/deposit-required.md": "nothing"})
    (root / "media").mkdir()
    (root / "media" / "form.csv").write_text("a,b")
    errors_of(root)
    assert not get_document_model()._meta.get_field("file").storage.exists("documents/form.csv")


P = "policies/customer-deposits.md"
A = "answers/deposit-required.md"
M = "manuals/01-taking-payments/manual.md"
C = "manuals/01-taking-payments/01-open-the-drawer.md"
J = "job-functions.md"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (P, "---\ntitle", "title", "line 1: This file has no front matter"),
        (P, "who_decides: A Supervisor.\n---\n", "", "line 1: The front matter has no end"),
        (P, "source: Sample", "source: a: Sample", "line 5: The front matter cannot be read"),
        (P, "title: Customer", "titel: Customer", "line 2: “titel” is not a key"),
        (P, "source: Sample City Code, Section 58-41\n", "", "line 1: “source” is missing."),
        (P, "2026-01-01", "01/01/2026", "line 6: “effective_date” must be a date"),
        (P, "CS-101", "101", "line 3: “code” must be text"),
        (P, "CS-101", "deposits", "line 3: “code”: Write the code as letters"),
        (P, "{#amount}", "{#a mount}", "line 10: The address “a mount” may have"),
        (P, "## Amount", "Amount", "line 10: Nothing may stand before the first section"),
        (P, "Most people pay [[$150.00]].\n", "", "line 10: The section “Amount of the deposit” is"),
        (A, "Yes, most", "word " * 60, "line 4: “short_answer”: This has"),
        (A, "#amount", "#nowhere", "line 9: There is no policy section “customer-deposits#nowhere”"),
        (A, "  - payments", "  - juggling", "line 11: “juggling” is not a job function"),
        (A, "me piden un depósito", "why do you want 150 bucks", "line 7: “why do you want 150 bucks” is in"),
        (A, "## Script (English)", "## Script", "line 14: “Script” is not a heading of an answer"),
        (A, "2. Say", "Say", "line 27: Steps are a numbered list"),
        (A, "job_functions:", "owner: nobody\njob_functions:", "line 10: There is no person with the username"),
        (A, "job_functions:\n  - payments", "audience:\n  - mayor", "line 11: “mayor” is not a position"),
        (M, "introduction: How to take a payment.\n", "", "line 1: “introduction” is missing."),
        (M, "payment.\n---\n", "payment.\n---\nText.\n", "line 5: A manual's text is its introduction"),
        (C, "::: procedure", "::: recipe", "line 10: “recipe” is not a kind of block"),
        (C, "1. Take", "Take", "line 11: A procedure has numbered steps only"),
        (C, "deposits.\n:::", "deposits.", "line 15: This “policy” is not closed"),
        (C, "twice.", "twice.\n\n:::\n", "line 10: This line of colons closes nothing"),
        (C, "twice.", "twice.\n\n::: image a.png\nalt:\n:::", "line 10: There is no image “a.png”"),
        (C, "twice.", "twice.\n\n::: say fr\nOui\n:::", "line 10: Write “::: say en”"),
        (C, "twice.", "twice.\n\n::: table\n| a |\n|---|\n| b | c |\n:::", "line 13: This row has 2 cells"),
        (C, "twice.", "twice.\n\n::: decision\n- a => b\n:::", "line 10: A decision needs its question"),
        (C, "Count the drawer", "x" * 151, "line 6: In the section"),
        (J, "position: csr_1", "position: mayor", "line 3: “mayor” is not a position"),
        (J, "slug: daily-deposits", "slug: payments", "line 6: “payments” is there twice."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_line_and_nothing_is_written(tmp_path, path, old, new, expected):
    assert old in files.FILES[path]
    root = files.write(tmp_path, **{path: files.FILES[path].replace(old, new, 1)})
    found = errors_of(root)
    assert any(error.startswith(f"{path}, {expected}") for error in found), found


def test_every_error_of_every_file_is_named_at_once(tmp_path):
    root = files.write(
        tmp_path,
        **{
            "policies/customer-deposits.md": files.POLICY.replace("CS-101", "x"),
            "answers/deposit-required.md": files.ANSWER.replace("1. Verify", "Verify"),
            "notes.md": "hello",
        },
    )
    assert {error.split(",")[0].split(":")[0] for error in errors_of(root)} == {
        "policies/customer-deposits.md",
        "answers/deposit-required.md",
        "notes.md",
    }


def test_files_that_have_no_place_are_refused(tmp_path):
    root = files.write(tmp_path, **{"README.md": "# Hello", "policies/Deposits.md": files.POLICY})
    (root / "media").mkdir()
    (root / "media" / "run.exe").write_bytes(b"MZ")
    (root / "media" / "broken.png").write_bytes(b"no picture")
    (root / "link.md").symlink_to("/etc/passwd")
    (root / "answers" / "binary.md").write_bytes(b"---\n\xff")
    found = errors_of(root)
    for expected in (
        "README.md: This has no place here",
        "policies/Deposits.md: This has no place here",
        "media/run.exe: Files of this kind are not taken",
        "media/broken.png: This is not an image that can be read.",
        "link.md: This is a link",
        "answers/binary.md, line 2: This is not UTF-8 text",
    ):
        assert any(error.startswith(expected) for error in found), (expected, found)


def test_other_peoples_markdown_is_refused_with_reasons(tmp_path):
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "index.md").write_text("# A guide\n\nText.\n")
    assert errors_of(tmp_path)[0].startswith("guide/index.md: This has no place here")
    (tmp_path / "empty").mkdir()
    assert "There is no content here" in errors_of(tmp_path / "empty")[0]
    assert "There is no such folder" in errors_of(tmp_path / "nowhere")[0]


def test_a_chapter_without_its_manual_and_a_manual_without_chapters_are_refused(tmp_path):
    folder = "manuals/01-taking-payments"
    assert errors_of(files.write(tmp_path / "a", **{f"{folder}/manual.md": None})) == [
        f"{folder}/01-open-the-drawer.md: Its manual is missing: there is no {folder}/manual.md."
    ]
    assert errors_of(files.write(tmp_path / "b", **{f"{folder}/01-open-the-drawer.md": None})) == [
        f"{folder}/manual.md: A manual needs at least one chapter."
    ]


def test_two_policies_cannot_have_one_code(tmp_path):
    root = files.write(tmp_path, **{"policies/second.md": files.POLICY})
    assert errors_of(root) == ["policies/second.md, line 3: “code”: Another policy has this code already."]


def test_the_command_reports_and_refuses(tmp_path, capsys):
    UserFactory(username="dana", position="supervisor")
    UserFactory(username="jordan")
    root = files.write(tmp_path)
    call_command("import_content", str(root), "--dry-run")
    assert "It would be: 5 added" in capsys.readouterr().out
    call_command("import_content", str(root), "--as", "dana")
    assert "5 added, 0 changed" in capsys.readouterr().out
    assert AnswerPage.objects.get().latest_revision.user.username == "dana"
    with pytest.raises(CommandError, match="no person with the username"):
        call_command("import_content", str(root), "--as", "nobody")
    with pytest.raises(CommandError, match="may not publish"):
        call_command("import_content", str(root), "--as", "jordan")
    files.write(root, **{"notes.md": "x"})
    with pytest.raises(CommandError, match="Nothing was imported: 1 error"):
        call_command("import_content", str(root))


def test_an_owner_is_named_by_username(tmp_path):
    person = UserFactory(username="Dana")
    policy = files.POLICY.replace("who_decides", "owner: dana\nreview_by: 2027-01-31\nwho_decides")
    importing.import_folder(files.write(tmp_path, **{"policies/customer-deposits.md": policy}))
    assert PolicyPage.objects.get().owner == person
