"""Text, tables and pictures of a Word manual become blocks, and nothing in them can run."""

import zipfile
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from wagtail.images import get_image_model

from manuals import markdown
from manuals.exchange import word_pictures
from manuals.exchange.word import import_docx
from manuals.models import ChapterPage
from tests.factories import UserFactory, make_manual
from tests.manuals.word_files import (
    MAIN,
    blank,
    blocks_of,
    changed,
    describe,
    html_of,
    image_files,
    link,
    packed,
    picture,
    saved,
    small,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manual():
    return make_manual()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk-manual.docx"


# What becomes of the text.


def test_emphasis_breaks_and_raised_text_are_kept(manual, path):
    document = blank()
    paragraph = document.add_paragraph("Never ")
    paragraph.add_run("ever").bold = True
    paragraph.add_run(" write a ")
    paragraph.add_run("card number").italic = True
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run("n").font.subscript = True
    paragraph.add_run().add_break()
    paragraph.add_run("down").underline = True
    import_docx(saved(document, path), manual)
    assert html_of(manual) == ("<p>Never <b>ever</b> write a <i>card number</i><sup>2</sup><sub>n</sub><br/>down</p>")


def test_lists_are_kept_with_their_levels(manual, path):
    document = blank()
    for style, text in [
        ("List Number", "Count"),
        ("List Number 2", "coins"),
        ("List Number", "Sign"),
        ("List Continue", "in ink"),
        ("List Bullet", "Cash"),
        ("List Bullet 2", "bills"),
        ("List Bullet 3", "twenties"),
    ]:
        document.add_paragraph(text, style=style)
    import_docx(saved(document, path), manual)
    assert html_of(manual) == (
        "<ol><li>Count<ol><li>coins</li></ol></li><li>Sign<br/>in ink</li></ol>"
        "<ul><li>Cash<ul><li>bills<ul><li>twenties</li></ul></li></ul></li></ul>"
    )


def test_a_list_that_starts_deep_has_no_empty_item(manual, path):
    document = blank()
    document.add_paragraph("bills", style="List Bullet 2")
    import_docx(saved(document, path), manual)
    assert html_of(manual) == "<ul><li>bills</li></ul>"


def test_several_numbered_lists_in_a_section_are_remarked_on(manual, path):
    document = blank()
    document.add_heading("Open", 1)
    document.add_paragraph("Count", style="List Number")
    document.add_paragraph("This takes a minute.")
    document.add_paragraph("Sign", style="List Number")
    summary = import_docx(saved(document, path), manual)
    assert summary.remarks == [
        "“Open › Open” has 2 numbered lists, and each starts at 1: see whether one goes on with another."
    ]


def test_tables_are_kept(manual, path):
    document = blank()
    document.add_paragraph("The fees:")
    table = document.add_table(rows=0, cols=2)
    for row in [("Item", "Amount"), ("Returned check", "[[$30.00]]"), ("5/8 * meter", "> 5 <days>")]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = row
    document.add_paragraph("That is all.")
    import_docx(saved(document, path), manual)
    blocks = blocks_of(manual)
    assert [block.block_type for block in blocks] == ["rich_text", "table", "rich_text"]
    table = blocks[1].value
    assert [column["heading"] for column in table.columns] == ["Item", "Amount"]
    shown = [[markdown.render_inline(cell) for cell in row["values"]] for row in table.row_data]
    assert shown == [
        ["Returned check", '<span class="sample-value">$30.00</span>'],
        ["5/8 * meter", "&gt; 5 &lt;days&gt;"],
    ]


@pytest.mark.parametrize(
    "text",
    ["1. Verify", "- none", "-$5.00", "# of days", "#5", "+ tax", "snake_case_name", "__", "a_", "`x`", r"C:\*", "<b>", "*",
     "<5", "AT&T", "a | b", "---", "1.5 percent", "5 > 3"],
)  # fmt: skip
def test_cells_are_shown_as_they_were_written(manual, path, text):
    document = blank()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text, table.cell(1, 0).text = "Item", text
    import_docx(saved(document, path), manual)
    (row,) = blocks_of(manual)[0].value.row_data
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert markdown.render_inline(row["values"][0]) == escaped


def test_merged_and_ragged_tables_lose_nothing(manual, path):
    document = blank()
    table = document.add_table(rows=4, cols=3)
    for row in range(4):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(2, 1).merge(table.cell(3, 2))
    last = table.rows[1]._tr
    last.remove(last.tc_lst[-1])
    import_docx(saved(document, path), manual)
    value = blocks_of(manual)[0].value
    assert [column["heading"] for column in value.columns] == ["00 01", "", "02"]
    assert [list(row["values"]) for row in value.row_data] == [
        ["10 20", "11", ""],
        ["", "21 22 31 32", ""],
        ["30", "", ""],
    ]


def test_a_span_out_of_all_measure_does_no_harm(manual, path):
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="{}"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
    rows = "".join(f"<w:tr>{cell.format(span, text)}</w:tr>" for span, text in ((999_999_999, "Fee"), (-3, "Due")))
    import_docx(packed(path, f"<w:tbl>{rows}</w:tbl>"), manual)
    table = blocks_of(manual)[0].value
    assert (len(table.columns), table.columns[0]["heading"], table.row_data[0]["values"][0]) == (100, "Fee", "Due")


def test_a_frame_around_text_is_opened(manual, path):
    document = blank()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].add_run("Caution").bold = True
    inner = cell.add_table(rows=2, cols=1)
    inner.cell(0, 0).text, inner.cell(1, 0).text = "Form", "CS-4"
    import_docx(saved(document, path), manual)
    blocks = blocks_of(manual)
    assert [block.block_type for block in blocks] == ["rich_text", "table"]
    assert html_of(manual) == "<p><b>Caution</b></p>"


