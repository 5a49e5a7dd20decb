"""Small Word files for tests, and what an import has made of them."""

import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.conf import settings
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from manuals.exchange.errors import ImportRefused
from manuals.exchange.word import import_docx
from manuals.models import ChapterPage, ManualPage, Section

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""


@cache
def _template() -> bytes:
    """Return python-docx's own template without its table styles, which are most of it and take half a second to read."""
    document = docx.Document()
    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE]:
        style.delete()
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def blank():
    return docx.Document(BytesIO(_template()))


def saved(document, path: Path) -> Path:
    document.save(str(path))
    return path


def packed(path: Path, body: str, **parts: str) -> Path:
    """Write a Word file by hand: what stands in its body, and further parts by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        document = f'<w:document xmlns:w="{MAIN}" xmlns:r="{RELATIONS}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return path


def changed(path: Path, suffix: str, content: bytes) -> Path:
    """Put other contents into the part of a Word file whose name ends like this."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, before in parts.items():
            archive.writestr(name, content if name.endswith(suffix) else before)
    return path


def picture(colour: str = "navy", kind: str = "PNG") -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, kind)
    content.seek(0)
    return content


def describe(shape, text: str) -> None:
    shape._inline.docPr.set("descr", text)


def link(paragraph, url: str, text: str) -> None:
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = OxmlElement("w:r")
    run.text = text
    element.append(run)
    paragraph._p.append(element)


def small(*headings: tuple[int, str]):
    """Return a document in which a sentence stands under each heading."""
    document = blank()
    for level, heading in headings:
        document.add_heading(heading, level)
        document.add_paragraph(f"Read about {heading.lower()}. Then go on.")
    return document


def outline(manual: ManualPage) -> list[tuple[str, list[str]]]:
    chapters = ChapterPage.objects.child_of(manual).order_by("path")
    return [(chapter.title, [section.value["heading"] for section in chapter.body]) for chapter in chapters]


def blocks_of(manual: ManualPage, place: int = 0) -> list:
    chapter = ChapterPage.objects.child_of(manual).order_by("path")[place]
    return [block for section in chapter.body for block in section.value["content"]]


def html_of(manual: ManualPage) -> str:
    """Return the rich text of the first chapter without the keys that the editor gives to its blocks."""
    text = "".join(block.value.source for block in blocks_of(manual) if block.block_type == "rich_text")
    return re.sub(r' data-block-key="\w+"', "", text)


def image_files() -> set[Path]:
    return set((settings.MEDIA_ROOT / "original_images").glob("*"))


def refused(path: Path, manual: ManualPage) -> list[str]:
    """Return the errors of a file, after making sure that nothing was written."""

    def state():
        rows = (Page.objects.count(), Revision.objects.count(), Section.objects.count())
        return rows, get_image_model().objects.count(), image_files()

    before = state()
    with pytest.raises(ImportRefused) as error:
        import_docx(path, manual, publish=True)
    assert state() == before
    return [str(found) for found in error.value.errors]
