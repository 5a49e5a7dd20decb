"""The headings of a Word manual become chapters and sections, as drafts or published."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.images import get_image_model

from manuals.exchange import exporting, importing
from manuals.exchange.word import import_docx
from manuals.models import ChapterPage, Section
from tests.factories import UserFactory, make_chapter, make_manual
from tests.manuals.word_files import blank, describe, html_of, link, outline, picture, saved, small

pytestmark = pytest.mark.django_db


@pytest.fixture
def manual():
    return make_manual()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk-manual.docx"


# What becomes of the headings.


def test_headings_make_chapters_and_sections(manual, path):
    document = small((1, "Open the drawer"), (2, "Count the bank"), (2, "Sign the sheet"), (1, "Close the drawer"))
    summary = import_docx(saved(document, path), manual)
    assert outline(manual) == [
        ("Open the drawer", ["Open the drawer", "Count the bank", "Sign the sheet"]),
        ("Close the drawer", ["Close the drawer"]),
    ]
    assert (summary.chapters, summary.sections, summary.images, summary.remarks) == (2, 4, 0, [])
    assert str(summary) == "2 chapters, 4 sections, 0 images added."


def test_deeper_headings_stay_in_the_text(manual, path):
    document = small((1, "Drawer"), (2, "Count"), (3, "Coins"), (4, "Rolls"), (7, "Loose"), (1, "Close"))
    import_docx(saved(document, path), manual)
    html = html_of(manual)
    for heading in ("<h3>Coins</h3>", "<h4>Rolls</h4>", "<h4>Loose</h4>"):
        assert heading in html


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ([(2, "One"), (3, "Step"), (2, "Two")], [("One", ["One", "Step"]), ("Two", ["Two"])]),
        ([(1, "One"), (3, "Step"), (1, "Two")], [("One", ["One", "Step"]), ("Two", ["Two"])]),
        ([(0, "One")], [("One", ["One"])]),
        ([(1, "One")], [("One", ["One"])]),
        ([(1, "One"), (2, "Step")], [("One", ["One", "Step"])]),
        ([(0, "Manual"), (1, "One")], [("Manual", ["Manual"]), ("One", ["One"])]),
        ([(1, "Manual"), (2, "One"), (2, "Two")], [("Manual", ["Manual"]), ("One", ["One"]), ("Two", ["Two"])]),
        ([(2, "One"), (2, "Two"), (1, "Appendix")], [("One", ["One"]), ("Two", ["Two"]), ("Appendix", ["Appendix"])]),
    ],
)
def test_the_topmost_level_in_use_more_than_once_makes_chapters(manual, path, headings, expected):
    import_docx(saved(small(*headings), path), manual)
    assert outline(manual) == expected


def test_a_title_alone_is_left_out_and_said_so(manual, path):
    document = blank()
    document.add_heading("Customer service manual", 0)
    for title in ("Open", "Close"):
        document.add_heading(title, 1)
        document.add_paragraph("Count twice.")
    summary = import_docx(saved(document, path), manual)
    assert outline(manual) == [("Open", ["Open"]), ("Close", ["Close"])]
    assert summary.remarks == ["The title “Customer service manual” is left out: the manual has its own."]


def test_a_cover_page_is_a_chapter_to_be_deleted(manual, path):
    document = blank()
    document.add_paragraph("Draft of March")
    document.add_heading("Open", 1)
    document.add_paragraph("Count twice.")
    summary = import_docx(saved(document, path), manual)
    assert outline(manual) == [("desk manual", ["desk manual"]), ("Open", ["Open"])]
    assert summary.remarks == [
        "What stands before the first chapter is a chapter of its own, “desk manual”. Delete it if it is a cover page."
    ]


def test_without_headings_all_is_one_chapter_named_by_the_file(manual, path):
    document = blank()
    document.add_paragraph("Count twice.")
    summary = import_docx(saved(document, path), manual)
    assert outline(manual) == [("desk manual", ["desk manual"])]
    assert summary.remarks == ["The file has no headings, so all of it is one chapter, “desk manual”."]


def test_styles_of_the_citys_own_are_headings_where_word_takes_them_for_such(manual, path):
    document = blank()
    style = document.styles.add_style("City's chapter", 1)
    style.base_style = document.styles["Heading 1"]
    for title in ("Open", "Close"):
        document.add_paragraph(title, style=style)
        document.add_paragraph("Count twice.")
    import_docx(saved(document, path), manual)
    assert [title for title, _ in outline(manual)] == ["Open", "Close"]


def test_addresses_come_from_headings_and_are_unique_in_their_chapter(manual, path):
    document = small((1, "Open"), (2, "Count it"), (2, "Count it"), (2, "¿?"), (1, "Close"), (2, "Count it"))
    import_docx(saved(document, path), manual)
    chapters = ChapterPage.objects.child_of(manual).order_by("path")
    assert [[section.id for section in chapter.body] for chapter in chapters] == [
        ["open", "count-it", "count-it-2", "section"],
        ["close", "count-it"],
    ]


def test_slugs_are_free_and_fit_for_an_export(manual, path):
    make_chapter(manual, title="Count", slug="open-1-drawer")
    import_docx(saved(small((1, "Open 1_drawer"), (1, "¿?")), path), manual)
    assert list(ChapterPage.objects.child_of(manual).order_by("path").values_list("slug", flat=True)) == [
        "open-1-drawer",
        "open-1-drawer-2",
        "chapter",
    ]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Ask Mr. Avery first. Then open.", "Ask Mr. Avery first."),
        ("Pay [[$30.00]] at once. ¿Y después?", "Pay [[$30.00]] at once."),
        ("No end here", "No end here"),
        ("word " * 100, "word " * 79 + "word…"),
    ],
)
def test_the_summary_is_the_first_sentence(manual, path, text, summary):
    document = blank()
    document.add_heading("Open", 1)
    document.add_paragraph("A list comes later.", style="List Bullet")
    document.add_paragraph(text)
    import_docx(saved(document, path), manual)
    chapter = ChapterPage.objects.child_of(manual).get()
    assert chapter.summary == summary
    assert len(chapter.summary) <= 400


# Drafts, publishing, and the way out again.


def test_chapters_come_in_as_drafts(manual, path, client):
    make_chapter(manual)
    author = UserFactory()
    import_docx(saved(small((1, "Open"), (1, "Close")), path), manual, user=author)
    chapters = ChapterPage.objects.child_of(manual).order_by("path")
    assert [(chapter.title, chapter.live) for chapter in chapters] == [
        ("Opening the drawer", True),
        ("Open", False),
        ("Close", False),
    ]
    draft = chapters[1]
    assert (draft.has_unpublished_changes, draft.latest_revision.user, draft.owner) == (True, author, author)
    assert not Section.objects.filter(page=draft).exists()
    client.force_login(UserFactory())
    assert client.get(draft.url).status_code == 404


def test_chapters_can_be_published_at_once(manual, path, client):
    import_docx(saved(small((1, "Open"), (2, "Count"), (1, "Close")), path), manual, publish=True)
    chapter = ChapterPage.objects.child_of(manual).get(title="Open")
    assert (chapter.live, chapter.has_unpublished_changes) == (True, False)
    assert list(Section.objects.filter(page=chapter).values_list("anchor", "heading")) == [
        ("open", "Open"),
        ("count", "Count"),
    ]
    client.force_login(UserFactory())
    assert b"Read about count." in client.get(chapter.url).content


def test_publishing_into_a_draft_manual_is_remarked_on(manual, path):
    manual.unpublish()
    summary = import_docx(saved(small((1, "Open")), path), manual, publish=True)
    assert summary.remarks == ["The manual “Taking payments” is a draft itself: publish it too."]


def everything(path: Path) -> Path:
    document = blank()
    document.add_heading("Manual", 0)
    document.add_paragraph("Edition of March.")
    document.add_heading("Open", 1)
    paragraph = document.add_paragraph("Start early. See ")
    link(paragraph, "https://city.example/", "the city")
    document.add_heading("Count", 2)
    for text in ("Coins", "Bills"):
        document.add_paragraph(text, style="List Number").add_run().add_picture(picture("red"))
    describe(document.add_picture(picture()), "The counter")
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Item | kind", "[[$30.00]] * 2"
    document.add_heading("Coins", 3)
    document.add_paragraph("## is no heading\n::: nor is this")
    document.add_heading("Close", 1)
    document.add_paragraph("Sign.")
    return saved(document, path)


def test_what_was_imported_can_be_exported_and_imported_again(manual, path, tmp_path):
    import_docx(everything(path), manual, publish=True)
    exporting.export_folder(tmp_path / "first")
    summary = importing.import_folder(tmp_path / "first")
    assert (summary.created, summary.changed) == ([], [])
    manual.delete()
    for image in get_image_model().objects.all():
        image.file.delete(save=False)
        image.delete()
    importing.import_folder(tmp_path / "first")
    exporting.export_folder(tmp_path / "second")
    first, second = (
        {file.relative_to(root): file.read_bytes() for file in root.rglob("*") if file.is_file()}
        for root in (tmp_path / "first", tmp_path / "second")
    )
    assert first == second
    assert len([name for name in first if name.parts[0] == "media"]) == 2


# The command.


def test_the_command_reports(manual, path, capsys):
    author = UserFactory(username="Senior")
    document = small((1, "Open"))
    document.add_picture(picture())
    call_command("import_docx", saved(document, path), "--into", manual.slug, "--as", "senior")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "1 chapter, 1 section, 1 image added. They are in “Taking payments”, drafts: read them through, and publish "
        "them in the editor."
    )
    assert lines[1].startswith("- Picture 1 of desk-manual.docx, in “Open › Open”, has no description")
    chapter = ChapterPage.objects.child_of(manual).get()
    assert (chapter.live, chapter.owner) == (False, author)


def test_the_command_publishes(manual, path, capsys):
    call_command("import_docx", saved(small((1, "Open")), path), "--into", manual.slug, "--publish")
    assert (
        capsys.readouterr().out == "1 chapter, 1 section, 0 images added. They are in “Taking payments”, published.\n"
    )
    assert ChapterPage.objects.child_of(manual).get().live


def test_the_command_says_what_is_wrong(manual, path):
    with pytest.raises(CommandError, match=r"no manual with the slug “drawers”\. Known: taking-payments\."):
        call_command("import_docx", path, "--into", "drawers")
    with pytest.raises(CommandError, match="no person with the username “nobody”"):
        call_command("import_docx", path, "--into", manual.slug, "--as", "nobody")
    with pytest.raises(
        CommandError, match=r"Nothing was imported: 1 error\.\ndesk-manual\.docx: There is no such file\."
    ):
        call_command("import_docx", path, "--into", manual.slug)