def test_lists_in_cells_are_kept_apart(manual, path):
    document = blank()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text = "Accepted"
    table.cell(1, 0).text = "Either:"
    for text in ("cash", "check"):
        table.cell(1, 0).add_paragraph(text, style="List Bullet")
    import_docx(saved(document, path), manual)
    assert blocks_of(manual)[0].value.row_data[0]["values"] == ["Either: • cash • check"]


def test_links_that_others_can_open_are_kept(manual, path):
    document = blank()
    paragraph = document.add_paragraph("See ")
    for url, text in [
        ("https://city.example/fees?a=1&b=2", "fees"),
        ("mailto:help@city.example", "mail"),
        ("tel:+15550100", "call"),
        ("javascript:alert(1)", "run"),
        (" JaVaScRiPt:alert(1)", "run too"),
        ("data:text/html,<script>alert(1)</script>", "data"),
        ("file:///C:/forms/cs4.doc", "form"),
    ]:
        link(paragraph, url, text)
    summary = import_docx(saved(document, path), manual)
    assert html_of(manual) == (
        '<p>See <a href="https://city.example/fees?a=1&amp;b=2">fees</a><a href="mailto:help@city.example">mail</a>'
        '<a href="tel:+15550100">call</a>runrun toodataform</p>'
    )
    assert "The link “form” is kept as text: it leads to file:///C:/forms/cs4.doc." in summary.remarks


def test_nothing_that_could_run_gets_through(manual, path, client):
    document = blank()
    attack = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    document.add_heading(attack, 1)
    document.add_paragraph(attack)
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text = table.cell(1, 0).text = attack
    describe(document.add_picture(picture()), attack)
    import_docx(saved(document, path), manual, publish=True)
    client.force_login(UserFactory())
    shown = client.get(ChapterPage.objects.child_of(manual).get().url).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_footnotes_stand_below_the_text_they_belong_to(manual, path):
    reference = '<w:p><w:r><w:t>Deposit.</w:t></w:r><w:r><w:footnoteReference w:id="{}"/></w:r></w:p>'
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    note = '<w:footnote w:id="{}"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>'
    body = "".join(heading.format(f"Part {n}") + reference.format(n) for n in (1, 2))
    notes = "".join(note.format(n, f"Section 58-4{n}") for n in (1, 2))
    import_docx(packed(path, body, footnotes=f'<w:footnotes xmlns:w="{MAIN}">{notes}</w:footnotes>'), manual)
    assert html_of(manual) == "<p>Deposit.<sup>[1]</sup></p><p><sup>[1]</sup> Section 58-41</p>"
    second = blocks_of(manual, 1)[0].value.source
    assert second.endswith("</sup> Section 58-42</p>")
    assert "href" not in second


def test_what_word_marks_and_fills_in_is_kept_or_remarked_on(manual, path):
    body = (
        '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>Open 3</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>Figure </w:t></w:r>"
        '<w:fldSimple w:instr="SEQ Figure"><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>'
        "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Pay $20.</w:t></w:r>"
        "<w:ins><w:r><w:t> Pay $30.</w:t></w:r></w:ins><w:del><w:r><w:delText>Never</w:delText></w:r></w:del></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar>'
        '</w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "<w:r><w:t>Signed</w:t></w:r></w:p>"
        '<w:p><w:r><w:sym w:font="Odd" w:char="F0FF"/><w:t>Mark</w:t></w:r><m:oMath xmlns:m="urn:math"/></w:p>'
    )
    styles = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    packed(path, body, styles=f'<w:styles xmlns:w="{MAIN}">{styles}</w:styles>')
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/charts/chart1.xml", "<c/>")
    summary = import_docx(path, manual)
    assert html_of(manual) == "<p>Figure 7</p><p>Pay $20. Pay $30.</p><p>☒ Signed</p><p>Mark</p>"
    assert summary.remarks == [
        "A symbol of the font Odd (F0FF) is left out: write what it stands for.",
        "An equation is left out: put it in as a picture.",
        "Charts and diagrams are left out (1 in this file): put them in as pictures.",
        "The table of contents is left out: the portal makes its own.",
        "“Pay $20.” is struck out in the file, and kept as ordinary text.",
        "The file has no headings, so all of it is one chapter, “desk manual”.",
    ]


