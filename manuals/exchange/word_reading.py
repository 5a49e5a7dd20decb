"""Reading a Word file into headings, paragraphs, lists and tables in HTML, and pictures. Nothing here writes."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mammoth
from bs4 import BeautifulSoup, Tag

from manuals.exchange.errors import FileError, ImportRefused
from manuals.exchange.word_cleaning import clean
from manuals.exchange.word_pictures import Picture, Pictures

MAX_BYTES = 50_000_000
MAX_PARTS = 5_000
MAX_UNPACKED_BYTES = 200_000_000
# Mammoth takes some thirty times the size of its XML in memory.
MAX_XML_BYTES = 30_000_000

# What old Word files (.doc) and encrypted new ones start with.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN_PART = re.compile(
    rb"wordprocessingml\.(?:document|template)\.main\+xml|ms-word\.(?:document|template)\.macroEnabled"
)
# Mammoth drops what stands in a simple field, such as the number of a figure, and reads what stands in a smart tag.
_FIELD = re.compile(rb"(</?)w:fldSimple\b")
# Byte order marks, white space, and the halves of UTF-16.
_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"
_DRAWN = re.compile(r"word/(?:charts/chart|diagrams/data)\d*\.xml")
_NOT_WORD = "This is no Word file (.docx). If Word opens it, save it there as .docx."
_TOO_LARGE = "Unpacked, this file is too large. Import it in parts."
_DAMAGED = "This Word file is damaged. Open it in Word, save it under another name, and import that one."
_STYLES = """
p[style-name='Title'] => h0:fresh
p[style-name='TOC Heading'] => p.toc:fresh
p[style-name^='toc '] => p.toc:fresh
p[style-name='table of figures'] => p.toc:fresh
p[style-name='List Continue'] => ul|ol > li > p:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
p[style-name='heading 7'] => h7:fresh
p[style-name='heading 8'] => h8:fresh
p[style-name='heading 9'] => h9:fresh
br[type='page'] => br:fresh
br[type='column'] => br:fresh
"""
# What mammoth passes over although a reader would miss it, by the name it has in Word's XML.
_MISSED = {
    "altChunk": "A file inside the file is left out: paste its text in.",
    "oMath": "An equation is left out: put it in as a picture.",
    "subDoc": "A part that is kept in another file is left out: import that file too.",
}


@dataclass
class WordText:
    """What a Word file holds, in order: `elements` are h0 (Title) to h9, p, ul, ol and table.

    The `src` of an img in them is the place of its picture in `pictures`.
    """

    elements: list[Tag]
    pictures: list[Picture]
    remarks: list[str]


def read(path: Path) -> WordText:
    """Return what a Word file (.docx, .docm, .dotx) holds. Macros, comments, headers and footers are not read.

    Raises `ImportRefused` with one sentence for what is no Word file, and for one that is locked, damaged, too large
    or empty.
    """
    copy = _copied(path)
    pictures = Pictures()
    try:
        with zipfile.ZipFile(copy) as archive:
            style_map = _STYLES + _heading_styles(archive)
            drawn = sum(bool(_DRAWN.fullmatch(name)) for name in archive.namelist())
        converted = mammoth.convert_to_html(
            copy,
            style_map=style_map,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(pictures.take),
        )
    except Exception:
        # Mammoth raises whatever a damaged file makes it stumble over.
        raise _refusal(path, _DAMAGED) from None
    soup = BeautifulSoup(converted.value, "html.parser")
    remarks = list(dict.fromkeys(filter(None, map(_remark, converted.messages))))
    if drawn:
        remarks.append(f"Charts and diagrams are left out ({drawn} in this file): put them in as pictures.")
    remarks += clean(soup)
    elements = [element for element in soup.children if isinstance(element, Tag)]
    if not elements:
        raise _refusal(path, " ".join(["There is no text in this file.", *remarks]))
    return WordText(elements, pictures.found, remarks)


def _refusal(path: Path, message: str) -> ImportRefused:
    return ImportRefused([FileError(path.name, 0, message)])


def _copied(path: Path) -> BytesIO:
    """Return an uncompressed copy of the file. Sizes are counted as they are read: an archive may lie about them."""
    packed = BytesIO(_bytes(path))
    copy = BytesIO()
    left, xml_left = MAX_UNPACKED_BYTES, MAX_XML_BYTES
    try:
        with zipfile.ZipFile(packed) as source, zipfile.ZipFile(copy, "w") as target:
            parts = {info.filename: info for info in source.infolist() if not info.is_dir()}
            if len(parts) > MAX_PARTS:
                raise _refusal(path, _TOO_LARGE)
            for name, info in parts.items():
                chunks: list[bytes] = []
                is_xml = False
                with source.open(info) as part:
                    while chunk := part.read(1 << 16):
                        # The name says nothing: any part may be called the document.
                        is_xml = is_xml or (not chunks and chunk.lstrip(_BEFORE_XML)[:1] in (b"<", b""))
                        left -= len(chunk)
                        xml_left -= len(chunk) if is_xml else 0
                        if left < 0 or xml_left < 0:
                            raise _refusal(path, _TOO_LARGE)
                        chunks.append(chunk)
                content = b"".join(chunks)
                target.writestr(name, _FIELD.sub(rb"\1w:smartTag", content) if is_xml else content)
            types = source.read("[Content_Types].xml") if "[Content_Types].xml" in parts else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise _refusal(path, _DAMAGED) from None
    if not _MAIN_PART.search(types):
        raise _refusal(path, _NOT_WORD)
    return copy


def _bytes(path: Path) -> bytes:
    """Return the bytes of a file that may be a Word file."""
    if not path.is_file():
        raise _refusal(path, "There is no such file.")
    if path.stat().st_size > MAX_BYTES:
        raise _refusal(path, f"The file is larger than {MAX_BYTES // 1_000_000} MB. Import it in parts.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(path, f"The file cannot be read: {error.strerror}.") from None
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _refusal(path, "The file is locked with a password. Take the password away in Word, and save it.")
        if "WordDocument".encode("utf-16-le") in content:
            raise _refusal(path, "This is a file of an old Word (.doc). Open it in Word, and save it as .docx.")
    if not content.startswith(b"PK"):
        raise _refusal(path, _NOT_WORD)
    return content


def _heading_styles(archive: zipfile.ZipFile) -> str:
    """Return a style map for the styles of the file's own making that Word itself takes for headings."""
    if "word/styles.xml" not in archive.namelist():
        return ""
    # Mammoth parses the same text next; expat itself stops entities that grow without end.
    root = ElementTree.fromstring(archive.read("word/styles.xml"))  # noqa: S314
    styles = {_attribute(style, "styleId"): style for style in root.iterfind("{*}style")}
    lines = []
    for style in styles.values():
        ancestor: ElementTree.Element | None = style
        level = None
        # A chain of styles may run in a circle.
        for _ in range(20):
            if ancestor is None or level is not None:
                break
            level = ancestor.find("{*}pPr/{*}outlineLvl")
            ancestor = styles.get(_attribute(ancestor.find("{*}basedOn"), "val"))
        depth = _attribute(level, "val")
        name = re.sub(r"(['\\\\])", r"\\\1", _attribute(style.find("{*}name"), "val"))
        # Word counts from 0, and 9 is ordinary text.
        if name and depth in "012345678" and len(depth) == 1 and _attribute(style, "type") == "paragraph":
            lines.append(f"p[style-name='{name}'] => h{int(depth) + 1}:fresh\n")
    return "".join(lines)


def _attribute(element: ElementTree.Element | None, name: str) -> str:
    """Return an attribute whatever its namespace: Word has one, and its strict format another."""
    attributes = {} if element is None else element.attrib
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")


def _remark(message: Any) -> str:
    """Return what mammoth warns of as a sentence; nothing where a reader loses nothing."""
    text = message.message
    if text.startswith("An unrecognised element was ignored: "):
        return _MISSED.get(re.split(r"[:}]", text)[-1], "")
    symbol = re.search(r"unsupported character was ignored: char (\S+) in font (.+)", text)
    if symbol:
        return f"A symbol of the font {symbol[2]} ({symbol[1]}) is left out: write what it stands for."
    if text.startswith(("Could not find image file", "A v:imagedata element")):
        return "A picture is left out, because the file does not hold it."
    return ""
