"""The pictures of a Word file, as pages can show them."""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

MAX_PIXELS = 50_000_000

_FILE_NAME = re.compile(r"\.(?:bmp|emf|gif|jpe?g|png|tiff?|wmf)$", re.IGNORECASE)
_MACHINE_WROTE = re.compile(
    r"\s*(?:Description automatically generated.*|AI-generated content may be incorrect\.?)$", re.IGNORECASE
)
_READABLE = ["BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP"]
# The kinds that pages can show. A telephone's JPEG is an MPO.
_SUFFIXES = {"GIF": ".gif", "JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp"}


@dataclass(frozen=True)
class Picture:
    """A picture: its number in the file, its alternative text, its contents and the suffix of its kind.

    `content` is empty where it could not be read.
    """

    number: int
    alt: str
    content: bytes = b""
    suffix: str = ""


@dataclass
class Pictures:
    """Collects the pictures that mammoth comes across."""

    found: list[Picture] = field(default_factory=list)

    def take(self, image: Any) -> dict[str, str]:
        """Keep a picture, and return what stands for it in the HTML."""
        try:
            with image.open() as source:
                content = source.read()
        except (KeyError, OSError, ValueError):
            # The part is missing, or the picture lies outside the file.
            content = b""
        content, suffix = _shown(content)
        alt = _MACHINE_WROTE.sub("", " ".join((image.alt_text or "").split()))
        place = len(self.found)
        self.found.append(Picture(place + 1, "" if _FILE_NAME.search(alt) else alt, content, suffix))
        return {"src": str(place), "alt": ""}


def _shown(content: bytes) -> tuple[bytes, str]:
    """Return a picture as pages can show it, with its suffix; nothing where it cannot be read."""
    try:
        with Image.open(BytesIO(content), formats=_READABLE) as image:
            if image.width * image.height > MAX_PIXELS:
                return b"", ""
            image.load()
            if image.format in _SUFFIXES:
                return content, _SUFFIXES[image.format]
            converted = BytesIO()
            image.convert("RGBA").save(converted, "PNG")
            return converted.getvalue(), ".png"
    except Exception:
        # Pillow's readers stumble in as many ways as there are broken pictures.
        return b"", ""
