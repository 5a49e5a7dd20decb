"""What is wrong with a Word file is said, nothing of it stays, and it has no say in what else is read."""

import struct
import sysconfig
import zipfile
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.db.models.signals import post_save
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from wagtail.images import get_image_model

from manuals.exchange import word_reading
from manuals.exchange.errors import ImportRefused
from manuals.exchange.word import import_docx
from manuals.models import ChapterPage
from tests.factories import make_chapter, make_manual
from tests.manuals.word_files import MAIN, blank, changed, image_files, outline, packed, picture, refused, saved, small

pytestmark = pytest.mark.django_db

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
NO_WORD = "This is no Word file (.docx). If Word opens it, save it there as .docx."
DAMAGED = "This Word file is damaged. Open it in Word, save it under another name, and import that one."


@pytest.fixture
def manual():
    return make_manual()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk-manual.docx"


def test_a_title_that_the_manual_has_is_refused(manual, path):
    make_chapter(manual, title="Open  the drawer")
    document = small((1, "OPEN the drawer"), (1, "Close"))
    document.add_picture(picture())
    assert refused(saved(document, path), manual) == [
        "desk-manual.docx, chapter “OPEN the drawer”: “Taking payments” has a chapter of this title already. Rename "
        "one of the two."
    ]


def test_importing_twice_is_refused_even_as_drafts(manual, path):
    import_docx(saved(small((1, "Open")), path), manual)
    assert len(refused(path, manual)) == 1


def test_two_chapters_of_one_title_are_refused(manual, path):
    assert refused(saved(small((1, "Open"), (1, "open")), path), manual) == [
        "desk-manual.docx, chapter “open”: The file has two chapters of this title. Rename one of the two."
    ]


def test_all_that_is_wrong_with_headings_is_listed(manual, path):
    document = small((1, "x" * 151), (2, "y" * 151), (1, "Close"))
    document.add_heading("Empty", 1)
    document.add_heading("Part", 1)
    document.add_heading("Nothing", 2)
    advice = "Shorten it, or give it the style of ordinary text if it is no heading."
    long, section = "x" * 59 + "…", "y" * 59 + "…"
    assert refused(saved(document, path), manual) == [
        "desk-manual.docx, chapter “Empty”: There is no text in this chapter. Write some, or take its heading out.",
        "desk-manual.docx, chapter “Part”: The section “Nothing” is empty. Write something, or take its heading out.",
        f"desk-manual.docx, chapter “{long}”: The heading of the section “{section}” has 151 characters, and 150 is the "
        f"most. {advice}",
        f"desk-manual.docx, chapter “{long}”: This title has 151 characters, and 150 is the most. {advice}",
    ]


def test_what_the_editor_would_refuse_is_refused(manual, path, monkeypatch):
    def refuse(body, sections, errors):
        errors.add(0, f"In the section “{sections[0].heading}”: No.")

    monkeypatch.setattr("manuals.exchange.word.body.check", refuse)
    document = small((1, "Open"))
    document.add_picture(picture())
    assert refused(saved(document, path), manual) == ["desk-manual.docx, chapter “Open”: In the section “Open”: No."]


def test_an_image_that_the_database_refuses_is_taken_out_of_storage_too(manual, path):
    def refuse(**kwargs):
        raise DatabaseError("full")

    document = blank()
    document.add_picture(picture())
    before = image_files()
    # By now the file is in storage, and the row is about to be given up.
    post_save.connect(refuse, sender=get_image_model())
    try:
        with pytest.raises(DatabaseError):
            import_docx(saved(document, path), manual)
    finally:
        post_save.disconnect(refuse, sender=get_image_model())
    assert image_files() == before
    assert get_image_model().objects.count() == 0


def test_a_failure_half_way_leaves_nothing_behind(manual, path, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("gone")

    monkeypatch.setattr(ChapterPage, "save_revision", fail)
    document = small((1, "Open"))
    document.add_picture(picture())
    before = image_files()
    with pytest.raises(RuntimeError):
        import_docx(saved(document, path), manual)
    assert image_files() == before
    assert get_image_model().objects.count() == ChapterPage.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", NO_WORD),
        (b"Count the drawer.", NO_WORD),
        (rb"{\rtf1 Count}", NO_WORD),
        (OLE, NO_WORD),
        (
            OLE + "WordDocument".encode("utf-16-le"),
            "This is a file of an old Word (.doc). Open it in Word, and save it as .docx.",
        ),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "The file is locked with a password. Take the password away in Word, and save it.",
        ),
        (b"PK\x03\x04 cut off", DAMAGED),
    ],
)
def test_what_is_no_word_file_gets_one_sentence(manual, path, content, sentence):
    path.write_bytes(content)
    assert refused(path, manual) == [f"desk-manual.docx: {sentence}"]


