"""Reading the words back out of a PDF that typst wrote: its pages, with the letters that a reader of it would copy."""

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# Within a string, brackets that are balanced stand for themselves: so deep, and deeper than any that typst writes.
_STRING = rb"(?:\\.|[^()\\])*"
for _ in range(8):
    _STRING = rb"(?:\\.|[^()\\]|\(" + _STRING + rb"\))*"
# The first kind of token is a property, as /Lang(en), and no text of the page.
_TOKEN = re.compile(
    rb"/[A-Za-z]+\(" + _STRING + rb"\)|/(f\d+) [\d.]+ Tf|\((" + _STRING + rb")\)|<([0-9A-Fa-f]+)>|(EMC)", re.DOTALL
)


@dataclass
class Pdf:
    """A PDF read: its objects by number."""

    objects: dict[int, bytes]

    @property
    def pages(self) -> list[str]:
        """The text of each page; what is tagged as one piece (a cell, a line) stands on a line of its own."""
        (tree,) = [body for body in self.objects.values() if body.startswith(b"<</Type/Pages")]
        (kids,) = re.findall(rb"/Kids\[([\d R]+)\]", tree)
        return [self._page(self.objects[int(number)]) for number in re.findall(rb"(\d+) 0 R", kids)]

    @property
    def text(self) -> str:
        """The text of all pages, as one line, and without what hyphens and lines took apart."""
        return " ".join(" ".join(self.pages).split())

    @property
    def squeezed(self) -> str:
        """The text of all pages without any space: for what may be broken over lines."""
        return "".join(self.text.split())

    def tagged(self, tag: str) -> int:
        """Return how many pieces carry a tag of structure: H1, TH, TD."""
        return sum(f"/S/{tag}/".encode() in body for body in self.objects.values())

    def has(self, words: bytes) -> bool:
        """Return whether an object says so, outside of the pages' text."""
        return any(words in body for body in self.objects.values())

    def _page(self, page: bytes) -> str:
        resources = self.objects[_reference(b"Resources", page)]
        fonts = {
            name: self._letters(self.objects[int(number)])
            for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        }
        content = _stream(self.objects[_reference(b"Contents", page)])
        letters: dict[int, str] = {}
        text = ""
        for font, literal, digits, end in _TOKEN.findall(content):
            if font:
                letters = fonts[font]
            elif end:
                text += "\n"
            else:
                codes = bytes.fromhex(digits.decode()) if digits else _unescaped(literal)
                pairs = zip(codes[::2], codes[1::2], strict=True)
                text += "".join(letters.get(256 * high + low, "\N{REPLACEMENT CHARACTER}") for high, low in pairs)
        return text

    def _letters(self, font: bytes) -> dict[int, str]:
        """Return the letters of a font by their code."""
        names = _stream(self.objects[_reference(b"ToUnicode", font)])
        pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", names)
        return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def read(content: bytes) -> Pdf:
    """Return a PDF with its objects apart."""
    return Pdf({int(number): body for number, body in _OBJECT.findall(content)})


def _reference(name: bytes, body: bytes) -> int:
    (found,) = re.findall(rb"/%b (\d+) 0 R" % name, body)
    return int(found)


def _stream(body: bytes) -> bytes:
    _, _, rest = body.partition(b"stream\n")
    return zlib.decompressobj().decompress(rest)


def _unescaped(literal: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        (what,) = match.groups()
        return bytes([int(what, 8)]) if what[:1].isdigit() else _ESCAPES.get(what, what)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, literal, flags=re.DOTALL)
