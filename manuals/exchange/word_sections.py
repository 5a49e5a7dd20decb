"""A section of a Word file as the blocks of a section, its pictures in the image library."""

from dataclasses import dataclass
from typing import Any

from bs4 import Tag
from django.utils.text import slugify
from wagtail.images import get_image_model

from manuals.exchange import media
from manuals.exchange.word_blocks import as_markdown, rich_text, table
from manuals.exchange.word_chapters import WordSection
from manuals.exchange.word_elements import plain
from manuals.exchange.word_pictures import Picture
from portal.people.models import User

TITLE_LENGTH = 255


@dataclass
class SectionWriter:
    """Makes blocks of the sections of one file.

    `file` is its name and `title` what it is called in words; `pictures` are those its elements point at. Images that
    are saved belong to `user` and are noted in `files`; `remarks` gets a sentence for each thing to be looked at.
    """

    file: str
    title: str
    pictures: list[Picture]
    user: User | None
    files: media.SavedFiles
    remarks: list[str]

    def blocks(self, section: WordSection, place: str) -> list[dict[str, Any]]:
        """Return the raw blocks of a section, whose elements lose their pictures; `place` names it in remarks."""
        found: list[dict[str, Any]] = []
        text: list[Tag] = []

        def add_text() -> None:
            if text:
                found.append({"type": "rich_text", "value": rich_text(text)})
            text.clear()

        for element in section.elements:
            pictures = self._pictures_out_of(element, place)
            if element.name == "table":
                add_text()
                found.append({"type": "table", "value": table(element)})
            elif plain(element):
                text.append(element)
            if pictures:
                add_text()
                found += pictures
        add_text()
        numbered = sum(element.name == "ol" for element in section.elements)
        if numbered > 1:
            self.remarks.append(
                f"{place} has {numbered} numbered lists, and each starts at 1: see whether one goes on with another."
            )
        return found

    def _pictures_out_of(self, element: Tag, place: str) -> list[dict[str, Any]]:
        """Take the pictures out of an element, and return their blocks. A mark stays behind in a list or table."""
        blocks: list[dict[str, Any]] = []
        for image in element.find_all("img"):
            picture = self.pictures[int(str(image["src"]))]
            name = f"Picture {picture.number} of {self.file}"
            is_inside = element.name != "p"
            if not picture.content:
                mark = f"[Picture that could not be read: {picture.alt or name}]"
                image.replace_with(mark if is_inside else "")
                if not is_inside:
                    blocks.append({"type": "markdown", "value": as_markdown(mark)})
                self.remarks.append(
                    f"{name}, in {place}, could not be read. Save it as PNG or JPEG, and put it in by hand."
                )
                continue
            if not picture.alt:
                self.remarks.append(
                    f"{name}, in {place}, has no description: write what it shows, in place of “{name}”."
                )
            image.replace_with(f" [picture {picture.number}] " if is_inside else " ")
            chosen = {"image": self._saved(picture, name), "alt_text": picture.alt or name, "decorative": False}
            caption = f"Picture {picture.number}" if is_inside else ""
            blocks.append({"type": "image", "value": {"image": chosen, "caption": caption}})
        return blocks

    def _saved(self, picture: Picture, name: str) -> int:
        """Return the key of a picture in the image library, which gets it unless it has the same file already."""
        model = get_image_model()
        image = model.objects.filter(file_hash=media.hash_of(picture.content)).first()
        if image is None:
            image = model(title=(picture.alt or name)[:TITLE_LENGTH], uploaded_by_user=self.user)
            file_name = f"{slugify(self.title) or 'word'}-{picture.number}{picture.suffix}"
            media.save(image, file_name, picture.content, self.files)
        return int(image.pk)