def test_text_outside_every_paragraph_is_kept(manual, path):
    import_docx(packed(path, "<w:r><w:t>Loose</w:t></w:r> <w:p><w:r><w:t>Kept</w:t></w:r></w:p>"), manual)
    assert html_of(manual) == "<p>Loose</p><p>Kept</p>"


# What becomes of the pictures.


def test_pictures_are_kept_where_they_stand(manual, path):
    author = UserFactory()
    document = blank()
    document.add_paragraph("The counter:")
    describe(
        document.add_picture(picture()), "The counter, with the card terminal. AI-generated content may be incorrect."
    )
    document.add_paragraph("The same again:")
    describe(document.add_picture(picture()), "The counter")
    summary = import_docx(saved(document, path), manual, user=author)
    blocks = blocks_of(manual)
    assert [block.block_type for block in blocks] == ["rich_text", "image", "rich_text", "image"]
    image = get_image_model().objects.get()
    assert [block.value["image"].pk for block in blocks if block.block_type == "image"] == [image.pk, image.pk]
    assert blocks[1].value["image"].contextual_alt_text == "The counter, with the card terminal."
    assert (image.width, image.height, image.uploaded_by_user) == (40, 30, author)
    assert image.file_size == len(picture().getvalue())
    assert summary.images == 2
    assert not [remark for remark in summary.remarks if "Picture" in remark]


@pytest.mark.parametrize("alt", ["", r"C:\photos\counter.JPG"])
def test_a_picture_without_description_is_listed(manual, path, alt):
    document = small((1, "Open"))
    describe(document.add_picture(picture()), alt)
    summary = import_docx(saved(document, path), manual)
    (image,) = [block.value["image"] for block in blocks_of(manual) if block.block_type == "image"]
    assert (image.contextual_alt_text, image.decorative) == ("Picture 1 of desk-manual.docx", False)
    assert summary.remarks == [
        "Picture 1 of desk-manual.docx, in “Open › Open”, has no description: write what it shows, in place of "
        "“Picture 1 of desk-manual.docx”."
    ]


def test_a_picture_in_a_step_or_heading_stands_below_and_leaves_a_mark(manual, path):
    document = blank()
    document.add_heading("Open", 1).add_run().add_picture(picture("red"))
    document.add_paragraph("Press Fees ", style="List Number").add_run().add_picture(picture("blue"))
    document.add_paragraph("Sign", style="List Number")
    import_docx(saved(document, path), manual)
    blocks = blocks_of(manual)
    assert [block.block_type for block in blocks] == ["image", "rich_text", "image"]
    assert "Press Fees [picture 2]</li>" in blocks[1].value.source
    assert [blocks[0].value["caption"], blocks[2].value["caption"]] == ["", "Picture 2"]


def test_a_picture_that_the_library_has_is_used_again(manual, path):
    document = blank()
    document.add_picture(picture())
    import_docx(saved(document, path), manual)
    before = image_files()
    import_docx(saved(document, path), make_manual("Second"))
    assert get_image_model().objects.count() == 1
    assert image_files() == before


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "GIF", "JPEG"])
def test_other_kinds_of_pictures_are_kept(manual, path, kind):
    document = blank()
    document.add_picture(picture(kind=kind))
    import_docx(saved(document, path), manual)
    expected = {"GIF": ".gif", "JPEG": ".jpg"}.get(kind, ".png")
    assert Path(get_image_model().objects.get().file.name).suffix == expected


@pytest.mark.parametrize(
    "content", [b"", b"\x01\x00\x00\x00 EMF", picture().getvalue()[:60], b"<svg onload='alert(1)'/>"]
)
def test_a_picture_that_cannot_be_read_leaves_a_mark_and_a_remark(manual, path, content):
    document = small((1, "Open"))
    describe(document.add_picture(picture()), "The [counter]*")
    document.add_paragraph("Step", style="List Bullet").add_run().add_picture(picture())
    summary = import_docx(changed(saved(document, path), ".png", content), manual)
    blocks = blocks_of(manual)
    assert [block.block_type for block in blocks] == ["rich_text", "markdown", "rich_text"]
    assert markdown.render(blocks[1].value) == "<p>[Picture that could not be read: The [counter]*]</p>"
    assert "Step[Picture that could not be read: Picture 2 of desk-manual.docx]" in blocks[2].value.source
    assert summary.images == 0
    assert summary.remarks[0] == (
        "Picture 1 of desk-manual.docx, in “Open › Open”, could not be read. Save it as PNG or JPEG, and put it in by "
        "hand."
    )


def test_a_picture_of_too_many_pixels_is_not_unpacked(manual, path, monkeypatch):
    monkeypatch.setattr(word_pictures, "MAX_PIXELS", 1_000)
    document = blank()
    document.add_picture(picture())
    assert import_docx(saved(document, path), manual).images == 0


def test_a_picture_without_a_file_is_remarked_on(manual, path):
    document = small((1, "Open"))
    document.add_picture(picture())
    del document.element.find(f".//{qn('a:blip')}").attrib[qn("r:embed")]
    summary = import_docx(saved(document, path), manual)
    assert summary.remarks == ["A picture is left out, because the file does not hold it."]