def test_a_missing_file_or_a_folder_is_named(manual, path, tmp_path):
    assert refused(path, manual) == ["desk-manual.docx: There is no such file."]
    assert refused(tmp_path, manual) == [f"{tmp_path.name}: There is no such file."]


def test_another_zip_file_is_refused(manual, path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manuals/manual.md", "---")
    assert refused(path, manual) == [f"desk-manual.docx: {NO_WORD}"]


@pytest.mark.parametrize("body", ["<w:p>", "<w:p>" * 50_000 + "</w:p>" * 50_000, "&entity;"])
def test_a_damaged_document_is_refused(manual, path, body):
    assert refused(packed(path, body), manual) == [f"desk-manual.docx: {DAMAGED}"]


def test_entities_that_grow_are_stopped(manual, path):
    packed(path, "")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 1_000}">' for n in range(10))
    document = f'<!DOCTYPE d [{entities}]><w:document xmlns:w="{MAIN}"><w:body>&e9;</w:body></w:document>'
    assert refused(changed(path, "document.xml", document.encode()), manual) == [f"desk-manual.docx: {DAMAGED}"]


def test_a_damaged_part_of_the_archive_is_refused(manual, path):
    saved(small((1, "Open")), path)
    content = bytearray(path.read_bytes())
    place = content.index(b"word/document.xml") + 200
    content[place : place + 50] = bytes(50)
    path.write_bytes(content)
    assert refused(path, manual) == [f"desk-manual.docx: {DAMAGED}"]


def test_a_locked_part_of_the_archive_is_refused(manual, path):
    content = bytearray(saved(small((1, "Open")), path).read_bytes())
    place = content.index(b"PK\x01\x02") + 8
    content[place : place + 2] = struct.pack("<H", 1)
    path.write_bytes(content)
    assert refused(path, manual) == [f"desk-manual.docx: {DAMAGED}"]


def test_a_file_without_text_is_refused(manual, path):
    assert refused(saved(blank(), path), manual) == ["desk-manual.docx: There is no text in this file."]


def test_a_file_that_is_too_large_is_refused(manual, path, monkeypatch):
    saved(small((1, "Open")), path)
    monkeypatch.setattr(word_reading, "MAX_BYTES", 10_000)
    assert refused(path, manual) == ["desk-manual.docx: The file is larger than 0 MB. Import it in parts."]


def test_a_file_that_unpacks_without_end_is_refused(manual, path):
    too_large = ["desk-manual.docx: Unpacked, this file is too large. Import it in parts."]
    packed(path, "", padding=" " * (word_reading.MAX_XML_BYTES + 1))
    assert path.stat().st_size < 100_000
    assert refused(path, manual) == too_large
    with zipfile.ZipFile(packed(path, ""), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", "<w:document>".ljust(word_reading.MAX_XML_BYTES + 1))
    assert refused(path, manual) == too_large
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", bytes(word_reading.MAX_UNPACKED_BYTES + 1))
    assert refused(path, manual) == too_large


def test_a_file_of_countless_parts_is_refused(manual, path, monkeypatch):
    monkeypatch.setattr(word_reading, "MAX_PARTS", 3)
    assert refused(saved(small((1, "Open")), path), manual) == [
        "desk-manual.docx: Unpacked, this file is too large. Import it in parts."
    ]


def test_files_outside_are_not_fetched(manual, path, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture().getvalue())
    document = small((1, "Open"))
    document.add_picture(picture())
    relation = document.part.relate_to(secret.as_uri(), RELATIONSHIP_TYPE.IMAGE, is_external=True)
    blip = document.element.find(f".//{qn('a:blip')}")
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), relation)
    summary = import_docx(saved(document, path), manual)
    assert summary.images == 0
    assert "could not be read" in summary.remarks[0]


def test_a_style_map_inside_the_file_has_no_say(manual, path):
    saved(small((1, "Open")), path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("mammoth/style-map", "p[style-name='Heading 1'] => p")
    import_docx(path, manual)
    assert outline(manual) == [("Open", ["Open"])]


def test_word_files_of_other_people_come_in_or_are_refused_with_reasons(manual):
    found = sorted(Path(sysconfig.get_path("purelib")).rglob("*.docx"))
    assert found
    for file in found:
        try:
            assert import_docx(file, manual).chapters
        except ImportRefused as refusal:
            for error in refusal.errors:
                assert error.path.startswith(file.name)
                assert error.message.endswith(".")
