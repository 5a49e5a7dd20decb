"""Parsing Moodle XML: with the line of each element, and without anything that a file could make the parser do."""

import binascii
import re
from base64 import b64decode
from html import escape, unescape
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from quizzes.formats.decoding import PLACE, one_line, without_controls
from quizzes.formats.errors import FileRefused, Refused

# An attribute no file can have, since it is no name in XML.
LINE = " line"
FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@/([^\"'<>\s]+)")
# What the name of a file had better not have in an address.
_NO_NAME = re.compile(r"[^\w.-]+")
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")


class _LineBuilder(TreeBuilder):
    """Builds the tree, and gives each element the line it begins on."""

    parser: XMLParser

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        element = super().start(tag, attrs)
        element.set(LINE, str(self.parser.parser.CurrentLineNumber))
        return element


def parse(text: str) -> Element:
    """Return the root of a Moodle XML file. Raises `FileRefused` for what is none, and for what could be an attack."""
    builder = _LineBuilder()
    builder.parser = XMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        # The declaration says how the bytes were encoded that are text by now.
        builder.parser.feed(re.sub(r"^\s*<\?xml[^>]*\?>", lambda found: "\n" * found[0].count("\n"), text, count=1))
        root: Element = builder.parser.close()
    except DefusedXmlException:
        raise FileRefused(
            "The file declares a document type or entities (<!DOCTYPE …>), which question files never need. "
            "Take the declaration out."
        ) from None
    except ParseError as error:
        line = error.position[0]
        raise FileRefused(f"Line {line}: this is not well-formed XML. Correct it, or export the file again.") from None
    if root.tag != "quiz":
        raise FileRefused("This is not a Moodle XML file: it does not begin with <quiz>.")
    return root


def line_of(element: Element) -> int:
    """Return the line an element begins on."""
    return int(element.get(LINE, "0"))


def value(element: Element | None, path: str, default: str = "") -> str:
    """Return the text at a path below an element, without white space around it."""
    found = None if element is None else element.find(path)
    if found is None or found.text is None:
        return default
    return without_controls(found.text).replace(PLACE, "").strip()


class Pictures:
    """The pictures of one question, by names that are its own: another one of the same name gets another name."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def _add(self, name: str, content: bytes) -> str:
        name = _NO_NAME.sub("_", name)
        known, number = name, 2
        while self.contents.get(known, content) != content:
            known, number = f"{number}-{name}", number + 1
        self.contents[known] = content
        return known

    def text(self, element: Element | None, default: str = "html") -> tuple[str, str]:
        """Return the text of an element and its format; its files are taken in, and images lead to them by name."""
        if element is None:
            return "", default
        source = value(element, "text")
        form = FORMATS.get(element.get("format", "").strip(), default)
        names: dict[str, str] = {}
        for file in element.findall("file"):
            name = one_line(file.get("name", "")).rpartition("/")[2]
            if name and "@@PLUGINFILE@@/" in source:
                names[name] = self._add(name, _decoded(file.text or "", name))

        def named(found: re.Match[str]) -> str:
            name = unquote(unescape(found[1]).partition("?")[0]).rpartition("/")[2]
            return escape(names.get(name, name))

        def inline(found: re.Match[str]) -> str:
            suffix = {"jpeg": "jpg"}.get(found[1], found[1])
            return self._add(f"picture.{suffix}", _decoded(found[2], "picture"))

        return _DATA.sub(inline, _PLUGIN_FILE.sub(named, source)), form

    def old_image(self, question: Element) -> str:
        """Return the HTML of a picture as Moodle 1 has it, empty where there is none."""
        name = value(question, "image").replace("/", "_")
        content = value(question, "image_base64")
        return f'<img src="{self._add(name, _decoded(content, name))}" alt="">' if name and content else ""


def _decoded(text: str, name: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"The picture “{name}” is damaged: it is not written in base64. Export the file again.") from None
